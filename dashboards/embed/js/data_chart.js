// gapi.analytics.googleCharts.DataChart: asks a query and draws its answer.

import { tableOf, withTable } from "./answers.js";
import { derive, isHeard } from "./component.js";
import { parsed, place, words } from "./page.js";
import { answer } from "./report.js";
import { asksAnew, note } from "./reviving.js";
import { failure } from "./transport.js";
import { isKind, prepare, Visualization } from "./visualization.js";

const TURN = Symbol("turn");
const DRAWN = Symbol("drawn");

const kindOf = ({ type }) => String(type ?? "LINE").toUpperCase();

function fail(chart, body) {
  note(chart, body);
  if (!isHeard(chart, "error")) console.error(body.error.message); // a developer looks there
  chart.emit("error", body);
}

// The same visualization while its kind and container are the same: pages keep hold of it.
function visualization(chart, kind, container) {
  const before = chart[DRAWN];
  if (before?.kind === kind && before.container === container) return before;
  before?.clearChart();
  return (chart[DRAWN] = new Visualization(kind, container));
}

async function draw(chart, settings, body) {
  await parsed();
  const container = place(settings.container);
  const visual = visualization(chart, kindOf(settings), container);
  const dataTable = tableOf(body);
  visual.draw(dataTable, settings.options ?? {});
  await visual.drawing;
  container.classList.add("gapi-analytics-data-chart");
  return { chart: visual, data: dataTable.literal(), dataTable, response: withTable(body) };
}

async function run(chart, turn) {
  const { chart: settings = {}, reportType, query: { output, ...query } = {} } = chart.get();
  const kind = kindOf(settings);
  if (!isKind(kind)) return fail(chart, failure(400, "invalidParameter", words.kind.replace("%s", kind)).body);
  prepare(kind);
  const { status, body } = await answer({ query, reportType });
  if (turn !== chart[TURN]) return undefined; // asked for something else meanwhile
  if (status !== 200) return fail(chart, body);
  try {
    const payload = await draw(chart, chart.get().chart ?? {}, body);
    return turn === chart[TURN] ? chart.emit("success", payload) : undefined;
  } catch (error) {
    return fail(chart, failure(-1, "drawingError", error.message).body);
  }
}

export const DataChart = derive({
  execute() {
    asksAnew(this);
    this[TURN] = (this[TURN] ?? 0) + 1;
    run(this, this[TURN]);
    return this;
  },
});
