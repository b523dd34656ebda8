"""How much memory a web process has after many pages of all kinds.

python -m bench.memory [--pages 2000]
"""

import argparse
from pathlib import Path

from bench.harness import PAGE, Reader, say, site

QUERIES = ["", "period=7d", "period=90d", "period=today", "period=year", "period=28d&compare=year"]


def main() -> None:
    """One process answers everything: pages, their data, an export, people now."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--pages", type=int, default=2000)
    chosen = options.parse_args()
    with site(workers=1) as made:
        reader = Reader(made.port).sign_in()
        (worker,) = server_processes(made.processes[-1].pid)
        first = resident_mb(worker)
        for query in QUERIES:
            reader.complete(query=query)
        for at in range(chosen.pages):
            status, _ = reader.get(f"{PAGE}?{QUERIES[at % len(QUERIES)]}")
            assert status == 200
        assert server_processes(made.processes[-1].pid) == [worker], "the process was replaced meanwhile"
        say("memory of a web process before its first page", first, unit=" MB")
        say(f"after {chosen.pages} pages", resident_mb(worker), most=130, unit=" MB")


def server_processes(master: int) -> list[int]:
    """The processes that answer for a gunicorn, by its id."""
    return [int(pid) for pid in Path(f"/proc/{master}/task/{master}/children").read_text().split()]


def resident_mb(pid: int) -> float:
    """The memory that a process has by now (RSS)."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("VmRSS"))


if __name__ == "__main__":
    main()
