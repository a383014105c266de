// Runs before the page is drawn, so that a collapsed rail does not jump. Marks that scripts are there.
(function () {
  "use strict";
  document.documentElement.classList.add("has-scripts");
  try {
    if (localStorage.getItem("y-rail") === "narrow") document.documentElement.classList.add("y-narrow");
  } catch (error) { /* storage is switched off: the rail stays wide */ }
})();
