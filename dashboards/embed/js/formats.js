// How values are called and written: Universal Analytics' names in its pages' words, numbers in the page's language.

import { language } from "./language.js";

// Where Universal Analytics' own pages used other words than the name is made of.
const LABELS = {
  pagePath: "Page", landingPagePath: "Landing Page", exitPagePath: "Exit Page", pageviewsPerSession: "Pages / Session",
  avgSessionDuration: "Avg. Session Duration", avgTimeOnPage: "Avg. Time on Page", percentNewSessions: "% New Sessions",
  sourceMedium: "Source / Medium", userAgeBracket: "Age", userGender: "Gender", hostname: "Hostname", channelGrouping: "Default Channel Grouping",
  nthDay: "Day Index", nthWeek: "Week Index", nthMonth: "Month Index", nthHour: "Hour Index", month: "Month of the year",
  countryIsoCode: "Country ISO Code", transactionRevenue: "Revenue", goalCompletionsAll: "Goal Completions",
};

// `ga:avgSessionDuration` is “Avg. Session Duration”.
export function label(name) {
  const bare = name.replace(/^(ga|rt|mcf):/, "");
  if (LABELS[bare]) return LABELS[bare];
  const spaced = bare.replace(/^.*:/, "").replace(/_/g, " ").replace(/([a-z])([A-Z0-9])/g, "$1 $2").replace(/^(\d+day)/, "$1 ");
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}

const formats = new Map();

// Making an Intl object costs more than all else in a table.
function intl(kind, options) {
  const key = JSON.stringify([kind, language(), options]);
  if (!formats.has(key)) formats.set(key, new Intl[kind](language(), options));
  return formats.get(key);
}

export const number = (value, options = {}) => intl("NumberFormat", options).format(value);

const two = (value) => String(value).padStart(2, "0");

// Seconds as Universal Analytics wrote them: 00:02:07.
function duration(seconds) {
  const whole = Math.round(seconds);
  return [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60].map(two).join(":");
}

// A metric's value in words, by its v3 data type.
export function measured(value, type) {
  if (type === "TIME") return duration(value);
  if (type === "PERCENT") return `${number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 })}%`;
  if (type === "CURRENCY") return number(value, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
  return number(value, { maximumFractionDigits: 2 });
}

export const isDate = (name) => /^(ga:)?date$/.test(name);

// “20261123” as midnight of that day; what is no date, as it is.
export function day(text) {
  const found = /^(\d{4})(\d\d)(\d\d)$/.exec(text);
  return found ? new Date(Number(found[1]), Number(found[2]) - 1, Number(found[3])) : text;
}

export const longDay = (date) => intl("DateTimeFormat", { dateStyle: "medium" }).format(date);
export const shortDay = (date) => intl("DateTimeFormat", { month: "short", day: "numeric" }).format(date);

const PIECES = {
  yyyy: { year: "numeric" }, y: { year: "numeric" }, yy: { year: "2-digit" }, MMMM: { month: "long" }, MMM: { month: "short" },
  MM: { month: "2-digit" }, M: { month: "numeric" }, dd: { day: "2-digit" }, d: { day: "numeric" }, EEEE: { weekday: "long" },
  EEE: { weekday: "short" }, E: { weekday: "short" },
};

// A day by a pattern such as “MMM d”, as charts' `format` options give it.
export const patterned = (date, pattern) => pattern.replace(/y+|M+|d+|E+/g, (piece) => {
  const made = PIECES[piece] && intl("DateTimeFormat", PIECES[piece]).format(date);
  return piece === "dd" || piece === "MM" ? made.padStart(2, "0") : made ?? piece;
});

// An axis's number by its `format`: “percent”, “short”, or as many digits as it takes.
export function scaled(value, format = "") {
  if (/percent|%/.test(format)) return number(value, { style: "percent", maximumFractionDigits: 1 });
  if (/short|long/.test(format)) return number(value, { notation: "compact" });
  return number(value, { maximumFractionDigits: 2 });
}
