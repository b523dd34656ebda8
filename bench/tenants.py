"""Whether a warm page is as quick among ten thousand clients as among ten, each with five views.

python -m bench.tenants [--few 10] [--many 10000] [--rounds 20] [--seconds 0.4]
"""

import argparse
import statistics
from contextlib import ExitStack

from bench.harness import PAGE, Reader, ratio, rounds, say, site, throughput

OWNER = "olivia@northlight.example"


def main() -> None:
    """Two installations side by side, the same page in each; by a client and by the agency's owner."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--few", type=int, default=10)
    options.add_argument("--many", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--seconds", type=float, default=0.4)
    chosen = options.parse_args()
    with ExitStack() as stack:
        readers = []
        for tenants in (chosen.few, chosen.many):
            made = stack.enter_context(site(workers=1))
            made.add_person(OWNER, "agency-owner")
            made.manage(
                "shell",
                "-v",
                "0",
                "-c",
                f"from bench import crowd; crowd.add(tenants={tenants - 1}, views=5)",
            )
            readers.append((Reader(made.port).sign_in(), Reader(made.port).sign_in(OWNER)))
            readers[-1][0].complete()
        for at, who in enumerate(("a client", "the agency's owner")):
            sides = [
                lambda one=pair[at]: 1000 / throughput(one, PAGE, seconds=chosen.seconds) for pair in readers
            ]
            few, many = rounds(chosen.rounds, *sides)
            say(f"warm page for {who}, {chosen.few} clients", statistics.median(few), unit=" ms")
            say(f"warm page for {who}, {chosen.many} clients", statistics.median(many), unit=" ms")
            say("ratio", ratio(many, few), most=1.2, unit="x")


if __name__ == "__main__":
    main()
