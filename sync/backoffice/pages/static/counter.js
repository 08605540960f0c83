// The counter page without reloading: buttons, function keys, live changes, an honest word when the line is cut.
"use strict";
(() => {
  const board = document.getElementById("board");
  const status = document.getElementById("status");
  const lost = document.getElementById("lost");
  const SILENCE_MS = 35000, REFRESH_MS = 30000;
  let heard = Date.now(), busy = false, source = null, wanted = false;

  const show = (html) => {
    const focused = document.activeElement && document.activeElement.id;
    board.innerHTML = html;
    const again = focused && document.getElementById(focused);
    if (again && !again.disabled) again.focus();
    const notice = document.getElementById("notice").textContent;
    if (notice) status.textContent = notice;
  };

  const ask = async (url, options) => {
    const answer = await fetch(url, { credentials: "same-origin", headers: { "X-Fragment": "1" }, ...options });
    if (answer.status === 401 || answer.status === 403 || answer.status === 409) { location.href = "/counter"; return; }
    if (!answer.ok) throw new Error(String(answer.status));
    show(await answer.text());
    heard = Date.now();
    lost.hidden = true;
  };

  const refresh = async () => {
    if (busy) { wanted = true; return; }
    try { await ask("/counter/board"); } catch { lost.hidden = false; }
  };

  const send = async (form) => {
    if (busy) return;
    busy = true;
    status.textContent = "";
    try { await ask(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) }); }
    catch { lost.hidden = false; }
    busy = false;
    if (wanted) { wanted = false; refresh(); }
  };

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

  const listen = () => {
    if (source) source.close();
    source = new EventSource("/counter/events");
    source.addEventListener("news", () => { heard = Date.now(); refresh(); });
    source.addEventListener("beat", () => { heard = Date.now(); lost.hidden = true; });
  };
  listen();
  setInterval(() => {
    if (Date.now() - heard > SILENCE_MS) { lost.hidden = false; heard = Date.now() - SILENCE_MS / 2; listen(); }
  }, 2000);
  setInterval(refresh, REFRESH_MS);
  document.documentElement.dataset.ready = "yes";
})();
