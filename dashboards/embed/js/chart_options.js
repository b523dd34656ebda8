// What the options of Google's charts mean in Chart.js: title, legend, colours, margins and axes.

import { language } from "./language.js";
import { scaled } from "./formats.js";

export const COLOURS = ["#058dc7", "#50b432", "#ed561b", "#8e63ce", "#e0a800", "#24b8c4", "#d64d8a", "#7a8b99", "#a0692e", "#2f5fa8"];
const FAINT = "rgba(128, 128, 128, .25)";

export const colour = (options, at) => {
  const list = options.colors?.length ? options.colors : COLOURS;
  const one = list[at % list.length];
  return typeof one === "object" ? one.color : one;
};

// The colour and letters of the page around the chart.
export function surroundings(box, options) {
  const { color, fontFamily } = getComputedStyle(box);
  return { ink: color, family: options.fontName || fontFamily, size: Number(options.fontSize) || 12 };
}

const font = (around, style = {}) => ({
  family: style.fontName || around.family, size: Number(style.fontSize) || around.size,
  weight: style.bold ? "bold" : "normal", style: style.italic ? "italic" : "normal",
});

const LEGENDS = { right: "right", left: "left", top: "top", bottom: "bottom", in: "top", labeled: "right" };
const ALIGNMENTS = { start: "start", center: "center", end: "end" };

export function legend(options, around, usual) {
  const given = typeof options.legend === "string" ? { position: options.legend } : options.legend ?? {};
  const position = given.position ?? usual;
  const side = LEGENDS[position] ?? "top";
  return {
    display: position !== "none", position: side, align: ALIGNMENTS[given.alignment] ?? (side === "right" || side === "left" ? "center" : "start"),
    onClick: () => {}, // choosing a series by its name is a selection, and not its end
    labels: {
      color: given.textStyle?.color ?? around.ink, font: font(around, given.textStyle), usePointStyle: true, pointStyle: "circle", boxHeight: 7, boxWidth: 7, padding: 12,
    },
  };
}

// Chart.js puts the highest number of an axis right under the legend.
export const roomyLegend = {
  id: "roomyLegend",
  beforeInit: ({ legend: drawn }) => {
    if (!drawn || drawn.options.position !== "top") return;
    const fit = drawn.fit.bind(drawn);
    drawn.fit = () => {
      fit();
      drawn.height += 8;
    };
  },
};

export const title = (options, around) => ({
  display: Boolean(options.title), text: String(options.title ?? ""), align: "start", padding: { top: 2, bottom: 10 },
  color: options.titleTextStyle?.color ?? around.ink, font: { ...font(around, options.titleTextStyle), weight: options.titleTextStyle?.bold === false ? "normal" : "bold" },
});

export const tooltip = (options, around, texts) => ({
  enabled: options.tooltip?.trigger !== "none", backgroundColor: "#202428", titleColor: "#fff", bodyColor: "#fff", borderColor: FAINT, borderWidth: 1,
  padding: 9, cornerRadius: 6, boxWidth: 8, boxHeight: 8, boxPadding: 4, usePointStyle: true, titleFont: font(around, { bold: true }), bodyFont: font(around), ...texts,
});

// Google leaves so much around the axes and their texts; here it goes around both.
function margins({ chartArea = {} }) {
  const pixels = (value) => (/^\d+(\.\d+)?$/.test(value) ? Math.min(Number(value), 24) : 0);
  return { left: pixels(chartArea.left), right: pixels(chartArea.right), top: pixels(chartArea.top), bottom: pixels(chartArea.bottom) };
}

export const common = (options, around) => ({
  animation: false, responsive: true, maintainAspectRatio: false, locale: language(), layout: { padding: margins(options) },
});

// Chart.js has no ground of its own; this one paints it.
export function ground({ backgroundColor }) {
  const fill = typeof backgroundColor === "object" ? backgroundColor?.fill : backgroundColor;
  return {
    id: "ground",
    beforeDraw: ({ ctx, width, height }) => {
      if (!fill || fill === "transparent") return;
      ctx.save();
      ctx.fillStyle = fill;
      ctx.fillRect(0, 0, width, height);
      ctx.restore();
    },
  };
}

const axisTitle = (axis, around) => ({
  display: Boolean(axis.title), text: String(axis.title ?? ""), color: axis.titleTextStyle?.color ?? around.ink, font: font(around, { italic: true, ...axis.titleTextStyle }),
});

const marks = (axis, around) => ({
  display: axis.textPosition !== "none", color: axis.textStyle?.color ?? around.ink, font: font(around, axis.textStyle), padding: 6,
});

// The axis of names: days, countries, pages.
export function namesAxis(axis = {}, around, isAcross) {
  return {
    title: axisTitle(axis, around), grid: { display: false }, border: { color: axis.baselineColor ?? FAINT }, reverse: axis.direction === -1,
    ticks: { ...marks(axis, around), autoSkip: isAcross, autoSkipPadding: 16, maxRotation: axis.slantedText ? 45 : 0, minRotation: axis.slantedText ? 45 : 0 },
  };
}

// The axis of numbers.
export function numbersAxis(axis = {}, around, options) {
  const window = axis.viewWindow ?? {};
  const inside = options.chartArea?.width === "100%";
  return {
    min: window.min, max: window.max, suggestedMin: axis.minValue, suggestedMax: axis.maxValue, beginAtZero: true, reverse: axis.direction === -1,
    stacked: Boolean(options.isStacked), title: axisTitle(axis, around), border: { display: false },
    grid: { color: axis.gridlines?.color ?? FAINT, drawTicks: false, display: axis.gridlines?.count !== 0 },
    ticks: {
      ...marks(axis, around), mirror: inside, ...(inside ? { padding: 0, labelOffset: -8, z: 1 } : {}),
      maxTicksLimit: Number(axis.gridlines?.count) > 1 ? Number(axis.gridlines.count) : 5, callback: (value) => scaled(value, axis.format),
    },
  };
}
