// A worker's pages: every deed goes into the phone's queue first and is sent at once if there is signal. Without signal
// the page shows how the order stands with what waits; with it again all is sent in order, each once.
(function () {
  "use strict";
  const { onContent, refit } = window.yingsheng;
  const store = window.yingshengWork, queue = window.yingshengQueue, say = queue.say;
  const main = document.querySelector("[data-work]");
  if (!main || !window.indexedDB) return;
  const EVERY = 30000;
  const urls = { state: main.dataset.state, sync: main.dataset.sync };
  let worker = main.dataset.worker, lost = false, login = false;

  const tell = (text, tone) => {
    const line = document.createElement("p");
    line.className = `y-result is-${tone}`;
    line.setAttribute("role", "status");
    line.tabIndex = -1;
    line.textContent = text;
    document.getElementById("result").replaceChildren(line);
    line.focus();
  };

  // How things stand on this device: the strip, and each order with what waits on top of it.
  const strip = (deeds) => {
    const place = document.getElementById("w-strip"), off = lost || !navigator.onLine;
    const trouble = deeds.filter((deed) => deed.trouble).length;
    document.getElementById("w-off").hidden = !off || deeds.length > 0;
    place.hidden = !deeds.length;
    place.className = `w-strip is-${trouble || login ? "late" : "soon"}`;
    place.href = login ? `${main.dataset.login}?next=${encodeURIComponent(main.dataset.queue)}` : main.dataset.queue;
    const parts = [off ? say("offline") : "", say("pending", { count: deeds.length }), trouble ? say("trouble", { count: trouble }) : "", login ? say("login") : ""];
    place.textContent = parts.filter(Boolean).join(" · ");
  };
  const overlay = (deeds) => {
    for (const box of document.querySelectorAll("#w-content [data-order][data-state]")) {
      const own = deeds.filter((deed) => deed.order === box.dataset.order);
      if (!own.length && !box.dataset.laid) continue;
      box.dataset.laid = "1";
      const told = own.filter((deed) => deed.to).map((deed) => deed.to);
      const state = told.length && !own.some((deed) => deed.trouble) ? told[told.length - 1] : box.dataset.state;
      const word = box.querySelector(".w-state");
      const told_word = own.map((deed) => deed.word).filter(Boolean).pop() || say(`state_${state}`) || word && (word.dataset.word ||= word.textContent);
      if (word && own.length) word.textContent = `${told_word} · ${say("pending", { count: own.length })}`;
      // what is done once and waits is not offered a second time
      for (const verb of box.querySelectorAll("[data-once]")) verb.classList.toggle("is-kept", own.some((deed) => deed.verb === verb.dataset.verb));
      for (const verb of box.querySelectorAll("[data-verb]")) {
        if (state !== box.dataset.state) verb.hidden = !verb.dataset.from.split(" ").includes(state);
      }
      const place = box.querySelector("#w-trouble");
      if (place) place.replaceChildren(...(own.some((deed) => deed.trouble) ? [toQueue()] : []));
    }
  };
  const toQueue = () => {
    const link = document.createElement("a");
    link.className = "btn btn-danger w-wide";
    link.href = main.dataset.queue;
    link.textContent = say("resolve");
    return link;
  };
  const show = async () => {
    const deeds = worker ? await store.list(worker) : [];
    strip(deeds);
    overlay(deeds);
    const place = document.getElementById("w-queue");
    if (place) await queue.draw(place, worker, async () => { await push(); });
    return deeds;
  };

  const push = async () => {
    const answer = await store.send(urls);
    lost = answer.outcome === "lost";
    login = answer.outcome === "login";
    await show();
    if (answer.clock) { sessionStorage.setItem("y-clock", answer.clock); tell(answer.clock, "soon"); }
    // signal again: the page itself instead of the kept one
    if ("shell" in main.dataset && answer.outcome === "sent") location.reload();
    return answer;
  };

  // A deed: what stands in the form, with the words a person would recognise it by.
  const shownOf = (form) => {
    const rows = [];
    for (const field of form.querySelectorAll(".y-field")) {
      const label = field.querySelector("legend, .y-label"), chosen = field.querySelectorAll("input:checked");
      const typed = field.querySelector("textarea, input:not([type=hidden], [type=radio], [type=checkbox], [type=file])");
      const files = field.querySelector("input[type=file]");
      const values = [...chosen].map((one) => one.closest("label").textContent.trim());
      if (typed && typed.value.trim()) values.push(typed.value.trim());
      if (files && files.files.length) values.push(String(files.files.length));
      if (label && values.length) rows.push([label.firstChild.textContent.trim(), values.join("、")]);
    }
    return rows;
  };
  const deedOf = (form, button) => {
    const box = form.closest("[data-order]"), section = form.closest("[data-verb]");
    const fields = [...new FormData(form).entries()]
      .filter(([name, value]) => !["csrfmiddlewaretoken", "form_key", "seen"].includes(name) && !(value instanceof File && !value.size))
      .map(([name, value]) => value instanceof File ? [name, new Blob([value], { type: value.type }), value.name] : [name, value]);
    return {
      worker, order: box.dataset.order, number: box.dataset.number, place: box.dataset.place, seen: box.dataset.version,
      verb: section.dataset.verb, to: section.dataset.to, word: section.dataset.toWord || "", label: button.textContent.trim(), uuid: store.newId(),
      device_at: new Date().toISOString(), fields, shown: shownOf(form),
    };
  };
  const lacks = (form) => [...form.querySelectorAll("[required], input[type=file]")].find((field) => !field.checkValidity());
  const doDeed = async (form, button) => {
    const missing = lacks(form) || (form.dataset.queueVerb === "finish" && !form.querySelector("[name=finish-phrase]:checked") && !form.querySelector("[name=finish-result]").value.trim() && form.querySelector("[name=finish-result]"));
    if (missing) { tell(say("missing"), "late"); missing.focus(); return; }
    const deed = deedOf(form, button);
    await store.put(deed);
    const answer = await push();
    const left = await store.list(worker), mine = left.find((one) => one.uuid === deed.uuid);
    if (!mine) {
      const home = deed.verb === "finish";
      location.assign(`${home ? main.dataset.home : form.closest("[data-order]").dataset.page || location.pathname}?did=${deed.verb}`);
      return;
    }
    if (left.some((one) => one.order === deed.order && one.trouble)) { location.assign(main.dataset.queue); return; }
    form.reset();
    const folded = form.closest("details");
    if (folded) folded.open = false;
    tell(say(answer.outcome === "login" ? "kept_login" : "kept"), "soon");
    scrollTo(0, 0);
    try { await (await navigator.serviceWorker.ready).sync.register("y-work"); } catch (error) { /* no background sync here */ }
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    const free = () => { delete form.dataset.busy; for (const one of form.querySelectorAll("[aria-disabled]")) one.removeAttribute("aria-disabled"); };
    if (form.matches("[data-online]") && (lost || !navigator.onLine || "shell" in main.dataset)) {
      event.preventDefault();
      setTimeout(free, 0);
      tell(say("needs"), "late");
    } else if (form.matches("[data-queue-verb]") && worker) {
      event.preventDefault();
      doDeed(form, event.submitter || form.querySelector("button")).finally(() => setTimeout(free, 0));
    } else if (form.matches("[data-find]") && "shell" in main.dataset) {
      event.preventDefault();
      store.known().then((state) => {
        const wanted = form.querySelector("[name=q]").value.trim().toUpperCase();
        const found = state && Object.entries(state.orders).find(([, order]) => order.number === wanted);
        if (found) location.assign(`${main.dataset.home}orders/${found[0]}/`); else tell(say("needs"), "late");
      });
    } else if (form.matches("[data-logout]") && !form.dataset.sure) {
      event.preventDefault();
      setTimeout(free, 0);
      leave(form);
    }
  });
  const leave = async (form) => {
    const unsent = (await store.list(worker)).length, place = document.getElementById("w-unsent");
    form.dataset.sure = "1";
    if (unsent && place) { place.textContent = say("unsent", { count: unsent }); place.hidden = false; return; }
    delete form.dataset.busy;
    form.requestSubmit();
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("#w-send")) push();
    const step = event.target.closest("[data-step]");
    if (step) {
      const input = step.parentElement.querySelector("input");
      input.value = Math.max(0, Number(input.value || 0) + Number(step.dataset.step)) || "";
    }
  });
  // Things of the price list are tapped, not typed.
  onContent((root) => {
    for (const input of root.querySelectorAll("input[data-thing]:not([data-ready])")) {
      input.dataset.ready = "1";
      const row = document.createElement("span");
      row.className = "w-count";
      input.replaceWith(row);
      const key = (step) => {
        const made = document.createElement("button");
        made.type = "button";
        made.className = "btn";
        made.dataset.step = step;
        made.textContent = step > 0 ? "+" : "−";
        made.setAttribute("aria-label", say(step > 0 ? "more" : "less"));
        return made;
      };
      row.append(key(-1), input, key(1));
    }
  });

  // A large button in our own words instead of the browser's small one.
  onContent((root) => {
    for (const input of root.querySelectorAll(".w-form [data-photo] input[type=file]:not(.visually-hidden)")) {
      const face = document.createElement("label");
      face.className = "btn w-wide w-camera";
      face.htmlFor = input.id;
      face.textContent = say("photo");
      input.classList.add("visually-hidden");
      input.after(face);
    }
  });

  // The camera, where the browser reads codes.
  const scan = document.getElementById("w-scan");
  const look = async () => {
    const video = scan.querySelector("video"), reader = new window.BarcodeDetector({ formats: ["qr_code"] });
    try {
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      await video.play();
    } catch (error) { tell(say("camera"), "late"); return; }
    const timer = setInterval(async () => {
      const found = (await reader.detect(video).catch(() => [])).map((one) => /\/(orders|patrols\/points)\/([\w-]+)/.exec(one.rawValue)).find(Boolean);
      if (!found) return;
      clearInterval(timer);
      video.srcObject.getTracks().forEach((track) => track.stop());
      location.assign(`${main.dataset.home}${found[1]}/${found[2]}/`);
    }, 300);
  };
  const readyToScan = () => {
    const box = document.getElementById("w-scan");
    if (!box || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
    box.hidden = false;
    box.querySelector("button").addEventListener("click", look);
  };

  // Without signal the frame is filled from the device.
  const fill = async () => {
    const state = await store.known(), content = document.getElementById("w-content"), path = location.pathname;
    lost = true;
    if (!state) return;
    worker = state.worker;
    // the frame belongs to nobody: what this device keeps nothing of is no work of his
    for (const tab of document.querySelectorAll("[data-desk]")) if (await store.page(tab.getAttribute("href")) === undefined) tab.remove();
    const kept = path === main.dataset.queue ? document.getElementById("w-queue-part").innerHTML : await store.page(path);
    if (kept === undefined) return;
    content.innerHTML = kept;
    for (const link of document.querySelectorAll(".w-tabs a")) if (link.getAttribute("href") === path) link.setAttribute("aria-current", "page");
    const number = content.querySelector("[data-number]"), tab = document.querySelector(".w-tabs [aria-current]");
    const words = number ? number.dataset.number || number.dataset.place : tab ? tab.textContent.trim() : say("waiting_list");
    document.querySelector(".w-top .y-clip").textContent = document.title = words;
    refit(content);
  };
  const start = async () => {
    if ("shell" in main.dataset) await fill();
    const state = await store.known();
    if (worker && state && state.worker !== worker) await store.wipe();
    readyToScan();
    await show();
    if (navigator.serviceWorker) navigator.serviceWorker.register(main.dataset.sw, { scope: main.dataset.home }).catch(() => { /* no signal, or storage is switched off */ });
    const clock = sessionStorage.getItem("y-clock");
    sessionStorage.removeItem("y-clock");
    if (clock) tell(clock, "soon");
    await push();
  };
  window.addEventListener("online", () => { lost = false; push(); });
  window.addEventListener("offline", () => { lost = true; show(); });
  setInterval(async () => { if (worker && (await store.list(worker)).some((deed) => !deed.trouble)) push(); }, EVERY);
  start();
})();
