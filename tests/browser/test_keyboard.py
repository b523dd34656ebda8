"""The whole page by keyboard alone: everything is reached, seen to be reached, and left again."""

import re

from playwright.sync_api import Page, expect

from tests.browser.visitor import NewVisitor

NINO = "nino@osteria.example"
SITE = "/clients/osteria/views/site/"

# Whether what has the focus is seen at all, and shows that it has it.
FOCUS = """() => {
    const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
    return [box.width > 0 && box.height > 0, style.outlineStyle !== "none" || style.borderStyle !== "none"];
}"""


def tab_to(page: Page, wanted: str, limit: int = 80) -> None:
    """Presses Tab until what matches `wanted` has the focus."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS) == [True, True], page.evaluate("document.activeElement.outerHTML")
        if page.evaluate("css => document.activeElement.matches(css)", wanted):
            return
    raise AssertionError(f"Tab never came to {wanted}")


def test_the_first_tab_leads_past_the_bar(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)
    nino.page.keyboard.press("Tab")
    expect(nino.page.get_by_role("link", name="To the content")).to_be_focused()
    nino.page.keyboard.press("Enter")
    tab_to(nino.page, "main *", limit=1)


def test_a_period_is_chosen_without_a_mouse(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)
    tab_to(nino.page, ".wide summary")
    nino.page.keyboard.press("Enter")
    tab_to(nino.page, '[data-key="T"]', limit=8)
    nino.page.keyboard.press("Enter")
    expect(nino.page).to_have_url(re.compile("period=30d"))
    nino.sees_everything()


def test_a_row_narrows_the_page_and_escape_takes_it_back(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)
    tab_to(nino.page, "tbody th a")
    nino.page.keyboard.press("Enter")
    expect(nino.page.locator(".chip")).to_have_count(1)
    nino.sees_everything()
    nino.page.keyboard.press("Escape")
    expect(nino.page.locator(".chip")).to_have_count(0)


def test_everything_on_the_page_can_be_reached_and_shows_it(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)
    tab_to(nino.page, "#show-keys", limit=200)
    nino.page.keyboard.press("Enter")
    expect(nino.page.get_by_role("dialog")).to_be_visible()
    nino.page.keyboard.press("Escape")
    expect(nino.page.get_by_role("dialog")).to_be_hidden()
    expect(nino.page.locator("#show-keys")).to_be_focused()
