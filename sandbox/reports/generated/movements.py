"""How what visitors come from, land on and buy rises and falls of its own: in slow waves, and in bursts.

Every value of a dimension (a source, a page, a country) has its movement, a function of property, dimension,
value and day alone. A kind of visitor follows the movements of all its values, added up. What much of the
traffic shares moves little, what few share moves much, as on real sites. Waves and bursts have integrals in
closed form, and so have their sums: from these the visitors of a day get their numbers (see `traffic`).
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sandbox.reports.generated.catalogue import Item
from sandbox.reports.generated.happenings import GOLDEN
from sandbox.reports.generated.population import Cell, Population

_SMALL = 0.05  # share of the traffic up to which a value moves as much as its dimension allows
_CAMPAIGNS = frozenset({"cpc", "paid_social", "display", "email"})
_TURN = 2 * math.pi


@dataclass(frozen=True, slots=True)
class Wave:
    height: float
    days: float
    phase: float

    def at(self, day: int) -> float:
        return self.height * math.sin(_TURN * day / self.days + self.phase)

    def until(self, day: int) -> float:
        return -self.height * self.days / _TURN * math.cos(_TURN * day / self.days + self.phase)


@dataclass(frozen=True, slots=True)
class Burst:
    """A campaign that comes back every `days`, and lifts for about three times `width` days."""

    height: float
    days: float
    first: float
    width: float

    def at(self, day: int) -> float:
        return self.height / math.cosh(self._from_nearest(day)[1]) ** 2

    def until(self, day: int) -> float:
        number, away = self._from_nearest(day)
        return self.height * self.width * (2 * number + math.tanh(away))

    def _from_nearest(self, day: int) -> tuple[int, float]:
        number = round((day - self.first) / self.days)
        return number, (day - self.first - number * self.days) / self.width


Shape = Wave | Burst


@dataclass(frozen=True, slots=True)
class _Kind:
    """How far and how fast the values of one dimension move at most. `bursting` is the share of them that
    have bursts.
    """

    name: str
    height: float
    days: tuple[float, float]
    bursting: float = 0.0


# The heights that a kind of visitor follows (three pages by `_STEPS`) add up to less than 1: no traffic falls
# below zero, and the numbers of visitors keep rising.
_SOURCE = _Kind("source", 0.24, (75, 150))
_PAGE = _Kind("page", 0.28, (90, 190), 0.3)
_COUNTRY = _Kind("country", 0.16, (70, 160), 0.15)
_CITY = _Kind("city", 0.08, (60, 120))
_DEVICE = _Kind("device", 0.06, (120, 240))
_ITEM = _Kind("item", 0.4, (70, 170), 0.3)
_STEPS = (1.0, 0.4, 0.15)  # how much a kind follows its landing page, its second, its third


class Movements:
    """Of one property."""

    def __init__(self, population: Population) -> None:
        self._seed = population.property.id
        self._shapes: list[tuple[Shape, ...]] = []
        cells = population.cells
        weights = [_followed(cell) for cell in cells]
        places = self._places(cells, weights)
        self._follows = [[(places[key], weight) for key, weight in followed.items()] for followed in weights]
        self._items = [self._item(place, item) for place, item in enumerate(population.items)]

    def factors(self, day: int) -> list[float]:
        """What each kind of visitor's traffic is multiplied by on that day; around 1, above 0."""
        return [1 + moved for moved in self._of_cells([_sum_at(shapes, day) for shapes in self._shapes])]

    def until(self, day: int) -> list[float]:
        """The integral of `factors` less 1, from a beginning that is always the same."""
        return self._of_cells([_sum_until(shapes, day) for shapes in self._shapes])

    def items(self, day: int) -> list[float]:
        """How much each product is wanted on that day; around 1, above 0."""
        return [1 + _sum_at(shapes, day) for shapes in self._items]

    def _of_cells(self, moved: Sequence[float]) -> list[float]:
        return [sum([moved[place] * weight for place, weight in follows]) for follows in self._follows]

    def _places(self, cells: Sequence[Cell], weights: Sequence[dict[_Key, float]]) -> dict[_Key, int]:
        """Makes the movement of every value, the first of each dimension with the largest share."""
        shares: dict[_Key, float] = {}
        everybody = sum(cell.mean for cell in cells)
        for cell, followed in zip(cells, weights, strict=True):
            for key, weight in followed.items():
                shares[key] = shares.get(key, 0.0) + weight * cell.mean / everybody
        places: dict[_Key, int] = {}
        ranks: dict[str, int] = {}
        for key in sorted(shares, key=lambda key: (-shares[key], key[1])):
            kind, value, campaign = key
            rank = ranks[kind.name] = ranks.get(kind.name, -1) + 1
            places[key] = len(self._shapes)
            self._shapes.append(self._movement(kind, value, rank, shares[key], campaign))
        return places

    def _item(self, place: int, item: Item) -> tuple[Shape, ...]:
        return self._movement(_ITEM, item.name, place, _SMALL, campaign=False)

    def _movement(
        self, kind: _Kind, value: str, rank: int, share: float, campaign: bool
    ) -> tuple[Shape, ...]:
        """A faster wave and a slower one. Phases go round by rank, so that while one value rises its
        neighbour falls.
        """
        chance = random.Random(f"movement {self._seed} {kind.name} {value}")
        height = kind.height * min(1.0, (_SMALL / share) ** 0.75)
        around = (
            random.Random(f"movements {self._seed} {kind.name}").uniform(0, _TURN) + rank * GOLDEN * _TURN
        )
        shortest, longest = kind.days
        shapes: list[Shape] = [
            Wave(height * 0.7, chance.uniform(shortest, (shortest + longest) / 2), around),
            Wave(height * 0.3, chance.uniform(longest, 2 * longest), chance.uniform(0, _TURN)),
        ]
        if chance.random() < kind.bursting or campaign:
            days = chance.uniform(110, 190)
            first = chance.uniform(0, days)
            shapes.append(Burst(height * chance.uniform(2, 4), days, first, chance.uniform(4, 8)))
        return tuple(shapes)


_Key = tuple[_Kind, str, bool]  # dimension, value, whether it is a campaign


def _followed(cell: Cell) -> dict[_Key, float]:
    """The values whose movements a kind of visitor follows, and how closely."""
    values = cell.values
    source = f"{values['sessionSourceMedium']} / {values['sessionCampaignName']}"
    keys = {(_SOURCE, source, values["sessionMedium"] in _CAMPAIGNS): 1.0}
    keys |= {(_PAGE, page.path, False): step for page, step in zip(cell.pages, _STEPS, strict=False)}
    keys[_COUNTRY, values["country"], False] = 1.0
    keys[_CITY, f"{values['country']} / {values['region']} / {values['city']}", False] = 1.0
    keys[_DEVICE, f"{values['deviceCategory']} / {values['browser']}", False] = 1.0
    return keys


def _sum_at(shapes: Iterable[Shape], day: int) -> float:
    return sum([shape.at(day) for shape in shapes])


def _sum_until(shapes: Iterable[Shape], day: int) -> float:
    return sum([shape.until(day) for shape in shapes])
