// The print button of a sheet; without scripts the browser's own menu prints it.
(function () {
  "use strict";
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
})();
