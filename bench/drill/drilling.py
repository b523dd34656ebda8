"""The drill itself: operations are made ready, broken all at once, and looked at until they are whole."""

from __future__ import annotations

import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connections

from accounts.tenancy import all_tenants
from bench.drill import ages
from bench.drill.commands import LoadViews, RotateKeys
from bench.drill.faults import Fault
from bench.drill.google_ways import ConsentCallback, OwnSteps, TermsCallback
from bench.drill.mailing import Invite
from bench.drill.operation import Operation
from bench.drill.person import Seen
from bench.drill.place import Place
from bench.drill.reading import ColdPage, Refresh, WarmPage
from bench.drill.table import Outcome, Spared
from bench.drill.tokens import EmbedQuery, EmbedToken, HandOut
from portal import upkeep
from tests.installation import fetch

OPERATIONS: tuple[type[Operation], ...] = (
    ColdPage, WarmPage, Refresh, OwnSteps, ConsentCallback, TermsCallback, HandOut, EmbedToken, EmbedQuery,
    RotateKeys, LoadViews, Invite,
)  # fmt: skip
BY_ITSELF_SECONDS, AFTER_REST_SECONDS, BREATH_SECONDS = 6.0, 25.0, 0.3
T = TypeVar("T")


def under(place: Place, fault: Fault, operations: Sequence[Operation]) -> Iterator[Outcome | Spared]:
    """What comes of these operations under one fault."""
    fetch(f"{place.made.google}/_sandbox/reset", "POST")
    yield from (
        Spared(each.name, fault.group, fault.name, why) for each in operations if (why := fault.spared(each))
    )
    mine = [each for each in operations if not fault.spared(each)]
    if not mine:
        return
    each_at_once([each.prepare for each in mine])
    with fault.breaks(place):
        seen = each_at_once([lambda one=one: _begun(one, fault.at_once) for one in mine])
    yield from after(fault.group, fault.name, mine, seen)


def after(
    group: str,
    name: str,
    operations: Sequence[Operation],
    seen: Sequence[Seen],
    *,
    patience: float = BY_ITSELF_SECONDS,
) -> list[Outcome]:
    """Waits until all is whole: first by itself, then with rests and leases moved up."""
    ended = time.monotonic()
    healed = each_at_once([lambda one=one: _waits(one, ended, patience) for one in operations])
    rests = [0.0] * len(operations)
    if None in healed:
        rest = each_at_once([ages.left])[0]
        each_at_once([ages.pass_by])
        each_at_once([lambda: quietly(upkeep.tick)])
        again = each_at_once(
            [lambda one=one: _waits(one, time.monotonic(), AFTER_REST_SECONDS) for one in operations]
        )
        rests = [rest if one is None else 0.0 for one in healed]
        healed = [late if one is None else one for one, late in zip(healed, again, strict=True)]
    lost = each_at_once([one.lost for one in operations])
    return [
        Outcome(one.name, group, name, saw, gone, when, rest, one.action)
        for one, saw, gone, when, rest in zip(operations, seen, lost, healed, rests, strict=True)
    ]


def _begun(operation: Operation, times: int) -> Seen:
    return each_at_once([operation.act] * times)[-1]


def _waits(operation: Operation, since: float, patience: float) -> float | None:
    """Seconds until it was whole; None where it was not in time."""
    breath = BREATH_SECONDS
    while True:
        began = time.monotonic()
        if quietly(operation.heals):
            return began - since
        if time.monotonic() - since > patience:
            return None
        time.sleep(breath)
        breath *= 1.5  # some things may be asked so often a minute only


def quietly(act: Callable[[], Any]) -> Any:
    """What it returns, or None where something stands in the way still."""
    try:
        return act()
    except Exception:  # noqa: BLE001 - whatever it is, it is not whole yet
        traceback.print_exc(limit=-2, file=sys.stderr)
        connections.close_all()
        return None


def each_at_once(acts: Sequence[Callable[[], T]]) -> list[T]:
    """What each returns, all begun at the same time, in order."""

    def run(act: Callable[[], T]) -> T:
        try:
            with all_tenants(reason="the drill makes and looks at everybody's rows"):
                return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max(1, len(acts))) as pool:
        return list(pool.map(run, acts))
