"""Whose figures do not come finds out why: an owner at a view and a Google account, staff in the admin."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.google import GooglePages
from tests.browser.visitor import Visitor
from tests.installation import Installation, fetch, installed

MARCO = "marco@harbour-books.example"
OWNER = "lena@harbour.example"
OLIVIA = "olivia@northlight.example"
VIEW = "/clients/harbour/views/old/"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation of its own, as its Google is broken."""
    with installed(tmp_path_factory.mktemp("examined"), recorded=False) as made:
        made.add_key("310000001")
        made.add_views("harbour,Harbour Books,old,Old site,310000001,,overview")
        made.add_person(OWNER, "owner", "harbour")
        made.add_person(OLIVIA, "agency-owner")
        yield made


@pytest.fixture
def broken(place: Installation) -> Iterator[None]:
    """Google lets nobody read a property. Before somebody signs in, which asks for figures at once."""
    fault = {"path": "/v1beta/properties/", "status": 403, "reason": "PERMISSION_DENIED", "count": 99}
    fetch(f"{place.google}/_sandbox/faults", "POST", fault)
    yield
    fetch(f"{place.google}/_sandbox/faults", "DELETE")


@pytest.fixture
def lena(browser: Browser, place: Installation) -> Iterator[Visitor]:
    visitor = Visitor(browser, place.url)
    visitor.sign_in(OWNER)
    expect(visitor.page.get_by_title(OWNER)).to_be_visible()
    yield visitor
    visitor.leave()


def press(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("button", name=name, exact=True).click()


def heading(visitor: Visitor, text: str) -> None:
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text(text)


def open_all(visitor: Visitor) -> None:
    for each in visitor.page.locator("main details, #content details").all():
        each.evaluate("each => each.open = true")


@pytest.mark.usefixtures("broken")
def test_a_view_from_its_empty_page_to_the_broken_link(lena: Visitor):
    lena.page.goto(VIEW)
    lena.page.get_by_role("link", name="Find out why").click()
    lena.look("doctor-view")
    press(lena, "Examine")
    heading(lena, "It stops here: The property can be read.")
    lena.sees("This is read with your agency's own access: it can mend that.")
    lena.look("doctor-view-broken")
    press(lena, "Examine again")
    lena.sees("It was examined a moment ago. Wait a few seconds.")


def test_a_google_account_that_was_taken_back(lena: Visitor, browser: Browser, place: Installation):
    lena.page.goto("/provisioning/")
    press(lena, "Use an existing account")
    press(lena, "Go on at Google")
    google = GooglePages(lena.page)
    google.sign_in(MARCO)
    google.consent()
    heading(lena, "What do you want to see here?")
    fetch(f"{place.google}/_sandbox/revoke", "POST", {"email": MARCO})
    lena.page.goto("/clients/harbour/google/")
    lena.page.get_by_role("link", name="Examine").click()
    press(lena, "Examine")
    heading(lena, "It stops here: The consent signs in.")
    lena.sees("The OAuth consent screen is in Testing, where Google ends every consent after 7 days.")
    open_all(lena)
    lena.sees('"error": "invalid_grant"')
    lena.sees("code_verifier=…")
    lena.look("doctor-grant")
    lena.page.goto("/provisioning/")
    lena.page.get_by_role("link", name="Go on").first.click()
    lena.page.get_by_role("link", name="What Google says to each step").click()
    press(lena, "Examine")
    lena.look("doctor-request")
    olivia = Visitor(browser, place.url)
    olivia.sign_in(OLIVIA)
    expect(olivia.page.get_by_title(OLIVIA)).to_be_visible()
    for kind in ("grant", "provisioningrequest", "credential"):
        olivia.page.goto(f"/admin/provisioning/{kind}/")
        olivia.page.locator("#result_list tbody tr").first.get_by_role("link").first.click()
        press(olivia, "Examine")
        open_all(olivia)
        olivia.look(f"doctor-admin-{kind}")
    olivia.leave()
