"""From the tag to figures: the page waits for the first visitor, then the dashboard has something to show."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.google import GooglePages
from tests.browser.visitor import NewVisitor, Visitor
from tests.installation import Installation, fetch

NINO = "nino@osteria.example"
WATCHER_MS = 45_000  # it asks every 15 seconds at first


def at_the_tag(nino: Visitor, name: str) -> str:
    """Through the whole way to the page with the tag; the measurement id in it."""
    nino.page.goto("/provisioning/")
    nino.page.get_by_role("button", name="Create an account").click()
    nino.page.get_by_label("Account name").fill(name)
    nino.page.get_by_label("Website").fill(f"{name}.example")
    nino.page.get_by_role("button", name="Go on at Google").click()
    google = GooglePages(nino.page)
    google.sign_in(f"owner@{name}.example")
    google.consent()
    google.answer()
    expect(nino.page.get_by_role("heading", level=1)).to_have_text("Your Analytics is ready.")
    found = re.search(r"id=(G-[A-Z0-9]+)", nino.page.locator("pre").first.inner_text())
    assert found
    return found[1]


def test_first_visitor_turns_the_watcher_green_and_fills_the_dashboard(
    visitor: NewVisitor, site: Installation
):
    nino = visitor(NINO)
    tag = at_the_tag(nino, "forno")
    watcher = nino.page.locator("#hit")
    expect(watcher).to_have_class("watch waiting")
    fetch(f"{site.google}/_sandbox/hits", "POST", {"measurement_id": tag, "count": 3})
    expect(watcher).to_have_class("watch come", timeout=WATCHER_MS)
    nino.sees("Your tag works: the first visitor was here.")
    nino.look("tag-visited")
    nino.page.get_by_role("link", name="To your dashboard").click()
    nino.sees("The first visits have come.")
    nino.sees("3 people here in the last 30 minutes")
    nino.look("dashboard-begun")
    nino.page.get_by_role("link", name="Show today").click()
    nino.sees_everything()
    expect(nino.page.get_by_role("heading", level=1)).to_have_text("3 visits so far.")


def test_every_way_to_put_the_tag_in_is_readable(visitor: NewVisitor):
    nino = visitor(NINO)
    at_the_tag(nino, "latteria")
    for fold in nino.page.locator(".folds summary").all():
        fold.click()
    nino.look("tag-ways")
    nino.page.get_by_label("Their e-mail address").fill("no address")
    nino.expected.add(400)
    nino.page.get_by_role("button", name="Send it all").click()
    nino.sees("Enter a valid email address.")
    nino.look("tag-mail-wrong")
    nino.page.get_by_label("Their e-mail address").fill("dev@studio.example")
    nino.page.get_by_role("button", name="Send it all").click()
    nino.sees("The tag is on its way to dev@studio.example.")


def test_settings_are_kept_at_google(visitor: NewVisitor):
    nino = visitor(NINO)
    at_the_tag(nino, "pescheria")
    nino.page.get_by_role("link", name="set how long Google keeps data").click()
    nino.look("property-settings")
    nino.page.get_by_label("14 months").check()
    nino.page.get_by_role("button", name="Save").first.click()
    nino.sees("Google keeps data of single visitors for 14 months from now on.")
    nino.page.get_by_label("One of your own").fill("book_table")
    nino.page.get_by_role("button", name="Count these").click()
    nino.sees("Counted as results from now on: book_table.")
    expect(nino.page.get_by_label("14 months")).to_be_checked()


def test_without_scripts_a_button_asks(visitor: NewVisitor, site: Installation):
    nino = visitor(NINO)
    tag = at_the_tag(nino, "pasticceria")
    fetch(f"{site.google}/_sandbox/hits", "POST", {"measurement_id": tag})
    plain = Visitor(nino.browser, nino.url, javascript=False, session=nino.context.storage_state())
    plain.page.goto(nino.page.url)
    nino.page.goto("about:blank")
    plain.page.get_by_role("button", name="Check now").click()
    expect(plain.page.locator("#hit")).to_have_class(re.compile("waiting|come"))
    plain.leave()
