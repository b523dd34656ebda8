"""What a page sees of its token: before it has one, when it ends, and when it is for somebody else."""

import json

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.embed.conftest import Guest
from tests.browser.embed.site import Site
from tests.browser.visitor import Visitor

BAD = "not.a.token"
KEEP = """(access_token) => {
  sessionStorage.setItem("belvedere-token", JSON.stringify({ access_token, ends: Date.now() + 3600_000 }));
}"""
TELL_REFUSALS = """gapi.analytics.ready(() => {
  gapi.analytics.auth.on("error", ({ error }) => { document.body.dataset.refused = error.code; });
})"""


@pytest.fixture
def visitor(guest: Guest) -> Visitor:
    """Somebody on an empty page with the library ready."""
    made = guest("blank")
    made.page.wait_for_function("window.gapi && gapi.analytics.auth")
    return made


def _wait(page: Page, events: str) -> None:
    page.wait_for_function(f"events.join() == {events!r}")


def test_authorisation_by_the_server_is_there_at_once_and_told_later(visitor: Visitor, shop: Site) -> None:
    found = visitor.page.evaluate("scenarios.authorisation", shop.token()["access_token"])
    before, at_once = [False, None, None], [True, True, True]
    assert found == {"before": before, "atOnce": at_once, "heard": True, "after": False}


def test_what_is_executed_first_waits_for_authorisation(visitor: Visitor, shop: Site) -> None:
    visitor.page.evaluate("scenarios.watched", shop.views[0])
    visitor.page.evaluate("scenarios.authorise", shop.token())
    _wait(visitor.page, "success")


def test_a_token_that_ended_is_an_error_and_a_new_one_revives_the_chart(visitor: Visitor, shop: Site) -> None:
    visitor.expected.add(401)
    page = visitor.page
    page.evaluate("scenarios.authorise", shop.token())
    page.evaluate("scenarios.watched", shop.views[0])
    _wait(page, "success")
    page.evaluate("scenarios.authorise", {"access_token": BAD})
    page.evaluate("chart.execute()")
    _wait(page, "success,401")
    expect(page.locator("#one tbody tr")).to_have_count(7)  # what was drawn stays
    assert page.evaluate("gapi.analytics.auth.isAuthorized()") is False
    page.evaluate("scenarios.authorise", shop.token())
    _wait(page, "success,401,success")


def test_a_page_that_executes_its_charts_itself_has_them_once(visitor: Visitor, shop: Site) -> None:
    visitor.expected.add(401)
    page = visitor.page
    page.evaluate("scenarios.authorise", {"access_token": BAD})
    page.evaluate("scenarios.watched", shop.views[0])
    _wait(page, "401")
    page.evaluate("(serverAuth) => { scenarios.authorise(serverAuth); chart.execute(); }", shop.token())
    _wait(page, "401,success")
    page.evaluate("(ids) => scenarios.report({ ids, metrics: 'ga:users' })", shop.views[0])
    assert page.evaluate("events.join()") == "401,success"


def test_with_a_refresh_address_nobody_sees_a_token_end(visitor: Visitor, shop: Site) -> None:
    visitor.expected.add(401)
    page = visitor.page
    given = shop.tokens_given
    page.evaluate("scenarios.authorise", {"access_token": BAD, "refresh_url": "/fresh-token"})
    for _ in range(2):
        page.evaluate("scenarios.watched", shop.views[0])
        _wait(page, "success")
    assert shop.tokens_given == given + 1


def test_a_token_is_renewed_before_it_ends(visitor: Visitor, shop: Site) -> None:
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    soon = shop.token() | {"expires_in": 20, "refresh_url": "/fresh-token"}
    visitor.page.evaluate("scenarios.authorise", soon)
    visitor.page.evaluate("scenarios.watched", shop.views[0])
    _wait(visitor.page, "success")
    assert [each for each in asked if each in ("fresh-token", "query")] == ["fresh-token", "query"]


def test_questions_of_one_moment_go_together(visitor: Visitor, shop: Site) -> None:
    bodies: list[str] = []
    visitor.page.on("request", lambda request: bodies.append(request.post_data or ""))
    visitor.page.evaluate("scenarios.authorise", shop.token())
    queries = [
        {"ids": shop.views[0], "metrics": ["ga:sessions", "ga:users"], "start-date": f"{days}daysAgo"}
        for days in range(1, 10)
    ]
    visitor.page.evaluate("(all) => Promise.all(all.map(scenarios.report))", queries)
    sent = [json.loads(body)["queries"] for body in bodies if body]
    first = {"start-date": "1daysAgo", "end-date": "yesterday"}
    first |= {"ids": shop.views[0], "metrics": "ga:sessions,ga:users"}
    assert ([len(each) for each in sent], sent[0][0]) == ([9], first)


def test_another_view_is_refused_and_the_others_are_answered(visitor: Visitor, shop: Site) -> None:
    visitor.page.evaluate("scenarios.authorise", shop.token())
    queries = [{"ids": ids, "metrics": "ga:sessions"} for ids in shop.all_views]
    found = visitor.page.evaluate("(all) => Promise.all(all.map(scenarios.report))", queries)
    assert [each.get("kind", each.get("code")) for each in found] == ["analytics#gaData", 403]


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
    visitor.page.evaluate("scenarios.authorise", shop.token())
    found = visitor.page.evaluate("scenarios.report", {"ids": shop.views[0], "metrics": "ga:sessions"})
    assert found["message"] == "The figures cannot be fetched just now. Try again later."
    visitor.troubles.clear()  # the browser's own words on it


def test_a_query_may_bring_a_token_of_its_own(visitor: Visitor, shop: Site) -> None:
    query = {"ids": shop.views[0], "metrics": "ga:sessions", "dimensions": "ga:date"}
    query |= {"access_token": shop.token()["access_token"]}
    assert len(visitor.page.evaluate("scenarios.report", query)["rows"]) == 7


def test_somebody_who_does_not_agree_is_an_error_to_the_page(guest: Guest) -> None:
    visitor = guest("basic")
    visitor.expected.add(403)
    page = visitor.page
    page.evaluate(TELL_REFUSALS)
    with page.context.expect_page() as opened:
        page.locator(".gapi-analytics-auth-styles-signinbutton").click()
    window = opened.value
    window.get_by_label("Email").fill("nino@osteria.example")
    window.get_by_label("Password").fill("correct horse battery")
    window.get_by_role("button", name="Sign in", exact=True).click()
    window.locator("button[value=no]").click()
    expect(page.locator("body")).to_have_attribute("data-refused", "403")
    expect(page.locator(".gapi-analytics-auth-styles-signinbutton")).to_be_visible()


def test_a_kept_token_that_was_ended_brings_the_button_back(guest: Guest) -> None:
    visitor = guest("basic")
    visitor.expected.add(401)
    button = visitor.page.locator(".gapi-analytics-auth-styles-signinbutton")
    expect(button).to_be_visible()
    visitor.page.evaluate(KEEP, BAD)
    visitor.page.reload()
    expect(button).to_be_visible()
    assert visitor.page.evaluate("sessionStorage.length") == 0
    visitor.troubles.clear()  # the selector of views tells the console that it was refused
