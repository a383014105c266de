// What was typed survives a lost session: kept on this device by form and person for twelve hours, offered back,
// cleared once the form went through. Passwords, files, signatures and keys are never kept.
(function () {
  "use strict";
  const { say, onContent } = window.yingsheng;
  const actor = document.body.dataset.actor;
  const LIFE = 12 * 3600 * 1000;
  const PREFIX = "y-draft:";
  const store = (() => { try { return window.localStorage; } catch (error) { return null; } })();
  if (!store) return;

  // With the address: the same form beside another household is another draft.
  const keyOf = (form) => `${PREFIX}${actor}:${location.pathname}${location.search}:${form.dataset.draft}`;
  const read = (key) => { try { return JSON.parse(store.getItem(key)); } catch (error) { return null; } };
  const write = (key, draft) => { try { store.setItem(key, JSON.stringify(draft)); } catch (error) { /* full */ } };
  const keys = () => Object.keys(store).filter((key) => key.startsWith(PREFIX));
  const keepable = (field) => field.name && !["csrfmiddlewaretoken", "form_key"].includes(field.name)
    && !["password", "file", "hidden", "submit", "button"].includes(field.type) && !field.closest("[data-sign]");

  const valuesOf = (form) => {
    const values = {};
    for (const field of form.elements) {
      if (!keepable(field)) continue;
      if (field.type === "checkbox" || field.type === "radio") { if (field.checked) (values[field.name] ||= []).push(field.value); }
      else if (field.type === "select-multiple") values[field.name] = [...field.selectedOptions].map((one) => one.value);
      else (values[field.name] ||= []).push(field.value);
    }
    return values;
  };
  const put = (form, values) => {
    const seen = {};
    for (const field of form.elements) {
      if (!keepable(field)) continue;
      const kept = values[field.name] || [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = kept.includes(field.value);
      else if (field.type === "select-multiple") for (const one of field.options) one.selected = kept.includes(one.value);
      else { const index = seen[field.name] || 0; seen[field.name] = index + 1; if (kept[index] !== undefined) field.value = kept[index]; }
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
  };
  const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

  const offer = (form) => {
    if (form.dataset.draftReady) return;
    form.dataset.draftReady = "1";
    const key = keyOf(form), draft = read(key), blank = valuesOf(form);
    form.yBlank = blank;
    // A form that came back with errors carries the typed values itself.
    if (!draft || form.querySelector(".y-errors") || same(draft.values, blank)) return;
    const line = document.createElement("div");
    line.className = "y-draft";
    line.setAttribute("role", "status");
    const typed = new Date(draft.at), two = (number) => String(number).padStart(2, "0");
    const time = `${two(typed.getMonth() + 1)}-${two(typed.getDate())} ${two(typed.getHours())}:${two(typed.getMinutes())}`;
    const text = document.createElement("span");
    text.textContent = say("draft", { when: time });
    const button = (name, act) => {
      const one = document.createElement("button");
      one.type = "button";
      one.className = "btn btn-sm";
      one.textContent = say(name);
      one.addEventListener("click", () => { act(); line.remove(); });
      return one;
    };
    line.append(text, button("restore", () => put(form, draft.values)), button("discard", () => store.removeItem(key)));
    form.prepend(line);
  };

  // A page with a log-in form means the session was lost: what was sent did not arrive, so it stays a draft.
  // Any page of a signed-in person without an error summary means it did.
  const settle = () => {
    const failed = [...document.querySelectorAll("form[data-draft]")].filter((form) => form.querySelector(".y-errors")).map(keyOf);
    for (const key of keys()) {
      const draft = read(key);
      if (!draft || Date.now() - draft.at > LIFE) { store.removeItem(key); continue; }
      if (!draft.sent) continue;
      if (!actor || failed.includes(key)) { draft.sent = false; write(key, draft); }
      else if (key.startsWith(`${PREFIX}${actor}:`)) store.removeItem(key);
    }
  };
  settle();

  onContent((root) => { if (actor) root.querySelectorAll("form[data-draft]").forEach(offer); });

  const timers = new WeakMap();
  const keep = (event) => {
    const form = event.target.form;
    if (!actor || !form || !form.dataset.draft || !event.isTrusted) return;
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => {
      const values = valuesOf(form);
      if (same(values, form.yBlank)) store.removeItem(keyOf(form));
      else write(keyOf(form), { at: Date.now(), values });
    }, 400));
  };
  document.addEventListener("input", keep);
  document.addEventListener("change", keep);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("[data-logout]")) { for (const key of keys()) if (key.startsWith(`${PREFIX}${actor}:`)) store.removeItem(key); return; }
    if (!actor || !form.dataset.draft) return;
    clearTimeout(timers.get(form));
    write(keyOf(form), { at: Date.now(), values: valuesOf(form), sent: true });
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt, xhr = event.detail.xhr;
    if (!form.matches || !form.matches("form[data-draft]")) return;
    const key = keyOf(form), draft = read(key);
    if (!draft || !draft.sent) return;
    // A redirect is settled by the page it leads to.
    if (event.detail.successful && !xhr.getResponseHeader("HX-Redirect")) store.removeItem(key);
    else if (!event.detail.successful) { draft.sent = false; write(key, draft); }
  });
})();
