"""Which properties and accounts there are: recorded ones from folders, those that were created here, and for
any other number a generated one.

A generated property's name, account, zone and currency follow from its number. Even numbers are shops, odd
ones content sites.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Place:
    """Where a generated property's business is: its zone and money, and where most of its visitors come
    from.
    """

    time_zone: str
    currency: str
    country: str
    region_code: str


PLACES = (
    Place("Europe/Rome", "EUR", "Italy", "IT"),
    Place("Europe/London", "GBP", "United Kingdom", "GB"),
    Place("America/Los_Angeles", "USD", "United States", "US"),
    Place("Asia/Kolkata", "INR", "India", "IN"),
    Place("America/New_York", "USD", "United States", "US"),
    Place("Europe/Berlin", "EUR", "Germany", "DE"),
    Place("Australia/Sydney", "AUD", "Australia", "AU"),
    Place("Asia/Tokyo", "JPY", "Japan", "JP"),
    Place("America/Sao_Paulo", "BRL", "Brazil", "BR"),
    Place("Pacific/Auckland", "NZD", "New Zealand", "NZ"),
)
KNOWN = {
    "310000001": ("Osteria da Nino", "osteriadanino.example", PLACES[0]),
    "310000002": ("Marlow Cycles", "marlowcycles.example", PLACES[1]),
    "318000030": ("Harbour Books", "harbourbooks.example", PLACES[1]),
    "318000031": ("Harbour Books Journal", "journal.harbourbooks.example", PLACES[1]),
    "318000032": ("Harbour Books Gifts", "gifts.harbourbooks.example", PLACES[1]),
}
_FIRST = (
    "Northgate",
    "Bluebell",
    "Harbour",
    "Juniper",
    "Kestrel",
    "Linden",
    "Marigold",
    "Orchard",
    "Silverbrook",
)
_SHOP = ("Outfitters", "Home", "Books", "Kitchen", "Garden", "Toys")
_SITE = ("Dental", "Legal", "Consulting", "Clinic", "Architects", "Academy")


@dataclass(frozen=True)
class Property:
    """What Google knows of a property. `id` is the number as text; `folder` is set for a recorded one.

    `hits` are what the tag of a property that was created here has sent: (seconds since the epoch, how many),
    in order of time. All others have visitors of their own, and None.
    """

    id: str
    account: str
    display_name: str
    place: Place
    domain: str
    created: datetime
    folder: str | None = None
    updated: datetime | None = None
    industry: str | None = None
    hits: tuple[tuple[float, int], ...] | None = None

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.place.time_zone)

    @property
    def is_shop(self) -> bool:
        return self.folder is None and int(self.id) % 2 == 0

    @property
    def industry_category(self) -> str:
        """Google's word for it; empty where its owner chose none."""
        return ("SHOPPING" if self.is_shop else "OTHER") if self.industry is None else self.industry


@dataclass(frozen=True)
class Account:
    id: str
    display_name: str
    region_code: str
    created: datetime


def account_of(property_id: str) -> str:
    """Three neighbouring property numbers share an account, so that some accounts have several."""
    return str(int(property_id) // 3)


def generated(property_id: str) -> Property:
    """The property that this number stands for, always the same."""
    chance = random.Random(int(property_id))
    name = f"{chance.choice(_FIRST)} {chance.choice(_SHOP if int(property_id) % 2 == 0 else _SITE)}"
    domain = name.lower().replace(" ", "") + ".example"
    place = PLACES[int(property_id) % len(PLACES)]
    name, domain, place = KNOWN.get(property_id, (name, domain, place))
    created = datetime(2022, 1, 10, 9, 30, tzinfo=UTC) + timedelta(days=chance.randrange(400))
    return Property(property_id, account_of(property_id), name, place, domain, created)


class Book(Protocol):
    """Whoever remembers what was created."""

    def property(self, property_id: str) -> Property | None: ...

    def account(self, account_id: str) -> Account | None: ...


class Directory:
    """Every property by number: the recorded ones given, those created, the rest generated."""

    def __init__(self, recorded: dict[str, Property], created: Book) -> None:
        self._recorded = recorded
        self._created = created

    def property(self, property_id: str) -> Property:
        return (
            self._recorded.get(property_id) or self._created.property(property_id) or generated(property_id)
        )

    def account(self, account_id: str) -> Account:
        """The account; a generated one is named after its first property that has a name of its own."""
        return self._created.account(account_id) or self._generated_account(account_id)

    def _generated_account(self, account_id: str) -> Account:
        members = [self.property(str(number)) for number in self._numbers(account_id)]
        named = [p for p in members if p.folder or p.id in KNOWN]
        first = (named or members)[0]
        return Account(account_id, first.display_name, first.place.region_code, first.created)

    @staticmethod
    def _numbers(account_id: str) -> range:
        return range(int(account_id) * 3, int(account_id) * 3 + 3)
