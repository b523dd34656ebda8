"""People with a Google account. Which properties they may read stands in the same table as for robots."""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass, replace
from typing import Any

from sandbox.state import State, digits

ACCOUNT_LIMIT = 100  # accounts of Google Analytics that one person may have
_ADDRESS = re.compile(r"[^@\s<>\"'&]+@[^@\s<>\"'&]+\.[^@\s<>\"'&]+")
_ROBOTS = ".gserviceaccount.com"

_SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    email TEXT PRIMARY KEY, subject TEXT NOT NULL UNIQUE, name TEXT NOT NULL, hosted_domain TEXT NOT NULL,
    account_limit INTEGER NOT NULL);
"""
_RESET = ("DELETE FROM grants WHERE email IN (SELECT email FROM people)", "DELETE FROM people")


@dataclass(frozen=True)
class Person:
    """`subject` is Google's stable id of the person; `hosted_domain` is set for a Workspace account."""

    email: str
    subject: str
    name: str
    hosted_domain: str = ""
    account_limit: int = ACCOUNT_LIMIT


@dataclass(frozen=True)
class Shipped:
    """Somebody who is there from the start."""

    email: str
    name: str
    hosted_domain: str = ""
    properties: tuple[str, ...] = ()


def _numbers(first: int, count: int) -> tuple[str, ...]:
    return tuple(str(number) for number in range(first, first + count))


# Three properties make one account, from a number that three divides.
BOOKS = _numbers(318_000_030, 3)
AGENCYS = ("310000001", "310000002", *_numbers(330_000_000, 298))
SHIPPED = (
    Shipped("nina@bluebell-bakery.example", "Nina Baker"),
    Shipped("marco@harbour-books.example", "Marco Porto", properties=BOOKS),
    Shipped("agency@northlight.example", "Northlight", "northlight.example", AGENCYS),
)


class People:
    """Everybody whom Google knows."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._db = state.db
        self._db.define(_SCHEMA, _RESET)

    def find(self, email: str) -> Person | None:
        """The person of that address, unless Google has forgotten it."""
        row = self._db.first(f"{_SELECT} WHERE email = ?", email.strip().lower())
        return Person(*row) if row and not self._state.is_gone(row[0]) else None

    def of_subject(self, subject: str) -> Person | None:
        row = self._db.first(f"{_SELECT} WHERE subject = ?", subject)
        return self.find(row[0]) if row else None

    def shipped(self) -> list[Person]:
        found = [self.find(one.email) for one in SHIPPED]
        return [person for person in found if person is not None]

    def add(self, email: str, **fields: Any) -> Person:
        """A new person, or the one who has that address already, with these fields of theirs changed."""
        email = email.strip().lower()
        row = self._db.first(f"{_SELECT} WHERE email = ?", email)
        known = Person(*row) if row else Person(email, digits(email, 21), _name_of(email))
        person = replace(known, **fields)
        self._db.write(
            "INSERT INTO people VALUES (?, ?, ?, ?, ?) ON CONFLICT (email) DO UPDATE SET "
            "name = excluded.name, hosted_domain = excluded.hosted_domain, "
            "account_limit = excluded.account_limit",
            *astuple(person),
        )
        self._state.remember(email)
        return person

    def ship(self) -> None:
        """Those who are there from the start, once; what became of them since stays, until a reset."""
        for one in SHIPPED:
            if self._db.first("SELECT 1 FROM people WHERE email = ?", one.email) is None:
                self.add(one.email, name=one.name, hosted_domain=one.hosted_domain)
                self._state.grant(one.email, one.properties, can_edit=True)


_SELECT = "SELECT email, subject, name, hosted_domain, account_limit FROM people"


def is_address(text: str) -> bool:
    """Whether somebody could sign in with this address: a person's, not a service account's."""
    return bool(_ADDRESS.fullmatch(text.strip())) and not text.strip().lower().endswith(_ROBOTS)


def _name_of(email: str) -> str:
    return email.partition("@")[0].replace(".", " ").replace("_", " ").title()
