"""How long Chromium takes from navigation to the last chart, on a warm page, on the same page saved as files,
and on a static page with as many bare charts; and how many requests the page makes.

    python -m bench.warm_page_browser [--rounds 7]
"""

import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from bench.chromium import Visit, chromium, visit
from bench.harness import PAGE, Reader, ratio, rounds, say, serve, site

BARE = "/bare/"
BARE_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Bare charts</title>
<script src="{library}"></script>
<style>div {{ width: 600px; height: 240px }}</style>
{canvases}
<script>
const labels = {labels}, data = {values};
for (const canvas of document.querySelectorAll("canvas")) {{
  new Chart(canvas, {{ type: "line", data: {{ labels, datasets: [{{ data }}] }},
    options: {{ animation: false, maintainAspectRatio: false }} }});
}}
</script></html>
"""


def main() -> None:
    """The three pages in turns, each as a newcomer sees it; the files are served by one server, the page by
    another of the same kind."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=7)
    chosen = options.parse_args()
    with site(workers=1) as made, chromium() as browser:
        reader = Reader(made.port).sign_in()
        reader.complete()
        warm = f"{made.url}{PAGE}"
        saved = made.folder / "saved"
        with visit(browser, warm, reader.cookies) as first:
            first.page.wait_for_load_state("networkidle")
            requests = len(first.answers)
            _save(first, saved)
        port = serve(made, "bench.bare.saved", ready="ready.json", SAVED_PAGES=str(saved))
        times = rounds(
            chosen.rounds,
            lambda: _drawn(browser, warm, reader.cookies),
            lambda: _drawn(browser, f"http://localhost:{port}{PAGE}"),
            lambda: _drawn(browser, f"http://localhost:{port}{BARE}"),
        )
        page, static, bare = times
        say("warm page, navigation to the last chart", statistics.median(page), unit=" ms")
        say("the same page saved as static files", statistics.median(static), unit=" ms")
        say("a static page with as many bare charts", statistics.median(bare), unit=" ms")
        say("warm page against saved page", ratio(page, static), most=1.3, unit="x")
        say("warm page against bare charts", ratio(page, bare), most=2, unit="x")
        say("requests of a warm page", requests, most=15)


def _drawn(browser: Browser, address: str, cookies: dict[str, str] | None = None) -> float:
    with visit(browser, address, cookies) as made:
        return made.drawn_ms


def _save(made: Visit, folder: Path) -> None:
    """Everything the page was answered, and beside it the page of bare charts, compressed as the portal's
    files are."""
    for answer in made.answers:
        path = urlsplit(answer.url).path
        _write(folder / (path + "index.html" if path.endswith("/") else path).lstrip("/"), answer.body())
    library = next(path for each in made.answers if "chart.umd" in (path := urlsplit(each.url).path))
    series = made.page.evaluate("JSON.parse(document.getElementById('charts').textContent)")
    line = next(each["series"][0] for each in series.values() if each["kind"] == "line")
    bare = BARE_PAGE.format(
        library=library,
        canvases="<div><canvas></canvas></div>" * made.charts,
        labels=json.dumps(line["labels"]),
        values=json.dumps(line["values"]),
    )
    _write(folder / BARE.strip("/") / "index.html", bare.encode())
    _write(folder / "ready.json", b"true")
    subprocess.run([sys.executable, "-m", "whitenoise.compress", "--quiet", str(folder)], check=True)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


if __name__ == "__main__":
    main()
