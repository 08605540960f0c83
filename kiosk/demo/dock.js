"use strict";
const asked = () => new URLSearchParams(location.search).get("lang") || "";
const at = (id) => document.getElementById(id);
let shown = 0, spoken = "", ended = "";
function button(id, words, act) {
  const b = document.createElement("button");
  b.type = "button"; b.id = id; b.textContent = words;
  b.addEventListener("click", act);
  return b;
}
async function move(lever, name) {
  const answer = await (await fetch(`/dock/${lever}/${name}?lang=${asked()}`, {method: "POST"})).json();
  tell("problem", answer.detail || "");
  draw(answer);
}
async function look() { draw(await (await fetch(`/dock/state?lang=${asked()}`)).json()); }
function speak(code) {
  history.replaceState(null, "", `?lang=${code}`);
  tell("problem", "");
  look();
}
function tell(id, words) {
  const line = at(id);
  line.hidden = !words;
  if (line.textContent !== words) line.textContent = words;
}
function fieldset(lever) {
  const set = document.createElement("fieldset"); set.id = `lever-${lever.id}`;
  const legend = document.createElement("legend"); legend.textContent = lever.title;
  const states = document.createElement("div"); states.className = "states";
  for (const [name, does] of Object.entries(lever.states)) {
    const b = button(`${lever.id}-${name}`, lever.labels[name], () => move(lever.id, name));
    b.title = does; states.append(b);
  }
  const does = document.createElement("p"); does.className = "does"; does.id = `${lever.id}-does`;
  set.append(legend, states, does);
  return set;
}
function link([title, address]) {
  const a = document.createElement("a"); a.href = address; a.target = "_blank"; a.textContent = title;
  return a;
}
// Everything that differs by language, made anew; the focus stays where it was.
function build(state) {
  const focused = document.activeElement.id, words = state.words;
  spoken = state.language; ended = words.ended;
  document.documentElement.lang = spoken; document.title = words.title;
  at("title").textContent = words.title;
  at("languages").replaceChildren(...Object.entries(state.languages).map(([code, name]) => {
    const b = button(`language-${code}`, name, () => speak(code));
    b.lang = code; b.setAttribute("aria-pressed", String(code === spoken));
    return b;
  }));
  const named = {languages: words.languages, pages: words.around, levers: words.levers, out: words.came_out};
  for (const [id, name] of Object.entries(named)) at(id).setAttribute("aria-label", name);
  at("levers").replaceChildren(...state.levers.map(fieldset));
  at("pages").replaceChildren(...Object.entries(state.pages).map(link));
  at("recorded").firstElementChild.textContent = words.recorded;
  if (focused) at(focused)?.focus();
}
function draw(state) {
  if (!state.levers) return;
  if (state.language !== spoken) build(state);
  for (const lever of state.levers) {
    for (const name of Object.keys(lever.states))
      at(`${lever.id}-${name}`).setAttribute("aria-pressed", String(name === lever.now));
    at(`${lever.id}-does`).textContent = lever.states[lever.now] || "";
  }
  tell("column", state.words.column);
  at("column").className = state.column_running ? "" : "off";
  tell("count", state.papers ? state.words.paper : state.words.no_paper);
  if (state.papers) at("paper").alt = state.words.paper_picture;
  if (state.papers !== shown) {
    shown = state.papers;
    at("paper").hidden = false; at("paper").src = `/dock/paper/${shown}`;
  }
  tell("visitors", state.words.visitors);
  at("recorded").hidden = !state.recorded;
  at("sheet").hidden = !state.sheets;
  if (state.sheets) {
    at("sheet").firstElementChild.href = `/dock/sheet/${state.sheets}`;
    at("sheet").firstElementChild.textContent = state.words.sheet;
  }
}
async function tick() {
  try { await look(); }
  catch { tell("column", ended); at("column").className = "off"; }
  setTimeout(tick, 700);
}
tick();
