// Keeps the deadline chips right while a page stays open, by the server's clock.
// The words are those of clocks.py; change both together.
(function () {
  "use strict";
  const { say, onContent } = window.yingsheng;
  const serverNow = Date.parse(document.body.dataset.now);
  const offset = Number.isNaN(serverNow) ? 0 : serverNow - Date.now();
  const MINUTE = 60000;

  const spanWords = (milliseconds) => {
    const total = Math.floor(Math.abs(milliseconds) / MINUTE);
    const d = Math.floor(total / 1440), h = Math.floor((total % 1440) / 60), m = total % 60;
    if (d && h) return say("dayhour", { d, h });
    if (d) return say("day", { d });
    if (h && m) return say("hourminute", { h, m });
    if (h) return say("hour", { h });
    return m ? say("minute", { m }) : say("moment");
  };
  const TONES = ["plain", "soon", "late"];
  const SIGNS = { plain: "clock", soon: "hourglass", late: "alert-triangle" };

  const show = (chip, now) => {
    const due = Date.parse(chip.dataset.due), soon = Date.parse(chip.dataset.soon);
    const left = due - now;
    const tone = left < 0 ? "late" : now >= soon ? "soon" : "plain";
    const rest = chip.querySelector(".y-chip-rest");
    if (rest) rest.textContent = say(left < 0 ? "over" : "left", { span: spanWords(left) });
    if (chip.classList.contains("is-" + tone)) return;
    TONES.forEach((name) => chip.classList.toggle("is-" + name, name === tone));
    chip.querySelector(".y-chip-word").textContent = say(tone === "plain" ? "open" : tone);
    const use = chip.querySelector("use");
    use.setAttribute("href", use.getAttribute("href").split("#")[0] + "#" + SIGNS[tone]);
  };
  const showAll = (root) => {
    const now = Date.now() + offset;
    root.querySelectorAll("[data-due]").forEach((chip) => show(chip, now));
  };
  onContent(showAll);
  setInterval(() => showAll(document), 15000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) showAll(document); });
})();
