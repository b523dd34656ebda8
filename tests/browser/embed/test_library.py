"""The library without a portal's figures: its loader, what every component does, and tables of data."""

import pytest
from playwright.sync_api import Page

from tests.browser.embed.conftest import Guest
from tests.browser.embed.site import Site


@pytest.fixture
def page(guest: Guest) -> Page:
    """An empty page on which the library is ready."""
    opened = guest("blank").page
    opened.wait_for_function("window.gapi && gapi.analytics.auth")
    return opened


def test_what_waits_runs_in_its_order_and_what_comes_later_too(guest: Guest) -> None:
    visitor = guest()
    visitor.page.add_init_script("""window.ran = []; addEventListener("DOMContentLoaded", () => {
      gapi.analytics.ready(() => { ran.push(1); throw new Error("the page's own"); });
      gapi.analytics.ready(() => ran.push(2));
      document.querySelector("script[src]").addEventListener("load", () => gapi.analytics.ready(() => ran.push(3)));
    });""")
    visitor.page.goto("/blank")
    visitor.page.wait_for_function("ran.length == 3")
    assert visitor.page.evaluate("ran") == [1, 2, 3]
    assert visitor.troubles == ["script: the page's own"]
    visitor.troubles.clear()


def test_a_loader_that_runs_twice_meets_the_same_library(page: Page) -> None:
    page.evaluate(
        """() => { window.before = gapi.analytics.auth; gapi.analytics.createComponent("Mine", {}); }"""
    )
    page.evaluate("""() => new Promise((done) => {
      const loader = document.querySelector("body script:not([src])").textContent;
      const again = document.createElement("script");
      again.textContent = loader;
      document.body.append(again);
      gapi.analytics.ready(done);
    })""")
    same = (
        "[gapi.analytics.auth === before, typeof gapi.analytics.ext.Mine, typeof gapi.analytics.report.Data]"
    )
    assert page.evaluate(same) == [True, "function", "function"]


def test_load_calls_back_for_whatever_is_asked(page: Page) -> None:
    asked = """() => Promise.all([["analytics"], ["client:analytics"]].map(([names]) =>
      new Promise((done) => gapi.load(names, { callback: () => done(names) }))))"""
    assert page.evaluate(asked) == ["analytics", "client:analytics"]
    assert (
        page.evaluate("() => new Promise((done) => gapi.client.load('analytics', 'v3', () => done(1)))") == 1
    )


def test_set_goes_into_objects_and_copies_them(page: Page) -> None:
    found = page.evaluate("""() => {
      const common = { query: { metrics: "m" }, chart: { options: { width: 1 }, list: [1] } };
      const One = gapi.analytics.createComponent("One", {});
      const [a, b] = [new One(common), new One(common)];
      a.set({ query: { ids: 1 } }).set({ chart: { options: { title: "t" } }, query: { metrics: null } });
      a.get().chart.list.push(2);
      a.get().live = true;
      a.set(JSON.parse('{"__proto__": {"bad": 1}, "query": {"__proto__": {"bad": 1}}}'));
      const element = document.body;
      a.set({ container: element });
      return [a.get().query, a.get().chart, b.get(), common, a.get().live, a.get().container === element, {}.bad ?? null];
    }""")
    plain = {"query": {"metrics": "m"}, "chart": {"options": {"width": 1}, "list": [1]}}
    assert found == [
        {"metrics": None, "ids": 1},
        {"options": {"width": 1, "title": "t"}, "list": [1, 2]},
        plain, plain, True, True, None,
    ]  # fmt: skip


def test_handlers_are_called_as_the_component_and_go_as_they_came(page: Page) -> None:
    found = page.evaluate("""() => {
      const One = gapi.analytics.createComponent("One", { initialize(o) { this.began = [this.get().a, o.a]; }, get two() { return 2; } });
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
    }""")
    heard = [[True, 1, 2], "once", [True], [True, 3], "again"]
    assert found == [heard, [1, 1], 2, True, True]


def test_a_component_may_have_a_set_of_its_own(page: Page) -> None:
    found = page.evaluate("""() => {
      const One = gapi.analytics.createComponent("One", {
        set(options) { this.get().seen = (this.get().seen || 0) + 1; return gapi.analytics.Component.prototype.set.call(this, options); },
      });
      return new One({ a: 1 }).set({ b: 2 }).get();
    }""")
    assert found == {"seen": 2, "a": 1, "b": 2}


def test_charts_can_be_replaced_by_a_page(page: Page) -> None:
    found = page.evaluate("""() => {
      const Before = gapi.analytics.googleCharts.DataChart;
      gapi.analytics.googleCharts.DataChart = function (options) { return new Before({ ...options, wrapped: 1 }); };
      gapi.analytics.auth.authorize = () => "patched";
      return [new gapi.analytics.googleCharts.DataChart({}).get(), gapi.analytics.auth.authorize()];
    }""")
    assert found == [{"wrapped": 1}, "patched"]


def test_a_data_table_reads_and_writes_as_googles(page: Page) -> None:
    found = page.evaluate("""() => {
      const table = new google.visualization.DataTable();
      table.addColumn("string", "Dish"); table.addColumn({ type: "number", label: "Plates", id: "n" });
      table.addRows([["Soup", 2], ["Pasta", { v: 10, f: "ten" }], ["Rice", null]]);
      const copy = new google.visualization.DataTable(table.toJSON());
      return [
        copy.getNumberOfRows(), copy.getNumberOfColumns(), copy.getValue(1, 1), copy.getFormattedValue(1, 1), copy.getColumnLabel(1),
        copy.getColumnId(1), copy.getSortedRows([{ column: 1, desc: true }]), copy.getColumnRange(1), copy.getDistinctValues(0),
        copy.getFilteredRows([{ column: 1, minValue: 5 }]), new google.visualization.DataTable({ cols: [{ type: "date" }], rows: [{ c: [{ v: "Date(2026, 10, 23)" }] }] }).getValue(0, 0).getMonth(),
      ];
    }""")
    assert found == [
        3,
        2,
        10,
        "ten",
        "Plates",
        "n",
        [1, 0, 2],
        {"min": 2, "max": 10},
        ["Pasta", "Rice", "Soup"],
        [1],
        10,
    ]


def test_listeners_of_events_are_added_and_removed(page: Page) -> None:
    found = page.evaluate("""() => {
      const { events } = google.visualization;
      const [thing, heard] = [{}, []];
      const first = events.addListener(thing, "select", (given) => heard.push(given));
      events.addOneTimeListener(thing, "select", () => heard.push("once"));
      events.trigger(thing, "select", 1); events.trigger(thing, "select", 2);
      events.removeListener(first); events.trigger(thing, "select", 3);
      return heard;
    }""")
    assert found == [1, "once", 2]


def test_date_fields_take_what_reports_take_and_nothing_else(page: Page) -> None:
    found = page.evaluate("""() => {
      const make = (range) => new gapi.analytics.ext.DateRangeSelector({ container: "one", ...range }).execute();
      const made = make({ "start-date": "2026-01-02", "end-date": "today" });
      let refused = "";
      try { make({ "start-date": "soon" }); } catch (error) { refused = error.message; }
      return [made["start-date"], made.startDateInput.value, made.endDateInput.value === made["end-date"], refused.slice(0, 19)];
    }""")
    assert found == ["2026-01-02", "2026-01-02", True, "Cannot convert date"]


def test_active_users_are_not_asked_for_more_often_than_every_five_seconds(page: Page) -> None:
    asked = "() => { try { new gapi.analytics.ext.ActiveUsers({ container: 'one', pollingInterval: 4 }).execute(); } catch (error) { return error.message; } }"
    assert page.evaluate(asked) == "Frequency must be 5 seconds or more."


def test_a_selector_of_views_takes_one_way_to_name_a_view(page: Page) -> None:
    asked = "() => { try { new gapi.analytics.ext.ViewSelector2({ ids: 'ga:1', viewId: '1' }); } catch (error) { return error.message.slice(0, 43); } }"
    assert page.evaluate(asked) == "You cannot specify more than one of the fol"


def test_the_client_answers_with_promises_and_callbacks(page: Page, shop: Site) -> None:
    token = shop.token()["access_token"]
    found = page.evaluate(
        """async ([token, ids]) => {
      gapi.analytics.auth.authorize({ serverAuth: { access_token: token } });
      const query = { ids, metrics: "ga:sessions", "start-date": "7daysAgo", "end-date": "yesterday" };
      const promise = gapi.client.analytics.data.ga.get(query).then((reply) => reply);
      const made = await new promise.constructor((resolve) => resolve(1));
      const { result } = await promise;
      const again = await new Promise((done) => gapi.client.request({ path: "/analytics/v3/data/ga", params: query }).execute(done));
      const refused = await gapi.client.analytics.data.ga.get({ ids, metrics: "ga:exits" }).then(() => 0, ({ status, result }) => [status, result.error.code]);
      const { result: summaries } = await gapi.client.request({ path: "/analytics/v3/management/accountSummaries", params: { "start-index": 1 } });
      const { result: profiles } = await gapi.client.analytics.management.profiles.list({ accountId: "~all", webPropertyId: "~all" });
      const missing = await gapi.client.request({ path: "/drive/v2/files" }).then(() => 0, ({ status }) => status);
      return [promise instanceof Promise, made, result.kind, again.kind, refused, summaries.totalResults, profiles.items.map(({ id }) => `ga:${id}`), missing];
    }""",
        [token, shop.views[0]],
    )
    assert found == [True, 1, "analytics#gaData", "analytics#gaData", [400, 400], 1, shop.views, 404]
