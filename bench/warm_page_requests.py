"""How many warm dashboard pages a second, against a bare page of the same bytes; and queries per page.

python -m bench.warm_page_requests [--rounds 20] [--seconds 0.5]
"""

import argparse
import statistics

from bench.harness import PAGE, READER, Reader, ratio, rounds, say, serve, site, throughput
from tests.installation import Installation

BARE = "/bench/bare/"


def main() -> None:
    """Three sides in turns: page and bare page in one process, startproject's bare page in another."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--seconds", type=float, default=0.5, help="of each side in each round")
    chosen = options.parse_args()
    with site() as made:
        reader = Reader(made.port).sign_in()
        reader.complete()
        (made.folder / "page.html").write_text(reader.text(PAGE))
        own = reader.twin(_serve(made, "portal.wsgi", "bench.bare.settings"))
        plain = reader.twin(_serve(made, "bench.bare.startproject", "portal.settings"))
        pages, bare, startproject = rounds(
            chosen.rounds,
            lambda: throughput(own, PAGE, seconds=chosen.seconds),
            lambda: throughput(own, BARE, seconds=chosen.seconds),
            lambda: throughput(plain, BARE, seconds=chosen.seconds),
        )
        say("warm dashboard pages per second, one process", statistics.median(pages))
        say("bare pages per second, the project's middleware", statistics.median(bare))
        say("bare pages per second, startproject's middleware", statistics.median(startproject))
        say("the project's middleware against startproject's", ratio(bare, startproject), unit="x")
        say("warm page against bare page, requests per second", ratio(pages, bare), least=0.5, unit="x")
        say("queries per warm page", _queries(made), most=8)


def _serve(made: Installation, application: str, settings: str) -> int:
    page = str(made.folder / "page.html")
    return serve(made, application, DJANGO_SETTINGS_MODULE=settings, BARE_PAGE=page)


def _queries(made: Installation) -> int:
    asked = made.manage(
        "shell", "-v", "0", "-c", f"from bench import queries; queries.show({READER!r}, {PAGE!r})"
    )
    return int(asked.splitlines()[-1])


if __name__ == "__main__":
    main()
