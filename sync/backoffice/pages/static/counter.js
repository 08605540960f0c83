// The counter page without reloading: buttons, function keys, live changes, an honest word when the line is cut.
"use strict";
(() => {
  const board = document.getElementById("board");
  const status = document.getElementById("status");
  const lost = document.getElementById("lost");
  const SILENCE_MS = 35000, REFRESH_MS = 30000;
  let heard = Date.now(), busy = false, acts = 0, next = null, source = null, wanted = false, pressed = false, shown = "", underWay = "";

  // What people see: without the keys of the buttons, which are new every time, and without the passing notice.
  const visible = (html) => html.replace(/name="key" value="[^"]*"/g, "").replace(/<div id="notice"[^]*?<\/div>/, "");

  const show = (html) => {
    shown = visible(html);
    const focused = document.activeElement && document.activeElement.id;
    const open = [...board.querySelectorAll("details[data-keep][open]")].map((each) => each.id);
    board.innerHTML = html;
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    const again = focused && document.getElementById(focused);
    if (again && !again.disabled) again.focus();
    const notice = document.getElementById("notice").textContent;
    if (notice) status.textContent = notice;
  };

  const ask = async (url, options, always) => {
    const at = acts;
    const answer = await fetch(url, { credentials: "same-origin", headers: { "X-Fragment": "1" }, ...options });
    if (answer.status === 401 || answer.status === 403 || answer.status === 409) { location.href = "/counter"; return; }
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    heard = Date.now();
    lost.hidden = true;
    // A list asked for before a button was pressed is older than the answer to the press.
    if (!always && acts !== at) { wanted = true; return; }
    if (always || visible(html) !== shown) show(html);
  };

  const refresh = async () => {
    if (busy || pressed) { wanted = true; return; }
    try { await ask("/counter/board", {}, false); } catch { lost.hidden = false; }
    later();
  };

  const person = () => document.getElementById("current").textContent;

  // A button pressed while another is under way has its turn after it, unless somebody else is at the counter by then:
  // what was meant for one person is not done to the next. The same button again is one press.
  const send = (form) => {
    const press = { url: form.action, body: new URLSearchParams(new FormData(form)), person: person(), own: form.matches(".host") };
    if (!busy) return act(press);
    if (press.url !== underWay) next = press;
  };

  const act = async (press) => {
    busy = true;
    acts += 1;
    underWay = press.url;
    status.textContent = "";
    try { await ask(press.url, { method: "POST", body: press.body }, true); }
    catch { lost.hidden = false; next = null; }
    busy = false;
    const waiting = next;
    next = null;
    if (waiting && (waiting.own || waiting.person === person())) act(waiting);
    else later();
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
