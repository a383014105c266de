// Signature pad: pointer strokes become a PNG in the hidden field, which then takes the name from the typed one.
(function () {
  "use strict";
  const { onContent } = window.yingsheng;

  const fit = (pad) => {
    const canvas = pad.querySelector("canvas"), drawn = pad.querySelector("[data-sign-drawn]");
    const typed = pad.querySelector("input:not([type=hidden])"), clear = pad.querySelector("[data-sign-clear]");
    const ink = canvas.getContext("2d");
    canvas.hidden = false;
    ink.lineCap = ink.lineJoin = "round";
    ink.strokeStyle = "#000";
    ink.lineWidth = 3.5;

    // Exactly one of the two inputs is sent.
    const choose = () => {
      const isDrawn = drawn.value !== "";
      drawn.name = isDrawn ? pad.dataset.sign : "";
      typed.name = isDrawn ? "" : pad.dataset.sign;
      clear.hidden = !isDrawn;
    };
    const wipe = () => { ink.clearRect(0, 0, canvas.width, canvas.height); drawn.value = ""; choose(); };
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [(event.clientX - box.left) * canvas.width / box.width, (event.clientY - box.top) * canvas.height / box.height];
    };
    let down = null;
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      canvas.setPointerCapture(event.pointerId);
      down = at(event);
      ink.beginPath();
      ink.arc(down[0], down[1], 1.5, 0, 7);
      ink.fill();
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!down) return;
      const steps = event.getCoalescedEvents ? event.getCoalescedEvents() : [event];
      for (const step of steps.length ? steps : [event]) {
        const next = at(step);
        ink.beginPath();
        ink.moveTo(...down);
        ink.lineTo(...next);
        ink.stroke();
        down = next;
      }
    });
    const lift = () => {
      if (!down) return;
      down = null;
      typed.value = "";
      drawn.value = canvas.toDataURL("image/png");
      choose();
    };
    canvas.addEventListener("pointerup", lift);
    canvas.addEventListener("pointercancel", lift);
    clear.addEventListener("click", () => { wipe(); typed.focus(); });
    typed.addEventListener("input", () => { if (drawn.value) wipe(); });
    if (drawn.value) {
      const picture = new Image();
      picture.addEventListener("load", () => ink.drawImage(picture, 0, 0, canvas.width, canvas.height));
      picture.src = drawn.value;
    }
    choose();
  };
  onContent((root) => {
    for (const pad of root.querySelectorAll("[data-sign]:not([data-ready])")) { pad.dataset.ready = "1"; fit(pad); }
  });
})();
