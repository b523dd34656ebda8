// Draws lines, columns, bars and pies with Chart.js.

import { colour, common, ground, legend, namesAxis, numbersAxis, roomyLegend, surroundings, title, tooltip } from "./chart_options.js";
import { measured } from "./formats.js";
import { measures, rowName, rowNames, values } from "./series.js";
import { Chart } from "./vendor_chart.js";

export const engine = Chart; // maps are drawn by it, too

const MANY = 100; // points beyond which a line is drawn finer

const isChosen = (chosen, row, column) => chosen.some((each) => each.row === row && (each.column ?? column) === column);

const cell = (table, row, at) => table.getFormattedValue(row, at);

function line(table, at, number, options, chosen) {
  const own = options.series?.[number] ?? {};
  const paint = own.color ?? colour(options, number);
  const lone = table.getNumberOfRows() === 1;
  const points = Number(own.pointSize ?? options.pointSize ?? (lone ? 8 : 0)) / 2;
  const isMarked = (row) => isChosen(chosen(), row, at);
  return {
    type: "line", borderColor: paint, backgroundColor: paint, pointBackgroundColor: paint, pointHitRadius: 8, pointHoverRadius: Math.max(4, points),
    borderWidth: Number(own.lineWidth ?? options.lineWidth ?? (table.getNumberOfRows() > MANY ? 1.25 : 2)), pointRadius: ({ dataIndex }) => (isMarked(dataIndex) ? 6 : points),
    cubicInterpolationMode: (own.curveType ?? options.curveType) === "function" ? "monotone" : "default", spanGaps: Boolean(options.interpolateNulls),
  };
}

function column(table, at, number, options, chosen, ink) {
  const paint = options.series?.[number]?.color ?? colour(options, number);
  const width = parseFloat(options.bar?.groupWidth);
  return {
    type: "bar", backgroundColor: paint, borderColor: ink, borderWidth: ({ dataIndex }) => (isChosen(chosen(), dataIndex, at) ? 2 : 0), borderRadius: 2,
    categoryPercentage: String(options.bar?.groupWidth).endsWith("%") ? width / 100 : 0.72, barPercentage: 0.95, maxBarThickness: 64,
  };
}

// Series that another scale is asked for go to the right.
const isSecond = (options, number) => options.series?.[number]?.targetAxisIndex === 1;

function sets(given, chosen, ink) {
  const { kind, table, options } = given;
  return measures(table).map((at, number) => ({
    label: table.getColumnLabel(at), data: values(table, at), column: at, yAxisID: kind !== "BAR" && isSecond(options, number) ? "second" : undefined,
    ...(kind === "LINE" || options.series?.[number]?.type === "line" ? line : column)(table, at, number, options, chosen, ink),
  }));
}

function axes({ kind, options }, datasets, around) {
  const second = datasets.some(({ yAxisID }) => yAxisID === "second");
  const upright = { ...options.vAxis, ...options.vAxes?.[0] };
  if (kind === "BAR") return { x: numbersAxis(options.hAxis, around, options), y: { ...namesAxis(upright, around, false), stacked: Boolean(options.isStacked) } };
  return {
    x: { ...namesAxis(options.hAxis, around, true), stacked: Boolean(options.isStacked) },
    y: numbersAxis(upright, around, options),
    ...(second ? { second: { ...numbersAxis(options.vAxes?.[1], around, options), position: "right", grid: { display: false } } } : {}),
  };
}

function alongAxes(given, chosen, around) {
  const { kind, table, options } = given;
  const datasets = sets(given, chosen, around.ink);
  const texts = {
    callbacks: {
      title: ([first]) => (first ? rowName(table, first.dataIndex) : ""),
      label: ({ dataset, dataIndex }) => ` ${dataset.label}: ${cell(table, dataIndex, dataset.column)}`,
    },
  };
  return {
    type: kind === "LINE" ? "line" : "bar",
    data: { labels: rowNames(table, (kind === "BAR" ? options.vAxis : options.hAxis)?.format ?? ""), datasets },
    options: {
      ...common(options, around), indexAxis: kind === "BAR" ? "y" : "x", interaction: { mode: "index", intersect: false, axis: kind === "BAR" ? "y" : "x" },
      plugins: { legend: legend(options, around, "top"), title: title(options, around), tooltip: tooltip(options, around, texts) },
      scales: axes(given, datasets, around),
    },
  };
}

// A slice's own text, where it has room for one.
function sliceTexts({ table, options }, at, around) {
  const kind = options.pieSliceText ?? "percentage";
  function afterDatasetsDraw(chart) {
    if (kind === "none") return;
    const { ctx } = chart;
    const total = chart.getDatasetMeta(0).total;
    ctx.save();
    Object.assign(ctx, { fillStyle: options.pieSliceTextStyle?.color ?? "#fff", font: `${around.size}px ${around.family}`, textAlign: "center", textBaseline: "middle" });
    chart.getDatasetMeta(0).data.forEach((arc, row) => {
      const share = table.getValue(row, at) / total;
      const text = { percentage: measured(Math.round(share * 1000) / 10, "FLOAT") + "%", value: cell(table, row, at), label: rowName(table, row) }[kind];
      const { x, y } = arc.getCenterPoint();
      if (text && share > 0.06 && arc.outerRadius - arc.innerRadius > ctx.measureText(text).width * 0.9) ctx.fillText(text, x, y);
    });
    ctx.restore();
  }
  return { id: "sliceTexts", afterDatasetsDraw };
}

function pie(given, chosen, around) {
  const { table, options } = given;
  const [at] = measures(table);
  const paints = values(table, at).map((_, row) => options.slices?.[row]?.color ?? colour(options, row));
  const share = (value, { dataset }) => (100 * value) / dataset.data.reduce((sum, each) => sum + each, 0);
  const texts = {
    callbacks: {
      title: () => "",
      label: (item) => ` ${rowName(table, item.dataIndex)}: ${cell(table, item.dataIndex, at)} (${measured(Math.round(share(item.raw, item) * 10) / 10, "FLOAT")}%)`,
    },
  };
  return {
    type: "pie",
    data: {
      labels: rowNames(table), datasets: [{
        data: values(table, at), backgroundColor: paints, borderColor: options.pieSliceBorderColor, borderWidth: options.pieSliceBorderColor ? 1 : 0, spacing: 1, column: undefined,
        offset: ({ dataIndex }) => (isChosen(chosen(), dataIndex) ? 14 : Math.round((options.slices?.[dataIndex]?.offset ?? 0) * 80)),
      }],
    },
    options: {
      ...common(options, around), radius: "96%", cutout: `${Math.min(0.9, Math.max(0, Number(options.pieHole) || 0)) * 100}%`, rotation: Number(options.pieStartAngle) || 0,
      plugins: { legend: legend(options, around, "right"), title: title(options, around), tooltip: tooltip(options, around, texts) },
    },
    plugins: [sliceTexts(given, at, around)],
  };
}

// What was clicked, as Google's charts name it: a slice by its row, else a row and a column.
function entryAt(chart, event) {
  const [found] = chart.getElementsAtEventForMode(event, "nearest", { intersect: true }, false);
  if (!found) return null;
  const { column: at } = chart.data.datasets[found.datasetIndex];
  return at === undefined ? { row: found.index } : { row: found.index, column: at };
}

const aloud = ({ table, options }) =>
  options.title || [...Array(table.getNumberOfColumns()).keys()].map((at) => table.getColumnLabel(at)).join(", ");

// Puts a canvas into the box that Chart.js draws `config` on, and has clicks choose.
export function onCanvas(box, given, config, entry, chosen) {
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", aloud(given));
  box.replaceChildren(canvas);
  config.plugins = [...(config.plugins ?? []), ground(given.options), roomyLegend];
  config.options.onClick = (event, _, chart) => given.picked(entry(chart, event));
  const chart = new Chart(canvas, config);
  return {
    destroy: () => chart.destroy(),
    mark: (selection) => { chosen.list = selection; chart.update("none"); },
    image: () => chart.toBase64Image(),
  };
}

export function drawChart(box, given) {
  const chosen = { list: [] };
  const around = surroundings(box, given.options);
  const config = (given.kind === "PIE" ? pie : alongAxes)(given, () => chosen.list, around);
  return onCanvas(box, given, config, entryAt, chosen);
}
