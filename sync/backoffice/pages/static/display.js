// The waiting-room display: shows the last five calls, sounds and pulses for a new one, says when the line is cut.
"use strict";
(() => {
  const root = document.getElementById("display");
  const part = (id) => document.getElementById(id);
  const silenceMs = Number(root.dataset.beat) * 2500;
  let known = null, heard = Date.now(), source = null, audio = null;

  const write = (node, call) => {
    node.textContent = call.number;
    node.dataset.length = String(call.number.length);
    if (call.suffix) {
      const small = document.createElement("small");
      small.textContent = "-" + call.suffix;
      node.append(small);
    }
  };

  const show = (calls) => {
    const [last, ...before] = calls;
    part("place").hidden = !last;
    part("number").textContent = "";
    if (last) { write(part("number"), last); part("counter").textContent = last.counter; }
    part("list").replaceChildren(...before.map((call) => {
      const item = document.createElement("li"), number = document.createElement("span"), counter = document.createElement("b");
      write(number, call);
      counter.textContent = call.counter;
      item.append(number, counter);
      return item;
    }));
  };

  const chime = () => {
    if (!audio || audio.state !== "running") return;
    [[659.25, 0], [523.25, 0.45]].forEach(([pitch, at]) => {
      const tone = audio.createOscillator(), volume = audio.createGain(), start = audio.currentTime + at;
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0, start);
      volume.gain.linearRampToValueAtTime(0.5, start + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.001, start + 1.1);
      tone.connect(volume).connect(audio.destination);
      tone.start(start);
      tone.stop(start + 1.2);
    });
  };

  const pulse = () => {
    const hero = part("hero");
    hero.classList.remove("fresh");
    void hero.offsetWidth;
    hero.classList.add("fresh");
    root.dataset.chimes = String(Number(root.dataset.chimes || 0) + 1);
    chime();
  };

  const news = (event) => {
    const calls = JSON.parse(event.data).calls;
    const fresh = known !== null && calls.some((call) => !known.has(call.id));
    known = new Set(calls.map((call) => call.id));
    show(calls);
    if (fresh) pulse();
  };

  const alive = () => { heard = Date.now(); part("lost").hidden = true; };

  const listen = () => {
    if (source) source.close();
    source = new EventSource(root.dataset.events);
    source.addEventListener("news", (event) => { alive(); news(event); });
    source.addEventListener("beat", alive);
  };

  const tick = () => {
    const now = new Date();
    part("clock").textContent = String(now.getHours()).padStart(2, "0") + ":" + String(now.getMinutes()).padStart(2, "0");
    if (Date.now() - heard > silenceMs) {
      part("lost").hidden = false;
      if (Date.now() - heard > 2 * silenceMs) { heard = Date.now() - silenceMs - 1; listen(); }
    }
  };

  const sound = async () => {
    audio = audio || new AudioContext();
    await audio.resume();
    part("sound").hidden = audio.state === "running";
  };
  try {
    audio = new AudioContext();
    part("sound").hidden = audio.state === "running";
    part("sound").addEventListener("click", sound);
  } catch { part("sound").hidden = true; }

  listen();
  tick();
  setInterval(tick, 1000);
})();
