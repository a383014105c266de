// What a worker's phone keeps for the time without signal, and how it is sent. Used by pages and by the service worker.
// Pages are those of one person: another one's are wiped when he comes. Deeds that were not sent yet are never dropped;
// they carry the number of whoever did them and are sent and shown to nobody else.
(function (self) {
  "use strict";
  const NAME = "y-work", PAGES = "pages", QUEUE = "queue", META = "meta", STATE_WAIT = 15000, SEND_WAIT = 60000;
  let opening = null;
  const base = () => opening ||= new Promise((done, fail) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(PAGES);
      request.result.createObjectStore(QUEUE, { keyPath: "id", autoIncrement: true });
      request.result.createObjectStore(META);
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  const act = async (names, mode, run) => {
    const opened = await base();
    return new Promise((done, fail) => {
      const deed = opened.transaction(names, mode);
      const request = run(...[].concat(names).map((name) => deed.objectStore(name)));
      deed.oncomplete = () => done(request && request.result);
      deed.onerror = deed.onabort = () => fail(deed.error);
    });
  };

  // What is kept to be read.
  const keep = (state) => act([PAGES, META], "readwrite", (pages, meta) => {
    pages.clear();
    for (const [path, html] of Object.entries(state.pages)) pages.put(html, path);
    meta.put({ worker: String(state.worker), at: state.at, orders: state.orders }, "state");
  });
  const wipe = () => act([PAGES, META], "readwrite", (pages, meta) => { pages.clear(); meta.clear(); });
  const page = (path) => act(PAGES, "readonly", (pages) => pages.get(path));
  const known = () => act(META, "readonly", (meta) => meta.get("state"));

  // What waits to be sent, oldest first.
  const put = (deed) => act(QUEUE, "readwrite", (queue) => queue.put(deed));
  const drop = (ids) => act(QUEUE, "readwrite", (queue) => { for (const id of ids) queue.delete(id); });
  const list = async (worker) => (await act(QUEUE, "readonly", (queue) => queue.getAll())).filter((one) => one.worker === String(worker));
  const newId = () => crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((one) => one.toString(16).padStart(2, "0")).join("");
  const swap = (gone, deed) => act(QUEUE, "readwrite", (queue) => { for (const id of gone) queue.delete(id); queue.put(deed); });

  const ask = async (url, settings, wait) => {
    const stop = new AbortController(), timer = setTimeout(() => stop.abort(), wait);
    try {
      // X-Live: sending by itself does not keep the session of somebody who went away
      const headers = { "X-Live": "1", ...settings.headers };
      return await fetch(url, { credentials: "same-origin", redirect: "manual", cache: "no-store", signal: stop.signal, ...settings, headers });
    } catch (error) {
      return null; // no signal
    } finally {
      clearTimeout(timer);
    }
  };
  const fresh = async (url) => {
    const answer = await ask(url, {}, STATE_WAIT);
    if (!answer || answer.status >= 500) return { outcome: "lost" };
    if (answer.status !== 200) return { outcome: "login" };
    const state = await answer.json();
    await keep(state);
    return { outcome: "fresh", state };
  };
  const post = async (url, deed, csrf) => {
    const body = new FormData();
    for (const name of ["uuid", "verb", "order", "worker", "seen", "device_at"]) body.append(name, deed[name] ?? "");
    for (const [name, value, file] of deed.fields) { if (file) body.append(name, value, file); else body.append(name, value); }
    const answer = await ask(url, { method: "POST", body, headers: { "X-CSRFToken": csrf } }, SEND_WAIT);
    if (!answer || answer.status >= 500) return { outcome: "lost" };
    if (answer.type === "opaqueredirect" || answer.status === 403 || answer.status === 204) return { outcome: "login" };
    return answer.json();
  };

  // Sends in order. What an order does not take holds back what was done to the same order after it.
  const sendAll = async ({ state: stateUrl, sync }) => {
    const first = await fresh(stateUrl);
    if (first.outcome !== "fresh") return { outcome: first.outcome, done: 0, clock: "" };
    const worker = first.state.worker, held = new Set();
    let done = 0, clock = "", outcome = "sent";
    const deeds = await list(worker);
    for (const deed of deeds) {
      if (held.has(deed.order)) continue;
      if (deed.trouble) { held.add(deed.order); continue; }
      const answer = await post(sync, deed, first.state.csrf);
      if (answer.outcome === "lost" || answer.outcome === "login") { outcome = answer.outcome; break; }
      clock = answer.clock || clock;
      if (answer.outcome === "done") {
        done += 1;
        await drop([deed.id]);
        // what followed was done on top of this
        for (const next of deeds) if (next.order === deed.order && next.id > deed.id && answer.order) { next.seen = answer.order.version; await put(next); }
      } else {
        held.add(deed.order);
        await put({ ...deed, trouble: answer });
      }
    }
    if (done) await fresh(stateUrl);
    return { outcome, done, clock };
  };
  const send = (urls) => navigator.locks ? navigator.locks.request("y-work-send", () => sendAll(urls)) : sendAll(urls);

  self.yingshengWork = { keep, wipe, page, known, put, drop, swap, list, newId, fresh, send };
})(self);
