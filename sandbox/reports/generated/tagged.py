"""The visitors of a property that was created here: as many sessions as its tag has sent hits, when it sent
them, by the kinds of visitors that the property would have.
"""

from __future__ import annotations

import random
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, timedelta

from sandbox.properties import Property
from sandbox.reports.generated.traffic import FRESH, REPEAT_SESSIONS, CellDay, Traffic

_HOURS = 24


@dataclass(slots=True)
class _TaggedDay(CellDay):
    """A kind of visitor on a day of hits: `places` are its sessions among all of them, in order of time."""

    places: tuple[int, ...] = ()
    whole: int = 0

    def sessions_before(self, share: float) -> int:
        return bisect_left(self.places, round(share * self.whole))


class TaggedTraffic(Traffic):
    """Days of a property whose every session began with a hit. Made anew when further hits arrive."""

    def __init__(self, prop: Property) -> None:
        super().__init__(prop)
        self._hits: dict[date, list[tuple[datetime, int]]] = {}
        for at, number in prop.hits or ():
            moment = datetime.fromtimestamp(at, UTC).astimezone(prop.zone)
            self._hits.setdefault(moment.date(), []).append((moment, number))
        self._drawn = self._draw_all()

    def share_of_day(self, moment: datetime) -> float:
        hits = self._hits.get(moment.date(), [])
        whole = sum(number for _, number in hits)
        return sum(number for at, number in hits if at <= moment) / whole if whole else 0.0

    def hours_of(self, day: date) -> tuple[float, ...]:
        midnight = datetime(day.year, day.month, day.day, tzinfo=self.property.zone)
        last_moment = timedelta(microseconds=1)
        ends = [midnight.replace(hour=hour) - last_moment for hour in range(1, _HOURS)]
        return (0.0, *(self.share_of_day(end) for end in ends), 1.0)

    def _draw_all(self) -> dict[int, list[tuple[int, int, int]]]:
        """(sessions, first visitor, number of visitors) of each kind, for every day with hits. Visitors'
        numbers rise with the sessions there were before, by less than those: so some come back.
        """
        kinds = range(len(self.population.cells))
        before = [0 for _ in kinds]
        drawn = {}
        for day in sorted(self._hits):
            counts = Counter(self._kinds_on(day))
            drawn[day.toordinal()] = [
                (counts[kind], int(before[kind] * FRESH), _users(counts[kind])) for kind in kinds
            ]
            before = [before[kind] + counts[kind] for kind in kinds]
        return drawn

    def _kinds_on(self, day: date) -> list[int]:
        """The kind of visitor of each of the day's hits, in order of time, all of them active: whoever sends
        one hit looks for it. One more changes nothing of those before it.
        """
        chance = random.Random(f"hits {self.property.id} {day.toordinal()}")
        means = [cell.mean if cell.active else 0.0 for cell in self.population.cells]
        number = sum(number for _, number in self._hits.get(day, []))
        return chance.choices(range(len(means)), means, k=number)

    def _compute(self, ordinal: int) -> list[CellDay]:
        kinds = self._kinds_on(date.fromordinal(ordinal))
        return [_tagged(found, kinds) for found in super()._compute(ordinal)]

    def _visits_of(self, ordinal: int) -> list[tuple[int, int, int]]:
        return self._drawn.get(ordinal) or [(0, 0, 0)] * len(self.population.cells)

    def _reached_before(self, ordinal: int) -> list[int]:
        """Looks back to the first hit: there may be weeks between two."""
        reached = [0 for _ in self.population.cells]
        for earlier, visits in self._drawn.items():
            if earlier < ordinal:
                ends = [low + users if sessions else 0 for sessions, low, users in visits]
                reached = [max(pair) for pair in zip(reached, ends, strict=True)]
        return reached


def _tagged(found: CellDay, kinds: list[int]) -> _TaggedDay:
    places = tuple(place for place, kind in enumerate(kinds) if kind == found.cell)
    known = {field.name: getattr(found, field.name) for field in fields(found)}
    return _TaggedDay(**known, places=places, whole=len(kinds))


def _users(sessions: int) -> int:
    return max(min(sessions, 1), sessions - int(sessions * REPEAT_SESSIONS))
