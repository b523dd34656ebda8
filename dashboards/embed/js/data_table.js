// google.visualization.DataTable, as far as pages that charted reports use it.

const DATE = /^Date\((\d+),\s*(\d+)(?:,\s*(\d+))?/;

// A cell is {v, f?} or a bare value; a date may be written as “Date(2026, 10, 23)”.
function cell(given) {
  const { v, f } = given !== null && typeof given === "object" && "v" in given ? given : { v: given };
  const date = typeof v === "string" ? DATE.exec(v) : null;
  return { v: date ? new Date(Number(date[1]), Number(date[2]), Number(date[3] ?? 1)) : v ?? null, f };
}

const column = (given, label = "", id = "") =>
  (typeof given === "string" ? { type: given, label, id } : { type: "string", label: "", id: "", ...given });

function compare(one, other) {
  if (one === null || other === null) return (one !== null) - (other !== null);
  if (typeof one === "string") return one.localeCompare(other);
  return one - other;
}

const typeOf = (value) => (value instanceof Date ? "date" : typeof value === "number" ? "number" : typeof value === "boolean" ? "boolean" : "string");

const asJson = (value) =>
  (value instanceof Date ? `Date(${value.getFullYear()}, ${value.getMonth()}, ${value.getDate()})` : value);

export class DataTable {
  constructor(json) {
    const given = typeof json === "string" ? JSON.parse(json) : json;
    this.cols = (given?.cols ?? []).map((each) => column(each));
    this.cells = (given?.rows ?? []).map((row) => (row.c ?? row).map(cell));
  }

  addColumn(type, label, id) { return this.cols.push(column(type, label, id)) - 1; }

  addRow(values = []) { return this.cells.push(this.cols.map((_, at) => cell(values[at] ?? null))) - 1; }

  addRows(rows) {
    const many = typeof rows === "number" ? Array.from({ length: rows }, () => []) : rows;
    for (const row of many) this.addRow(row);
    return this.cells.length - 1;
  }

  removeRow(row) { this.cells.splice(row, 1); }

  removeRows(row, count) { this.cells.splice(row, count); }

  removeColumn(at) {
    for (const row of [this.cols, ...this.cells]) row.splice(at, 1);
  }

  getNumberOfRows() { return this.cells.length; }

  getNumberOfColumns() { return this.cols.length; }

  getValue(row, at) { return this.cells[row][at].v; }

  getFormattedValue(row, at) {
    const { v, f } = this.cells[row][at];
    return f ?? (v === null ? "" : String(v));
  }

  setValue(row, at, v) { this.cells[row][at] = cell(v); }

  setCell(row, at, v, f) { this.cells[row][at] = { ...cell(v), f }; }

  setFormattedValue(row, at, f) { this.cells[row][at].f = f; }

  getColumnLabel(at) { return this.cols[at].label; }

  setColumnLabel(at, label) { this.cols[at].label = label; }

  getColumnType(at) { return this.cols[at].type; }

  getColumnId(at) { return this.cols[at].id; }

  getColumnIndex(named) { return this.cols.findIndex(({ id, label }, at) => named === at || named === id || named === label); }

  getColumnRange(at) {
    const values = this.values(at).filter((value) => value !== null).sort(compare);
    return { min: values[0] ?? null, max: values.at(-1) ?? null };
  }

  getDistinctValues(at) { return [...new Set(this.values(at))].sort(compare); }

  // The rows' numbers in the order of one or more columns: 1, {column: 1, desc: true}, or a list of these.
  getSortedRows(by) {
    const keys = [by].flat().map((each) => (typeof each === "number" ? { column: each } : each));
    return [...this.cells.keys()].sort((one, other) => keys.reduce((found, { column: at, desc }) =>
      found || (desc ? -1 : 1) * compare(this.getValue(one, at), this.getValue(other, at)), 0));
  }

  sort(by) { this.cells = this.getSortedRows(by).map((row) => this.cells[row]); }

  getFilteredRows(filters) {
    const passes = (row) => filters.every(({ column: at, value, minValue, maxValue }) => {
      const found = this.getValue(row, at);
      return (value === undefined || found === value) && !(found < minValue) && !(found > maxValue);
    });
    return [...this.cells.keys()].filter(passes);
  }

  clone() { return new DataTable(this.literal()); }

  toJSON() { return JSON.stringify(this.literal()); }

  // Google's JSON form of a table, as an object.
  literal() {
    const rows = this.cells.map((row) => ({ c: row.map(({ v, f }) => ({ v: asJson(v), ...(f === undefined ? {} : { f }) })) }));
    return { cols: this.cols.map((each) => ({ ...each })), rows };
  }

  values(at) { return this.cells.map((row) => row[at].v); }
}

// A table of a list of lists, whose first one names the columns unless `isAllData`.
export function arrayToDataTable(list, isAllData = false) {
  const [names, ...rest] = isAllData ? [list[0].map(() => ""), ...list] : list;
  const made = new DataTable();
  names.forEach((name, at) => {
    const sample = rest.map((row) => cell(row[at]).v).find((value) => value !== null);
    made.addColumn(typeof name === "object" ? { type: typeOf(sample), ...name } : { type: typeOf(sample), label: name, id: "" });
  });
  made.addRows(rest);
  return made;
}
