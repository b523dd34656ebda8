// Draws the charts of a dashboard from the data in its page, fetches what is missing and puts it in its place.
// Everything that is read comes from the server in the reader's language; this script knows no words.

const page = document.querySelector("main.dashboard");
const drawn = new Map(); // chart id → {chart, key}
let charts = JSON.parse(document.getElementById("charts").textContent);

// ---- drawing

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// A token may be a mix of others, which a canvas does not take: let the browser work it out.
function colour(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  page.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function look() {
  const names = ["accent", "then", "soft", "line", "ink", "paper", "area", "s1", "s2", "s3", "s4", "s5", "s6"];
  return Object.fromEntries(names.map((name) => [name, colour(`--${name}`)]));
}

function common(paint) {
  return {
    animation: false,
    maintainAspectRatio: false,
    locale: document.documentElement.lang,
    interaction: { mode: "index", intersect: false },
    plugins: {
      legend: { display: false },
      tooltip: {
        backgroundColor: paint.ink, titleColor: paint.paper, bodyColor: paint.paper,
        padding: 10, cornerRadius: 8, boxWidth: 8, boxHeight: 8, boxPadding: 5, usePointStyle: true,
      },
    },
  };
}

// The scale's few ticks and their texts are the server's.
function measure(data, paint) {
  return {
    min: data.min, max: data.max, border: { display: false },
    grid: { color: paint.line, drawTicks: false },
    afterBuildTicks: (axis) => { axis.ticks = data.ticks.map(([value]) => ({ value })); },
    ticks: {
      color: paint.soft, autoSkip: false, padding: 0, mirror: true, labelOffset: -9, z: 1,
      showLabelBackdrop: true, backdropColor: paint.paper, backdropPadding: { x: 3, y: 1 },
      callback: (value, index) => data.ticks[index]?.[1] ?? "",
    },
  };
}

function line(data, paint) {
  const [now, then] = data.series;
  const lone = now.values.filter((value) => value !== null).length === 1;
  const dense = now.values.length > 150;
  const sets = [{
    data: now.values, borderColor: paint.accent, backgroundColor: paint.area, fill: "origin", borderWidth: dense ? 1.25 : 2.25,
    pointRadius: lone ? 4 : 0, pointBackgroundColor: paint.accent, pointHoverRadius: 4, borderJoinStyle: "round",
    segment: { borderDash: (at) => (data.unfinished !== null && at.p1DataIndex >= data.unfinished ? [2, 4] : undefined) },
  }];
  if (then) {
    sets.push({
      data: then.values.slice(0, now.values.length), borderColor: paint.soft, backgroundColor: paint.soft,
      borderWidth: dense ? 0.75 : 1.5, borderDash: [2, 4], borderCapStyle: "round", pointRadius: 0, pointHoverRadius: 3,
    });
  }
  const options = common(paint);
  options.plugins.tooltip.callbacks = {
    title: () => "",
    label: (at) => `${data.series[at.datasetIndex].labels[at.dataIndex]}   ${data.series[at.datasetIndex].texts[at.dataIndex]}`,
  };
  options.scales = {
    x: {
      grid: { display: false }, border: { color: paint.line },
      ticks: { color: paint.soft, maxRotation: 0, autoSkipPadding: 44, align: "inner" },
    },
    y: { ...measure(data, paint), position: "right" },
  };
  return { type: "line", data: { labels: data.axis ?? now.labels, datasets: sets }, options };
}

function bar(data, paint) {
  const fills = [paint.accent, paint.then];
  const sets = data.series.map((series, at) => ({
    data: series.values, label: series.name, backgroundColor: fills[at], borderRadius: 4,
    maxBarThickness: at ? 7 : 15, categoryPercentage: 0.85, barPercentage: 0.95,
  }));
  const options = common(paint);
  options.indexAxis = "y";
  options.layout = { padding: { right: 66 } };
  options.plugins.tooltip.callbacks = {
    label: (at) => `${data.series[at.datasetIndex].name}   ${data.series[at.datasetIndex].texts[at.dataIndex]}`,
  };
  options.scales = {
    x: { display: false, min: 0, },
    y: { grid: { display: false }, border: { display: false }, ticks: { color: paint.ink, crossAlign: "far", autoSkip: false } },
  };
  return { type: "bar", data: { labels: data.series[0].labels, datasets: sets }, options, plugins: [ends(data, paint)] };
}

// The numbers stand where their bars end.
function ends(data, paint) {
  function afterDatasetsDraw(chart) {
    const { ctx } = chart;
    ctx.save();
    ctx.fillStyle = paint.ink;
    ctx.font = `12px ${Chart.defaults.font.family}`;
    ctx.textBaseline = "middle";
    chart.getDatasetMeta(0).data.forEach((bar, at) => ctx.fillText(data.series[0].texts[at], bar.x + 8, bar.y));
    ctx.restore();
  }
  return { id: "ends", afterDatasetsDraw };
}

function donut(data, paint) {
  const [series] = data.series;
  const shades = series.values.map((_, at) => paint[`s${Math.min(at + 1, 6)}`]);
  const sets = [{ data: series.values, backgroundColor: shades, borderColor: paint.paper, borderWidth: 2 }];
  const options = { ...common(paint), cutout: "64%", interaction: { mode: "nearest", intersect: true } };
  options.plugins.tooltip.callbacks = { label: (at) => ` ${series.texts[at.dataIndex]}` };
  return { type: "doughnut", data: { labels: series.labels, datasets: sets }, options };
}

const kinds = { line, bar, donut };

function draw(force = false) {
  if (!window.Chart) return;
  const paint = look();
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  for (const canvas of document.querySelectorAll("canvas[data-chart]")) {
    const id = canvas.dataset.chart;
    const before = drawn.get(id);
    if (!charts[id] || (!force && before?.chart.canvas === canvas)) continue;
    before?.chart.destroy();
    drawn.set(id, { chart: new Chart(canvas, kinds[charts[id].kind](charts[id], paint)) });
  }
}

draw();
document.documentElement.dataset.drawn = "1";
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(true));

// ---- fetching what is missing

const MOST_TRIES = 40;
const LONGEST_WAIT = 8000;
let tries = 0;
let failures = 0;
let under_way = false;

function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

// What has not changed stays as it is, open tables and drawn charts included.
const shown = new Map();
function swap(old, html, changed) {
  if (!old || (shown.get(old.id) === html && !changed)) return;
  const fresh = element(html);
  shown.set(old.id, html);
  if (!changed && sameText(old, fresh)) return;
  // What people see does not move: a card keeps its place, unless it lies below what is seen.
  if (old.matches(".card") && old.getBoundingClientRect().top < innerHeight) fresh.style.minHeight = `${Math.min(old.offsetHeight, 640)}px`;
  old.replaceWith(fresh);
}

const sameText = (one, other) =>
  one.className === other.className && one.textContent.replace(/\s+/g, " ") === other.textContent.replace(/\s+/g, " ");

function put(answer) {
  const before = charts;
  charts = answer.charts;
  swap(document.getElementById("lead"), answer.lead);
  swap(document.getElementById("figures"), answer.figures);
  swap(document.getElementById("notices"), answer.notices);
  for (const [id, html] of Object.entries(answer.cards)) {
    const changed = JSON.stringify(before[id]) !== JSON.stringify(charts[id]);
    swap(document.getElementById(`card-${id}`), html, changed);
  }
  document.getElementById("as-of").textContent = answer.as_of;
  const progress = document.getElementById("progress");
  const left = page.querySelectorAll("[data-card].waiting").length;
  const all = page.querySelectorAll("[data-card]").length;
  progress.max = all || 1;
  progress.value = all - left;
  progress.hidden = answer.complete;
  page.dataset.complete = answer.complete;
  draw();
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
}

function later(wait) {
  const longer = Math.min(wait * 1.5 ** Math.max(0, tries - 1), LONGEST_WAIT);
  setTimeout(ask, longer);
}

async function ask() {
  if (under_way || page.dataset.complete === "true" || document.hidden) return;
  if (tries >= MOST_TRIES || failures >= 4) return say(true);
  under_way = true;
  tries += 1;
  let wait = 1000;
  try {
    const response = await fetch(page.dataset.url, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (response.status === 401) return location.reload();
    if (!response.ok) throw new Error(response.status);
    const answer = await response.json();
    failures = 0;
    wait = answer.retry_ms;
    put(answer);
  } catch {
    failures += 1;
    wait = 2000;
  } finally {
    under_way = false;
  }
  if (page.dataset.complete !== "true") later(wait);
}

ask();
document.addEventListener("visibilitychange", ask);

// ---- menus close when one looks elsewhere

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.menu")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const open = document.querySelector("details.menu[open]");
  closeMenus();
  open?.querySelector("summary").focus();
});
