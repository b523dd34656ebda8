"""What a first visit to a dashboard weighs, by file, as it crosses the wire; files for the map apart.

python -m bench.weight
"""

import argparse
from urllib.parse import urlsplit

from bench.chromium import chromium, visit
from bench.harness import PAGE, Reader, say, site

OF_THE_MAP = ("geo", "atlas", "map")


def main() -> None:
    """Bodies as they were sent; one that was sent uncompressed counts as it is, not as it might be."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    with site(workers=1) as made, chromium() as browser:
        reader = Reader(made.port).sign_in()
        reader.complete()
        with visit(browser, f"{made.url}{PAGE}", reader.cookies) as first:
            first.page.wait_for_load_state("networkidle")
            sizes = {urlsplit(each.url).path: _sent(reader, each.url) for each in first.answers}
        total = 0.0
        for path, size in sorted(sizes.items(), key=lambda item: -item[1]):
            is_map = any(word in path.rpartition("/")[2] for word in OF_THE_MAP)
            total += 0 if is_map else size
            say(f"  {path[-48:]}{' (map)' if is_map else ''}", size / 1000, unit=" KB")
        say("weight of a first visit without the map", total / 1000, most=120, unit=" KB")


def _sent(reader: Reader, url: str) -> int:
    """The bytes of a body, asked again as a browser would."""
    address = urlsplit(url)
    status, body = reader.get(f"{address.path}?{address.query}")
    assert status == 200, f"{url} answers {status}"
    return len(body)


if __name__ == "__main__":
    main()
