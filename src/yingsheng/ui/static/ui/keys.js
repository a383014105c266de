// Shortcuts declared in HTML: data-hotkey="r", "ctrl+k", or several parted by spaces.
// Silent while an input method composes; single keys are silent in fields and can be switched off (WCAG 2.1.4).
(function () {
  "use strict";
  const { remember, recall } = window.yingsheng;
  const TYPING = "input:not([type=checkbox]):not([type=radio]):not([type=button]):not([type=submit]), textarea, select, [contenteditable]";
  const singleKeys = () => recall("y-single-keys") !== "off";
  const visible = (element) => element.getClientRects().length > 0 || element.closest("details.y-menu") !== null;

  const nameOf = (event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key.toLowerCase().replace("arrow", "");
    const held = (event.ctrlKey || event.metaKey ? "ctrl+" : "") + (event.altKey ? "alt+" : "");
    return held + key;
  };
  const find = (name) => [...document.querySelectorAll("[data-hotkey]")]
    .find((element) => element.dataset.hotkey.toLowerCase().split(/\s+/).includes(name) && visible(element));

  const use = (element) => {
    if (element.matches(TYPING)) { element.focus(); if (element.select) element.select(); return; }
    if (element.matches("summary")) { element.parentElement.open = true; const first = element.parentElement.querySelector("a, button"); (first || element).focus(); return; }
    element.focus({ preventScroll: true });
    element.click();
  };

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.defaultPrevented || !(event.target instanceof Element)) return;
    const combined = event.ctrlKey || event.metaKey || event.altKey;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.closest("form") || document.querySelector("form.y-form");
      if (!form || form.dataset.busy) return;
      event.preventDefault();
      form.dataset.byKeys = "1";
      form.requestSubmit(form.querySelector("[data-main]") || undefined);
      return;
    }
    if (!combined && (event.target.matches(TYPING) || !singleKeys() || event.repeat)) return;
    if (document.querySelector("dialog[open]")) return;
    const element = find(nameOf(event));
    if (!element) return;
    event.preventDefault();
    use(element);
  });

  // The list of shortcuts of this page.
  const dialog = document.getElementById("hotkeys");
  if (!dialog) return;
  const wordsOf = (element) => element.dataset.hotkeyLabel || element.getAttribute("aria-label") || element.title
    || [...element.childNodes].filter((node) => node.nodeName !== "KBD").map((node) => node.textContent).join("").trim();
  dialog.addEventListener("y:open", () => {
    const list = dialog.querySelector("[data-hotkey-list]");
    list.replaceChildren(...[...document.querySelectorAll("[data-hotkey]")].filter(visible).map((element) => {
      const row = document.createElement("tr");
      const keys = row.insertCell();
      for (const name of element.dataset.hotkey.split(/\s+/)) {
        const cap = document.createElement("kbd");
        cap.textContent = name.length === 1 ? name.toUpperCase() : name.replace("ctrl", "Ctrl").replace("alt", "Alt").replace(/\+(.)$/, (_, key) => " + " + key.toUpperCase());
        keys.append(cap, " ");
      }
      row.insertCell().textContent = wordsOf(element);
      return row;
    }));
  });
  const toggle = dialog.querySelector("[data-single-keys]");
  toggle.checked = singleKeys();
  toggle.addEventListener("change", () => remember("y-single-keys", toggle.checked ? "on" : "off"));
})();
