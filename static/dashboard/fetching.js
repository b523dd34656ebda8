// Fetches what is missing and puts it in its place. Everything that is read comes from the server.

import { openTabs } from "./controls.js";
import { draw } from "./drawing.js";
import { request } from "./requests.js";

export const page = document.querySelector("main.dashboard");
export const state = { charts: JSON.parse(document.getElementById("charts")?.textContent ?? "{}") };

const MOST_TRIES = 40;
const LONGEST_WAIT = 8000;
let tries = 0;
let failures = 0;
let under_way = false;
let turns = 0;

function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

// What has not changed stays as it is, open tables and drawn charts included.
const shown = new Map();
function swap(old, html, changed) {
  if (!old || html === undefined || (shown.get(old.id) === html && !changed)) return;
  const fresh = element(html);
  shown.set(old.id, html);
  if (!changed && sameText(old, fresh)) return;
  // What people see does not move: a card keeps its place, unless it lies below what is seen.
  if (old.matches(".pane") && old.getBoundingClientRect().top < innerHeight) fresh.style.minHeight = `${Math.min(old.offsetHeight, 640)}px`;
  old.replaceWith(fresh);
}

const sameText = (one, other) =>
  one.className === other.className && one.textContent.replace(/\s+/g, " ") === other.textContent.replace(/\s+/g, " ");

function put(answer) {
  const before = state.charts;
  state.charts = answer.charts;
  page.classList.remove("turning");
  swap(document.getElementById("bar"), answer.bar);
  swap(document.getElementById("lead"), answer.lead);
  swap(document.getElementById("figures"), answer.figures);
  swap(document.getElementById("warnings"), answer.warnings);
  swap(document.getElementById("notices"), answer.notices);
  page.classList.toggle("bare", Boolean(answer.bare));
  for (const [id, html] of Object.entries(answer.cards)) {
    const changed = JSON.stringify(before[id]) !== JSON.stringify(state.charts[id]);
    swap(document.getElementById(`card-${id}`), html, changed);
  }
  document.getElementById("as-of").textContent = answer.as_of;
  const progress = document.getElementById("progress");
  openTabs();
  const left = page.querySelectorAll("[data-card].waiting:not([hidden])").length;
  const all = page.querySelectorAll("[data-card]:not([hidden])").length;
  progress.max = all || 1;
  progress.value = all - left;
  progress.hidden = answer.complete || (answer.seen && !left);
  page.dataset.complete = answer.complete;
  draw(state.charts);
}

// Shows in the place of this page what is found at another address of its data.
export function turn(url) {
  page.dataset.url = url;
  page.dataset.complete = "false";
  page.classList.add("turning");
  document.getElementById("progress").hidden = false;
  turns += 1;
  tries = failures = 0;
  say(false);
  ask();
}

function say(gaveUp) {
  const status = document.getElementById("status");
  status.textContent = "";
  if (!gaveUp) return;
  const again = document.createElement("button");
  again.textContent = page.dataset.again;
  again.addEventListener("click", () => { tries = failures = 0; say(false); ask(); });
  status.append(page.dataset.gone, " ", again);
  document.getElementById("progress").hidden = true;
  page.classList.remove("turning");
}

function later(wait) {
  const longer = Math.min(wait * 1.5 ** Math.max(0, tries - 1), LONGEST_WAIT);
  setTimeout(ask, longer);
}

export async function ask() {
  if (under_way || page.dataset.complete === "true" || document.hidden) return;
  if (tries >= MOST_TRIES || failures >= 4) return say(true);
  under_way = true;
  tries += 1;
  let wait = 1000;
  const turned = turns;
  try {
    const response = await request(page.dataset.url);
    if (response.status === 401) return location.reload();
    if (!response.ok) throw new Error(response.status);
    const answer = await response.json();
    if (turned !== turns) return; // of a page that is not wanted any more
    failures = 0;
    wait = answer.retry_ms;
    put(answer);
  } catch {
    failures += 1;
    wait = 2000;
  } finally {
    under_way = false;
    if (turned !== turns) ask();
  }
  if (page.dataset.complete !== "true") later(wait);
}
