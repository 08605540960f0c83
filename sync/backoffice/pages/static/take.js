// Takes the file along: asks for the encrypted bytes once, at a press, and decrypts them here with the key behind the #.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const NONCE = 12, KEY = 32, PROBLEMS = ["key", "insecure", "gone", "wrong", "lost"];
  const button = byId("fetch"), working = byId("working");
  let asking = false;

  const bytesOf = (text) => {
    if (!/^[A-Za-z0-9_-]{43}$/.test(text)) return null;
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/") + "=");
    return plain.length === KEY ? Uint8Array.from(plain, (letter) => letter.charCodeAt(0)) : null;
  };

  const say = (problem) => {
    for (const name of PROBLEMS) byId(name).hidden = name !== problem;
    if (problem) byId("ready").hidden = button.hidden = true;
  };

  const given = bytesOf(location.hash.slice(1));

  const take = async () => {
    if (asking) return;
    asking = true;
    button.hidden = true;
    working.hidden = false;
    let problem = "lost";
    try {
      const answer = await fetch("/take/" + byId("take").dataset.file + "/content", { cache: "no-store" });
      if (answer.status === 404) problem = "gone";
      if (answer.ok) {
        const sealed = new Uint8Array(await answer.arrayBuffer());
        problem = "wrong";
        const key = await crypto.subtle.importKey("raw", given, "AES-GCM", false, ["decrypt"]);
        const open = await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.slice(0, NONCE) }, key, sealed.slice(NONCE));
        byId("save").href = URL.createObjectURL(new Blob([open], { type: "application/pdf" }));
        problem = "";
      }
    } catch { /* the sentence of `problem` says what came of it */ }
    working.hidden = true;
    say(problem);
    if (!problem) {
      byId("ready").hidden = true;
      byId("done").hidden = false;
      byId("save").focus();
    }
    asking = false;
  };

  // The links to other languages carry the key along; it stays behind the #.
  for (const link of document.querySelectorAll(".languages a")) link.hash = location.hash;

  // A complete address typed over one that was cut off is the same page to the browser.
  window.addEventListener("hashchange", () => location.reload());

  if (!(window.crypto && crypto.subtle)) say("insecure");
  else if (!given) say("key");
  else {
    byId("ready").hidden = button.hidden = false;
    button.addEventListener("click", take);
  }
  document.documentElement.dataset.ready = "yes";
})();
