"""The dashboard page itself, click by click."""

import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser import looks
from tests.browser.visitor import NewVisitor, Visitor
from tests.browser.waiting import until

# What was fetched, and its weight as it was sent.
LOADED = """() => Object.fromEntries(performance.getEntriesByType("navigation")
    .concat(performance.getEntriesByType("resource"))
    .map((each) => [each.name, each.transferSize]))"""

NINO, OLIVIA = "nino@osteria.example", "olivia@northlight.example"
SITE = "/clients/osteria/views/site/"
FOUR_WEEKS = f"{SITE}?from=2026-01-05&to=2026-02-01"  # Mondays to Sundays, whatever day it is


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


def test_what_is_seen_comes_first_and_what_other_tabs_hide_by_itself_after_it(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)  # so that nothing else of this property is being asked
    page = nino.page
    asked: list[Route] = []
    page.route("**/data.json*", lambda route: asked.append(route) if asked else _pass(route, asked))
    page.goto(f"{SITE}?from=2026-02-01&to=2026-02-28")
    for name in ("Channels", "Pages", "Countries", "Devices"):
        expect(page.get_by_role("tabpanel", name=name).locator("tbody tr").first).to_be_visible()
    expect(page.get_by_role("progressbar", name="Fetching figures")).to_be_hidden()
    expect(page.locator("main")).to_have_attribute("data-complete", "false")
    page.get_by_role("tab", name="Cities").click()
    cities = page.get_by_role("tabpanel", name="Cities")
    expect(cities).to_contain_text("On its way")
    nino.look("tab-on-its-way")
    asked[1].continue_()
    expect(cities.locator("tbody tr").first).to_be_visible()
    expect(page.locator("main")).to_have_attribute("data-complete", "true")


def _pass(route: Route, asked: list[Route]) -> None:
    asked.append(route)
    route.continue_()


def test_without_javascript_all_tabs_stand_below_each_other(visitor: NewVisitor):
    visitor(NINO).open(SITE)
    plain = visitor(NINO, javascript=False)
    plain.page.goto(SITE)
    for name in ("Channels", "Sources", "Campaigns", "Cities", "Systems"):
        expect(plain.page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    assert plain.page.locator(".pane table:visible").count() == 13


def test_rows_narrow_the_page_down_and_chips_take_it_back(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)
    page = nino.page
    page.get_by_role("link", name="Organic Search").click()
    nino.sees_everything()
    page.get_by_role("link", name="mobile", exact=True).click()
    nino.sees_everything()
    chips = page.locator(".chip")
    assert [text.strip("×") for text in chips.all_text_contents()] == [
        "Channel: Organic Search",
        "Device: mobile",
    ]
    assert page.get_by_role("tabpanel", name="Devices").locator("tbody tr").count() == 1
    nino.look("two-filters")
    page.get_by_role("link", name="Remove the filter Channel: Organic Search").click()
    expect(chips).to_have_count(1)
    expect(page).to_have_url(nino.url + SITE + "?period=28d&filter=deviceCategory%3D%3Dmobile")


def test_a_card_that_cannot_take_a_filter_says_so_and_the_others_stay(visitor: NewVisitor):
    sam = visitor("sam@marlow.example").open("/clients/marlow/views/shop/")
    items = sam.page.get_by_role("tabpanel", name="Items")
    name = items.locator("tbody th").first.text_content()
    items.locator("tbody a").first.click()
    sam.sees_everything()
    expect(sam.page.locator(".chip")).to_contain_text(f"Item: {name}")
    heading = sam.page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Google has no headline figures for this filter.")
    assert items.locator("tbody tr").count() == 1
    devices = sam.page.get_by_role("group", name="Devices")
    expect(devices).to_contain_text("Google cannot narrow this down by the filter above.")
    sam.look("filter-not-for-all")


def test_all_rows_are_searched_and_sorted_by_hand(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)
    page = nino.page
    page.get_by_role("link", name="All pages").click()
    nino.sees_everything()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pages")
    nino.look("all-rows")
    page.get_by_role("link", name="Page views").click()
    nino.sees_everything()
    expect(page.locator("[aria-sort]")).to_have_attribute("aria-sort", "descending")
    page.get_by_role("searchbox").fill("menu")
    page.get_by_role("searchbox").press("Enter")
    nino.sees_everything()
    names = page.locator("tbody th").all_text_contents()
    assert names
    assert all("menu" in name for name in names)
    expect(page).to_have_url(re.compile("sort=-screenPageViews&q=menu"))
    page.locator("tbody a").first.click()
    nino.sees_everything()
    expect(page.locator(".chip")).to_contain_text(f"Page: {names[0].strip()}")


def test_choosing_a_figure_draws_the_chart_of_it(visitor: NewVisitor):
    nino = visitor(NINO).open(FOUR_WEEKS)
    page = nino.page
    page.locator(".main").get_by_text("As a table").click()
    first = page.locator(".main tbody td").first
    visits = first.text_content()
    page.evaluate("window.still = true")
    page.get_by_role("link", name="People").click()
    expect(page.locator(".tile.drawn .n")).to_have_text("People")
    assert int((first.text_content() or "").replace(",", "")) < int((visits or "").replace(",", ""))
    expect(page).to_have_url(re.compile("metric=activeUsers"))
    assert page.evaluate("window.still") is True
    people = first.text_content()
    page.reload()
    assert page.locator(".main tbody td").first.text_content() == people
    page.get_by_role("link", name="Week").click()
    nino.sees_everything()
    expect(page).to_have_url(re.compile("(?=.*by=week)(?=.*metric=activeUsers)"))
    assert page.locator(".main tbody tr").count() == 4
    nino.look("people-by-week")


def test_on_a_phone_the_figures_show_before_any_scrolling(visitor: NewVisitor):
    nino = visitor(NINO)
    nino.page.set_viewport_size({"width": 360, "height": 740})
    nino.open(SITE)
    last = nino.page.locator(".tile").last.bounding_box()
    assert last
    assert last["y"] + last["height"] <= 740


def test_keys_do_what_the_menus_do(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)
    page = nino.page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    nino.look("keys")
    page.keyboard.press("d")
    page.keyboard.press("Escape")
    expect(page).to_have_url(nino.url + SITE)
    page.keyboard.press("w")
    expect(page).to_have_url(re.compile("period=7d"))
    nino.sees_everything()
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("from="))
    nino.sees_everything()
    page.keyboard.press("x")
    expect(page).to_have_url(re.compile("compare=none"))
    nino.sees_everything()
    page.keyboard.press("x")
    expect(page).not_to_have_url(re.compile("compare"))
    nino.sees_everything()
    page.goto(f"{SITE}?filter=country%3D%3DItaly&filter=deviceCategory%3D%3Dmobile")
    nino.sees_everything()
    page.keyboard.press("Escape")
    expect(page.locator(".chip")).to_have_count(0)


def test_keys_stay_out_of_fields(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)
    page = nino.page
    page.keyboard.press("c")
    expect(page.get_by_role("textbox", name="From")).to_be_focused()
    page.keyboard.press("d")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+f")
    expect(page).to_have_url(nino.url + SITE)
    page.get_by_role("link", name="All pages").click()
    nino.sees_everything()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("dew")
    expect(page.get_by_role("searchbox")).to_have_value("dew")


def test_weekdays_are_matched_from_the_menu(visitor: NewVisitor):
    nino = visitor(NINO).open(f"{SITE}?period=30d")
    page = nino.page
    page.locator("summary", has_text="vs. the 30 days before").click()
    page.get_by_role("link", name="Weekdays matched").click()
    nino.sees_everything()
    expect(page.get_by_role("heading", level=1)).to_contain_text("than the same weekdays before")


def test_a_page_prints_on_few_sheets(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)
    page = nino.page
    page.emulate_media(media="print")
    for hidden in (".period", ".person", ".why summary", ".csv", "#show-keys"):
        expect(page.locator(hidden).first).to_be_hidden()
    expect(page.locator(".tile").last).to_be_visible()
    sheets = len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4")))
    assert 1 <= sheets <= 3


def test_the_map_is_fetched_when_it_is_seen(visitor: NewVisitor):
    nino = visitor(NINO)
    asked: list[str] = []
    nino.page.on("request", lambda request: asked.append(request.url))
    nino.open(SITE)
    assert [url for url in asked if "countries" in url or "geo" in url] == []
    place = nino.page.get_by_label("Countries, as a map; the same as a table follows")
    place.scroll_into_view_if_needed()
    expect(place.locator("canvas")).to_be_visible()
    nino.page.get_by_role("tab", name="Cities").click()
    nino.page.get_by_role("tab", name="Countries").click()
    expect(place.locator("canvas")).to_be_visible()
    nino.look("map")


def test_a_finger_on_the_map_scrolls_the_page(visitor: NewVisitor):
    nino = visitor(NINO)
    nino.page.set_viewport_size(looks.PHONE)
    nino.open(SITE)
    place = nino.page.locator(".world")
    place.evaluate("each => each.scrollIntoView({ block: 'center' })")
    expect(place.locator("canvas")).to_be_visible()
    box = place.bounding_box()
    before = nino.page.evaluate("scrollY")
    assert box
    swipe_up(nino, x=box["x"] + box["width"] / 2, y=box["y"] + box["height"] / 2)
    until(nino.page, "before => scrollY > before + 100", before)


def swipe_up(visitor: Visitor, *, x: float, y: float) -> None:
    """A finger's way of 200 pixels."""
    hand = visitor.context.new_cdp_session(visitor.page)

    def touch(kind: str, *points: dict[str, float]) -> None:
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    touch("touchStart", {"x": x, "y": y})
    for way in range(10, 201, 10):
        touch("touchMove", {"x": x, "y": y - way})
    touch("touchEnd")


# What of the bar lies upon something else of it, or sticks out.
CROWDED = """() => {
    const parts = [...document.querySelectorAll(".top > *, .brand > *")].filter((each) => each.offsetWidth);
    const box = (each) => each.getBoundingClientRect();
    const meet = (one, other) => !one.contains(other) && !other.contains(one)
        && box(one).left < box(other).right - 1 && box(other).left < box(one).right - 1
        && box(one).top < box(other).bottom - 1 && box(other).top < box(one).bottom - 1;
    const spills = (each) => each.scrollWidth > each.clientWidth + 1 && !each.matches(".cut, .brand *");
    const spilt = parts.filter(spills);
    const upon = parts.filter((each) => parts.some((other) => meet(each, other)));
    return [...spilt, ...upon].map((each) => each.outerHTML.slice(0, 80));
}"""


@pytest.mark.parametrize("width", [1440, 1200, 1000, 820, 600, 360])
def test_the_bar_has_room_at_every_width(visitor: NewVisitor, width: int):
    nino = visitor(NINO).open(f"{SITE}?from=2025-12-28&to=2026-01-24&compare=year")
    nino.page.set_viewport_size({"width": width, "height": 700})
    assert nino.page.evaluate(CROWDED) == []
    until(nino.page, looks.FITS)  # once the charts have followed


def test_on_a_phone_names_come_before_second_figures(visitor: NewVisitor):
    sam = visitor("sam@marlow.example")
    heads = (
        sam.open("/clients/marlow/views/shop/")
        .page.get_by_role("tabpanel", name="Items")
        .locator("th[scope=col]")
    )
    expect(heads.locator("visible=true")).to_have_text(["Item", "Item revenue", "Items sold", "Change"])
    sam.page.set_viewport_size(looks.PHONE)
    expect(heads.locator("visible=true")).to_have_text(["Item", "Item revenue", "Change"])
    country = sam.page.get_by_role("link", name="United Kingdom")
    assert country.evaluate("each => each.scrollWidth <= each.clientWidth")


def test_staff_are_told_whose_page_they_see_and_led_back(visitor: NewVisitor):
    olivia = visitor(OLIVIA).open(SITE)
    ribbon = olivia.page.get_by_role("complementary", name="Seen as staff")
    expect(ribbon).to_contain_text("You see what Osteria da Nino sees.")
    olivia.look("as-staff")
    ribbon.get_by_role("link", name="Edit this view").click()
    expect(olivia.page).to_have_url(re.compile(r"/admin/dashboards/view/[0-9a-f-]+/change/"))
    olivia.page.get_by_role("link", name="Open as client").click()
    ribbon.get_by_role("link", name="All clients").click()
    expect(olivia.page).to_have_url(olivia.url + "/")
    nino = visitor(NINO).open(SITE)
    expect(nino.page.locator(".ribbon")).to_have_count(0)


PLACE = "each => [each.getBoundingClientRect().x, each.getBoundingClientRect().y + scrollY]"


def test_an_explanation_opens_below_and_its_mark_stays(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)
    mark = nino.page.get_by_label("What “Channels” shows")
    before = mark.evaluate(PLACE)
    mark.click()
    nino.sees("The kind of way on which people came.")
    assert mark.evaluate(PLACE) == before


def test_a_first_visit_is_light(visitor: NewVisitor):
    visitor(NINO).open(SITE)
    first = visitor(NINO).open(SITE)
    first.page.wait_for_timeout(500)
    loaded = first.page.evaluate(LOADED)
    assert len(loaded) <= 15
    assert sum(loaded.values()) <= 120 * 1024, loaded
