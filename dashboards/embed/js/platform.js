// What pages load in place of Google's platform.js: puts the Embed API onto `gapi`, and runs what waits for it.

import { activeUsers } from "./active_users.js";
import { auth } from "./auth.js";
import { client } from "./client.js";
import { call, Component, derive } from "./component.js";
import { DataChart } from "./data_chart.js";
import { arrayToDataTable, DataTable } from "./data_table.js";
import { dateRangeSelector } from "./date_range.js";
import { label } from "./formats.js";
import { whenParsed } from "./page.js";
import { Data } from "./report.js";
import { ViewSelector } from "./view_selector.js";
import { viewSelector2 } from "./view_selector2.js";
import { events } from "./visual_events.js";
import { visualizations } from "./visualization.js";

const HERE = Symbol.for("belvedere.embed"); // a page that runs the loader twice gets the same library twice

const ext = {};

function createComponent(name, methods) {
  return (ext[name] = derive(methods));
}

// Always later, in the order of asking, and with the page's elements there.
function ready(callback) {
  whenParsed(() => call(callback, gapi.analytics, []));
}

const metadata = Object.assign(new Component(), {
  isInitialized: () => true,
  getColumn: (id) => ({ id, kind: "analytics#column", attributes: { uiName: label(id) } }),
});

const api = {
  ready, createComponent, ext, Component, auth, ViewSelector, metadata, report: { Data }, googleCharts: { DataChart },
  EventType: {
    SUCCESS: "success", ERROR: "error", CHANGE: "change", SIGNIN: "signIn", SIGNOUT: "signOut", NEEDS_AUTHORIZATION: "needsAuthorization",
  },
};

// Takes over from the loader's stand-in, which the page may keep hold of, and from any later one.
function takeOver() {
  const standIn = (window.gapi.analytics ??= {});
  if (standIn.ready === ready) return;
  const waiting = standIn.q ?? [];
  Object.assign(standIn, api, { q: [] });
  waiting.forEach(ready);
}

const isOurs = (name) => name === "analytics" || name === "client";

// `loaded` may be a function, or an object with `callback`. What is not ours goes to whoever was there before.
function loadWith(before) {
  return function load(names, loaded) {
    takeOver();
    const others = String(names).split(":").filter((name) => !isOurs(name)).join(":");
    const callback = typeof loaded === "function" ? loaded : loaded?.callback;
    if (others && before) before.call(this, others, loaded);
    else if (callback) whenParsed(() => call(callback, undefined, []));
  };
}

// A member that the page has already, from Google's own libraries for instance, stays.
function add(members, to) {
  for (const [name, value] of Object.entries(members)) to[name] ??= value;
  return to;
}

function begin() {
  const gapi = (window.gapi ??= {});
  gapi[HERE] = takeOver;
  gapi.load = loadWith(gapi.load);
  gapi.client = add(client, gapi.client ?? {});
  const google = (window.google ??= {});
  google.visualization = add({ DataTable, arrayToDataTable, events, ...visualizations }, google.visualization ?? {});
  createComponent("ActiveUsers", activeUsers);
  createComponent("DateRangeSelector", dateRangeSelector);
  createComponent("ViewSelector2", viewSelector2);
  takeOver();
}

if (window.gapi?.[HERE]) window.gapi[HERE]();
else begin();
