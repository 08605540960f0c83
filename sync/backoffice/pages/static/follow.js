// The follow page: asks for the state of the ticket every ten seconds while somebody looks.
"use strict";
(() => {
  const state = document.getElementById("state");
  const lost = document.getElementById("lost");
  const name = () => state.querySelector("[data-state]").dataset.state;

  const look = async () => {
    if (document.hidden) return;
    const before = name();
    try {
      const answer = await fetch(location.pathname.replace(/\/$/, "") + "/state" + location.search);
      if (!answer.ok) throw new Error(String(answer.status));
      const html = await answer.text();
      if (html !== look.last) { state.innerHTML = html; look.last = html; }
      lost.hidden = true;
    } catch { lost.hidden = false; }
    if (before !== "called" && name() === "called" && navigator.vibrate) navigator.vibrate([300, 150, 300]);
  };
  setInterval(look, 10000);
  document.addEventListener("visibilitychange", look);
})();
