// Photos are made small on the device before they travel (long edge 1600 px, JPEG), and shown before sending.
// Re-drawing also drops the place stored in the picture; the server strips it again.
(function () {
  "use strict";
  const { say, onContent } = window.yingsheng;
  const EDGE = 1600, QUALITY = 0.82, SMALL = 300 * 1024;

  const shrink = async (file) => {
    if (!/^image\/(jpeg|png|webp)$/.test(file.type) || file.size <= SMALL) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      const ground = canvas.getContext("2d");
      ground.fillStyle = "#fff";
      ground.fillRect(0, 0, canvas.width, canvas.height);
      ground.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg", lastModified: file.lastModified });
    } catch (error) {
      return file; // a picture the browser cannot read is left to the server's judgement
    }
  };
  const size = (bytes) => bytes > 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.ceil(bytes / 1024)} KB`;

  const show = (input, place) => {
    place.querySelectorAll("img").forEach((picture) => URL.revokeObjectURL(picture.src));
    place.replaceChildren(...[...input.files].map((file, index) => {
      const figure = document.createElement("figure");
      if (file.type.startsWith("image/")) {
        const picture = document.createElement("img");
        picture.src = URL.createObjectURL(file);
        picture.alt = "";
        figure.append(picture);
      }
      const words = document.createElement("figcaption");
      words.textContent = `${file.name} ${size(file.size)} `;
      const remove = document.createElement("button");
      remove.type = "button";
      remove.className = "y-link";
      remove.textContent = say("remove");
      remove.setAttribute("aria-label", `${say("remove")} ${file.name}`);
      remove.addEventListener("click", () => {
        const left = new DataTransfer();
        [...input.files].forEach((one, place) => { if (place !== index) left.items.add(one); });
        input.files = left.files;
        show(input, place);
        input.focus();
      });
      words.append(remove);
      figure.append(words);
      return figure;
    }));
  };
  const fit = (box) => {
    const input = box.querySelector("input[type=file]"), place = box.querySelector("output");
    if (!input || !place) return;
    input.addEventListener("change", async () => {
      const chosen = [...input.files];
      const button = input.form && input.form.querySelector("[data-main]");
      if (button) button.disabled = true;
      try {
        const small = new DataTransfer();
        for (const file of await Promise.all(chosen.map(shrink))) small.items.add(file);
        input.files = small.files;
        show(input, place);
      } finally {
        if (button) button.disabled = false;
      }
    });
  };
  onContent((root) => {
    for (const box of root.querySelectorAll("[data-photo]:not([data-ready])")) { box.dataset.ready = "1"; fit(box); }
  });
})();
