"""People clicking at two server processes on PostgreSQL, with a worker and `tick`, while Google fails one
call in five; each thinks 5 to 15 seconds between clicks.

python -m bench.load [--minutes 5] [--people 200]

Ends with 1 where something was missed.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench import postgresql
from bench.clicking import LOST, Answer, Clicker
from bench.harness import say
from bench.memory import resident_mb, server_processes
from tests.installation import PASSWORD, Installation, fetch, installed

TENANTS = 20
PROPERTIES = [str(310000100 + number) for number in range(2 * TENANTS)]
ALONE = 2  # clicks of each, one person after another, before the others come
SAMPLED_SECONDS = 2
FAULT = {"path": "Report", "status": 503, "every": 5}
WAIT_SECONDS = 120
LOWEST_PRIORITY = 19
QUEUED = (
    "from django_tasks_db.models import DBTaskResult; "
    "print(DBTaskResult.objects.exclude(status__in=['SUCCESSFUL', 'FAILED']).count())"
)


def main() -> None:
    """Sets up, clicks alone, clicks together, and says how it went."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=5)
    options.add_argument("--people", type=int, default=200)
    chosen = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # what was started is stopped
    with _site() as made:
        programs = Programs.start(made)
        people = _people(made, chosen.people)
        alone = _alone(people)
        _wait_for_worker(made)
        fetch(f"{made.google}/_sandbox/faults", "POST", FAULT)
        made.forget_requests()
        answers = _together(people, programs, 60 * chosen.minutes)
        kept = [_said_answers(answers), _said_pages(alone, answers), _said_memory(programs)]
        _said_google(made)
    sys.exit(0 if all(kept) else 1)


@contextmanager
def _site() -> Iterator[Installation]:
    with (
        postgresql.database() as database,
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        # Everybody comes from an address of their own, as a proxy would say.
        installed(Path(folder), workers=2, database=database, TRUSTED_PROXY="1") as made,
    ):
        made.add_key(*PROPERTIES)
        # Google computes on machines of its own: the stand-in takes what the portal leaves.
        os.setpriority(os.PRIO_PROCESS, made.processes[0].pid, LOWEST_PRIORITY)
        yield made


@dataclass
class Programs:
    """What runs of the portal, and how much memory it had in all, each couple of seconds."""

    masters: Sequence[int]
    megabytes: list[float] = field(default_factory=list)

    @classmethod
    def start(cls, made: Installation) -> Programs:
        """A worker and `tick` beside the server, which was started last."""
        server = made.processes[-1]
        worker = made.start("worker", [sys.executable, "manage.py", "db_worker"])
        made.start("tick", [sys.executable, "manage.py", "tick", "--loop"])
        return cls((server.pid, worker.pid))

    def watch(self, over: threading.Event) -> None:
        """Notes the memory until all is over."""
        while not over.wait(SAMPLED_SECONDS):
            pids = [pid for master in self.masters for pid in (master, *server_processes(master))]
            self.megabytes.append(sum(map(resident_mb, pids)))


def _people(made: Installation, count: int) -> list[Clicker]:
    asked = f"load_people.make(people={count}, tenants={TENANTS}, password={PASSWORD!r})"
    said = made.manage("shell", "-v", "0", "-c", f"from bench import load_people; {asked}")
    return [Clicker(who, made.port) for who in json.loads(said.splitlines()[-1])]


def _alone(people: Sequence[Clicker]) -> list[Answer]:
    """What each is answered who clicks while nobody else does."""
    for _ in range(ALONE):
        for person in people:
            person.click()
    return [answer for person in people for answer in person.taken()]


def _wait_for_worker(made: Installation) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while int(made.manage("shell", "-v", "0", "-c", QUEUED).splitlines()[-1]):
        assert time.monotonic() < deadline, "the worker is never done"


def _together(people: Sequence[Clicker], programs: Programs, seconds: float) -> list[Answer]:
    over = threading.Event()
    watching = threading.Thread(target=programs.watch, args=(over,))
    watching.start()
    with ThreadPoolExecutor(len(people)) as pool:
        clicking = [pool.submit(person.go_on, over.wait) for person in people]
        try:
            over.wait(seconds)
        finally:  # also when it is stopped by hand
            over.set()
        for each in clicking:
            each.result()
    watching.join()
    return [answer for person in people for answer in person.taken()]


def _said_answers(answers: Sequence[Answer]) -> bool:
    say("requests", len(answers))
    for kind in sorted({each.kind for each in answers}):
        found = [each for each in answers if each.kind == kind]
        statuses = Counter(each.status for each in found)
        told = ", ".join(f"{status or 'lost'}: {count}" for status, count in sorted(statuses.items()))
        print(f"  {kind:<10} {told:<40} {_quantiles([each.milliseconds for each in found])}")
    bad = [each for each in answers if each.status == LOST or each.status == 500]
    for each in bad[:20]:
        print(f"  {each.status or 'lost'}: {each.path} after {each.milliseconds:.0f} ms")
    say("answers of 500, or none", len(bad), most=0)
    return not bad


def _said_pages(alone: Sequence[Answer], answers: Sequence[Answer]) -> bool:
    usual = statistics.median(each.milliseconds for each in alone if each.warm)
    found = [each for each in answers if each.warm]
    warm = [each.milliseconds for each in found]
    slowest = statistics.quantiles(warm, n=100)[98]
    say("warm pages", len(warm))
    say("their median, one person clicking", usual, unit=" ms")
    say("their median, all clicking", statistics.median(warm), unit=" ms")
    say("their 99th percentile, all clicking", slowest, unit=" ms")
    for number, part in enumerate(_fifths(found), 1):
        print(f"  {number}. fifth of the time: {_quantiles([each.milliseconds for each in part])}")
    say("99th percentile against one person's median", slowest / usual, most=10, unit="x")
    return slowest < 10 * usual


def _said_memory(programs: Programs) -> bool:
    """Of five minutes the second and the last; of another time its fifths."""
    found = programs.megabytes
    fifth = len(found) // 5
    early, late = statistics.mean(found[fifth : 2 * fifth]), statistics.mean(found[-fifth:])
    say("memory of servers and worker in the second minute", early, unit=" MB")
    say("in the last minute", late, unit=" MB")
    say("the last against the second", late / early, most=1.1, unit="x")
    return late <= 1.1 * early


def _said_google(made: Installation) -> None:
    asked = [each for each in made.requests("/v1beta/properties/") if "Report" in each["path"]]
    failed = sum(each["status"] >= 500 for each in asked)
    say("calls to Google", len(asked))
    say("of which it failed", failed)


def _fifths(answers: Sequence[Answer]) -> list[list[Answer]]:
    """As they were asked, one part of the time after another."""
    first, last = min(each.asked_at for each in answers), max(each.asked_at for each in answers)
    parts: list[list[Answer]] = [[] for _ in range(5)]
    for each in answers:
        parts[min(4, int(5 * (each.asked_at - first) / (last - first)))].append(each)
    return parts


def _quantiles(milliseconds: Sequence[float]) -> str:
    if len(milliseconds) < 2:
        return ""
    hundredths = statistics.quantiles(milliseconds, n=100)
    return f"median {hundredths[49]:.0f} ms, 99th percentile {hundredths[98]:.0f} ms"


if __name__ == "__main__":
    main()
