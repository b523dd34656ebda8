// Draws a map of countries.

import { common, surroundings, tooltip } from "./chart_options.js";
import { measures } from "./series.js";
import { onCanvas } from "./chart_drawing.js";
import { atlas, ChartGeo, codes } from "./vendor_geo.js";

const SHADES = { bright: ["#cdeaf8", "#058dc7"], dark: ["#164660", "#4cc0f5"] }; // from few to many, on bright pages and on dark
const EMPTY = "rgba(128, 128, 128, .16)";
// Longitudes and latitudes that a continent lies between, by its United Nations number, as Google's maps name it.
const CONTINENTS = {
  "002": [-19, -36, 53, 38], "150": [-25, 34, 45, 72], "019": [-168, -56, -32, 74], "021": [-168, 14, -50, 74], "013": [-118, 6, -76, 33],
  "005": [-82, -56, -34, 13], "142": [26, -11, 150, 56], "009": [111, -48, 180, 2],
};

const features = ChartGeo.topojson.feature(atlas, atlas.objects.countries).features
  .filter((shape) => shape.properties.name !== "Antarctica");
const shapes = new Map(features.map((shape) => [shape.id ?? shape.properties.name, shape]));

// Google's names of countries are those of the Unicode project, in English; browsers know them.
const names = new Intl.DisplayNames("en", { type: "region" });
const plain = (name) => name.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/’/g, "'").replace("&", "and").toLowerCase();
const codeOf = new Map(Object.keys(codes).map((code) => [plain(names.of(code)), code]));
const OTHERS = { turkey: "TR", turkiye: "TR", "czech republic": "CZ", "macedonia (fyrom)": "MK", swaziland: "SZ", palestine: "PS" };
for (const [name, code] of Object.entries(OTHERS)) codeOf.set(name, code);

const shapeOf = (text) => {
  const given = String(text ?? "");
  const code = /^[A-Z]{2}$/.test(given) ? given : codeOf.get(plain(given));
  return shapes.get(codes[code]);
};

// The shape → the row that speaks of it.
function rowsByShape(table) {
  const found = new Map();
  for (let row = 0; row < table.getNumberOfRows(); row += 1) {
    const shape = shapeOf(table.getValue(row, 0));
    if (shape && !found.has(shape)) found.set(shape, row);
  }
  return found;
}

const corner = ([west, south, east, north]) => [[[west, south], [west, north], [east, north], [east, south], [west, south]]];

// What fills the place: a continent, a country, or all land.
function outline(region) {
  if (CONTINENTS[region]) return [{ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: corner(CONTINENTS[region]) } }];
  const shape = shapeOf(region);
  return shape ? [shape] : features;
}

const channels = (colour) => {
  const context = document.createElement("canvas").getContext("2d");
  context.fillStyle = colour;
  return context.fillStyle.match(/[\da-f]{2}/g)?.map((pair) => parseInt(pair, 16)) ?? [0, 0, 0];
};

function between(from, to, share) {
  const [one, other] = [channels(from), channels(to)];
  return `rgb(${one.map((value, at) => Math.round(value + (other[at] - value) * share)).join(",")})`;
}

const isDark = ({ ink }) => channels(ink).reduce((sum, value) => sum + value) > 3 * 128; // its letters are bright

function shades(options, around) {
  const list = options.colorAxis?.colors ?? options.colors ?? [];
  const usual = SHADES[isDark(around) ? "dark" : "bright"];
  const [from, to] = list.length > 1 ? [list[0], list.at(-1)] : [usual[0], list[0] ?? usual[1]];
  return (share) => between(from, to, Math.sqrt(Math.min(1, Math.max(0, share)))); // one large country leaves the others apart
}

// The values between which shades run.
function bounds({ table, options }, at) {
  const { min, max } = table.getColumnRange(at);
  const least = options.colorAxis?.minValue ?? Math.min(0, min);
  return { min: least, max: Math.max(options.colorAxis?.maxValue ?? max, least + 1) };
}

function config(given, chosen, around) {
  const { table, options } = given;
  const [at] = measures(table);
  const rows = rowsByShape(table);
  const entries = features.map((feature) => ({ feature, row: rows.get(feature) }));
  const texts = {
    displayColors: false, filter: ({ raw }) => raw.row !== undefined,
    callbacks: {
      title: () => "",
      label: ({ raw }) => [table.getFormattedValue(raw.row, 0), ...measures(table).map((each) => `${table.getColumnLabel(each)}: ${table.getFormattedValue(raw.row, each)}`)],
    },
  };
  const isChosen = ({ dataIndex }) => chosen().some((each) => each.row === entries[dataIndex]?.row);
  return {
    type: "choropleth",
    data: {
      labels: features.map((shape) => shape.properties.name),
      datasets: [{
        outline: outline(options.region), data: entries.map((each) => ({ ...each, value: each.row === undefined ? null : table.getValue(each.row, at) })),
        borderColor: (item) => (isChosen(item) ? around.ink : "rgba(128, 128, 128, .45)"), borderWidth: (item) => (isChosen(item) ? 1.5 : 0.5),
      }],
    },
    options: {
      ...common(options, around), showOutline: false, showGraticule: false, clip: true,
      plugins: { legend: { display: false }, tooltip: tooltip(options, around, texts) },
      scales: {
        projection: { axis: "x", projection: options.region && options.region !== "world" ? "mercator" : "equalEarth" },
        color: {
          axis: "x", display: false, missing: options.datalessRegionColor ?? EMPTY, ...bounds(given, at), interpolate: shades(options, around),
        },
      },
    },
  };
}

function entryAt(chart, event) {
  const [found] = chart.getElementsAtEventForMode(event, "nearest", { intersect: true }, false);
  const row = found && chart.data.datasets[0].data[found.index].row;
  return row === undefined ? null : { row };
}

export function drawMap(box, given) {
  const chosen = { list: [] };
  return onCanvas(box, given, config(given, () => chosen.list, surroundings(box, given.options)), entryAt, chosen);
}
