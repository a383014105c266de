// The log-in page: nobody is logged in any more, so nothing to be read stays on the device. What was not sent stays.
(function () {
  "use strict";
  if (!window.indexedDB) return;
  window.yingshengWork.wipe().catch(() => { /* storage is switched off: nothing was kept */ });
  if (window.caches) caches.keys().then((names) => names.filter((name) => name.startsWith("y-work-")).forEach((name) => caches.delete(name)));
  if (navigator.serviceWorker) navigator.serviceWorker.getRegistrations().then((all) => all.forEach((one) => one.unregister()));
})();
