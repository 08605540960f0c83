// The page that checks attests, without reloading: the camera reads codes here, files and texts are judged by the server.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const [result, lost, busy, video, finder] = ["result", "lost", "busy", "video", "finder"].map(byId);
  const [start, stop, other, refused] = ["camera-start", "camera-stop", "camera-other", "camera-refused"].map(byId);
  const SEAL = /^BE[01]:/, LARGE_BYTES = 4000000, LONG_SIDE = 3000, LOOK_MS = 120;
  let working = false, stream = null, timer = 0;

  const show = (html) => {
    result.innerHTML = html;
    const verdict = byId("verdict");
    verdict.focus({ preventScroll: true });
    result.scrollIntoView({ block: "start" });
  };

  const check = async (form) => {
    if (working) return;
    working = true;
    result.replaceChildren();
    lost.hidden = true;
    busy.hidden = false;
    try {
      const answer = await fetch("/verify/result" + location.search, { method: "POST", body: form, headers: { Accept: "text/html" } });
      const html = await answer.text();
      if (!html.includes('id="verdict"')) throw new Error(String(answer.status));
      show(html);
    } catch { lost.hidden = false; }
    busy.hidden = true;
    working = false;
  };

  // Photographs of a telephone are larger than the server takes, or of a kind it does not know; smaller is sharp enough.
  const smaller = async (file) => {
    const known = file.type === "image/png" || file.type === "image/jpeg";
    if (!file.type.startsWith("image/") || (known && file.size <= LARGE_BYTES)) return file;
    try {
      const picture = await createImageBitmap(file);
      const share = Math.min(1, LONG_SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * share);
      canvas.height = Math.round(picture.height * share);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      return await new Promise((done) => canvas.toBlob((blob) => done(blob || file), "image/jpeg", 0.9));
    } catch { return file; }
  };

  const send = async (form) => {
    const given = new FormData(form), file = given.get("file");
    if (file && file.size) given.set("file", await smaller(file), "file");
    await check(given);
  };

  for (const form of document.querySelectorAll("[data-check]")) {
    form.addEventListener("submit", (event) => { event.preventDefault(); send(form); });
  }
  byId("file").addEventListener("change", (event) => { if (event.target.files.length) send(event.target.form); });

  const end = () => {
    clearTimeout(timer);
    if (stream) for (const track of stream.getTracks()) track.stop();
    stream = video.srcObject = null;
    finder.hidden = stop.hidden = true;
    start.hidden = false;
    other.textContent = "";
  };

  // The middle square, as large as the camera gives it: the code is fine, and its dots must stay apart.
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  const look = () => {
    if (!stream) return;
    const side = Math.min(video.videoWidth, video.videoHeight);
    if (side) {
      canvas.width = canvas.height = side;
      pen.drawImage(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, 0, 0, side, side);
      const code = jsQR(pen.getImageData(0, 0, side, side).data, side, side, { inversionAttempts: "dontInvert" });
      if (code && SEAL.test(code.data)) {
        end();
        start.focus();
        const given = new FormData();
        given.set("text", code.data);
        check(given);
        return;
      }
      if (code && code.data) other.textContent = other.dataset.words;
    }
    timer = setTimeout(look, LOOK_MS);
  };

  const begin = async () => {
    refused.hidden = true;
    try {
      const wish = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } };
      stream = await navigator.mediaDevices.getUserMedia({ video: wish, audio: false });
      video.srcObject = stream;
      start.hidden = true;
      finder.hidden = stop.hidden = false;
      stop.focus({ preventScroll: true });
      finder.scrollIntoView({ block: "center" });
      await video.play();
      look();
    } catch { end(); refused.hidden = false; }
  };

  start.addEventListener("click", begin);
  stop.addEventListener("click", () => { end(); start.focus(); });
  addEventListener("pagehide", end);
  document.addEventListener("visibilitychange", () => { if (document.hidden && stream) end(); });

  byId("camera").hidden = false;
  if (!(navigator.mediaDevices && navigator.mediaDevices.getUserMedia)) {
    byId("camera-none").hidden = false;
    byId("camera-hint").hidden = start.hidden = true;
  }
  if (byId("verdict")) show(result.innerHTML);
  document.documentElement.dataset.ready = "yes";
})();
