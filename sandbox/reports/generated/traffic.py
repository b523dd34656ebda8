"""A generated property day by day: how many sessions each kind of visitor makes, who they are, what they do.

Visitors of a kind are numbered, and those of one day are a run of numbers that begins further on every day. So days
overlap (people come back), and the distinct visitors of any set of days are counted exactly, as a union of runs.
Sessions of a kind and day are in order of time and of visitor at once: a part of the day is a run of sessions, and
every figure of that part follows from how many sessions come before its beginning and its end.
"""

from __future__ import annotations

import math
import random
import threading
from dataclasses import dataclass
from datetime import date, datetime

from sandbox.properties import Property
from sandbox.reports.generated.population import Cell, EventRow, Population, population

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
    """One kind of visitor on one day. Visitors are numbers from `low` up to `low + users`; below `seen` they are
    returning. `counts`, `reaches` and `values` belong to the cell's event rows."""

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
        """The integral of `_season`: it never falls, so no day's run of visitors begins before an earlier day's."""
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
        back = 8 + int(6 / cell.mean)
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
        counts, reaches, values = _events(cell, sessions, users - (seen - low), engaged, seconds, pace)
        items, values = self._items(cell, counts, values, pace)
        found = CellDay(
            cell.index,
            sessions,
            users,
            low,
            seen,
            engaged,
            seconds,
            0,
            0,
            counts,
            reaches,
            values,
            items,
            phase,
            (),
        )
        found.key_reach, found.buyers = _key_reach(cell, reaches), _buyers(cell, reaches)
        found.totals = (*found.session_sums(sessions), *_event_sums(cell, found))
        return found

    def _items(
        self, cell: Cell, counts: tuple[int, ...], values: tuple[int, ...], pace: float
    ) -> tuple[tuple[ItemLine, ...], tuple[int, ...]]:
        """The products behind the shop's events, and the event values with the purchases' revenue in them."""
        if not cell.items:
            return (), values
        lines = {item: ItemLine(item) for item in cell.items}
        happened = {row.name: count for row, count in zip(cell.events, counts, strict=True)}
        favourites = cell.items
        for index in range(happened["view_item"]):
            lines[favourites[_turn(pace, index)]].viewed += 1
        for index in range(happened["add_to_cart"]):
            lines[favourites[_turn(pace, index)]].carted += 1
        for index in range(happened["purchase"]):
            line = lines[favourites[_turn(pace, index)]]
            quantity = 1 + (int(pace * 97) + index) % 5 // 4
            line.bought += quantity
            line.cents += quantity * self.population.items[line.item].price_cents
        revenue = sum(line.cents for line in lines.values())
        values = tuple(
            revenue if row.name == "purchase" else v for row, v in zip(cell.events, values, strict=True)
        )
        return tuple(lines.values()), values


def _turn(pace: float, index: int) -> int:
    """Which of three favourites is next: the first half of the time, the last rarely."""
    place = (pace + index * GOLDEN) % 1
    return 0 if place < 0.55 else 1 if place < 0.85 else 2


def _events(
    cell: Cell, sessions: int, new: int, engaged: int, seconds: int, pace: float
) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Counts, reaches and values of the cell's event rows."""
    counts, reaches, values = [], [], []
    for index, row in enumerate(cell.events):
        luck = (pace + index * GOLDEN) % 1
        reach = _reach(row, sessions, new, engaged, luck)
        counts.append(reach + int(reach * row.repeat + luck))
        reaches.append(reach)
        values.append(0)
    first = next(index for index, row in enumerate(cell.events) if row.name == "user_engagement")
    if reaches[first]:
        values[first + 1] = int(seconds * 0.35) if reaches[first + 1] else 0
        values[first] = seconds - values[first + 1]
    return _without_luck(cell, counts, reaches), tuple(reaches), tuple(values)


def _without_luck(cell: Cell, counts: list[int], reaches: list[int]) -> tuple[int, ...]:
    """Events that happen once where they happen, and none where nobody got."""
    rows = zip(cell.events, counts, reaches, strict=True)
    return tuple(count if reach and row.repeat else reach for row, count, reach in rows)


def _reach(row: EventRow, sessions: int, new: int, engaged: int, luck: float) -> int:
    if row.name == "first_visit":
        return new
    if row.name == "user_engagement":
        return engaged if row.repeat > 0.25 else engaged // 2
    return min(sessions, int(sessions * row.reach + luck)) if row.reach < 1 else sessions


def _key_reach(cell: Cell, reaches: tuple[int, ...]) -> int:
    keys = (reach for row, reach in zip(cell.events, reaches, strict=True) if row.name in _KEY_NAMES)
    return max(keys, default=0)


def _buyers(cell: Cell, reaches: tuple[int, ...]) -> int:
    return max((r for row, r in zip(cell.events, reaches, strict=True) if row.name == "purchase"), default=0)


_KEY_NAMES = ("generate_lead", "sign_up", "purchase")
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
    counted += [BASE["key_events"]] if row.name in _KEY_NAMES else []
    return tuple(counted), _VALUES.get(row.name)


def _event_sums(cell: Cell, day: CellDay) -> list[int]:
    sums = [0] * len(BASES)
    for row, count, value in zip(cell.events, day.counts, day.values, strict=True):
        counted, valued = contributions(row)
        for base in counted:
            sums[base] += count
        if valued is not None:
            sums[valued] += value
    return sums[SESSION_BASES:]
