"""A generated property day by day: how many sessions each kind of visitor makes, who they are, what they do.

Visitors of a kind are numbered, and those of one day are a run of numbers that begins further on every day.
So days overlap (people come back), and the distinct visitors of any set of days are counted exactly, as a
union of runs. Sessions of a kind and day are numbered in order of visitor, and what fewer sessions do, the
first of them do. Time goes through them in another order, which is even in every respect: any part of the
day has its share of the new visitors, of the engaged sessions and of everything that sessions do.
"""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from sandbox.properties import Property
from sandbox.reports.dates import DateRange
from sandbox.reports.generated.happenings import (
    GOLDEN,
    PLAIN_TASTE,
    SESSION_BASES,
    Habits,
    Happened,
    ItemLine,
    Runs,
    Taste,
)
from sandbox.reports.generated.movements import Movements
from sandbox.reports.generated.population import Cell, Population, population

FRESH = 0.55  # how far the run of visitors moves in a day, as a share of the mean number of sessions
MOVED = 1.1  # the season's usual height, by which a kind of visitor's own movement moves its run
REPEAT_SESSIONS = 0.16
KEPT_DAYS = 800  # a year and the one before it, with room
_START = date(2015, 1, 1).toordinal()
_YEAR = 365.25


@dataclass(slots=True)
class CellDay:
    """One kind of visitor on one day. Visitors are numbers from `low` up to `low + users`; below `seen` they
    are returning. `totals` are the day's bases; the events behind them are drawn when asked for.
    """

    cell: int
    sessions: int
    users: int
    low: int
    seen: int
    engaged: int
    seconds: int
    key_reach: int
    buyers: int
    phase: float
    pace: float
    taste: Taste = PLAIN_TASTE
    totals: tuple[int, ...] = ()
    detail: Happened | None = None

    def users_before(self, session: int) -> int:
        """How many different visitors made the first `session` sessions."""
        return (session - 1) * self.users // self.sessions + 1 if session > 0 else 0

    def new_before(self, session: int) -> int:
        return max(0, self.users_before(session) - (self.seen - self.low))

    def new_between(self, first: int, last: int) -> int:
        return self.new_before(last) - self.new_before(first)

    def first_new_session(self) -> int:
        """Index of the first session of a new visitor; the number of sessions when there is none."""
        return -(-(self.seen - self.low) * self.sessions // self.users)

    def sessions_before(self, share: float) -> int:
        """How many sessions begin before that share of the day's traffic has come."""
        return min(self.sessions, int(self.sessions * share + _unlike(self.phase)))

    def sessions_between(self, begin: int, end: int) -> Runs:
        """The sessions from the `begin`th in time to before the `end`th, as rising runs of their numbers."""
        count = self.sessions
        if begin == 0 and end == count:
            return [(0, count)]
        step, start = _stride(count), int(_unlike(self.pace) * count)
        return _runs(sorted((start + place * step) % count for place in range(begin, end)))

    def session_sums(self, session: int) -> tuple[int, int, int, int, int]:
        """The session bases over the first `session` sessions."""
        engaged = min(session, self.engaged)
        seconds = self.seconds * engaged // self.engaged if self.engaged else 0
        return session, engaged, seconds, min(session, self.key_reach), self.new_before(session)


def _unlike(luck: float) -> float:
    """Another number of chance from the finer digits of one, so that when a session comes says nothing about
    what the coarser digits decide: whether it is engaged, how far it gets.
    """
    return luck * 1024 % 1


@cache
def _stride(count: int) -> int:
    """A step that visits each of `count` places once, any few in a row spread over all of them."""
    step = max(1, round(count * GOLDEN))
    while math.gcd(step, count) > 1:
        step += 1
    return step


def _runs(numbers: list[int]) -> Runs:
    """Rising numbers as runs (first, after the last)."""
    runs: Runs = []
    for number in numbers:
        if runs and runs[-1][1] == number:
            runs[-1] = (runs[-1][0], number + 1)
        else:
            runs.append((number, number + 1))
    return runs


class Traffic:
    """Days of one property, computed once and kept."""

    def __init__(self, prop: Property) -> None:
        self.population: Population = population(prop)
        self.property = prop
        self._first_day = prop.created.astimezone(prop.zone).date().toordinal()
        self._habits = [Habits(cell, self.population.items) for cell in self.population.cells]
        self._movements = Movements(self.population)
        self._phase = random.Random(f"season {prop.id}").uniform(0, 2 * math.pi)
        self._visits: dict[int, list[tuple[int, int, int]]] = {}
        self._reached: dict[int, list[int]] = {}
        self._back = [12 + int(9 / cell.mean) for cell in self.population.cells]
        self._days: dict[int, list[CellDay]] = {}
        self._lock = threading.Lock()

    def day(self, day: date) -> list[CellDay]:
        """Every kind of visitor that came that day; nothing before the property was made."""
        ordinal = day.toordinal()
        found = self._days.get(ordinal)
        if found is None:
            with self._lock:
                found = self._days.get(ordinal) or self._compute(ordinal)
                self._days[ordinal] = found
                if len(self._days) > KEPT_DAYS:
                    del self._days[next(iter(self._days))]
        return found

    def days(self, asked: DateRange, today: date) -> Iterator[date]:
        """The days of a range on which anything can have happened."""
        day = max(asked.start, self.property.created.date() - timedelta(days=1))
        while day <= min(asked.end, today):
            yield day
            day += timedelta(days=1)

    def share_of_day(self, moment: datetime) -> float:
        """The share of a day's sessions that begin before that local time, minutes counted."""
        marks, hour = self.population.hours, moment.hour
        return marks[hour] + (marks[hour + 1] - marks[hour]) * moment.minute / 60

    def hours_of(self, day: date) -> tuple[float, ...]:
        """The share of that day's sessions that begin before each hour: 25 marks from 0 to 1."""
        return self.population.hours

    def _season(self, ordinal: int) -> float:
        return 1 + 0.16 * math.sin(2 * math.pi * ordinal / _YEAR + self._phase) + 0.00012 * (ordinal - _START)

    def _season_until(self, ordinal: int) -> float:
        """The integral of `_season`: it never falls, so no day's run of visitors begins before an earlier
        day's.
        """
        days = ordinal - _START
        wave = -0.16 * _YEAR / (2 * math.pi) * math.cos(2 * math.pi * ordinal / _YEAR + self._phase)
        return days + wave + 0.00006 * days * days + 100

    def _visits_of(self, ordinal: int) -> list[tuple[int, int, int]]:
        """(sessions, first visitor, number of visitors) of each kind on that day."""
        found = self._visits.get(ordinal)
        if found is None:
            found = self._visits[ordinal] = self._draw_visits(ordinal)
        return found

    def _draw_visits(self, ordinal: int) -> list[tuple[int, int, int]]:
        if ordinal < self._first_day:
            return [(0, 0, 0)] * len(self.population.cells)
        draw = random.Random(int(self.property.id) * 1_000_003 + ordinal).random
        level = self._season(ordinal) * self.population.weekdays[(ordinal - 1) % 7]
        level *= 0.9 + 0.2 * draw()
        level *= 1.45 if draw() < 0.03 else 1.0
        season = self._season_until(ordinal)
        factors, moved = self._movements.factors(ordinal), self._movements.until(ordinal)
        visits = []
        for cell in self.population.cells:
            sessions = int(cell.mean * level * factors[cell.index] + draw())
            low = int(cell.mean * FRESH * (season + MOVED * moved[cell.index]))
            users = max(min(sessions, 1), sessions - int(sessions * REPEAT_SESSIONS + draw()))
            visits.append((sessions, low, users))
        return visits

    def _reached_before(self, ordinal: int) -> list[int]:
        """Of each kind of visitor, the first number that no earlier day has reached. Looks back as far as a
        day's numbers can reach ahead: rare visitors' numbers rise slowly.
        """
        earlier = [self._reached_on(ordinal - days) for days in range(1, max(self._back))]
        by_cell = zip(*earlier, strict=True)
        return [max(reached[:back]) for reached, back in zip(by_cell, self._back, strict=True)]

    def _reached_on(self, ordinal: int) -> list[int]:
        found = self._reached.get(ordinal)
        if found is None:
            visits = self._visits_of(ordinal)
            found = self._reached[ordinal] = [
                low + users if sessions else 0 for sessions, low, users in visits
            ]
        return found

    def _compute(self, ordinal: int) -> list[CellDay]:
        draw = random.Random(int(self.property.id) * 1_000_003 + ordinal + 500_000_000).random
        cells = self.population.cells
        wanted = self._movements.items(ordinal)
        days = []
        visits, reached = self._visits_of(ordinal), self._reached_before(ordinal)
        for cell, (sessions, low, users) in zip(cells, visits, strict=True):
            phase, pace = draw(), draw()
            if sessions:
                seen = reached[cell.index] if cell.active else low + users
                seen = min(max(seen, low), low + users)
                found = self._cell_day(cell, sessions, users, low, seen, phase, pace)
                found.taste = self._habits[cell.index].taste(wanted)
                self._add_up(found)
                days.append(found)
        return days

    def _cell_day(
        self, cell: Cell, sessions: int, users: int, low: int, seen: int, phase: float, pace: float
    ) -> CellDay:
        engaged = min(sessions, int(sessions * cell.engagement + phase))
        seconds = int(engaged * cell.seconds * (0.8 + 0.4 * pace))
        return CellDay(
            cell=cell.index,
            sessions=sessions,
            users=users,
            low=low,
            seen=seen,
            engaged=engaged,
            seconds=seconds,
            key_reach=0,
            buyers=0,
            phase=phase,
            pace=pace,
        )

    def _add_up(self, found: CellDay) -> None:
        happened = self._happened(found)
        found.key_reach, found.buyers = happened.key_reach, happened.buyers
        found.totals = (*found.session_sums(found.sessions), *happened.sums[SESSION_BASES:])

    def detail(self, found: CellDay) -> Happened:
        """The events behind a day's totals."""
        if found.detail is None:
            found.detail = self._happened(found)
        return found.detail

    def items_in(self, found: CellDay, begin: int, end: int) -> list[ItemLine]:
        """The products of the sessions from the `begin`th in time to before the `end`th."""
        runs = found.sessions_between(begin, end)
        return self._habits[found.cell].items_in(self.detail(found), runs)

    def _happened(self, found: CellDay) -> Happened:
        new = found.users - (found.seen - found.low)
        habits = self._habits[found.cell]
        return habits.happened(found.sessions, new, found.engaged, found.seconds, found.pace, found.taste)
