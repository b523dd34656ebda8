"""What the sessions of one kind of visitor do on a day: their events, row by row, and what they buy.

Drawn from two numbers of chance, so it can be forgotten and drawn again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sandbox.reports.generated.catalogue import Item
from sandbox.reports.generated.population import KEY_EVENTS, Cell, EventRow

GOLDEN = 0.6180339887498949
Taste = tuple[float, float]  # of three favourites: the share of the first, that of the first two
PLAIN_TASTE = (0.55, 0.85)
Runs = list[tuple[int, int]]  # sessions: (first, after the last), rising

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


@dataclass(frozen=True, slots=True)
class Purchase:
    """What the session of the same number buys."""

    line: int
    quantity: int
    cents: int


@dataclass(slots=True)
class Happened:
    """Counts, reaches (how many sessions get there, always the first ones) and values belong to the cell's
    event rows, in their order.
    """

    counts: list[int]
    reaches: list[int]
    values: list[int]
    sums: list[int]
    key_reach: int
    buyers: int
    items: tuple[ItemLine, ...] = ()
    purchases: tuple[Purchase, ...] = ()

    def count_in(self, row: int, runs: Runs) -> int:
        return _share(self.counts[row], self.reaches[row], runs)

    def value_in(self, row: int, runs: Runs, *, money: bool) -> int:
        """Seconds or, for the row of purchases, cents in these sessions."""
        if not money:
            return _share(self.values[row], self.reaches[row], runs)
        return sum(purchase.cents for purchase in self.purchases_in(runs))

    def purchases_in(self, runs: Runs) -> list[Purchase]:
        return [purchase for first, last in runs for purchase in self.purchases[first:last]]


class Habits:
    """How one kind of visitor behaves."""

    def __init__(self, cell: Cell, items: tuple[Item, ...]) -> None:
        self._cell = cell
        self._items = items
        self._plan = _plan(cell)

    def items_in(self, found: Happened, runs: Runs) -> list[ItemLine]:
        """What these sessions have of the day's products."""
        viewing, carting = found.reaches[self._plan.viewing], found.reaches[self._plan.carting]
        lines = [
            ItemLine(line.item, _share(line.viewed, viewing, runs), _share(line.carted, carting, runs))
            for line in found.items
        ]
        _sell(lines, found.purchases_in(runs))
        return lines

    def taste(self, wanted: Sequence[float]) -> Taste:
        """How much of a day goes to each favourite when every product is wanted that much."""
        if not self._cell.items:
            return PLAIN_TASTE
        one, two, three = (wanted[item] for item in self._cell.items)
        first, second = PLAIN_TASTE[0] * one, (PLAIN_TASTE[1] - PLAIN_TASTE[0]) * two
        everything = first + second + (1 - PLAIN_TASTE[1]) * three
        return first / everything, (first + second) / everything

    def happened(
        self, sessions: int, new: int, engaged: int, seconds: int, pace: float, taste: Taste
    ) -> Happened:
        """A day with that many sessions, new visitors, engaged sessions and their seconds."""
        found = _happened(self._plan, sessions, new, engaged, seconds, pace)
        if self._cell.items:
            found.purchases = self._purchases(found.counts[self._plan.buying], pace, taste)
            found.items = self._products(found, pace, taste)
            cents = sum(line.cents for line in found.items)
            found.values[self._plan.buying] = found.sums[BASE["cents"]] = cents
        return found

    def _purchases(self, count: int, pace: float, taste: Taste) -> tuple[Purchase, ...]:
        return tuple(self._purchase(index, pace, taste) for index in range(count))

    def _purchase(self, index: int, pace: float, taste: Taste) -> Purchase:
        line = _turn(pace, index, taste)
        quantity = 2 if (int(pace * 97) + index) % 5 == 4 else 1
        return Purchase(line, quantity, quantity * self._items[self._cell.items[line]].price_cents)

    def _products(self, found: Happened, pace: float, taste: Taste) -> tuple[ItemLine, ...]:
        """The products behind the shop's events."""
        lines = [ItemLine(item) for item in self._cell.items]
        viewed = _split(found.counts[self._plan.viewing], pace, taste)
        carted = _split(found.counts[self._plan.carting], pace, taste)
        for line, views, carts in zip(lines, viewed, carted, strict=True):
            line.viewed, line.carted = views, carts
        _sell(lines, found.purchases)
        return tuple(lines)


def _sell(lines: list[ItemLine], purchases: Iterable[Purchase]) -> None:
    for purchase in purchases:
        lines[purchase.line].bought += purchase.quantity
        lines[purchase.line].cents += purchase.cents


def _share(amount: int, reach: int, runs: Runs) -> int:
    """What falls on these sessions, of what the first `reach` sessions did."""
    part = 0
    for first, last in runs:
        if first >= reach:
            break
        part += amount * min(last, reach) // reach - amount * first // reach
    return part


def _split(count: int, pace: float, taste: Taste) -> tuple[int, int, int]:
    """A count over three favourites: about half to the first, little to the last."""
    first = min(count, int(count * taste[0] + pace)) if count > 1 else int(count and pace < taste[0])
    second = min(count - first, int(count * (taste[1] - taste[0]) + pace))
    return first, second, count - first - second


def _turn(pace: float, index: int, taste: Taste) -> int:
    """Which of three favourites is next: the first about half of the time, the last rarely."""
    place = (pace + index * GOLDEN) % 1
    return 0 if place < taste[0] else 1 if place < taste[1] else 2


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


def _happened(plan: _Plan, sessions: int, new: int, engaged: int, seconds: int, pace: float) -> Happened:
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
    return Happened(counts, reaches, values, sums, key_reach, reaches[plan.buying] if plan.buying >= 0 else 0)


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
