"""What came of each operation under each fault, as text."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from bench.drill.person import Seen

WORDS = 150


@dataclass(frozen=True)
class Outcome:
    """One operation under one fault. `healed` is seconds after the fault ended, None for never; `rested` of
    these were moved up."""

    operation: str
    group: str
    fault: str
    seen: Seen
    lost: str
    healed: float | None
    rested: float = 0
    action: str = ""

    @property
    def is_bad(self) -> bool:
        """Something was lost, nobody knew what happened, or it stayed broken."""
        return self.seen.is_bad or bool(self.lost) or self.healed is None

    def line(self) -> str:
        """For the table."""
        fate = "FAIL" if self.is_bad else "ok"
        saw = f"{self.seen.status}: {self.seen.words}" if self.seen.words else f"{self.seen.status}: NO WORDS"
        cells = (
            f"{fate:<4} {self.group + ': ' + self.fault:<54}",
            f"lost: {self.lost or 'nothing':<9}",
            f"healed: {self._healed()}",
        )
        return "  ".join(cells) + "\n       saw " + textwrap.shorten(saw, WORDS)

    def _healed(self) -> str:
        if self.healed is None:
            return "NEVER"
        when = f"{self.healed:.0f} s" if self.healed >= 1 else "at once"
        if self.rested >= 1:
            when = f"after a rest of {self.rested:.0f} s"
        how = f", {self.action}" if self.action else ""
        return f"{when}{how}"


@dataclass(frozen=True)
class Spared:
    """An operation that does not meet a fault."""

    operation: str
    group: str
    fault: str
    why: str

    is_bad = False

    def line(self) -> str:
        """For the table."""
        return f"—    {self.group + ': ' + self.fault:<54}  {self.why}"


def text(rows: Sequence[Outcome | Spared]) -> str:
    """All of it, by operation, and how many rows failed."""
    parts = []
    for name in dict.fromkeys(row.operation for row in rows):
        parts += ["", f"== {name}", *(row.line() for row in rows if row.operation == name)]
    bad = sum(row.is_bad for row in rows)
    tried = sum(isinstance(row, Outcome) for row in rows)
    return "\n".join([*parts, "", f"{tried} tried, {bad} failed, {len(rows) - tried} do not meet."])
