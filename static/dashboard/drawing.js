// Draws charts from the data in the page. Words, numbers' texts and scales are the server's.

const drawn = new Map(); // chart id → chart
const others = []; // what else draws

// A token may be a mix of others, which a canvas does not take: let the browser work it out.
function colour(name) {
  const probe = document.createElement("i");
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

export function look() {
  const names = ["accent", "then", "soft", "line", "ink", "paper", "area", "s1", "s2", "s3", "s4", "s5", "s6"];
  return Object.fromEntries(names.map((name) => [name, colour(`--${name}`)]));
}

// Pixels of a picture to one of the page: paper is finer than a screen.
export const fineness = () => (matchMedia("print").matches ? 4 : devicePixelRatio);

function common(paint) {
  return {
    animation: false,
    devicePixelRatio: fineness(),
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
      color: paint.soft, autoSkip: false, padding: 8,
      callback: (value, index) => data.ticks[index]?.[1] ?? "",
    },
  };
}

// A stretch of the line that leads from or to a point that is not whole.
const isPart = (data, at) => (data.unfinished !== null && at.p1DataIndex >= data.unfinished) || (data.cut && at.p0DataIndex === 0);

function line(data, paint) {
  const [now, then] = data.series;
  const lone = now.values.filter((value) => value !== null).length === 1;
  const dense = now.values.length > 150;
  const sets = [{
    data: now.values, borderColor: paint.accent, backgroundColor: paint.area, fill: "origin", borderWidth: dense ? 1.25 : 2.25,
    pointRadius: lone ? 4 : 0, pointBackgroundColor: paint.accent, pointHoverRadius: 4, borderJoinStyle: "round",
    spanGaps: true, // over the hour that a day in spring does not have
    segment: { borderDash: (at) => (isPart(data, at) ? [2, 4] : undefined) },
  }];
  if (then) {
    sets.push({
      data: then.values.slice(0, now.values.length), borderColor: paint.soft, backgroundColor: paint.soft,
      borderWidth: dense ? 0.75 : 1.5, borderDash: [2, 4], spanGaps: true, borderCapStyle: "round", pointRadius: 0, pointHoverRadius: 3,
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

// Has `other` draw whenever charts are drawn, with the same arguments.
export const drawAlso = (other) => others.push(other);

// Draws what is seen and not drawn yet; `force` draws all of it anew.
export function draw(charts, force = false) {
  if (!window.Chart) return;
  for (const other of others) other(charts, force);
  const paint = look();
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  for (const canvas of document.querySelectorAll("canvas[data-chart]")) {
    const id = canvas.dataset.chart;
    const before = drawn.get(id);
    if (!force && before?.canvas === canvas) continue;
    before?.destroy();
    drawn.delete(id);
    if (charts[id] && !canvas.closest("[hidden]")) drawn.set(id, new Chart(canvas, kinds[charts[id].kind](charts[id], paint)));
  }
}
