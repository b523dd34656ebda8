"""What the browser prints: a clean page in light colours, with whose figures these are, and of which days."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.visitor import NewVisitor, Visitor
from tests.browser.waiting import until

NINO, OLIVIA = "nino@osteria.example", "olivia@northlight.example"
SITE = "/clients/osteria/views/site/"
PICTURE = re.compile(rb"P6\s+(\d+)\s+(\d+)\s+255\s")


def printed(visitor: Visitor, path: Path) -> Path:
    """The page as a PDF, by the browser's own print."""
    visitor.page.pdf(path=path, format="A4")
    return path


def text_of(pdf: Path) -> str:
    """What can be read on it; without poppler's programs the test is skipped."""
    if not shutil.which("pdftotext"):
        why = "pdftotext was not found; install poppler-utils"
        pytest.fail(why) if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip(why)
    ended = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    return ended.stdout.decode()


def brightness(pdf: Path) -> float:
    """How light its first page is on average, from 0 (black) to 1 (white)."""
    ended = subprocess.run(
        ["pdftoppm", "-r", "20", "-f", "1", "-l", "1", pdf], capture_output=True, check=True
    )
    header = PICTURE.match(ended.stdout)
    assert header
    pixels = ended.stdout[header.end() :]
    return sum(pixels) / len(pixels) / 255


LINE = "() => Chart.getChart(document.querySelector('.main canvas')).data.datasets[0].borderColor"
BORDERS = "() => Chart.getChart(document.querySelector('.world canvas')).data.datasets[0].borderColor"


def assert_comes_to_be(visitor: Visitor, script: str, colour: str) -> None:
    """A change of the medium reaches the page's script with its next picture."""
    for _ in range(40):
        if visitor.page.evaluate(script) == colour:
            return
        visitor.page.wait_for_timeout(50)
    assert visitor.page.evaluate(script) == colour


def test_paper_says_whose_figures_these_are_and_of_which_days(visitor: NewVisitor, tmp_path: Path):
    nino = visitor(NINO).open(f"{SITE}?from=2026-10-01&to=2026-10-31#sources,cities")
    text = text_of(printed(nino, tmp_path / "page.pdf"))
    top = " ".join(text.split()[:22])
    assert top.startswith("Northlight Whole site for Osteria da Nino 1 – 31 Oct 2026, vs. the 31 days before")
    for seen in ("Sources", "Cities", "Pages", "Rome", "hello@northlight.example", "1 – 31 Oct 2026"):
        assert seen in text
    for unseen in ("Channels", "Countries", "CSV", "As a table", "Keyboard", "All sources", NINO, "Overview"):
        assert unseen not in text


def test_paper_is_light_for_whoever_reads_in_the_dark(visitor: NewVisitor, tmp_path: Path):
    nino = visitor(NINO).open(SITE)
    nino.page.emulate_media(color_scheme="dark")
    pdf = printed(nino, tmp_path / "dark.pdf")
    text_of(pdf)
    assert brightness(pdf) > 0.93
    nino.page.emulate_media(media="print")
    assert_comes_to_be(nino, LINE, "rgb(31, 111, 92)")
    nino.page.emulate_media(media="screen")
    assert_comes_to_be(nino, LINE, "rgb(85, 182, 155)")


def test_a_filter_stands_on_the_paper(visitor: NewVisitor, tmp_path: Path):
    nino = visitor(NINO).open(f"{SITE}?filter=country%3D%3DItaly")
    assert "Country: Italy" in text_of(printed(nino, tmp_path / "filtered.pdf"))


def test_no_card_is_cut_by_the_end_of_a_page(visitor: NewVisitor, tmp_path: Path):
    olivia = visitor(OLIVIA).open("/clients/marlow/views/shop/?from=2026-01-01&to=2026-01-31")
    pages = text_of(printed(olivia, tmp_path / "shop.pdf")).split("\f")
    for words in (("Items", "Gift"), ("Countries", "(not"), ("Devices", "tablet")):
        assert [page for page in pages if words[0] in page.split()] == [
            page for page in pages if set(words) <= set(page.split())
        ]


def test_a_map_that_was_seen_is_printed_in_light_colours(visitor: NewVisitor, tmp_path: Path):
    nino = visitor(NINO)
    nino.page.emulate_media(color_scheme="dark")
    nino.open(SITE)
    place = nino.page.locator(".world")
    place.scroll_into_view_if_needed()
    expect(place.locator("canvas")).to_be_visible()
    assert_comes_to_be(nino, BORDERS, "rgb(28, 32, 36)")
    nino.page.emulate_media(media="print")
    assert_comes_to_be(nino, BORDERS, "rgb(255, 255, 255)")
    text_of(printed(nino, tmp_path / "map.pdf"))


def test_a_map_that_was_not_seen_leaves_no_hole_on_paper(visitor: NewVisitor):
    nino = visitor(NINO).open(SITE)
    nino.page.emulate_media(media="print")
    expect(nino.page.locator(".world")).to_be_hidden()


NOTE_PRINTS = """() => {
    const maps = () => [...document.querySelectorAll('.world canvas')];
    window.print = () => { window.printed = maps().map((each) => Boolean(Chart.getChart(each))); };
}"""


@pytest.mark.parametrize("by", ["Control+p", "button"])
def test_printing_by_key_or_button_waits_for_the_map(visitor: NewVisitor, by: str):
    nino = visitor(NINO).open(SITE)
    nino.page.evaluate(NOTE_PRINTS)
    if by == "button":
        nino.page.get_by_role("button", name="Print or save as PDF").click()
    else:
        nino.page.keyboard.press(by)
    until(nino.page, "window.printed")
    assert nino.page.evaluate("window.printed") == [True]
    nino.page.emulate_media(media="print")
    expect(nino.page.locator(".world canvas")).to_be_visible()
