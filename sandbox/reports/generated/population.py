"""Who visits a generated property: a fixed set of kinds of visitor, from which every report is added up.

Each kind ("cell") is one combination of source, place, device and landing page with its own share of the
traffic and its own visitors. Because every dimension is read from the same cells, any two reports agree.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sandbox.properties import Property
from sandbox.reports.generated import catalogue
from sandbox.reports.generated.catalogue import Channel, Item, Page

CELLS = 120
SMALLEST_MEAN = (
    0.12  # sessions a day of the rarest kind: bounds how far back a returning visitor can come from
)
KEY_EVENTS = frozenset({"generate_lead", "sign_up", "purchase"})


@dataclass(frozen=True)
class EventRow:
    """One event on one page. `reach` is the share of sessions that get there, `repeat` how often they do it
    again.
    """

    name: str
    page: Page
    reach: float
    repeat: float = 0.0

    def values(self, cell: Cell) -> dict[str, str]:
        """This row's event-scoped dimensions."""
        key = "true" if self.name in KEY_EVENTS else "false"
        landing = self.page.path == cell.pages[0].path
        with_query = cell.landing_with_query if landing else self.page.path
        return {
            "eventName": self.name,
            "isKeyEvent": key,
            "pagePath": self.page.path,
            "pagePathPlusQueryString": with_query,
            "pageTitle": self.page.title,
            "unifiedScreenName": self.page.title,
        }


@dataclass(frozen=True)
class Cell:
    """One kind of visitor. `mean` is its sessions on an average day."""

    index: int
    mean: float
    values: dict[str, str]
    pages: tuple[Page, ...]
    landing_with_query: str
    engagement: float
    active: bool
    seconds: float
    events: tuple[EventRow, ...]
    items: tuple[int, ...]


@dataclass(frozen=True)
class Population:
    property: Property
    cells: tuple[Cell, ...]
    items: tuple[Item, ...]
    hours: tuple[float, ...]  # share of a day's sessions that begin before each hour, 25 marks from 0 to 1
    weekdays: tuple[float, ...]  # Monday first


def population(prop: Property) -> Population:
    """The property's visitors, always the same for the same number."""
    chance = random.Random(f"population {prop.id}")
    sessions = _sessions_a_day(prop, chance)
    weights = [1 / (rank + 4) for rank in range(CELLS)]
    builder = _Builder(prop, chance)
    cells = [builder.cell(rank, sessions * weight / sum(weights)) for rank, weight in enumerate(weights)]
    eats = prop.id == "310000001"
    return Population(prop, tuple(cells), builder.items, _hours(eats), _weekdays(prop, eats))


def _sessions_a_day(prop: Property, chance: random.Random) -> float:
    known = {"310000001": 310.0, "310000002": 940.0}
    return known.get(prop.id) or chance.uniform(140, 1100)


def _hours(eats: bool) -> tuple[float, ...]:
    if eats:
        weights = [2, 1, 1, 1, 1, 2, 4, 7, 10, 13, 18, 26, 30, 22, 14, 13, 16, 24, 34, 38, 30, 18, 9, 4]
    else:
        weights = [5, 3, 2, 2, 3, 5, 10, 18, 28, 34, 36, 35, 33, 34, 34, 33, 31, 29, 28, 29, 28, 23, 15, 9]
    marks = [0.0]
    for weight in weights:
        marks.append(marks[-1] + weight / sum(weights))
    return (*marks[:-1], 1.0)


def _weekdays(prop: Property, eats: bool) -> tuple[float, ...]:
    if eats:
        return (0.62, 0.78, 0.88, 1.0, 1.28, 1.35, 1.09)
    if prop.is_shop:
        return (1.04, 0.96, 0.94, 0.95, 0.93, 1.05, 1.13)
    return (1.18, 1.20, 1.17, 1.12, 1.0, 0.68, 0.65)


class _Builder:
    """Draws cells from the catalogue, in an order that must not change: it is what makes them
    reproducible.
    """

    def __init__(self, prop: Property, chance: random.Random) -> None:
        self.prop = prop
        self.chance = chance
        self.channels = catalogue.CHANNELS + (catalogue.SHOP_CHANNELS if prop.is_shop else ())
        self.pages = _pages(prop)
        self.items = _items(prop)

    def _pick(self, options: Sequence[Any], weights: Sequence[float]) -> Any:
        return self.chance.choices(options, weights)[0]

    def cell(self, rank: int, mean: float) -> Cell:
        channel = self._channel(rank)
        first = channel if self.chance.random() < 0.8 else self._channel(CELLS)
        pages = self._journey()
        values = self._values(channel, first, pages[0])
        active = rank % 37 != 36
        landing = _with_query(channel, pages[0], rank)
        values["landingPage"] = "(not set)" if rank % 41 == 40 else pages[0].path
        values["landingPagePlusQueryString"] = "(not set)" if rank % 41 == 40 else landing
        return Cell(
            index=rank,
            mean=max(mean, SMALLEST_MEAN),
            values=values,
            pages=pages,
            landing_with_query=landing,
            engagement=min(0.95, max(0.05, channel.engagement + self.chance.uniform(-0.08, 0.08))),
            active=active,
            seconds=self.chance.uniform(45, 260),
            events=self._events(channel, pages),
            items=tuple(self.chance.sample(range(len(self.items)), 3)) if self.items else (),
        )

    def _channel(self, rank: int) -> Channel:
        if rank < len(self.channels):  # each channel at least once, the largest first
            return sorted(self.channels, key=lambda channel: -channel.weight)[rank]
        picked: Channel = self._pick(self.channels, [channel.weight for channel in self.channels])
        return picked

    def _values(self, channel: Channel, first: Channel, landing: Page) -> dict[str, str]:
        return (
            _channel_values("session", channel)
            | _channel_values("firstUser", first)
            | self._place()
            | self._device()
            | {
                "hostName": self._pick((f"www.{self.prop.domain}", self.prop.domain), (93, 7)),
                "userAgeBracket": self._pick(list(catalogue.AGES), list(catalogue.AGES.values())),
                "userGender": self._pick(list(catalogue.GENDERS), list(catalogue.GENDERS.values())),
                "audienceName": self._pick(("All Users", "Engaged visitors", "(not set)"), (80, 15, 5)),
                "platform": "web",
                "streamName": f"{self.prop.display_name} – Website",
            }
        )

    def _place(self) -> dict[str, str]:
        home = self.prop.place.country
        weights = [town.weight * (24 if town.country == home else 1) for town in catalogue.TOWNS]
        town = self._pick(catalogue.TOWNS, weights)
        return {
            "continent": town.continent,
            "country": town.country,
            "countryId": town.country_id,
            "region": town.region,
            "city": town.city,
            "language": town.language,
        }

    def _device(self) -> dict[str, str]:
        device = self._pick(catalogue.DEVICES, [device.weight for device in catalogue.DEVICES])
        return {
            "deviceCategory": device.category,
            "browser": device.browser,
            "operatingSystem": device.system,
        }

    def _journey(self) -> tuple[Page, ...]:
        """The landing page and two or three more, none twice."""
        pages = list(self.pages)
        journey = []
        for _ in range(self.chance.choice((3, 3, 4))):
            page = self._pick(pages, [page.weight for page in pages])
            pages.remove(page)
            journey.append(page)
        return tuple(journey)

    def _events(self, channel: Channel, pages: tuple[Page, ...]) -> tuple[EventRow, ...]:
        landing, second = pages[0], pages[1]
        shares = (0.55, 0.32, 0.2)
        rows = [
            EventRow("session_start", landing, 1.0),
            EventRow("first_visit", landing, 1.0),
            EventRow("page_view", landing, 1.0, 0.18),
            *(
                EventRow("page_view", page, share, 0.15)
                for page, share in zip(pages[1:], shares, strict=False)
            ),
            *self._goal_pages(channel, pages),
            EventRow("user_engagement", landing, channel.engagement, 0.3),
            EventRow("user_engagement", second, channel.engagement * 0.5, 0.2),
            EventRow("scroll", landing, 0.42, 0.1),
            EventRow("click", second, 0.06),
        ]
        return (*rows, *(self._shop_events(channel) if self.prop.is_shop else self._lead_events(channel)))

    def _goal_pages(self, channel: Channel, pages: tuple[Page, ...]) -> list[EventRow]:
        """Views of the pages on which things are achieved, a little more than are achieved there."""
        shares: tuple[tuple[int, float], ...]
        if self.prop.is_shop:
            shares = (
                (2, 0.4),
                (3, 0.08 * channel.lead),
                (4, 0.055 * channel.lead),
                (5, 0.025 * channel.lead),
            )
        else:
            shares = ((2, 0.045 * channel.lead),)
        missing = [(self.pages[place], share) for place, share in shares if self.pages[place] not in pages]
        return [EventRow("page_view", page, share, 0.1) for page, share in missing]

    def _lead_events(self, channel: Channel) -> list[EventRow]:
        contact = self.pages[2]
        return [
            EventRow("generate_lead", contact, 0.035 * channel.lead),
            EventRow("sign_up", self.pages[0], 0.008 * channel.lead),
        ]

    def _shop_events(self, channel: Channel) -> list[EventRow]:
        product, cart, checkout, thanks = self.pages[2:6]
        return [
            EventRow("view_item", product, 0.38, 0.6),
            EventRow("add_to_cart", product, 0.085 * channel.lead, 0.25),
            EventRow("begin_checkout", checkout, 0.045 * channel.lead),
            EventRow("view_cart", cart, 0.07 * channel.lead),
            EventRow("purchase", thanks, 0.022 * channel.lead),
        ]


def _channel_values(prefix: str, channel: Channel) -> dict[str, str]:
    return {
        f"{prefix}DefaultChannelGroup": channel.group,
        f"{prefix}Source": channel.source,
        f"{prefix}Medium": channel.medium,
        f"{prefix}SourceMedium": f"{channel.source} / {channel.medium}",
        f"{prefix}CampaignName": channel.campaign,
    }


def _with_query(channel: Channel, page: Page, rank: int) -> str:
    """Rare kinds of visitor disappear in Google's row for what is too varied to keep."""
    if rank > 100:
        return "(other)"
    if channel.medium in ("cpc", "paid_social", "display", "email"):
        return f"{page.path}?utm_source={channel.source}&utm_medium={channel.medium}"
    return page.path


def _pages(prop: Property) -> tuple[Page, ...]:
    if prop.id == "310000001":
        return catalogue.OSTERIA_PAGES
    pages = catalogue.SHOP_PAGES if prop.is_shop else catalogue.SITE_PAGES
    return (replace(pages[0], title=prop.display_name), *pages[1:])


def _items(prop: Property) -> tuple[Item, ...]:
    if not prop.is_shop:
        return ()
    return catalogue.CYCLE_ITEMS if prop.id == "310000002" else catalogue.SHOP_ITEMS
