"""A generated property day by day: how many sessions each kind of visitor makes, who they are, what they do.

Visitors of a kind are numbered, and those of one day are a run of numbers that begins further on every day.
So days overlap (people come back), and the distinct visitors of any set of days are counted exactly, as a
union of runs. Sessions of a kind and day are in order of time and of visitor at once: a part of the day is a
run of sessions, and every figure of that part follows from how many sessions come before its beginning and
its end.
"""

from __future__ import annotations

import math
import random
import threading
from dataclasses import dataclass
from datetime import date, datetime

from sandbox.properties import Property
from sandbox.reports.generated.population import KEY_EVENTS, Cell, EventRow, Population, population

FRESH = 0.55  # how far the run of visitors moves in a day, as a share of the mean number of sessions
REPEAT_SESSIONS = 0.16
GOLDEN = 0.6180339887498949
_START = date(2015, 1, 1).toordinal()
_YEAR = 365.25

# Sums kept for every kind and day, in this order.
BASES = (
    *("sessions", "engaged", "seconds", "key_sessions", "new_users"),
    *("views", "events", "key_events", "engagement_seconds", "carts", "checkouts", "purchases", "cents"),
)
BASE = {name: index for index, name in enumerate(BASES)}
SESSION_BASES = 5  # the first five belong to sessions, the others to events


@dataclass(slots=True)
class ItemLine:
    """One product on one day of one kind of visitor."""

    item: int
    viewed: int = 0
    carted: int = 0
    bought: int = 0
    cents: int = 0


@dataclass(slots=True)
class CellDay:
    """One kind of visitor on one day. Visitors are numbers from `low` up to `low + users`; below `seen` they
    are returning. `counts`, `reaches` and `values` belong to the cell's event rows.
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
    counts: tuple[int, ...]
    reaches: tuple[int, ...]
    values: tuple[int, ...]
    items: tuple[ItemLine, ...]
    phase: float
    totals: tuple[int, ...]

    def users_before(self, session: int) -> int:
        """How many different visitors made the first `session` sessions."""
        return (session - 1) * self.users // self.sessions + 1 if session > 0 else 0

    def new_before(self, session: int) -> int:
        return max(0, self.users_before(session) - (self.seen - self.low))

    def first_new_session(self) -> int:
        """Index of the first session of a new visitor; the number of sessions when there is none."""
        return -(-(self.seen - self.low) * self.sessions // self.users)

    def sessions_before(self, share: float) -> int:
        """How many sessions begin before that share of the day's traffic has come."""
        return min(self.sessions, int(self.sessions * share + self.phase))

    def session_sums(self, session: int) -> tuple[int, int, int, int, int]:
        """The session bases over the first `session` sessions."""
        engaged = min(session, self.engaged)
        seconds = self.seconds * engaged // self.engaged if self.engaged else 0
        return session, engaged, seconds, min(session, self.key_reach), self.new_before(session)


class Traffic:
    """Days of one property, computed once and kept."""

    def __init__(self, prop: Property) -> None:
        self.population: Population = population(prop)
        self.property = prop
        self._first_day = prop.created.astimezone(prop.zone).date().toordinal()
        self._plans = [_plan(cell) for cell in self.population.cells]
        self._phase = random.Random(f"season {prop.id}").uniform(0, 2 * math.pi)
        self._visits: dict[int, list[tuple[int, int, int]]] = {}
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
        return found

    def share_of_day(self, moment: datetime) -> float:
        """The share of a day's sessions that begin before that local time, minutes counted."""
        marks, hour = self.population.hours, moment.hour
        return marks[hour] + (marks[hour + 1] - marks[hour]) * moment.minute / 60

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
        moved = FRESH * self._season_until(ordinal)
        visits = []
        for cell in self.population.cells:
            sessions = int(cell.mean * level + draw())
            users = max(min(sessions, 1), sessions - int(sessions * REPEAT_SESSIONS + draw()))
            visits.append((sessions, int(cell.mean * moved), users))
        return visits

    def _seen_before(self, cell: Cell, ordinal: int) -> int:
        """The first visitor number that no earlier day has reached."""
        back = 6 + int(5 / cell.mean)
        earlier = (self._visits_of(ordinal - days)[cell.index] for days in range(1, back))
        return max((low + users for sessions, low, users in earlier if sessions), default=0)

    def _compute(self, ordinal: int) -> list[CellDay]:
        draw = random.Random(int(self.property.id) * 1_000_003 + ordinal + 500_000_000).random
        cells = self.population.cells
        days = []
        for cell, (sessions, low, users) in zip(cells, self._visits_of(ordinal), strict=True):
            phase, pace = draw(), draw()
            if sessions:
                seen = (
                    min(max(self._seen_before(cell, ordinal), low), low + users)
                    if cell.active
                    else low + users
                )
                days.append(self._cell_day(cell, sessions, users, low, seen, phase, pace))
        return days

    def _cell_day(
        self, cell: Cell, sessions: int, users: int, low: int, seen: int, phase: float, pace: float
    ) -> CellDay:
        engaged = min(sessions, int(sessions * cell.engagement + phase))
        seconds = int(engaged * cell.seconds * (0.8 + 0.4 * pace))
        new = users - (seen - low)
        happened = _happened(self._plans[cell.index], sessions, new, engaged, seconds, pace)
        items = self._items(cell, happened, pace) if cell.items else ()
        found = CellDay(
            cell=cell.index,
            sessions=sessions,
            users=users,
            low=low,
            seen=seen,
            engaged=engaged,
            seconds=seconds,
            key_reach=happened.key_reach,
            buyers=happened.buyers,
            counts=tuple(happened.counts),
            reaches=tuple(happened.reaches),
            values=tuple(happened.values),
            items=items,
            phase=phase,
            totals=(),
        )
        found.totals = (*found.session_sums(sessions), *happened.sums[SESSION_BASES:])
        return found

    def _items(self, cell: Cell, happened: _Happened, pace: float) -> tuple[ItemLine, ...]:
        """The products behind the shop's events; the purchases' revenue is noted in `happened`."""
        plan = self._plans[cell.index]
        lines = [ItemLine(item) for item in cell.items]
        for line, viewed, carted in zip(
            lines,
            _split(happened.counts[plan.viewing], pace),
            _split(happened.counts[plan.carting], pace),
            strict=True,
        ):
            line.viewed, line.carted = viewed, carted
        for index in range(happened.counts[plan.buying]):
            line = lines[_turn(pace, index)]
            quantity = 2 if (int(pace * 97) + index) % 5 == 4 else 1
            line.bought += quantity
            line.cents += quantity * self.population.items[line.item].price_cents
        cents = sum(line.cents for line in lines)
        happened.values[plan.buying] = happened.sums[BASE["cents"]] = cents
        return tuple(lines)


def _split(count: int, pace: float) -> tuple[int, int, int]:
    """A count over three favourites: half to the first, little to the last."""
    first = int(count * 0.55 + pace) if count > 1 else int(count and pace < 0.55)
    second = min(count - first, int(count * 0.3 + pace))
    return first, second, count - first - second


def _turn(pace: float, index: int) -> int:
    """Which of three favourites is next: the first half of the time, the last rarely."""
    place = (pace + index * GOLDEN) % 1
    return 0 if place < 0.55 else 1 if place < 0.85 else 2


@dataclass(frozen=True, slots=True)
class _RowPlan:
    """An event row, ready to be drawn. `kind` is SHARE, ALL, NEW, ENGAGED or HALF."""

    kind: int
    share: float
    repeat: float
    shift: float
    counted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A cell's event rows, ready to be drawn, and the places of some of them (-1 where there is none)."""

    rows: tuple[_RowPlan, ...]
    engaging: int
    viewing: int
    carting: int
    buying: int
    keys: tuple[int, ...]


@dataclass(slots=True)
class _Happened:
    """What a day's sessions of one kind did, row by row and in sum."""

    counts: list[int]
    reaches: list[int]
    values: list[int]
    sums: list[int]
    key_reach: int
    buyers: int


_SHARE, _ALL, _NEW, _ENGAGED, _HALF = range(5)


def _plan(cell: Cell) -> _Plan:
    names = [row.name for row in cell.events]
    place = {name: names.index(name) for name in names}
    return _Plan(
        rows=tuple(_row_plan(cell, index) for index in range(len(names))),
        engaging=place["user_engagement"],
        viewing=place.get("view_item", -1),
        carting=place.get("add_to_cart", -1),
        buying=place.get("purchase", -1),
        keys=tuple(index for index, name in enumerate(names) if name in KEY_EVENTS),
    )


def _row_plan(cell: Cell, index: int) -> _RowPlan:
    row = cell.events[index]
    earlier = [other.name for other in cell.events[:index]]
    kind = _ALL if row.reach >= 1 else _SHARE
    if row.name == "first_visit":
        kind = _NEW
    if row.name == "user_engagement":
        kind = _HALF if row.name in earlier else _ENGAGED
    return _RowPlan(kind, row.reach, row.repeat, index * GOLDEN, contributions(row)[0])


def _happened(plan: _Plan, sessions: int, new: int, engaged: int, seconds: int, pace: float) -> _Happened:
    """Draw a day's events. One loop on purpose: it runs for every kind of visitor and day."""
    counts, reaches, sums = [], [], [0] * len(BASES)
    sure = (0, sessions, new, engaged, engaged // 2)
    for row in plan.rows:
        luck = (pace + row.shift) % 1
        reach = sure[row.kind]
        if row.kind == _SHARE:
            reach = min(sessions, int(sessions * row.share + luck))
        count = reach + int(reach * row.repeat + luck) if reach and row.repeat else reach
        reaches.append(reach)
        counts.append(count)
        for base in row.counted:
            sums[base] += count
    values = [0] * len(counts)
    first = plan.engaging
    values[first + 1] = int(seconds * 0.35) if reaches[first + 1] else 0
    values[first] = seconds - values[first + 1]
    sums[BASE["engagement_seconds"]] = seconds
    key_reach = max([reaches[index] for index in plan.keys])
    return _Happened(
        counts, reaches, values, sums, key_reach, reaches[plan.buying] if plan.buying >= 0 else 0
    )


_COUNTS = {
    "page_view": BASE["views"],
    "add_to_cart": BASE["carts"],
    "begin_checkout": BASE["checkouts"],
    "purchase": BASE["purchases"],
}
_VALUES = {"user_engagement": BASE["engagement_seconds"], "purchase": BASE["cents"]}


def contributions(row: EventRow) -> tuple[tuple[int, ...], int | None]:
    """Which bases a row's count goes to, and which one its value."""
    counted = [BASE["events"]]
    counted += [_COUNTS[row.name]] if row.name in _COUNTS else []
    counted += [BASE["key_events"]] if row.name in KEY_EVENTS else []
    return tuple(counted), _VALUES.get(row.name)
