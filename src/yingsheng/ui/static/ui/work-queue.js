// What waits to be sent, and what was not taken: yours beside how it stands now, to choose from. Nothing is thrown away.
(function () {
  "use strict";
  const store = window.yingshengWork;
  const block = document.getElementById("w-words");
  const words = block ? JSON.parse(block.textContent) : {};
  const say = (name, values = {}) =>
    Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), words[name] || "");

  const two = (number) => String(number).padStart(2, "0");
  const clock = (text) => {
    const at = new Date(text);
    return `${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
  };
  const node = (tag, name, text) => {
    const made = document.createElement(tag);
    if (name) made.className = name;
    if (text) made.textContent = text;
    return made;
  };
  const button = (text, name, run) => {
    const made = node("button", `btn w-wide ${name}`, text);
    made.type = "button";
    made.addEventListener("click", async () => { made.disabled = true; await run(); });
    return made;
  };
  const rows = (pairs) => {
    const made = node("dl", "w-facts");
    for (const [label, value] of pairs) made.append(node("dt", "", label), node("dd", "", value));
    return made;
  };
  const pictures = (deed) => {
    const box = node("div", "w-pictures");
    for (const [name, value] of deed.fields) {
      const drawn = typeof value === "string" && value.startsWith("data:image/png");
      if (!drawn && !(value instanceof Blob && value.type.startsWith("image/"))) continue;
      const picture = node("img");
      picture.src = drawn ? value : URL.createObjectURL(value);
      picture.alt = name;
      box.append(picture);
    }
    return box;
  };

  // Everything this person did to an order and could not enter becomes one note with its words, photos, signature.
  const asNote = async (deeds) => {
    const text = deeds.map((deed) =>
      [`${clock(deed.device_at)} ${deed.label}`, ...deed.shown.map(([label, value]) => `${label}：${value}`)].join("\n")).join("\n");
    const fields = [["text", text.slice(0, 1900)]];
    for (const deed of deeds) {
      for (const [name, value, file] of deed.fields) {
        if (file) fields.push(["photos", value, file]);
        else if (/-(signature|signer)$/.test(name) && value) fields.push([name.replace(/^.*-/, ""), value]);
      }
    }
    const last = deeds[deeds.length - 1];
    await store.swap(deeds.map((deed) => deed.id), {
      worker: last.worker, order: last.order, number: last.number, place: last.place, verb: "note", label: say("note"),
      uuid: store.newId(), seen: "", device_at: last.device_at, to: "", fields, shown: [[say("note"), text]],
    });
  };
  const again = async (deeds) => {
    const [first] = deeds, { trouble, ...deed } = first;
    await store.put({ ...deed, seen: trouble.order ? trouble.order.version : deed.seen });
  };

  const drawOrder = (deeds, sent) => {
    const [first] = deeds, trouble = first.trouble;
    const box = node("article", `w-deed${trouble ? " is-late" : ""}`);
    box.dataset.order = first.order;
    box.append(node("h2", "", `${first.place} ${first.number}`));
    if (!trouble) {
      for (const deed of deeds) box.append(node("p", "", `${clock(deed.device_at)} ${deed.label}`), pictures(deed));
      box.append(node("p", "y-quiet", say("waiting")));
      return box;
    }
    const why = node("p", "y-error", trouble.words);
    why.setAttribute("role", "alert");
    box.append(why);
    const sides = node("div", "w-sides"), yours = node("section", "w-yours"), now = node("section", "w-now");
    yours.append(node("h3", "", say("yours")));
    for (const deed of deeds) {
      yours.append(node("p", "", `${clock(deed.device_at)} ${deed.label}`), rows(deed.shown), pictures(deed));
    }
    now.append(node("h3", "", say("now")), rows(trouble.order ? trouble.order.facts : []));
    sides.append(yours, now);
    box.append(sides);
    const legal = trouble.order && trouble.order.legal.includes(first.verb);
    if (legal || trouble.outcome === "refused") box.append(button(say("again"), "btn-primary", async () => { await again(deeds); await sent(); }));
    if (first.verb !== "note") box.append(button(say("keep"), "", async () => { await asNote(deeds); await sent(); }));
    return box;
  };
  const draw = async (place, worker, sent) => {
    const byOrder = new Map();
    for (const deed of await store.list(worker)) byOrder.set(deed.order, [...(byOrder.get(deed.order) || []), deed]);
    place.replaceChildren(...[...byOrder.values()].map((deeds) => drawOrder(deeds, sent)));
    if (!byOrder.size) place.append(node("p", "y-empty", place.dataset.empty));
    const button = document.getElementById("w-send");
    if (button) button.hidden = !byOrder.size;
  };

  window.yingshengQueue = { say, draw };
})();
