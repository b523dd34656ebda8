"""The dashboard page itself, click by click."""

from playwright.sync_api import expect

from tests.browser.visitor import NewVisitor

NINO = "nino@osteria.example"
SITE = "/clients/osteria/views/site/"


def test_tabs_are_chosen_by_hand_and_by_keys_and_stay_in_the_address(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)
    page = nino.page
    pages = page.get_by_role("tablist", name="What they saw")
    assert pages.get_by_role("tab").all_text_contents() == ["Pages", "Landing pages", "Titles"]
    pages.get_by_role("tab", name="Titles").click()
    expect(page.get_by_role("tabpanel", name="Titles")).to_be_visible()
    expect(page.get_by_role("tabpanel", name="Landing pages")).to_be_hidden()
    page.keyboard.press("ArrowLeft")
    expect(pages.get_by_role("tab", name="Landing pages")).to_be_focused()
    page.get_by_role("tab", name="Cities").click()
    expect(page).to_have_url(nino.url + SITE + "#landing-pages,cities")
    page.reload()
    for name in ("Landing pages", "Cities", "Channels", "Devices"):
        expect(page.get_by_role("tabpanel", name=name)).to_be_visible()
    nino.look("tabs")
    page.get_by_role("link", name="Earlier").click()
    expect(page.get_by_role("tabpanel", name="Cities")).to_be_visible()


def test_without_javascript_all_tabs_stand_below_each_other(visitor: NewVisitor):
    visitor(NINO).open(SITE)
    plain = visitor(NINO, javascript=False)
    plain.page.goto(SITE)
    for name in ("Channels", "Sources", "Campaigns", "Cities", "Systems"):
        expect(plain.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    assert plain.page.locator(".pane table:visible").count() == 13
