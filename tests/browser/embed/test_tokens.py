"""What a page sees of its token: before it has one, when it ends, and when it is for somebody else."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.embed.conftest import Guest
from tests.browser.embed.site import Site
from tests.browser.visitor import Visitor

CHART = """(ids) => {
  window.events = [];
  window.chart = new gapi.analytics.googleCharts.DataChart({
    query: { ids, metrics: "ga:sessions", dimensions: "ga:date" }, chart: { container: "one", type: "TABLE" },
  });
  chart.on("success", () => events.push("success")).on("error", ({ error }) => events.push(error.code)).execute();
}"""
AUTHORISE = "(serverAuth) => { gapi.analytics.auth.authorize({ serverAuth }); }"
BAD = "not.a.token"


@pytest.fixture
def visitor(guest: Guest) -> Visitor:
    """Somebody on an empty page with the library ready."""
    made = guest("blank")
    made.page.wait_for_function("window.gapi && gapi.analytics.auth")
    return made


def _wait(page: Page, events: str) -> None:
    page.wait_for_function(f"events.join() == {events!r}")


def test_authorisation_by_the_server_is_there_at_once_and_told_later(visitor: Visitor, shop: Site) -> None:
    found = visitor.page.evaluate(
        """async (token) => {
      const { auth } = gapi.analytics;
      const before = [auth.isAuthorized(), auth.getAuthResponse(), auth.getUserProfile()];
      const same = auth.authorize({ serverAuth: { access_token: token, expires_in: 3600 } });
      const at_once = [same === auth, auth.isAuthorized(), auth.getAuthResponse().access_token === token];
      const heard = await new Promise((done) => same.on("success", (response) => done(response.access_token === token)));
      await new Promise((done) => auth.once("signOut", done).signOut());
      return [before, at_once, heard, auth.isAuthorized()];
    }""",
        shop.token()["access_token"],
    )
    assert found == [[False, None, None], [True, True, True], True, False]


def test_what_is_executed_first_waits_for_authorisation(visitor: Visitor, shop: Site) -> None:
    visitor.page.evaluate(CHART, shop.views[0])
    visitor.page.evaluate(AUTHORISE, shop.token())
    _wait(visitor.page, "success")


def test_a_token_that_ended_is_an_error_and_a_new_one_revives_the_chart(visitor: Visitor, shop: Site) -> None:
    visitor.expected.add(401)
    page = visitor.page
    page.evaluate(AUTHORISE, shop.token())
    page.evaluate(CHART, shop.views[0])
    _wait(page, "success")
    page.evaluate(AUTHORISE, {"access_token": BAD})
    page.evaluate("chart.execute()")
    _wait(page, "success,401")
    expect(page.locator("#one tbody tr")).to_have_count(7)  # what was drawn stays
    assert page.evaluate("gapi.analytics.auth.isAuthorized()") is False
    page.evaluate(AUTHORISE, shop.token())
    _wait(page, "success,401,success")


def test_a_page_that_executes_its_charts_itself_has_them_once(visitor: Visitor, shop: Site) -> None:
    visitor.expected.add(401)
    page = visitor.page
    page.evaluate(AUTHORISE, {"access_token": BAD})
    page.evaluate(CHART, shop.views[0])
    _wait(page, "401")
    page.evaluate(
        "(serverAuth) => { gapi.analytics.auth.authorize({ serverAuth }); chart.execute(); }", shop.token()
    )
    _wait(page, "401,success")
    page.evaluate(
        "new Promise((done) => new gapi.analytics.report.Data(chart.get()).on('success', done).execute())"
    )
    assert page.evaluate("events.join()") == "401,success"


def test_with_a_refresh_address_nobody_sees_a_token_end(visitor: Visitor, shop: Site) -> None:
    visitor.expected.add(401)
    page = visitor.page
    given = shop.tokens_given
    page.evaluate(AUTHORISE, {"access_token": BAD, "refresh_url": "/fresh-token"})
    for _ in range(2):
        page.evaluate(CHART, shop.views[0])
        _wait(page, "success")
    assert shop.tokens_given == given + 1


def test_a_token_is_renewed_before_it_ends(visitor: Visitor, shop: Site) -> None:
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    soon = shop.token() | {"expires_in": 20, "refresh_url": "/fresh-token"}
    visitor.page.evaluate(AUTHORISE, soon)
    visitor.page.evaluate(CHART, shop.views[0])
    _wait(visitor.page, "success")
    assert [each for each in asked if each in ("fresh-token", "query")] == ["fresh-token", "query"]


def test_questions_of_one_moment_go_together(visitor: Visitor, shop: Site) -> None:
    bodies: list[str] = []
    visitor.page.on(
        "request",
        lambda request: bodies.append(request.post_data or "") if request.method == "POST" else None,
    )
    visitor.page.evaluate(AUTHORISE, shop.token())
    visitor.page.evaluate("""(ids) => Promise.all([..."123456789"].map((days) => new Promise((done) =>
      new gapi.analytics.report.Data({ query: { ids, metrics: ["ga:sessions", "ga:users"], "start-date": `${days}daysAgo` } }).on("success", done).execute())))""",
      shop.views[0])  # fmt: skip
    assert [len(json.loads(body)["queries"]) for body in bodies] == [9]
    first = {
        "start-date": "1daysAgo",
        "end-date": "yesterday",
        "ids": shop.views[0],
        "metrics": "ga:sessions,ga:users",
    }
    assert json.loads(bodies[0])["queries"][0] == first


def test_another_view_is_refused_and_the_others_are_answered(visitor: Visitor, shop: Site) -> None:
    visitor.page.evaluate(AUTHORISE, shop.token())
    found = visitor.page.evaluate("""(list) => Promise.all(list.map((ids) => new Promise((done) =>
      new gapi.analytics.report.Data({ query: { ids, metrics: "ga:sessions" } }).on("success", () => done(200)).on("error", ({ error }) => done(error.code)).execute())))""",
      shop.all_views)  # fmt: skip
    assert found == [200, 403]


@pytest.mark.parametrize("answer", ["abort", "html"])
def test_a_portal_that_is_away_is_an_error_in_words(visitor: Visitor, shop: Site, answer: str) -> None:
    def away(route: Route) -> None:
        if answer == "abort":
            route.abort()
        else:
            route.fulfill(
                status=502, body="<h1>Bad gateway</h1>", headers={"Access-Control-Allow-Origin": "*"}
            )

    visitor.page.route("**/embed/query", away)
    visitor.page.evaluate(AUTHORISE, shop.token())
    message = visitor.page.evaluate("""(ids) => new Promise((done) =>
      new gapi.analytics.report.Data({ query: { ids, metrics: "ga:sessions" } }).on("error", ({ error }) => done(error.message)).execute())""",
      shop.views[0])  # fmt: skip
    assert message == "The figures cannot be fetched just now. Try again later."
    visitor.troubles.clear()  # the browser's own words on it


def test_a_query_may_bring_a_token_of_its_own(visitor: Visitor, shop: Site) -> None:
    token = shop.token()["access_token"]
    rows = visitor.page.evaluate("""([ids, access_token]) => new Promise((done) => new gapi.analytics.report.Data({
      query: { ids, access_token, metrics: "ga:sessions", dimensions: "ga:date" } }).on("success", ({ rows }) => done(rows.length)).execute())""",
      [shop.views[0], token])  # fmt: skip
    assert rows == 7


def test_somebody_who_does_not_agree_is_an_error_to_the_page(guest: Guest) -> None:
    visitor = guest("basic")
    visitor.expected.add(403)
    page = visitor.page
    page.evaluate(
        "gapi.analytics.ready(() => gapi.analytics.auth.on('error', ({ error }) => { window.refused = error.code; }))"
    )
    with page.context.expect_page() as opened:
        page.locator(".gapi-analytics-auth-styles-signinbutton").click()
    window = opened.value
    window.get_by_label("Email").fill("nino@osteria.example")
    window.get_by_label("Password").fill("correct horse battery")
    window.get_by_role("button", name="Sign in", exact=True).click()
    window.locator("button[value=no]").click()
    assert page.wait_for_function("window.refused").json_value() == 403
    expect(page.locator(".gapi-analytics-auth-styles-signinbutton")).to_be_visible()
