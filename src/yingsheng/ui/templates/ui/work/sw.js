{# The service worker of a worker's pages. Blocks: none. Context: cache, files, shell, scope, store, state, sync, as JSON. #}
// Keeps this program's own files and an empty frame, nothing of anybody; pages come from the network, and without one
// the frame is shown, which fills itself from the device's own database.
"use strict";
const CACHE = {{ cache|safe }}, FILES = {{ files|safe }}, SHELL = {{ shell|safe }}, SCOPE = {{ scope|safe }};
importScripts({{ store|safe }});

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    await cache.addAll(FILES);
    const frame = await fetch(SHELL, { cache: "no-store", credentials: "same-origin" });
    // the log-in page must never stand in for the frame
    if (!frame.ok || frame.redirected) throw new Error("no frame");
    await cache.put(SHELL, frame);
    await self.skipWaiting();
  })());
});
self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith("y-work-") && name !== CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});
self.addEventListener("fetch", (event) => {
  const request = event.request, address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (!address.pathname.startsWith(SCOPE)) return;
    event.respondWith(fetch(request).catch(async () => (await caches.match(SHELL)) || Response.error()));
    return;
  }
  if (FILES.includes(address.pathname)) {
    event.respondWith(caches.match(address.pathname).then((kept) => kept || fetch(request)));
  }
});
self.addEventListener("sync", (event) => {
  if (event.tag === "y-work") event.waitUntil(self.yingshengWork.send({ state: {{ state|safe }}, sync: {{ sync|safe }} }));
});
