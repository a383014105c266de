// Registers by keyboard: up, down, Home, End, Enter opens, space selects; select all; count of the chosen.
(function () {
  "use strict";
  const { say, onContent } = window.yingsheng;
  const rowsOf = (table) => [...table.tBodies[0].rows];

  const move = (row, rows, index) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, index))];
    if (!next) return;
    rows.forEach((one) => { one.tabIndex = one === next ? 0 : -1; });
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };

  document.addEventListener("keydown", (event) => {
    const row = event.target instanceof Element && event.target.closest("table[data-rows] > tbody > tr");
    if (!row || event.target !== row || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const rows = rowsOf(row.closest("table"));
    const here = rows.indexOf(row);
    const box = row.querySelector("input[name=chosen]");
    const steps = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: rows.length - 1 };
    const back = here === 0 && event.key === "ArrowUp" && document.getElementById(row.closest("table").dataset.back || "");
    if (back) { event.preventDefault(); back.focus(); back.select(); }
    else if (event.key in steps) { event.preventDefault(); move(row, rows, steps[event.key]); }
    else if (event.key === "Enter" && row.dataset.href) { event.preventDefault(); location.assign(row.dataset.href); }
    else if (event.key === " " && box) { event.preventDefault(); box.click(); }
  });

  // Down from the search box goes to the first of what it found.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || event.isComposing || !(event.target instanceof Element) || !event.target.id) return;
    const table = document.querySelector(`table[data-back="${CSS.escape(event.target.id)}"]`);
    if (table) { event.preventDefault(); move(rowsOf(table)[0], rowsOf(table), 0); }
  });

  // A click anywhere in the row opens it, unless the person selects text or meant a control.
  document.addEventListener("click", (event) => {
    const row = event.target.closest("table[data-rows] tr[data-href]");
    if (!row || event.target.closest("a, button, input, label, summary") || String(getSelection())) return;
    if (event.ctrlKey || event.metaKey) window.open(row.dataset.href, "_blank", "noopener");
    else location.assign(row.dataset.href);
  });

  const count = (table) => {
    const boxes = [...table.querySelectorAll("input[name=chosen]")];
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr").classList.toggle("is-chosen", box.checked));
    const all = table.querySelector("[data-select-all]");
    if (all) { all.checked = chosen.length > 0 && chosen.length === boxes.length; all.indeterminate = chosen.length > 0 && chosen.length < boxes.length; }
    const form = table.closest("form");
    const face = form && form.querySelector("[data-chosen-count]");
    if (face) face.textContent = chosen.length ? say("chosen", { count: chosen.length }) : say("choose");
  };
  document.addEventListener("change", (event) => {
    const table = event.target.closest("table[data-rows]");
    if (!table) return;
    if (event.target.matches("[data-select-all]")) {
      for (const box of table.querySelectorAll("input[name=chosen]")) box.checked = event.target.checked;
    }
    if (event.target.matches("[data-select-all], input[name=chosen]")) count(table);
  });
  // Measured in the scroll box, then released from it if there is nothing to scroll.
  const fitAll = () => {
    for (const box of document.querySelectorAll(".y-table-wrap")) {
      box.classList.remove("is-fitting");
      box.classList.toggle("is-fitting", box.scrollWidth <= box.clientWidth && !box.querySelector(".is-small"));
    }
  };
  let waiting = 0;
  window.addEventListener("resize", () => { cancelAnimationFrame(waiting); waiting = requestAnimationFrame(fitAll); });

  onContent((root) => {
    fitAll();
    for (const table of root.querySelectorAll("table[data-rows]:not([data-ready])")) {
      table.dataset.ready = "1";
      rowsOf(table).forEach((row, index) => { if (row.dataset.href) row.tabIndex = index === 0 ? 0 : -1; });
      count(table);
      if (table.hasAttribute("data-first")) move(rowsOf(table)[0], rowsOf(table), 0);
    }
  });
})();
