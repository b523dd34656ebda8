// What tests have an empty page do. Each returns what it found, or a promise of it.
window.scenarios = {
  // What a report's `success` gave, or the code and the message of its `error`.
  report: (query) => new Promise((done) => {
    new gapi.analytics.report.Data({ query })
      .on("success", done)
      .on("error", ({ error }) => done({ code: error.code, message: error.message }))
      .execute();
  }),

  chart: ([ids, type, query, options]) => new Promise((done) => {
    window.chart = new gapi.analytics.googleCharts.DataChart({
      query: { ids, ...query }, chart: { container: "one", type, options },
    });
    chart.on("success", (result) => { window.last = result; done(result.data); }).on("error", ({ error }) => done(error));
    chart.execute();
  }),

  // A table whose events are kept in `events`.
  watched: (ids) => {
    window.events = [];
    window.chart = new gapi.analytics.googleCharts.DataChart({
      query: { ids, metrics: "ga:sessions", dimensions: "ga:date" }, chart: { container: "one", type: "TABLE" },
    });
    chart.on("success", () => events.push("success")).on("error", ({ error }) => events.push(error.code)).execute();
  },

  authorise: (serverAuth) => { gapi.analytics.auth.authorize({ serverAuth }); },

  loadedTwice: () => new Promise((done) => {
    const again = document.createElement("script");
    again.textContent = document.getElementById("loader").textContent;
    document.body.append(again);
    gapi.analytics.ready(done);
  }),

  called: () => Promise.all(["analytics", "client:analytics"].map((names) =>
    new Promise((done) => { gapi.load(names, { callback: () => done(names) }); }))),

  options: () => {
    const common = { query: { metrics: "m" }, chart: { options: { width: 1 }, list: [1] } };
    const One = gapi.analytics.createComponent("One", {});
    const [a, b] = [new One(common), new One(common)];
    a.set({ query: { ids: 1 } }).set({ chart: { options: { title: "t" } }, query: { metrics: null } });
    a.get().chart.list.push(2);
    a.get().live = true;
    a.set(JSON.parse('{"__proto__": {"bad": 1}, "query": {"__proto__": {"bad": 1}}}'));
    a.set({ container: document.body });
    const { query, chart, live, container } = a.get();
    return [query, chart, b.get(), common, live, container === document.body, {}.bad ?? null];
  },

  handlers: () => {
    const One = gapi.analytics.createComponent("One", {
      initialize(options) { this.began = [this.get().a, options.a]; },
      get two() { return 2; },
    });
    const one = new One({ a: 1 });
    const heard = [];
    const kept = function (...given) { heard.push([this === one, ...given]); };
    one.on("x", kept).once("x", () => heard.push("once")).emit("x", 1, 2).emit("x");
    one.off("x", kept).emit("x");
    one.on("x", kept).on("y", kept).off("x").emit("x").emit("y", 3);
    one.on("x", kept).off();
    one.emit("x").emit("y");
    one.once("z", () => one.once("z", () => heard.push("again"))).emit("z").emit("z").emit("z");
    return [heard, one.began, one.two, one instanceof gapi.analytics.Component, one.execute() === one];
  },

  ownSet: () => {
    const One = gapi.analytics.createComponent("One", {
      set(options) {
        this.get().seen = (this.get().seen || 0) + 1;
        return gapi.analytics.Component.prototype.set.call(this, options);
      },
    });
    return new One({ a: 1 }).set({ b: 2 }).get();
  },

  patched: () => {
    const Before = gapi.analytics.googleCharts.DataChart;
    gapi.analytics.googleCharts.DataChart = function (options) { return new Before({ ...options, wrapped: 1 }); };
    gapi.analytics.auth.authorize = () => "patched";
    return [new gapi.analytics.googleCharts.DataChart({}).get(), gapi.analytics.auth.authorize()];
  },

  dataTable: () => {
    const table = new google.visualization.DataTable();
    table.addColumn("string", "Dish");
    table.addColumn({ type: "number", label: "Plates", id: "n" });
    table.addRows([["Soup", 2], ["Pasta", { v: 10, f: "ten" }], ["Rice", null]]);
    const copy = new google.visualization.DataTable(table.toJSON());
    const dated = new google.visualization.DataTable({ cols: [{ type: "date" }], rows: [{ c: [{ v: "Date(2026, 10, 23)" }] }] });
    return {
      size: [copy.getNumberOfRows(), copy.getNumberOfColumns()], cell: [copy.getValue(1, 1), copy.getFormattedValue(1, 1)],
      column: [copy.getColumnLabel(1), copy.getColumnId(1)], sorted: copy.getSortedRows([{ column: 1, desc: true }]),
      range: copy.getColumnRange(1), distinct: copy.getDistinctValues(0), filtered: copy.getFilteredRows([{ column: 1, minValue: 5 }]),
      month: dated.getValue(0, 0).getMonth(),
    };
  },

  listeners: () => {
    const { events } = google.visualization;
    const [thing, heard] = [{}, []];
    const first = events.addListener(thing, "select", (given) => heard.push(given));
    events.addOneTimeListener(thing, "select", () => heard.push("once"));
    events.trigger(thing, "select", 1);
    events.trigger(thing, "select", 2);
    events.removeListener(first);
    events.trigger(thing, "select", 3);
    return heard;
  },

  dates: () => {
    const made = new gapi.analytics.ext.DateRangeSelector({ container: "one", "start-date": "2026-01-02", "end-date": "today" }).execute();
    return [made["start-date"], made.startDateInput.value, made.endDateInput.value === made["end-date"]];
  },

  // What using a component of `ext` with these options throws.
  refused: ([name, options]) => {
    try {
      new gapi.analytics.ext[name]({ container: "one", ...options }).execute();
    } catch (error) {
      return error.message;
    }
    return "";
  },

  client: async ([access_token, ids]) => {
    scenarios.authorise({ access_token });
    const { client } = gapi;
    const query = { ids, metrics: "ga:sessions", "start-date": "7daysAgo", "end-date": "yesterday" };
    const promise = client.analytics.data.ga.get(query).then((reply) => reply.result.kind);
    const code = (request) => request.then(() => 0, ({ status, result }) => [status, result.error.code]);
    const { result } = await client.request({ path: "/analytics/v3/management/accountSummaries", params: { "start-index": 1 } });
    const profiles = await client.analytics.management.profiles.list({ accountId: "~all", webPropertyId: "~all" });
    return {
      promise: [promise instanceof Promise, await new promise.constructor((done) => done(1)), await promise],
      callback: await new Promise((done) => { client.request({ path: "/analytics/v3/data/ga", params: query }).execute(done); }).then(({ kind }) => kind),
      refused: await code(client.analytics.data.ga.get({ ids, metrics: "ga:exits" })),
      missing: await code(client.request({ path: "/drive/v2/files" })),
      summaries: result.totalResults,
      profiles: profiles.result.items.map(({ id }) => `ga:${id}`),
    };
  },

  authorisation: async (access_token) => {
    const { auth } = gapi.analytics;
    const before = [auth.isAuthorized(), auth.getAuthResponse(), auth.getUserProfile()];
    const same = auth.authorize({ serverAuth: { access_token, expires_in: 3600 } });
    const atOnce = [same === auth, auth.isAuthorized(), auth.getAuthResponse().access_token === access_token];
    const heard = await new Promise((done) => { same.on("success", (response) => done(response.access_token === access_token)); });
    await new Promise((done) => { auth.once("signOut", done).signOut(); });
    return { before, atOnce, heard, after: auth.isAuthorized() };
  },
};
