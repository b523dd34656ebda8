"""A client's way: signing in, and reading its figures in every manner the page offers."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import NewVisitor, Visitor
from tests.installation import PASSWORD, Installation, fetch

NINO, SAM = "nino@osteria.example", "sam@marlow.example"
SITE = "/clients/osteria/views/site/"
SHOP = "/clients/marlow/views/shop/"

# How many canvases there are, and which of them show nothing.
CANVASES = """() => {
    const all = [...document.querySelectorAll("canvas")];
    const isBlank = (canvas) => !Chart.getChart(canvas)
        || !canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some(Boolean);
    return { all: all.length, blank: all.filter(isBlank).map((canvas) => canvas.ariaLabel) };
}"""


def cards(page: Page) -> list[str]:
    """The titles that a reader finds, in order."""
    return [title.strip() for title in page.locator("[data-card] h2").all_text_contents()]


def choose(page: Page, menu: str, entry: str) -> None:
    """Opens a menu of the bar by its name and follows an entry."""
    page.locator("summary", has_text=menu).click()
    page.locator("details[open]").get_by_role("link", name=entry, exact=True).click()


def headline(page: Page) -> str:
    """The sentence at the top."""
    return (page.locator("h1").text_content() or "").strip()


def test_a_client_signs_in_and_lands_on_its_only_view(visitor: NewVisitor):
    nino = visitor()
    nino.page.goto("/")
    nino.look("landing")
    nino.page.get_by_role("link", name="Sign in", exact=True).click()
    nino.look("sign-in")
    nino.page.get_by_label("Email").fill(NINO)
    nino.page.get_by_label("Password").fill("not my password")
    nino.page.get_by_role("button", name="Sign in", exact=True).click()
    nino.sees("The email address and/or password you specified are not correct.")
    expect(nino.page.get_by_label("Email")).to_have_value(NINO)
    nino.look("sign-in-refused")
    nino.page.get_by_label("Password").fill(PASSWORD)
    nino.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(nino.page).to_have_url(nino.url + SITE)
    nino.sees_everything()
    assert re.fullmatch(r"[\d,]+ visits, .+ than the 28 days before\.", headline(nino.page))
    assert cards(nino.page) == [
        "Visits", "Channels", "Sources", "Campaigns", "Pages", "Landing pages", "Titles", "Countries",
        "Regions", "Cities", "Devices", "Browsers", "Systems", "Key events",
    ]  # fmt: skip
    assert nino.page.evaluate(CANVASES) == {"all": 1, "blank": []}
    nino.look("overview")


def test_a_cold_page_shows_its_progress_and_fills_by_itself(visitor: NewVisitor, site: Installation):
    nino = visitor(NINO)
    slow = {"path": "properties/310000001:", "delay_ms": 1500}
    fetch(f"{site.google}/_sandbox/faults", "POST", slow)
    nino.page.goto(f"{SITE}?from=2026-03-01&to=2026-03-31")
    expect(nino.page.get_by_role("heading", level=1)).to_have_text("Your figures are on their way.")
    expect(nino.page.get_by_role("progressbar", name="Fetching figures")).to_be_visible()
    assert nino.page.locator("[data-card].waiting").count() == 14
    nino.sees_everything()
    assert nino.page.locator("[data-card].waiting, .blank").count() == 0
    assert nino.page.evaluate(CANVASES) == {"all": 1, "blank": []}
    assert "visits" in headline(nino.page)


def test_the_waiting_page_is_well_made_too(visitor: NewVisitor):
    nino = visitor(NINO)
    nino.page.route("**/data.json*", lambda route: None)  # an answer that never comes
    nino.page.goto(f"{SITE}?from=2026-02-01&to=2026-02-28")
    expect(nino.page.get_by_role("heading", level=1)).to_have_text("Your figures are on their way.")
    nino.look("waiting")


def test_a_shop_has_three_dashboards_and_every_card_is_drawn(visitor: NewVisitor):
    sam = visitor(SAM).open(SHOP)
    tabs = sam.page.get_by_role("navigation", name="Dashboards")
    assert tabs.get_by_role("link").all_text_contents() == ["E-commerce", "Overview", "Content"]
    assert "earned" in headline(sam.page)
    assert cards(sam.page)[0] == "Revenue"
    assert sam.page.evaluate(CANVASES) == {"all": 3, "blank": []}
    sam.look("e-commerce")
    for name, first, drawn in (("Overview", "Visits", 1), ("Content", "Page views", 1)):
        tabs.get_by_role("link", name=name).click()
        expect(tabs.locator("[aria-current=page]")).to_have_text(name)
        sam.sees_everything()
        assert cards(sam.page)[0] == first
        assert sam.page.evaluate(CANVASES) == {"all": drawn, "blank": []}
        sam.look(f"shop-{name.lower()}")


def test_periods_and_comparisons_are_chosen_by_hand(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)
    page = nino.page
    choose(page, "vs. the 28 days before", "Same days last year")
    expect(page).to_have_url(re.compile(r"compare=year"))
    nino.sees_everything()
    assert re.search("the same days (last year|a year earlier)", headline(page))
    choose(page, "Last 28 days", "Last 90 days")
    expect(page).to_have_url(re.compile(r"(?=.*period=90d)(?=.*compare=year)"))
    nino.sees_everything()
    choose(page, "vs.", "No comparison")
    expect(page.locator("summary", has_text="Not compared")).to_be_visible()
    nino.sees_everything()
    assert page.locator(".chg").count() == 0
    assert re.fullmatch(r"[\d,]+ visits\.", headline(page))
    nino.look("not-compared")


def test_arrows_lead_to_the_period_before_and_back(visitor: NewVisitor):
    nino = visitor(NINO).open(f"{SITE}?from=2026-09-01&to=2026-09-30")
    page = nino.page
    first = headline(page)
    page.get_by_role("link", name="Earlier").click()
    expect(page).to_have_url(re.compile("from=2026-08-"))
    nino.sees_everything()
    assert headline(page) != first
    page.get_by_role("link", name="Later").click()
    expect(page).to_have_url(re.compile("from=2026-09-01&to=2026-09-30"))
    nino.sees_everything()
    assert headline(page) == first


def test_own_dates_by_the_form_keep_tab_and_filter(visitor: NewVisitor):
    nino = visitor(NINO).open(f"{SITE}?dashboard=content&filter=country%3D%3DItaly&compare=none")
    page = nino.page
    page.locator("summary", has_text="Last 28 days").click()
    page.get_by_label("From").fill("2026-10-05")
    page.get_by_label("To", exact=True).fill("2026-10-11")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("summary", has_text="5 – 11 Oct 2026")).to_be_visible()
    nino.sees_everything()
    expect(page.get_by_role("navigation", name="Dashboards").locator("[aria-current]")).to_have_text(
        "Content"
    )
    expect(page.locator(".chip")).to_have_text(re.compile("Country: Italy"))
    expect(page.locator("summary", has_text="Not compared")).to_be_visible()


def test_dates_that_make_no_sense_say_so(visitor: NewVisitor):
    nino = visitor(NINO)
    nino.expected.add(400)
    nino.page.goto(f"{SITE}?from=2026-10-31&to=2026-10-01")
    expect(nino.page.get_by_role("heading", level=1)).to_be_visible()
    nino.look("bad-dates")
    nino.page.get_by_role("link", name="Show Whole site as usual").click()
    expect(nino.page).to_have_url(nino.url + SITE)


def test_a_filter_in_the_address_is_a_chip_that_can_be_taken_off(visitor: NewVisitor):
    nino = visitor(NINO).open(f"{SITE}?filter=country%3D%3DItaly")
    page = nino.page
    narrowed = page.locator(".tile .v").first.text_content()
    nino.look("filtered")
    page.get_by_role("link", name="Remove the filter Country: Italy").click()
    nino.sees_everything()
    expect(page.locator(".chip")).to_have_count(0)
    assert int((narrowed or "").replace(",", "")) < figure(page)


def figure(page: Page) -> int:
    """The first headline figure."""
    return int((page.locator(".tile .v").first.text_content() or "").replace(",", ""))


def test_numbers_come_as_a_file_too(visitor: NewVisitor, tmp_path: Path):
    nino = visitor(NINO).open(SITE)
    nino.page.get_by_role("tab", name="Sources").click()
    with nino.page.expect_download() as begun:
        nino.page.get_by_role("link", name="Sources as CSV").click()
    begun.value.save_as(tmp_path / "sources.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "sources.csv").read_bytes().decode("utf-8-sig"))))
    table = nino.page.locator("table", has=nino.page.get_by_text("Sources", exact=True))
    shown = table.locator("tbody tr").first
    assert rows[1][0] == (shown.locator("th").text_content() or "").strip()
    assert f"{int(rows[1][1]):,}" == shown.locator("td").first.text_content()
    assert begun.value.suggested_filename.endswith(".csv")


def test_a_chart_can_be_read_as_a_table(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)
    main = nino.page.locator(".main")
    main.get_by_text("As a table").click()
    expect(main.locator("tbody tr")).to_have_count(28)
    nino.page.get_by_label("What “People” means").click()
    nino.sees("How many different people came, as far as Google can tell them apart.")
    nino.look("opened")


def test_without_javascript_a_warm_page_shows_figures_and_tables(visitor: NewVisitor):
    visitor(NINO).open(SITE)
    plain = visitor(NINO, javascript=False)
    plain.page.goto(SITE)
    assert figure(plain.page) > 0
    sources = plain.page.locator("table", has=plain.page.get_by_text("Sources", exact=True))
    expect(sources.locator("tbody tr")).to_have_count(7)
    plain.page.locator(".main").get_by_text("As a table").click()
    expect(plain.page.locator(".main tbody tr")).to_have_count(28)
    widths = [table.bounding_box() for table in plain.page.locator(".card table:visible").all()]
    assert min(box["width"] for box in widths if box) > 500


def test_without_javascript_a_cold_page_says_what_to_do(visitor: NewVisitor):
    plain = visitor(NINO, javascript=False)
    plain.page.goto(f"{SITE}?from=2026-01-05&to=2026-01-11")
    hint = plain.page.locator("noscript p")
    expect(hint).to_be_visible()
    expect(hint).to_have_text(re.compile("reload this page in a few seconds"))


AGE = """
from datetime import timedelta
from django.utils import timezone
from accounts.tenancy import all_tenants
from dashboards.models import Snapshot
past = timezone.now() - timedelta(days=3)
with all_tenants(reason="a test"):
    Snapshot.objects.filter(view__tenant__slug="marlow").update(fetched_at=past, fresh_until=past)
"""


def test_while_google_is_down_the_last_figures_stay_up(visitor: NewVisitor, site: Installation):
    sam = visitor(SAM).open(f"{SHOP}?from=2026-10-01&to=2026-10-31")
    known = headline(sam.page)
    site.manage("shell", "-v", "0", "-c", AGE)
    fetch(f"{site.google}/_sandbox/faults", "POST", {"path": "310000002", "status": 503})
    sam.page.reload()
    sam.sees_everything()
    assert headline(sam.page) == known
    assert sam.page.evaluate(CANVASES) == {"all": 3, "blank": []}
    notice = sam.page.locator("#warnings .bad")
    expect(notice).to_have_text(
        re.compile(r"^Some figures are from \d+ \w+, \d\d:\d\d\. Google Analytics has a fault of its own")
    )
    sam.look("google-down")


def test_while_google_is_down_a_page_never_seen_says_so(visitor: NewVisitor, site: Installation):
    fetch(f"{site.google}/_sandbox/faults", "POST", {"path": "310000001", "status": 503})
    nino = visitor(NINO).open(f"{SITE}?from=2025-10-01&to=2025-10-31")
    expect(nino.page.get_by_role("heading", level=1)).to_have_text("Google does not answer right now.")
    nino.sees("hello@northlight.example")
    assert nino.page.locator(".tile:visible, .card:visible").count() == 0
    nino.look("google-down-cold")


@pytest.mark.parametrize("address", [SHOP, "/clients/marlow/", "/clients/nobody/", f"{SITE}nothing/"])
def test_what_is_anothers_or_nowhere_is_not_found(visitor: NewVisitor, address: str):
    nino = visitor(NINO)
    nino.expected.add(404)
    answer = nino.page.goto(address)
    assert answer
    assert answer.status == 404
    assert "Marlow" not in nino.page.content()
    if address == SHOP:
        nino.look("not-found")
    nino.page.get_by_role("link", name="To your views").click()
    expect(nino.page).to_have_url(nino.url + SITE)


def test_signing_out_ends_it(visitor: NewVisitor):
    nino = visitor().sign_in(NINO)
    nino.sees_everything()
    nino.page.locator("summary", has_text=NINO).click()
    nino.look("person-menu")
    nino.page.get_by_role("button", name="Sign out").click()
    expect(nino.page.get_by_role("link", name="Sign in", exact=True)).to_be_visible()
    nino.page.goto(SITE)
    expect(nino.page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_menus_close_by_escape_and_elsewhere(visitor: NewVisitor):
    nino: Visitor = visitor(NINO).open(SITE)
    period = nino.page.locator("summary", has_text="Last 28 days")
    period.click()
    expect(nino.page.locator("details.menu[open]")).to_have_count(1)
    nino.look("period-menu")
    nino.page.keyboard.press("Escape")
    expect(nino.page.locator("details.menu[open]")).to_have_count(0)
    expect(period).to_be_focused()
    period.press("Enter")
    nino.page.locator(".foot").click(position={"x": 2, "y": 2})
    expect(nino.page.locator("details.menu[open]")).to_have_count(0)
