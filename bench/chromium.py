"""Chromium as somebody who comes for the first time: nothing cached, a connection of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, Response, sync_playwright

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
QUIET_MS = 400  # nothing drawn for so long: that was the last chart
# Every stroke on any canvas, of whatever library, notes its time since the navigation began.
WATCH = """
window.lastDrawn = 0;
for (const name of ["stroke", "fill", "fillRect", "fillText", "clearRect", "drawImage"]) {
  const draw = CanvasRenderingContext2D.prototype[name];
  CanvasRenderingContext2D.prototype[name] = function (...given) {
    window.lastDrawn = performance.now();
    return draw.apply(this, given);
  };
}
"""
DRAWN = f"() => window.lastDrawn > 0 && performance.now() - window.lastDrawn > {QUIET_MS}"


@dataclass
class Visit:
    """What one visit took: milliseconds from navigation to the last stroke, and all that was answered."""

    page: Page
    drawn_ms: float = 0
    answers: list[Response] = field(default_factory=list)

    @property
    def charts(self) -> int:
        return self.page.locator("canvas").count()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window; CHROMIUM names its program."""
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        running = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield running
        running.close()


@contextmanager
def visit(browser: Browser, address: str, cookies: dict[str, str] | None = None) -> Iterator[Visit]:
    """Opens an address as a newcomer, signed in by `cookies`, and waits for the last chart."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    _bring(context, address, cookies or {})
    context.add_init_script(WATCH)
    made = Visit(context.new_page())
    made.page.on("response", lambda answer: made.answers.append(answer))
    made.page.goto(address)
    made.page.wait_for_function(DRAWN)
    made.drawn_ms = made.page.evaluate("window.lastDrawn")
    yield made
    context.close()


def _bring(context: BrowserContext, address: str, cookies: dict[str, str]) -> None:
    origin = "{0.scheme}://{0.netloc}".format(urlsplit(address))
    context.add_cookies([{"name": key, "value": value, "url": origin} for key, value in cookies.items()])
