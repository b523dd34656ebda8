"""How long Chromium takes for nine charts on another site, from the script tag to the last chart, against the
same page whose answers come from a file; what the library weighs, and what it loads without a chart.

python -m bench.embedded_page [--rounds 15]
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Response

from bench.chromium import chromium
from bench.embedding import OPEN, SHOP, Asker
from bench.harness import Reader, ratio, rounds, say, serve, site, upstream
from tests.installation import Installation

CHARTS = (
    ("LINE", "ga:sessions,ga:users", "ga:date"),
    ("LINE", "ga:pageviews", "ga:date"),
    ("COLUMN", "ga:avgSessionDuration", "ga:date"),
    ("COLUMN", "ga:sessions", "ga:deviceCategory"),
    ("BAR", "ga:sessions", "ga:source"),
    ("BAR", "ga:sessions", "ga:browser"),
    ("PIE", "ga:sessions", "ga:medium"),
    ("PIE", "ga:users", "ga:deviceCategory"),
    ("PIE", "ga:sessions", "ga:country"),
)
PARTS = ("/embed/charts.js", "/embed/geo.js")
QUERY = "/embed/query"
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Nine charts</title>
<link rel="icon" href="data:,">
<style>div {{ width: 400px; height: 200px }}</style>
{places}
<script src="{portal}/embed/platform.js"></script>
<script>
window.drawn = 0;
gapi.analytics.ready(() => {{
  gapi.analytics.auth.authorize({{ serverAuth: {{ access_token: "{token}" }} }});
  for (const [at, [type, metrics, dimensions]] of {charts}.entries()) {{
    new gapi.analytics.googleCharts.DataChart({{
      query: {{ ids: "{ids}", metrics, dimensions, "start-date": "28daysAgo", "end-date": "yesterday" }},
      chart: {{ container: "c" + at, type }},
    }}).on("success", () => {{ window.drawn += 1; window.complete = performance.now(); }}).execute();
  }}
}});
</script></html>
"""
# From the script tag on: the HTML before it comes from the other site on both sides.
SPENT = """() => {
  const fetched = performance.getEntriesByType("resource");
  return window.complete - fetched.find(({ name }) => name.includes("/embed/platform.js")).startTime;
}"""


class Shop(ThreadingHTTPServer):
    """The other site: `/charts` and `/none`, whose pages are in `pages`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.pages: dict[str, str] = {}

    @property
    def origin(self) -> str:
        """As a browser writes it."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: Shop

    def do_GET(self) -> None:  # noqa: N802  # http.server's name
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.server.pages[urlsplit(self.path).path].encode())

    def log_message(self, *args: Any) -> None:
        """Nothing."""


def main() -> None:
    """The page on the portal and on the saved answers, in turns, each as a newcomer sees it."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=15)
    chosen = options.parse_args()
    with site(workers=1) as made, _shop() as shop, chromium() as browser:
        known = json.loads(
            made.manage("shell", "-v", "0", "-c", OPEN.replace(SHOP, shop.origin)).splitlines()[-1]
        )
        token = _token(made, known["key"], shop.origin)
        _weigh(made)
        saved = _put(made, shop, known["number"], token, browser)
        times = rounds(
            chosen.rounds,
            lambda: _spent(browser, f"{shop.origin}/warm"),
            lambda: _spent(browser, f"{shop.origin}/saved"),
        )
        say("calls to Google for all nine charts", saved, most=2)
        page, static = times
        say("nine charts, script tag to the last", statistics.median(page), unit=" ms")
        say("the same with answers from a file", statistics.median(static), unit=" ms")
        say("nine charts against answers from a file", ratio(page, static), most=1.2, unit="x")


def _weigh(made: Installation) -> None:
    status, library = Reader(made.port).get("/embed/platform.js")
    assert status == 200
    assert gzip.decompress(library)
    say("weight of platform.js", len(library) / 1000, most=20, unit=" KB")


def _put(made: Installation, shop: Shop, number: int, token: str, browser: Browser) -> int:
    """Puts the pages up, draws the first while nothing is stored, and saves what it was answered. How many
    calls to Google that took.
    """
    facts = {"token": token, "ids": f"ga:{number}"}
    shop.pages |= {"/warm": _page(made.url, CHARTS, facts), "/none": _page(made.url, (), facts)}
    with _drawn(browser, f"{shop.origin}/none", 0) as (page, answers):
        page.wait_for_load_state("networkidle")
        parts = [each for each in answers if urlsplit(each.url).path in PARTS]
        say("parts that draw, loaded by a page without a chart", len(parts), most=0)
    made.forget_requests()
    kept = made.folder / "answers.json"
    with _drawn(browser, f"{shop.origin}/warm", len(CHARTS)) as (_, answers):
        found = [each for each in answers if each.url.endswith(QUERY) and each.request.method == "POST"]
        kept.write_bytes(found[0].body())
    port = serve(made, "portal.wsgi", DJANGO_SETTINGS_MODULE="bench.bare.embedded", BARE_PAGE=str(kept))
    shop.pages["/saved"] = _page(f"http://localhost:{port}", CHARTS, facts)
    return len(upstream(made))


def _page(portal: str, charts: Sequence[tuple[str, str, str]], facts: dict[str, str]) -> str:
    places = "".join(f'<div id="c{at}"></div>' for at in range(len(charts)))
    return PAGE.format(portal=portal, charts=json.dumps(charts), places=places, **facts)


def _token(made: Installation, key: str, origin: str) -> str:
    body = json.dumps({"view": "site", "origin": origin})
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    asker = Asker(made.port, method="POST", headers=headers, body=body)
    return str(json.loads(asker.text("/embed/token"))["access_token"])


def _spent(browser: Browser, address: str) -> float:
    with _drawn(browser, address, len(CHARTS)) as (page, _):
        return float(page.evaluate(SPENT))


@contextmanager
def _drawn(browser: Browser, address: str, charts: int) -> Iterator[tuple[Page, list[Response]]]:
    """The page as a newcomer sees it, once all its charts are drawn, with all that was answered."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))  # playwright marks its handlers
    page.goto(address)
    page.wait_for_function(f"() => window.drawn === {charts}")
    yield page, answers
    context.close()


@contextmanager
def _shop() -> Iterator[Shop]:
    shop = Shop()
    Thread(target=shop.serve_forever, daemon=True).start()
    try:
        yield shop
    finally:
        shop.shutdown()
        shop.server_close()


if __name__ == "__main__":
    main()
