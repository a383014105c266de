// Shared ground of the page scripts: words, focus, menus, one submission at a time, errors of the network.
// Loaded first; other modules use window.yingsheng. Everything also works on fragments swapped in by htmx.
(function () {
  "use strict";
  const wordsBlock = document.getElementById("y-words");
  const words = wordsBlock ? JSON.parse(wordsBlock.textContent) : {};
  const say = (name, values = {}) =>
    Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), words[name] || "");

  const settlers = [];
  // Calls `fit(root)` for the page and for every fragment that arrives later.
  const onContent = (fit) => { settlers.push(fit); fit(document); };
  const remember = (name, value) => { try { localStorage.setItem(name, value); } catch (error) { /* no storage */ } };
  const recall = (name) => { try { return localStorage.getItem(name); } catch (error) { return null; } };
  // For content that comes neither with the page nor by htmx.
  const refit = (root) => settlers.forEach((fit) => fit(root));
  window.yingsheng = { say, onContent, refit, remember, recall };

  // The eyes follow the focus: an error summary first, else the result of the last step.
  const focusNews = (root) => {
    const news = root.querySelector(".y-errors[data-focus]") || root.querySelector("[data-focus]");
    if (!news) return;
    // Once only: a fragment refreshed later beside it must not take the focus again.
    news.removeAttribute("data-focus");
    news.focus({ preventScroll: true });
    news.scrollIntoView({ block: "nearest" });
  };
  onContent(focusNews);

  // htmx
  document.addEventListener("htmx:afterSettle", (event) => {
    const root = event.detail.elt.isConnected ? event.detail.elt : document;
    settlers.forEach((fit) => fit(root.matches && root.parentElement ? root.parentElement : root));
  });
  const tell = (text) => {
    const place = document.getElementById("result");
    if (!place) return;
    const line = document.createElement("div");
    line.className = "y-result is-late";
    line.setAttribute("role", "alert");
    line.tabIndex = -1;
    line.textContent = text;
    place.replaceChildren(line);
    line.focus();
  };
  // A part that refreshes itself waits while nobody looks, or while somebody works in it.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const live = event.detail.elt;
    if (!live.matches("[data-live]")) return;
    const busy = live.contains(document.activeElement) || live.querySelector("input:checked, details[open]") || String(getSelection());
    if (document.hidden || busy) event.preventDefault();
  });
  const quiet = (event) => event.detail.elt.matches("[data-live]");  // the next try comes by itself
  document.addEventListener("htmx:sendError", (event) => { if (!quiet(event)) tell(say("lost")); });
  document.addEventListener("htmx:timeout", (event) => { if (!quiet(event)) tell(say("lost")); });
  document.addEventListener("htmx:responseError", (event) => { if (!quiet(event)) tell(say("broken", { status: event.detail.xhr.status })); });

  // A link of the error summary leads to the field itself, also when the target is a group of choices.
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".y-errors a[href^='#']");
    if (!link) return;
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!target) return;
    event.preventDefault();
    const field = target.matches("input,select,textarea") ? target : target.querySelector("input,select,textarea") || target;
    field.focus();
    (field.closest(".y-field") || field).scrollIntoView({ block: "center" });
  });

  // A press on something of a list puts it in as one more line of the text above it.
  document.addEventListener("click", (event) => {
    const pick = event.target.closest("[data-line]");
    const text = pick && document.getElementById(pick.closest("[data-into]").dataset.into);
    if (!text) return;
    text.value = `${text.value.replace(/\s+$/, "")}\n${pick.dataset.line}`.trim();
    text.dispatchEvent(new Event("input", { bubbles: true }));
    text.focus();
  });

  // Menus made of <details>: one open at a time, closed by Escape or a click elsewhere.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.y-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    const opener = event.target.closest("[data-open]");
    const dialog = opener && document.getElementById(opener.dataset.open);
    if (dialog && dialog.showModal) { dialog.dispatchEvent(new CustomEvent("y:open")); dialog.showModal(); }
    if (event.target.closest("[data-toggle-rail]")) {
      const narrow = document.documentElement.classList.toggle("y-narrow");
      remember("y-rail", narrow ? "narrow" : "wide");
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details.y-menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    else if (location.hash === "#rail") location.hash = "main";
  });

  // Input methods: Enter that ends a composition must not send the form (some browsers fire it as a plain Enter).
  let composedAt = -1000;
  document.addEventListener("compositionend", () => { composedAt = performance.now(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.isComposing || event.keyCode === 229)) composedAt = performance.now();
  }, true);

  // One submission at a time. The form key protects the server; this saves the person a second look.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method === "dialog") return;
    const byEnter = !event.submitter || document.activeElement !== event.submitter;
    if (byEnter && !form.dataset.byKeys && performance.now() - composedAt < 60) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    delete form.dataset.byKeys;
    if (form.dataset.busy) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    if (form.getAttribute("method") !== "post") return;
    form.dataset.busy = "1";
    const button = event.submitter || form.querySelector("[data-main]");
    // After this turn, so that the button's own name and value are still sent.
    setTimeout(() => { if (button) button.setAttribute("aria-disabled", "true"); }, 0);
    setTimeout(() => free(form), 15000);
  }, true);
  const free = (form) => {
    delete form.dataset.busy;
    for (const button of form.querySelectorAll("button[aria-disabled]")) button.removeAttribute("aria-disabled");
  };
  document.addEventListener("htmx:afterRequest", (event) => { const form = event.detail.elt.closest("form"); if (form) free(form); });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-busy]").forEach(free));

  // Where tabs are wider than the screen, the one that is open is in sight.
  onContent((root) => {
    for (const tabs of root.querySelectorAll(".y-tabs")) {
      const here = tabs.querySelector("[aria-current]");
      if (here && tabs.scrollWidth > tabs.clientWidth) tabs.scrollLeft = here.offsetLeft - tabs.offsetLeft - 24;
    }
  });

  // The way back after a step, for as long as the server said.
  onContent((root) => {
    for (const form of root.querySelectorAll("form[data-expires]:not([data-running])")) {
      form.dataset.running = "1";
      let left = Number(form.dataset.expires);
      const face = form.querySelector("[data-countdown]");
      const timer = setInterval(() => {
        left -= 1;
        if (face) face.textContent = left;
        if (left > 0) return;
        clearInterval(timer);
        form.hidden = true;
      }, 1000);
    }
  });
})();
