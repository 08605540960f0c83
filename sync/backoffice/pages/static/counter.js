// The counter page without reloading: buttons, function keys, live changes, an honest word when the line is cut.
"use strict";
(() => {
  const board = document.getElementById("board");
  const status = document.getElementById("status");
  const lost = document.getElementById("lost");
  const SILENCE_MS = 35000, REFRESH_MS = 30000;
  let heard = Date.now(), busy = false, source = null, wanted = false, pressed = false, shown = "";

  // What people see: without the keys of the buttons, which are new every time, and without the passing notice.
  const visible = (html) => html.replace(/name="key" value="[^"]*"/g, "").replace(/<div id="notice"[^]*?<\/div>/, "");

  const show = (html) => {
    shown = visible(html);
    const focused = document.activeElement && document.activeElement.id;
    board.innerHTML = html;
    const again = focused && document.getElementById(focused);
    if (again && !again.disabled) again.focus();
    const notice = document.getElementById("notice").textContent;
    if (notice) status.textContent = notice;
  };

  const ask = async (url, options, always) => {
    const answer = await fetch(url, { credentials: "same-origin", headers: { "X-Fragment": "1" }, ...options });
    if (answer.status === 401 || answer.status === 403 || answer.status === 409) { location.href = "/counter"; return; }
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    if (always || visible(html) !== shown) show(html);
    heard = Date.now();
    lost.hidden = true;
  };

  const refresh = async () => {
    if (busy || pressed) { wanted = true; return; }
    try { await ask("/counter/board", {}, false); } catch { lost.hidden = false; }
  };

  const send = async (form) => {
    if (busy) return;
    busy = true;
    status.textContent = "";
    try { await ask(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }, true); }
    catch { lost.hidden = false; }
    busy = false;
    later();
  };

  const later = () => { if (wanted && !busy && !pressed) { wanted = false; refresh(); } };

  // The list is not exchanged under a finger: the tap would be lost.
  board.addEventListener("pointerdown", () => { pressed = true; });
  for (const end of ["pointerup", "pointercancel"])
    document.addEventListener(end, () => setTimeout(() => { pressed = false; later(); }, 100));

  shown = visible(board.innerHTML);
  board.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-act]")) return;
    event.preventDefault();
    send(event.target);
  });

  document.addEventListener("keydown", (event) => {
    if (event.repeat || event.ctrlKey || event.altKey || event.metaKey) return;
    const button = board.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
    if (!button) return;
    event.preventDefault();
    if (!button.disabled) { button.focus(); send(button.form); }
  });

  const told = () => { document.documentElement.dataset.news = String(Number(document.documentElement.dataset.news || 0) + 1); };

  const listen = () => {
    if (source) source.close();
    source = new EventSource("/counter/events");
    source.addEventListener("news", () => { heard = Date.now(); told(); refresh(); });
    source.addEventListener("beat", () => { heard = Date.now(); lost.hidden = true; });
  };
  listen();
  setInterval(() => {
    if (Date.now() - heard > SILENCE_MS) { lost.hidden = false; heard = Date.now() - SILENCE_MS / 2; listen(); }
  }, 2000);
  setInterval(refresh, REFRESH_MS);
  document.documentElement.dataset.ready = "yes";
})();
