"""Runs the operations that were chosen under the faults that were chosen, and prints the table."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence

from bench.drill import drilling, interruptions, table
from bench.drill.faults import FAULTS
from bench.drill.interruptions import INTERRUPTIONS
from bench.drill.place import Place


def run(place: Place, operations: Sequence[str], faults: Sequence[str]) -> bool:
    """Whether anything failed."""
    mine = [each(place) for each in drilling.OPERATIONS if _is_chosen(each.name, operations)]
    rows: list[table.Outcome | table.Spared] = []
    for fault in FAULTS:
        if _is_chosen(f"{fault.group}: {fault.name}", faults):
            began = time.monotonic()
            rows += drilling.under(place, fault, mine)
            print(
                f"{fault.group}: {fault.name}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True
            )
    for what in INTERRUPTIONS:
        if _is_chosen(f"{what.group}: {what.name}", faults):
            began = time.monotonic()
            for each in mine:
                rows += interruptions.during(place, what, each)
            print(f"{what.group}: {what.name}, {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(table.text(rows), flush=True)
    return any(each.is_bad for each in rows)


def _is_chosen(name: str, wanted: Sequence[str]) -> bool:
    return any(each in name for each in wanted)
