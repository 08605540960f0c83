"use strict";
let shown = 0;
const levers = document.getElementById("levers");
function button(lever, name, does) {
  const b = document.createElement("button");
  b.type = "button"; b.id = `${lever.id}-${name}`; b.textContent = name.replaceAll("-", " "); b.title = does;
  b.addEventListener("click", () => move(lever.id, name));
  return b;
}
async function move(lever, name) {
  const answer = await (await fetch(`/dock/${lever}/${name}`, {method: "POST"})).json();
  const problem = document.getElementById("problem");
  problem.hidden = !answer.detail; problem.textContent = answer.detail ? `That did not work: ${answer.detail}.` : "";
  draw(answer);
}
function tell(id, words) {
  const line = document.getElementById(id);
  line.hidden = !words;
  if (line.textContent !== words) line.textContent = words;
}
function build(state) {
  for (const lever of state.levers) {
    const set = document.createElement("fieldset"); set.id = `lever-${lever.id}`;
    const legend = document.createElement("legend"); legend.textContent = lever.title;
    const states = document.createElement("div"); states.className = "states";
    for (const [name, does] of Object.entries(lever.states)) states.append(button(lever, name, does));
    const does = document.createElement("p"); does.className = "does"; does.id = `${lever.id}-does`;
    set.append(legend, states, does); levers.append(set);
  }
  for (const [title, address] of Object.entries(state.pages)) {
    const a = document.createElement("a"); a.href = address; a.target = "_blank"; a.textContent = title;
    document.getElementById("pages").append(a);
  }
}
function draw(state) {
  if (!state.levers) return;
  if (!levers.children.length) build(state);
  for (const lever of state.levers) {
    for (const name of Object.keys(lever.states))
      document.getElementById(`${lever.id}-${name}`).setAttribute("aria-pressed", String(name === lever.now));
    document.getElementById(`${lever.id}-does`).textContent = lever.states[lever.now] || "";
  }
  tell("column", state.column_running ? "The column runs." : "The column is off.");
  document.getElementById("column").className = state.column_running ? "" : "off";
  if (state.papers !== shown) {
    shown = state.papers;
    const img = document.getElementById("paper");
    img.hidden = false; img.src = `/dock/paper/${shown}`; img.alt = `Picture of paper ${shown}`;
    document.getElementById("count").textContent = `Paper ${shown}, the newest`;
  }
  tell("visitors", state.visitors);
  document.getElementById("recorded").hidden = !state.recorded;
  const sheet = document.getElementById("sheet");
  if (state.sheets) {
    sheet.hidden = false;
    sheet.firstElementChild.href = `/dock/sheet/${state.sheets}`;
    sheet.firstElementChild.textContent = `A4 document ${state.sheets}, the newest (PDF)`;
  }
}
async function tick() {
  try { draw(await (await fetch("/dock/state")).json()); }
  catch { tell("column", "The demo has ended."); document.getElementById("column").className = "off"; }
  setTimeout(tick, 700);
}
tick();
