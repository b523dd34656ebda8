"""What must hold for how any page looks: nothing sticks out on a phone, every text is readable in light and
dark, and axe finds nothing that would keep a person out.

SCREENSHOTS=folder keeps a picture of each page that is looked at, wide and narrow, light and dark.
"""

import os
from pathlib import Path

from playwright.sync_api import Page, TimeoutError

from tests.browser.waiting import until
from tests.installation import ROOT

WIDE, PHONE = {"width": 1440, "height": 1000}, {"width": 360, "height": 780}
SCHEMES = ("light", "dark")
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
CONTRAST = Path(__file__).with_name("contrast.js").read_text()
RUN_AXE = """async () => {
    const rules = { runOnly: ["wcag2a", "wcag2aa"], resultTypes: ["violations"], preload: false };
    const found = await axe.run(document, rules);
    const named = (each) => each.nodes.map((node) => node.html.slice(0, 150)).join(" ");
    return found.violations.map((each) => `${each.id}: ${named(each)}`.slice(0, 600));
}"""
FITS = "() => document.documentElement.scrollWidth <= innerWidth"
STICKING_OUT = """() => [...document.body.querySelectorAll("*")]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
    .map((each) => each.outerHTML.slice(0, 120)).slice(0, 5)"""
SETTLING_MS = 2000  # charts follow their boxes a little later


def assert_well_made(page: Page, name: str, *, phone: bool = True) -> None:
    """Looks at the page as it stands. `phone` is False for pages that are made for desks, as the admin's."""
    page.evaluate(AXE.read_text())
    faults = list(page.evaluate(RUN_AXE))
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        faults += [f"{scheme}, hard to read: {each}" for each in page.evaluate(CONTRAST)]
        _keep_picture(page, f"{name}-wide-{scheme}")
    if phone:
        faults += _on_a_phone(page, name)
    page.emulate_media(color_scheme="light")
    assert not faults, "\n".join([f"{name} ({page.url})", *faults])


def _on_a_phone(page: Page, name: str) -> list[str]:
    page.set_viewport_size(PHONE)
    faults = [f"at 360 px, {each}" for each in [*_overflow(page), *page.evaluate(RUN_AXE)]]
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)
        _keep_picture(page, f"{name}-phone-{scheme}")
    page.set_viewport_size(WIDE)
    return faults


def _overflow(page: Page) -> list[str]:
    try:
        until(page, FITS, within_ms=SETTLING_MS)
    except TimeoutError:
        return [f"sticks out: {each}" for each in page.evaluate(STICKING_OUT)] or ["the page is too wide"]
    return []


def _keep_picture(page: Page, name: str) -> None:
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.wait_for_timeout(150)  # the charts draw themselves anew
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
