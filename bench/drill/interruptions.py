"""What happens in the middle: at each call to Google, while its answer is awaited, something ends."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

from bench.drill import ages, drilling
from bench.drill.commands import Command
from bench.drill.faults import CALLS, NO_GOOGLE
from bench.drill.operation import Operation
from bench.drill.place import Place
from bench.drill.table import Outcome, Spared
from portal import upkeep
from tests.installation import fetch

DELAY_SECONDS = 1.5
BY_ITSELF_SECONDS = 1.5
Call = tuple[str, str]


@dataclass(frozen=True)
class Interruption:
    """`strikes` ends something; `at_each` says whether at every call or at the last one alone."""

    group: str
    name: str
    strikes: Callable[[Place, Operation], None]
    at_each: bool


def _kill(place: Place, operation: Operation) -> None:
    """What serves, works or was typed in; what watches over services starts them again, as systemd would."""
    if operation.runs_in == "worker":
        place.restart_worker()
    elif isinstance(operation, Command) and operation.process:
        operation.process.kill()
    else:
        place.kill_web()


def _restart(place: Place, operation: Operation) -> None:
    place.database.stop()
    place.database.start()


INTERRUPTIONS = [
    Interruption("processes", "kill -9 at", _kill, at_each=True),
    Interruption("database", "restarted during", _restart, at_each=False),
]


def during(place: Place, what: Interruption, operation: Operation) -> Iterator[Outcome | Spared]:
    """What comes of one operation that is interrupted."""
    if not operation.asks_google:
        yield Spared(operation.name, what.group, what.name, NO_GOOGLE)
        return
    calls = _calls(place, operation)
    for call in calls if what.at_each else calls[-1:]:
        yield _struck(place, what, operation, call)


def _calls(place: Place, operation: Operation) -> list[Call]:
    """What it asks Google when nothing goes wrong, each kind once, in order."""
    _ready(place, operation)
    fetch(f"{place.made.google}/_sandbox/requests", "DELETE")
    drilling.each_at_once([operation.act])
    found = [(each["method"], _kind(each["path"])) for each in place.made.requests()]
    return [each for each in dict.fromkeys(found) if re.match(CALLS, each[1].replace("\\", ""))]


def _kind(path: str) -> str:
    return re.sub(r"\d{4,}", r"\\d+", path)


def _ready(place: Place, operation: Operation) -> None:
    drilling.each_at_once([operation.prepare])


def _struck(place: Place, what: Interruption, operation: Operation, call: Call) -> Outcome | Spared:
    method, path = call
    _ready(place, operation)
    place.fail(path=f"^{path}$", method=method, delay_ms=DELAY_SECONDS * 1000, count=1)
    with ThreadPoolExecutor(1) as pool:
        acting = pool.submit(lambda: drilling.each_at_once([operation.act])[0])
        met = place.waits_for_google()
        what.strikes(place, operation)
        rest = _goes_on(operation)
        seen = acting.result()
    place.recover()
    time.sleep(DELAY_SECONDS)  # Google goes on with what it was asked
    name = f"{what.name} {method} {path.replace(chr(92) + 'd+', '…')}"
    if not met:
        return Spared(operation.name, what.group, name, "the worker's own question, asked meanwhile")
    [outcome] = drilling.after(what.group, name, [operation], [seen], patience=BY_ITSELF_SECONDS)
    return replace(outcome, rested=max(outcome.rested, rest))


def _goes_on(operation: Operation) -> float:
    """A task of a worker that died: how many seconds tick lets it be, which are moved up."""
    if operation.runs_in != "worker":
        return 0.0
    rest = drilling.each_at_once([ages.left])[0]
    drilling.each_at_once([ages.pass_by])
    drilling.each_at_once([lambda: drilling.quietly(upkeep.tick)])
    return rest
