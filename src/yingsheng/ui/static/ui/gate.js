// A release pass is judged on the phone itself: the signature of its code with the site's public key, its time, what the
// server said of used and revoked ones, and what this phone has let out and not sent yet. Works without signal.
(function () {
  "use strict";
  const { onContent } = window.yingsheng;
  const store = window.yingshengWork, RELEASE = "release", EVERY = 300;
  const main = document.querySelector("[data-work]");
  if (!main || !store) return;

  // base64url without padding; what does not come out the same again was altered in unused bits
  const bytes = (text) => {
    if (!/^[A-Za-z0-9_-]+$/.test(text)) return null;
    let raw;
    try { raw = atob(text.replace(/-/g, "+").replace(/_/g, "/")); } catch (error) { return null; }
    if (btoa(raw).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "") !== text) return null;
    return Uint8Array.from(raw, (sign) => sign.charCodeAt(0));
  };
  const slipOf = (body) => {
    try {
      const [keyId, key, number, room, since, until, lines, plate] = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
      return { keyId, key, number, room, since, until, lines, plate };
    } catch (error) { return null; }
  };
  // The slip of a code, or why it is none of this site.
  const read = async (code, known) => {
    const parts = code.split("."), [mark, body, signature] = [parts[0], bytes(parts[1] || ""), bytes(parts[2] || "")];
    const slip = parts.length === 3 && mark === "FX1" && body && signature ? slipOf(body) : null;
    if (!slip) return { problem: "shape" };
    const spki = Object.hasOwn(known.keys, slip.keyId) ? known.keys[slip.keyId] : null;
    if (!spki) return { problem: "key" };
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const raw = Uint8Array.from(atob(spki), (sign) => sign.charCodeAt(0));
    const key = await crypto.subtle.importKey("spki", raw, algorithm, false, ["verify"]);
    const fits = await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, body);
    return fits ? { slip } : { problem: "signature" };
  };
  const worker = async () => main.dataset.worker || String(((await store.known()) || {}).worker || "");
  const releasedHere = async (key) => (await store.list(await worker())).some((deed) => deed.order === `gate:${key}` && deed.verb === RELEASE);
  const judge = async (slip, known) => {
    const now = Date.now() / 1000;
    if (await releasedHere(slip.key)) return { problem: "released", words: known.words.queued };
    if (Object.hasOwn(known.blocked, slip.key)) {
      const [state, moment] = known.blocked[slip.key];
      const problem = state === "owner_asked" ? "owner_not_answered" : state;
      return { problem, words: `${known.words[problem] || state}（${moment}）` };
    }
    if (now < slip.since - 60) return { problem: "too_early" };
    return now > slip.until ? { problem: "expired" } : { problem: "" };
  };

  const two = (number) => String(number).padStart(2, "0");
  const clock = (seconds) => {
    const at = new Date(seconds * 1000);
    return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
  };
  const put = (id, text) => { document.getElementById(id).textContent = text; };
  const draw = (code, slip, verdict, known) => {
    const box = document.getElementById("w-gate"), line = document.getElementById("w-gate-verdict");
    const told = slip || { key: "", number: "", room: "", lines: [], plate: "", until: 0 };
    Object.assign(box.dataset, { order: `gate:${told.key}`, number: told.number, place: told.room, state: slip && !verdict.problem ? "issued" : "" });
    delete box.dataset.laid;
    box.querySelector(".w-state").textContent = "";
    line.className = verdict.problem ? "y-error" : "w-done";
    line.textContent = verdict.words || known.words[verdict.problem || "ok"];
    put("w-gate-number", told.number);
    put("w-gate-room", told.room);
    put("w-gate-plate", told.plate);
    put("w-gate-until", told.until ? clock(told.until) : "");
    document.getElementById("w-gate-lines").replaceChildren(...told.lines.map(([name, count, bulky]) => {
      const row = document.createElement("li");
      row.textContent = `${name} × ${count}${bulky ? known.words.bulky : ""}`;
      return row;
    }));
    for (const input of box.querySelectorAll("input[name$='-code']")) { input.value = code; input.defaultValue = code; }
    for (const verb of box.querySelectorAll("[data-verb]")) { verb.hidden = false; verb.classList.remove("is-kept"); }
    document.getElementById("w-gate-verbs").hidden = !slip || Boolean(verdict.problem);
    box.hidden = false;
    line.tabIndex = -1;
    line.focus();
    box.scrollIntoView({ block: "start" });
  };
  const knownHere = () => JSON.parse(document.getElementById("w-gate-known").textContent);
  // True if the phone could judge; else the server is asked.
  const check = async (text) => {
    const known = knownHere(), word = text.trim();
    if (!crypto.subtle) return false;
    const code = word.split(".").length === 3 ? word : known.open[word.toUpperCase()];
    if (!code) {
      if (navigator.onLine && !("shell" in main.dataset)) return false;
      draw("", null, { problem: "none" }, known);
      return true;
    }
    const { slip, problem } = await read(code, known);
    draw(code, slip, slip ? await judge(slip, known) : { problem }, known);
    return true;
  };
  const run = async (text, otherwise) => { if (!(await check(text))) otherwise(); };

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-gate-check]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    run(form.querySelector("[name=code]").value, () => form.submit());
  }, true);
  document.addEventListener("click", (event) => {
    const card = event.target.closest("[data-gate-number]");
    if (!card) return;
    event.preventDefault();
    run(card.dataset.gateNumber, () => location.assign(card.href));
  });

  const look = async (box) => {
    const video = box.querySelector("video"), reader = new window.BarcodeDetector({ formats: ["qr_code"] });
    video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    await video.play();
    const timer = setInterval(async () => {
      const found = (await reader.detect(video).catch(() => [])).map((one) => one.rawValue).find((text) => text.startsWith("FX1."));
      if (!found) return;
      clearInterval(timer);
      video.srcObject.getTracks().forEach((track) => track.stop());
      document.getElementById("w-gate-code").value = found;
      await check(found);
    }, EVERY);
  };
  onContent((root) => {
    const box = root.querySelector("#w-gate-scan:not([data-ready])");
    if (!box || !("BarcodeDetector" in window) || !navigator.mediaDevices) return;
    box.dataset.ready = "1";
    box.hidden = false;
    box.querySelector("button").addEventListener("click", () => look(box).catch(() => { box.hidden = true; }));
  });
})();
