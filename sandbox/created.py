"""Accounts, properties and web streams that people made here, and the hits that their tags have sent.

Their numbers lie where no generated property or account has its own. Even property numbers are shops, as with
generated ones, so that a property's number follows from its industry.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from sandbox.database import Database
from sandbox.properties import PLACES, Account, Place, Property
from sandbox.state import digits

_SCHEMA = """
CREATE TABLE IF NOT EXISTS created_accounts (
    id TEXT PRIMARY KEY, display_name TEXT NOT NULL, region_code TEXT NOT NULL, created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS created_properties (
    id TEXT PRIMARY KEY, account TEXT NOT NULL, display_name TEXT NOT NULL, time_zone TEXT NOT NULL,
    currency TEXT NOT NULL, industry TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL);
CREATE TABLE IF NOT EXISTS streams (
    id TEXT PRIMARY KEY, property TEXT NOT NULL, display_name TEXT NOT NULL, default_uri TEXT NOT NULL,
    created REAL NOT NULL);
CREATE TABLE IF NOT EXISTS hits (property TEXT NOT NULL, at REAL NOT NULL, number INTEGER NOT NULL);
"""
_RESET = (
    "DELETE FROM created_accounts",
    "DELETE FROM created_properties",
    "DELETE FROM streams",
    "DELETE FROM hits",
)
_FIRST_ACCOUNT, _ACCOUNTS = 340_000_000, 50_000_000
_FIRST_PROPERTY, _PROPERTIES = 510_000_000, 80_000_000
_FIRST_STREAM, _STREAMS = 7_000_000_000, 2_000_000_000
_LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass(frozen=True)
class Stream:
    """A web data stream. `default_uri` is the address that it measures, with its scheme."""

    id: str
    property_id: str
    display_name: str
    default_uri: str
    created: datetime

    @property
    def measurement_id(self) -> str:
        """`G-` and ten letters and digits, which follow from the stream's number."""
        number, text = int(digits(f"stream {self.id}", 20)), ""
        for _ in range(10):
            number, place = divmod(number, len(_LETTERS))
            text += _LETTERS[place]
        return f"G-{text}"


class Created:
    """The store of what was created. Moments are seconds since the epoch on the sandbox's clock."""

    def __init__(self, db: Database) -> None:
        self._db = db
        db.define(_SCHEMA, _RESET)

    # Accounts

    def add_account(self, display_name: str, region_code: str, now: float) -> Account:
        number = str(_FIRST_ACCOUNT + secrets.randbelow(_ACCOUNTS))
        self._db.write(
            "INSERT INTO created_accounts VALUES (?, ?, ?, ?)", number, display_name, region_code, now
        )
        return Account(number, display_name, region_code, _moment(now))

    def account(self, account_id: str) -> Account | None:
        row = self._db.first(
            "SELECT id, display_name, region_code, created FROM created_accounts WHERE id = ?", account_id
        )
        return Account(row[0], row[1], row[2], _moment(row[3])) if row else None

    # Properties

    def add_property(
        self, account: str, display_name: str, time_zone: str, currency: str, industry: str, now: float
    ) -> str:
        """The new property's number."""
        odd = industry != "SHOPPING"
        number = str(_FIRST_PROPERTY + 2 * secrets.randbelow(_PROPERTIES // 2) + odd)
        self._db.write(
            "INSERT INTO created_properties VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            *(number, account, display_name, time_zone, currency, industry, now, now),
        )
        return number

    def change_property(
        self, property_id: str, display_name: str, time_zone: str, currency: str, industry: str, now: float
    ) -> None:
        self._db.write(
            "UPDATE created_properties SET display_name = ?, time_zone = ?, currency = ?, industry = ?, "
            "updated = ? WHERE id = ?",
            *(display_name, time_zone, currency, industry, now, property_id),
        )

    def property(self, property_id: str) -> Property | None:
        row = self._db.first(
            "SELECT account, display_name, time_zone, currency, industry, created, updated "
            "FROM created_properties WHERE id = ?",
            property_id,
        )
        if row is None:
            return None
        account, display_name, time_zone, currency, industry, created, updated = row
        return Property(
            id=property_id,
            account=account,
            display_name=display_name,
            place=self._place(account, time_zone, currency),
            domain=self._domain(property_id),
            created=_moment(created),
            updated=_moment(updated),
            industry=industry,
            hits=self.hits(property_id),
        )

    def properties_in(self, account_id: str) -> list[str]:
        rows = self._db.all(
            "SELECT id FROM created_properties WHERE account = ? ORDER BY created, id", account_id
        )
        return [row[0] for row in rows]

    def _place(self, account_id: str, time_zone: str, currency: str) -> Place:
        """Visitors come from where the zone is, or the account, as far as that is a place known here."""
        account = self.account(account_id)
        region = account.region_code if account else ""
        home = next(
            (place for place in PLACES if place.time_zone == time_zone),
            next((place for place in PLACES if place.region_code == region), PLACES[2]),
        )
        return Place(time_zone, currency, home.country, region or home.region_code)

    def _domain(self, property_id: str) -> str:
        streams = self.streams(property_id)
        host = urlsplit(streams[0].default_uri).hostname if streams else None
        return (host or "website.example").removeprefix("www.")

    # Streams

    def add_stream(self, property_id: str, display_name: str, default_uri: str, now: float) -> Stream:
        number = str(_FIRST_STREAM + secrets.randbelow(_STREAMS))
        self._db.write(
            "INSERT INTO streams VALUES (?, ?, ?, ?, ?)", number, property_id, display_name, default_uri, now
        )
        return Stream(number, property_id, display_name, default_uri, _moment(now))

    def streams(self, property_id: str) -> list[Stream]:
        rows = self._db.all(
            "SELECT id, property, display_name, default_uri, created FROM streams WHERE property = ? "
            "ORDER BY created, id",
            property_id,
        )
        return [Stream(row[0], row[1], row[2], row[3], _moment(row[4])) for row in rows]

    def property_measured_by(self, measurement_id: str) -> str | None:
        """Whose tag has this `G-…`."""
        rows = self._db.all("SELECT property FROM streams")
        streams = [stream for row in rows for stream in self.streams(row[0])]
        return next((one.property_id for one in streams if one.measurement_id == measurement_id), None)

    # Hits

    def add_hits(self, property_id: str, number: int, now: float) -> None:
        self._db.write("INSERT INTO hits VALUES (?, ?, ?)", property_id, now, number)

    def hits(self, property_id: str) -> tuple[tuple[float, int], ...]:
        rows = self._db.all("SELECT at, number FROM hits WHERE property = ? ORDER BY at", property_id)
        return tuple((at, number) for at, number in rows)


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
