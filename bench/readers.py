"""How often Google is asked when many readers open a cold view at once, on two server processes.

python -m bench.readers [--readers 50]
"""

import argparse
import math

from bench.harness import Reader, fresh_period, say, site, together, upstream


def main() -> None:
    """One reader on one cold period, then many on another of the same length."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--readers", type=int, default=50)
    chosen = options.parse_args()
    with site(workers=2) as made:
        reader = Reader(made.port).sign_in()
        reader.complete(query=fresh_period(0))  # an access token is there from here on
        made.forget_requests()
        reader.complete(query=fresh_period(1))
        alone = len(upstream(made))
        made.forget_requests()
        crowd = [reader.twin() for _ in range(chosen.readers)]
        together(*[lambda each=each: each.complete(query=fresh_period(2)) for each in crowd])
        asked = len(upstream(made))
        say("upstream calls of one reader", alone)
        say(f"upstream calls of {chosen.readers} readers at once", asked, most=alone)
        say("ratio", asked / alone if alone else math.nan, most=1, unit="x")


if __name__ == "__main__":
    main()
