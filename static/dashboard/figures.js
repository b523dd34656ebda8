// Choosing a headline figure draws the main chart of it, from numbers that are in the page already.

import { draw } from "./drawing.js";
import { page, state } from "./fetching.js";

const main = () => document.querySelector(".main[data-card]");

// Puts the chosen metric's numbers in the place of those that are drawn, which step back among the choices.
function exchange(data, metric) {
  const { min, max, ticks } = data;
  const values = data.series.map((series) => series.values);
  const texts = data.series.map((series) => series.texts);
  const { [metric]: chosen, ...others } = data.choices;
  const series = data.series.map((each, at) => ({ ...each, values: chosen.values[at], texts: chosen.texts[at] }));
  return {
    ...data, series, metric, min: chosen.min, max: chosen.max, ticks: chosen.ticks,
    choices: { ...others, [data.metric]: { values, texts, min, max, ticks } },
  };
}

function fillTable(card, data) {
  card.querySelectorAll("tbody tr").forEach((row, at) => {
    row.querySelectorAll("td").forEach((cell, which) => { cell.textContent = data.series[which].texts[at] ?? ""; });
  });
}

function named(address, metric) {
  const url = new URL(address, location);
  url.searchParams.set("metric", metric);
  return url;
}

function mark(metric) {
  for (const link of document.querySelectorAll("[data-metric]")) {
    const on = link.dataset.metric === metric;
    link.closest(".tile").classList.toggle("drawn", on);
    if (on) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function choose(metric) {
  const card = main();
  const data = state.charts[card.dataset.card];
  if (!data?.choices?.[metric]) return false;
  state.charts[card.dataset.card] = exchange(data, metric);
  draw(state.charts, true);
  fillTable(card, state.charts[card.dataset.card]);
  mark(metric);
  history.replaceState(history.state, "", named(location, metric));
  page.dataset.url = named(page.dataset.url, metric);
  for (const link of document.querySelectorAll('a[href*="?"]:not(.choose, .brand, .drop a)')) {
    if (link.host === location.host && link.pathname.startsWith(location.pathname)) link.href = named(link.href, metric);
  }
  return true;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-metric]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !main()) return;
  if (link.getAttribute("aria-current") || choose(link.dataset.metric)) event.preventDefault();
});
