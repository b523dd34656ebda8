// What stands in a container: a chart, a map or a table, with the members that pages know from google.visualization.

import { element, part, place, words } from "./page.js";
import { dress } from "./sheet.js";
import { drawInstead, drawTable } from "./table_chart.js";

const HEIGHT = 200;
const BAR_HEIGHT = 26;
const LEAST = 40; // a container lower than that was not made to hold a chart
const COUNTRIES = /^((ga|rt):)?country(IsoCode|Id)?$/;

const standing = new WeakMap(); // container → the visualization in it
const all = new Set(); // references that keep none of them

const chart = async () => (await part("charts")).drawChart;
const isOfCountries = (table, { resolution = "countries" }) =>
  resolution === "countries" && (COUNTRIES.test(table.getColumnId(0)) || !table.getColumnId(0));

const KINDS = {
  LINE: chart, COLUMN: chart, BAR: chart, PIE: chart, TABLE: async () => drawTable,
  GEO: async (table, options) => (isOfCountries(table, options) ? (await part("geo")).drawMap : drawInstead),
};

export const isKind = (kind) => Object.hasOwn(KINDS, kind);

// Fetches what draws this kind, ahead of the figures.
export function prepare(kind) {
  if (kind !== "TABLE") part("charts").catch(() => {});
  if (kind === "GEO") part("geo").catch(() => {});
}

const size = (given) => (/^\d+(\.\d+)?$/.test(given) ? `${given}px` : String(given));

const sameEntry = (one) => (other) => one.row === other.row && one.column === other.column;

// Charts are painted in the colours that the page has by then.
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const reference of all) {
    const visual = reference.deref();
    if (!visual) all.delete(reference);
    else if (standing.get(visual.container) === visual) visual.repaint();
  }
});

// Through whatever library of visualizations the page has: a page's own listens there.
const tell = (source, name, details) => window.google.visualization.events.trigger(source, name, details);

export class Visualization {
  constructor(kind, container) {
    Object.assign(this, { kind, container: place(container), selection: [], turn: 0 });
    all.add(new WeakRef(this));
  }

  // Draws anew. `drawing` is a promise of its end; what goes wrong is an `error` event besides.
  draw(table, options = {}) {
    this.turn += 1;
    this.last = [table, options];
    this.drawing = this.put(table, options, this.turn);
    this.drawing.catch((error) => tell(this, "error", { message: error.message }));
  }

  getSelection() { return this.selection; }

  setSelection(selection) {
    this.selection = selection ?? [];
    this.drawn?.mark?.(this.selection);
  }

  clearChart() {
    this.turn += 1;
    this.drawn?.destroy();
    this.drawn = undefined;
    this.selection = [];
    this.box?.remove();
    standing.delete(this.container);
  }

  getImageURI() { return this.drawn?.image?.() ?? ""; }

  repaint() {
    const { selection } = this;
    this.draw(...this.last);
    this.drawing.then(() => this.setSelection(selection), () => {});
  }

  async put(table, options, turn) {
    const draw = await this.drawerOf(table, options);
    if (turn !== this.turn) return;
    const box = this.frame(table, options);
    this.selection = [];
    this.drawn?.destroy();
    this.drawn = draw(box, { kind: this.kind, table, options, picked: (entry, adds) => this.picked(entry, adds) });
    tell(this, "ready");
  }

  async drawerOf(table, options) {
    if (this.kind !== "TABLE" && !(table.getNumberOfRows() && table.getNumberOfColumns())) return drawNothing;
    try {
      return await KINDS[this.kind](table, options);
    } catch {
      throw new Error(words.unreachable);
    }
  }

  // The box of the size that is asked for, in place of what stood in the container.
  frame(table, options) {
    dress();
    if (standing.get(this.container) !== this) {
      standing.get(this.container)?.clearChart();
      standing.set(this.container, this);
      this.box = element("div", "belvedere-box");
    }
    if (this.container.firstChild !== this.box || this.container.childNodes.length > 1) this.container.replaceChildren(this.box);
    this.box.style.width = size(options.width ?? "100%");
    this.box.style.height = this.height(table, options);
    return this.box;
  }

  height(table, options) {
    if (options.height) return size(options.height);
    if (this.kind === "TABLE" || (this.kind === "GEO" && !isOfCountries(table, options))) return "auto";
    this.box.style.height = "0";
    const { paddingTop, paddingBottom } = getComputedStyle(this.container);
    const room = this.container.clientHeight - parseFloat(paddingTop) - parseFloat(paddingBottom);
    if (room >= LEAST) return `${room}px`;
    return `${this.kind === "BAR" ? Math.max(HEIGHT, table.getNumberOfRows() * BAR_HEIGHT + 60) : HEIGHT}px`;
  }

  // Somebody chose an entry; what was chosen already is let go of.
  picked(entry, adds = false) {
    const others = this.selection.filter((each) => !(entry && sameEntry(entry)(each)));
    const had = others.length < this.selection.length;
    this.setSelection(adds ? [...others, ...(had || !entry ? [] : [entry])] : had || !entry ? [] : [entry]);
    tell(this, "select");
  }
}

function drawNothing(box) {
  box.replaceChildren(element("p", "belvedere-note", words.nothing));
  return { destroy: () => {} };
}

const made = (kind) => class extends Visualization {
  constructor(container) { super(kind, container); }
};

export const visualizations = {
  LineChart: made("LINE"), ColumnChart: made("COLUMN"), BarChart: made("BAR"), PieChart: made("PIE"), Table: made("TABLE"), GeoChart: made("GEO"),
};
