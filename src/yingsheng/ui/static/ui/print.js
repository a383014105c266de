// The print button of a sheet, and the print window of one that was just counted; without scripts the browser's own menu prints it.
(function () {
  "use strict";
  if (document.body.hasAttribute("data-print-now")) window.addEventListener("load", () => window.print());
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
})();
