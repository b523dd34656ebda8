// Makes a table of an answer in v3's shape.

import { DataTable } from "./data_table.js";
import { day, isDate, label, longDay, measured } from "./formats.js";

const columnOf = ({ name, columnType }) => {
  const type = columnType === "METRIC" ? "number" : isDate(name) ? "date" : "string";
  return { id: name, label: label(name), type };
};

function cellOf(text, { name, columnType, dataType }) {
  if (columnType === "METRIC") return { v: Number(text), f: measured(Number(text), dataType) };
  const date = isDate(name) ? day(text) : text;
  if (date instanceof Date) return { v: date, f: longDay(date) };
  return isDate(name) ? { v: null, f: text } : { v: text };
}

export function tableOf({ columnHeaders = [], rows = [] }) {
  const table = new DataTable({ cols: columnHeaders.map(columnOf) });
  table.addRows(rows.map((row) => row.map((text, at) => cellOf(text, columnHeaders[at]))));
  return table;
}

// The answer as `output=dataTable` gives it, its rows beside: pages read the ones or the others.
export function withTable(body) {
  const cols = (body.columnHeaders ?? []).map((header) => ({ id: header.name, label: header.name, type: columnOf(header).type === "number" ? "number" : "string" }));
  const rows = (body.rows ?? []).map((row) => ({ c: row.map((v) => ({ v })) }));
  return { ...body, dataTable: { cols, rows } };
}
