// Reads from a table what a chart draws: what stands along its axis, and the numbers. Columns go by Google's
// rule: the first is what the others are drawn over; further texts belong to it, too.

import { patterned, shortDay } from "./formats.js";

const columns = (table) => [...Array(table.getNumberOfColumns()).keys()];
const rows = (table) => [...Array(table.getNumberOfRows()).keys()];

export function domain(table) {
  if (table.getNumberOfColumns() < 2) return [];
  const texts = columns(table).findIndex((at) => table.getColumnType(at) === "number");
  return columns(table).slice(0, Math.max(1, texts));
}

export const measures = (table) =>
  columns(table).slice(domain(table).length).filter((at) => table.getColumnType(at) === "number");

// What a row is called, in full or as an axis has room for.
export function rowName(table, row, format) {
  const one = (at) => {
    const value = table.getValue(row, at);
    if (!(value instanceof Date) || format === undefined) return table.getFormattedValue(row, at);
    return format ? patterned(value, format) : shortDay(value);
  };
  return domain(table).map(one).join(", ");
}

export const rowNames = (table, format) => rows(table).map((row) => rowName(table, row, format));

export const values = (table, at) => rows(table).map((row) => table.getValue(row, at));
