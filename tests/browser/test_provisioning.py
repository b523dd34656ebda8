"""Customers come to Google Analytics: each way in, each way that it can stop, click by click."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.google import GooglePages
from tests.browser.visitor import NewVisitor, Visitor
from tests.installation import Installation, fetch

NINO = "nino@osteria.example"
SITE = "osteria-nuova.example"


def begin(visitor: NewVisitor, way: str) -> Visitor:
    """Nino, who owns a client, has chosen a way."""
    nino = visitor(NINO)
    nino.page.goto("/provisioning/")
    nino.page.get_by_role("button", name=way).click()
    return nino


def fill_in(nino: Visitor, name: str) -> None:
    nino.page.get_by_label("Account name").fill(name)
    nino.page.get_by_label("Website").fill(SITE)
    nino.page.get_by_role("button", name="Go on at Google").click()


def go_on(nino: Visitor, button: str = "Go on at Google") -> None:
    nino.page.get_by_role("button", name=button, exact=True).click()


def is_live(nino: Visitor) -> None:
    expect(nino.page.get_by_role("heading", level=1)).to_have_text("Your Analytics is ready.")


def test_details_first(visitor: NewVisitor, site: Installation):
    nino = visitor(NINO)
    nino.page.goto("/provisioning/")
    nino.look("provisioning-choose")
    nino.page.get_by_role("button", name="Create an account").click()
    nino.look("provisioning-details")
    nino.page.get_by_label("Website").fill("no website")
    go_on(nino)
    nino.sees("This is not the address of a website.")
    nino.look("provisioning-details-wrong")
    fill_in(nino, "Osteria nuova")
    google = GooglePages(nino.page)
    google.sign_in("first@osteria.example")
    google.consent()
    google.answer()
    is_live(nino)
    nino.look("provisioning-live")
    nino.page.get_by_role("link", name="To your dashboard").click()
    nino.sees("The first figures are being gathered.")
    nino.look("provisioning-gathering")


def test_details_last_with_a_denial_and_an_unticked_box(visitor: NewVisitor):
    nino = begin(visitor, "Sign in at Google first")
    nino.look("provisioning-before-consent")
    google = GooglePages(nino.page)
    go_on(nino)
    google.sign_in("second@osteria.example")
    google.deny()
    nino.sees("You did not allow it at Google.")
    nino.look("provisioning-denied")
    go_on(nino)
    google.sign_in("second@osteria.example")
    google.consent(without=["Edit Google Analytics management entities"])
    nino.sees("A permission is missing.")
    nino.look("provisioning-scope-missing")
    go_on(nino)
    google.consent()
    expect(nino.page.get_by_label("Account name")).to_be_visible()
    fill_in(nino, "Osteria seconda")
    google.answer()
    is_live(nino)


@pytest.mark.parametrize(
    ("answer", "says", "button"),
    [
        ("I Do Not Accept", "You did not accept Google's terms.", "To Google's terms"),
        ("Too many accounts, and back to the app", "has reached its limit", "I have deleted one: try again"),
        ("An error at Google, and back to the app", "Google had a fault of its own.", "To Google's terms"),
        ("An error with a code that nobody knows", "Google did not make the account.", "To Google's terms"),
    ],
)
def test_each_end_of_the_terms_can_be_left(visitor: NewVisitor, answer: str, says: str, button: str):
    nino = begin(visitor, "Create an account")
    google = GooglePages(nino.page)
    name = re.sub(r"\W+", "-", answer.lower())[:20].strip("-")
    fill_in(nino, name)
    google.sign_in(f"{name}@osteria.example")
    google.consent()
    google.answer(answer)
    nino.sees(says)
    nino.look(f"provisioning-{name}")
    go_on(nino, button)
    google.answer()
    is_live(nino)


def test_who_closes_the_page_after_accepting_is_found(visitor: NewVisitor):
    nino = begin(visitor, "Create an account")
    google = GooglePages(nino.page)
    fill_in(nino, "Osteria persa")
    google.sign_in("lost@osteria.example")
    google.consent()
    google.answer("Accept, but close the page before the way back")
    nino.page.goto("/provisioning/")
    nino.page.get_by_role("link", name="Go on").first.click()
    nino.look("provisioning-terms")
    go_on(nino, "I have accepted: check now")
    is_live(nino)


def test_google_failing_after_the_terms_is_taken_up_again(visitor: NewVisitor, site: Installation):
    nino = begin(visitor, "Create an account")
    google = GooglePages(nino.page)
    fill_in(nino, "Osteria guasta")
    google.sign_in("broken@osteria.example")
    google.consent()
    expect(nino.page.get_by_role("heading", name=re.compile("Terms of Service"))).to_be_visible()
    fault = {"path": "/v1beta/properties$", "method": "POST", "reason": "rateLimitExceeded"}
    fetch(f"{site.google}/_sandbox/faults", "POST", fault)
    google.answer()
    nino.sees("Google could not do this just now.")
    nino.look("provisioning-failed")
    fetch(f"{site.google}/_sandbox/faults", "DELETE")
    go_on(nino, "Go on")
    is_live(nino)


def test_back_button_and_reload_make_nothing_twice(visitor: NewVisitor, site: Installation):
    nino = begin(visitor, "Create an account")
    google = GooglePages(nino.page)
    fill_in(nino, "Osteria doppia")
    google.sign_in("twice@osteria.example")
    google.consent()
    google.answer()
    is_live(nino)
    nino.page.go_back()
    nino.page.wait_for_load_state()
    nino.page.go_forward()
    nino.page.reload()
    is_live(nino)
    made = [each["body"]["parent"] for each in site.requests("/v1beta/properties") if _makes_property(each)]
    assert (len(made) > 0, len(made)) == (True, len(set(made)))


def _makes_property(call: dict[str, Any]) -> bool:
    return (call["method"], call["path"], call["status"]) == ("POST", "/v1beta/properties", 200)


def test_existing_account(visitor: NewVisitor):
    nino = begin(visitor, "Use an existing account")
    nino.look("provisioning-existing")
    google = GooglePages(nino.page)
    go_on(nino)
    google.sign_in("marco@harbour-books.example")
    google.consent()
    nino.sees("What do you want to see here?")
    nino.look("provisioning-properties")
    nino.page.get_by_role("checkbox").first.check()
    go_on(nino, "Show these here")
    nino.sees_everything()


def test_without_scripts_the_way_is_the_same(visitor: NewVisitor):
    nino = visitor(NINO)
    state = nino.context.storage_state()
    plain = Visitor(nino.browser, nino.url, javascript=False, session=state)
    plain.page.goto("/provisioning/")
    plain.page.get_by_role("button", name="Create an account").click()
    plain.page.get_by_label("Account name").fill("Osteria semplice")
    plain.page.get_by_label("Website").fill(SITE)
    plain.page.get_by_role("button", name="Go on at Google").click()
    GooglePages(plain.page).sign_in("plain@osteria.example")
    GooglePages(plain.page).consent()
    expect(plain.page).to_have_url(re.compile(r"/analytics/web/.*#/termsofservice/"))
    plain.leave()
