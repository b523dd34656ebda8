"""The Provisioning API as first published, click by click, through to the three ids."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, expect

from tests.browser.google import GooglePages
from tests.browser.visitor import Visitor
from tests.installation import Installation, fetch, installed

OWNER = "rosa@bakery.example"


def begin(browser: Browser, site: Installation) -> Visitor:
    """Rosa, who owns a client, has told the details and stands at Google."""
    rosa = Visitor(browser, site.url).sign_in(OWNER)
    expect(rosa.page.get_by_title(OWNER)).to_be_visible()
    rosa.page.goto("/provisioning/")
    rosa.page.get_by_role("button", name="Create an account").click()
    rosa.page.get_by_label("Account name").fill("Bakery")
    rosa.page.get_by_label("Website").fill("bakery.example")
    rosa.page.get_by_role("button", name="Go on at Google").click()
    GooglePages(rosa.page).sign_in(OWNER)
    GooglePages(rosa.page).consent()
    return rosa


def test_a_project_that_is_not_admitted_is_told_so_and_then_the_three_ids(browser: Browser, tmp_path: Path):
    with installed(tmp_path, PROVISIONING_API="v3") as site:
        site.add_key("310000001")
        site.add_views("bakery,Bakery,old,Old site,310000001,,overview")
        site.add_person(OWNER, "owner", "bakery")
        fetch(f"{site.google}/_sandbox/clients", "POST", {"provisioning_v3": False})
        rosa = begin(browser, site)
        expect(rosa.page.get_by_role("heading", level=1)).to_have_text("Google could not do this just now.")
        rosa.look("provisioning-v3-refused")
        fetch(f"{site.google}/_sandbox/clients", "POST", {"provisioning_v3": True})
        rosa.page.get_by_role("button", name="Go on", exact=True).click()
        rosa.page.get_by_role("button", name="Go on at Google", exact=True).click()
        GooglePages(rosa.page).answer()
        for named in (r"\d{6,}", r"UA-\d+-1"):
            expect(rosa.page.get_by_role("main")).to_contain_text(re.compile(named))
        expect(rosa.page.get_by_role("main")).to_contain_text(re.compile("no live figures|No live figures"))
        expect(rosa.page.get_by_role("link", name="To your dashboard")).to_have_count(0)
        rosa.look("provisioning-v3")
        rosa.leave()
