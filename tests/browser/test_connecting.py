"""A client with Google Analytics connects it, chooses properties, and later lets the service account read."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.google import GooglePages
from tests.browser.visitor import Visitor
from tests.installation import Installation, installed

AGENCY = "agency@northlight.example"  # 300 properties
MARCO = "marco@harbour-books.example"  # three
OWNER = "lena@harbour.example"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation of its own: what is connected here would stand in others' lists."""
    with installed(tmp_path_factory.mktemp("connecting"), recorded=False) as made:
        made.add_key("310000001")
        made.add_views("harbour,Harbour Books,old,Old site,310000001,,overview")
        made.add_person(OWNER, "owner", "harbour")
        yield made


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def lena(request: pytest.FixtureRequest, browser: Browser, place: Installation) -> Iterator[Visitor]:
    visitor = Visitor(browser, place.url, javascript=request.param)
    visitor.sign_in(OWNER)
    expect(visitor.page.get_by_title(OWNER)).to_be_visible()
    yield visitor
    visitor.leave()


def connect(lena: Visitor, email: str) -> None:
    """Until the page of properties."""
    lena.page.goto("/provisioning/")
    lena.page.get_by_role("button", name="Use an existing account").click()
    lena.page.get_by_role("button", name="Go on at Google").click()
    google = GooglePages(lena.page)
    google.sign_in(email)
    google.consent()
    expect(lena.page.get_by_role("heading", level=1)).to_have_text("What do you want to see here?")


def look(lena: Visitor, name: str) -> None:
    """Its eyes need scripts."""
    if lena.javascript:
        lena.look(name)


def press(lena: Visitor, name: str) -> None:
    lena.page.get_by_role("button", name=name, exact=True).click()


def test_hundreds_are_searched_and_paged_and_the_choice_stays(lena: Visitor):
    connect(lena, AGENCY)
    look(lena, "properties")
    box = lena.page.get_by_role("checkbox")
    expect(box).to_have_count(50)
    box.nth(0).check()
    press(lena, "More")
    expect(lena.page.get_by_text("2 of 6")).to_be_visible()
    box.nth(1).check()
    lena.page.get_by_role("searchbox").fill("330000150")
    lena.page.get_by_role("searchbox").press("Enter")
    expect(box).to_have_count(1)
    lena.sees("2 ticked so far")
    box.check()
    press(lena, "Show these here")
    expect(lena.page).to_have_url(re.compile("/clients/harbour/$"))
    expect(lena.page.get_by_text("Bluebell Toys")).to_be_visible()


def test_one_leads_to_its_figures_and_its_connection_can_be_handed_over_and_ended(lena: Visitor):
    connect(lena, MARCO)
    lena.page.get_by_role("checkbox").first.check()
    press(lena, "Show these here")
    if lena.javascript:
        lena.sees_everything()
    lena.page.goto("/clients/harbour/google/")
    look(lena, "grants")
    mine = lena.page.get_by_role("region", name=MARCO)
    if mine.get_by_role("link", name="Use the service account").count():
        mine.get_by_role("link", name="Use the service account").click()
        look(lena, "grant-hand-over")
        press(lena, "Invite it")
        GooglePages(lena.page).consent()
        lena.sees("The agency's service account reads your figures now.")
    mine.get_by_role("link", name="Disconnect").click()
    lena.sees("No view depends on it.")
    look(lena, "grant-disconnect")
    press(lena, "Disconnect")
    lena.sees(f"{MARCO} is disconnected, here and at Google.")
    expect(mine).to_have_count(0)
