"""Names that are markup, and pages that let little in."""

import json

from playwright.sync_api import Route, expect

from tests.browser.embed.conftest import Guest
from tests.browser.embed.site import Site

MARKUP = "<img src=x onerror=alert(1)><script>document.title='owned'</script>"


def test_markup_in_names_is_shown_as_text_by_every_kind(guest: Guest) -> None:
    visitor = guest()

    def answer(route: Route) -> None:
        if route.request.method != "POST":
            route.fallback()
            return
        queries = json.loads(route.request.post_data or "")["queries"]
        body = {
            "columnHeaders": [
                {"name": "ga:pageTitle", "columnType": "DIMENSION", "dataType": "STRING"},
                {"name": "ga:sessions", "columnType": "METRIC", "dataType": "INTEGER"},
            ],
            "totalResults": 2,
            "rows": [[MARKUP, "3"], ["Plain", "2"]],
        }
        answers = [{"status": 200, "body": body} for _ in queries]
        route.fulfill(json={"answers": answers}, headers={"Access-Control-Allow-Origin": "*"})

    visitor.page.route("**/embed/query", answer)
    visitor.page.goto("/kinds")
    visitor.page.wait_for_function("window.done && done.length == 8")
    assert visitor.page.locator("#TABLE tbody td").first.text_content() == MARKUP
    assert visitor.page.locator("#all img").count() == 0
    assert visitor.page.title() == "Kinds"


def test_markup_in_names_of_views_is_shown_as_text(guest: Guest) -> None:
    visitor = guest()
    profile = {"id": "1", "name": MARKUP}
    property_ = {"id": "UA-1", "name": MARKUP, "profiles": [profile]}
    body = {"items": [{"id": "1", "name": MARKUP, "webProperties": [property_]}], "totalResults": 1}
    cross = {"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Headers": "authorization"}
    visitor.page.route("**/embed/summaries*", lambda route: route.fulfill(json=body, headers=cross))
    visitor.expected.add(403)  # there is no such view
    visitor.page.goto("/custom")
    selects = visitor.page.locator("#view-selector-container select")
    selects.first.locator("option").wait_for(state="attached")
    assert selects.locator("option").all_text_contents() == [MARKUP] * 3
    assert visitor.page.locator("#view-selector-container img").count() == 0
    visitor.troubles.clear()  # the page's charts are refused that view, and it hears nothing of it


def test_a_page_with_a_strict_policy_lets_the_portal_in_by_its_origin_alone(guest: Guest, shop: Site) -> None:
    shop.policy = (
        f"default-src 'none'; script-src {shop.portal} 'unsafe-inline'; connect-src {shop.portal}; "
        "style-src 'unsafe-inline'; base-uri 'none'"
    )
    visitor = guest("kinds")
    expect(visitor.page.locator("body")).to_have_attribute("data-done", "8")
    assert visitor.page.evaluate("errors") == []


def test_nothing_needs_inline_styles(guest: Guest, shop: Site) -> None:
    shop.policy = f"default-src 'none'; script-src {shop.portal} 'unsafe-inline'; connect-src {shop.portal}"
    visitor = guest("kinds")
    expect(visitor.page.locator("body")).to_have_attribute("data-done", "8")
    refused = [trouble for trouble in visitor.troubles if "style" in trouble]
    assert len(refused) == 1  # the page's own <style>
    visitor.troubles.clear()
