"""How long a cold page takes beyond Google's own answer until all that is seen is there, and how long until
the tabs behind others are, too; how often Google is asked; and whether a reader who waits for another's
question holds a thread.

    python -m bench.cold_page [--rounds 5] [--delay-ms 300]
"""

import argparse
import math
import statistics
import threading
import time

from bench.harness import PAGE, Reader, fresh_period, say, site, upstream
from tests.installation import Installation, fetch

BATCH = 5


def main() -> None:
    """Each round asks a period that nobody asked before; the access token is there from the first."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--delay-ms", type=int, default=300, help="how far away Google is")
    chosen = options.parse_args()
    with site() as made:
        reader = Reader(made.port).sign_in()
        reader.complete(query=fresh_period(0))
        fetch(f"{made.google}/_sandbox/faults", "POST", {"path": "properties", "delay_ms": chosen.delay_ms})
        found = [_cold(made, reader, fresh_period(1 + at)) for at in range(chosen.rounds)]
        waiting = [
            _wait_beside(reader, fresh_period(100 + at), chosen.delay_ms) for at in range(chosen.rounds)
        ]
        seen, slowest, complete, calls, reports = zip(*found, strict=True)
        beyond = [until - slow for until, slow in zip(seen, slowest, strict=True)]
        say("data request to all that is seen", statistics.median(seen), unit=" ms")
        say("slowest upstream call until then", statistics.median(slowest), unit=" ms")
        say("seen after the slowest upstream call", statistics.median(beyond), most=150, unit=" ms")
        say("data request to complete, tabs behind others included", statistics.median(complete), unit=" ms")
        say("reports of a page", reports[0])
        say("upstream calls of a page", max(calls), most=math.ceil(reports[0] / BATCH))
        say("a waiting reader's request, answered within", statistics.median(waiting), unit=" ms")
        say("threads held by readers who wait", sum(each > chosen.delay_ms for each in waiting), most=0)


def _cold(made: Installation, reader: Reader, query: str) -> tuple[float, float, float, int, int]:
    """Milliseconds until all that is seen is there and of the slowest upstream call until then, milliseconds
    to completeness; upstream calls, reports."""
    assert 'data-complete="false"' in reader.text(f"{PAGE}?{query}")
    made.forget_requests()
    started = time.monotonic()
    while not (answer := reader.json(f"{PAGE}data.json?{query}"))["seen"]:
        time.sleep(answer["retry_ms"] / 1000)
    seen = 1000 * (time.monotonic() - started)
    slowest = max(each["duration_ms"] for each in upstream(made))
    started = time.monotonic() - seen / 1000  # without the look into the journal
    reader.complete(query=query)
    took = 1000 * (time.monotonic() - started)
    asked = upstream(made)
    reports = sum(len(each["body"].get("requests", [0])) for each in asked)
    return seen, slowest, took, len(asked), reports


def _wait_beside(reader: Reader, query: str, delay_ms: int) -> float:
    """Milliseconds until the page's data, not complete, is answered to somebody while another's question is
    under way."""
    first = reader.twin()
    asking = threading.Thread(target=lambda: first.complete(query=query))
    asking.start()
    time.sleep(delay_ms / 3000)
    started = time.monotonic()
    answer = reader.json(f"{PAGE}data.json?{query}")
    took = 1000 * (time.monotonic() - started)
    asking.join()
    assert not answer["complete"], "the other's question was answered before this reader came"
    return took


if __name__ == "__main__":
    main()
