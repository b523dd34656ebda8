"""What version 3 makes below an account: a web property (`UA-…-1`) and a view of it, called profile."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sandbox.database import Database

_SCHEMA = """
CREATE TABLE IF NOT EXISTS trees (
    account TEXT PRIMARY KEY, name TEXT NOT NULL, website TEXT NOT NULL, profile TEXT NOT NULL,
    profile_name TEXT NOT NULL, time_zone TEXT NOT NULL);
"""
_FIRST_PROFILE, _PROFILES = 200_000_000, 90_000_000


@dataclass(frozen=True)
class Tree:
    """One account's web property and the profile in it."""

    account: str
    name: str
    website: str
    profile: str
    profile_name: str
    time_zone: str

    @property
    def web_property(self) -> str:
        return f"UA-{self.account}-1"


class Trees:
    def __init__(self, db: Database) -> None:
        self._db = db
        db.define(_SCHEMA, ["DELETE FROM trees"])

    def add(self, account: str, name: str, website: str, profile_name: str, time_zone: str) -> Tree:
        profile = str(_FIRST_PROFILE + secrets.randbelow(_PROFILES))
        tree = Tree(account, name, website, profile, profile_name, time_zone)
        self._db.write(
            "INSERT INTO trees VALUES (?, ?, ?, ?, ?, ?)",
            *(account, name, website, profile, profile_name, time_zone),
        )
        return tree

    def of(self, account: str) -> Tree | None:
        row = self._db.first(
            "SELECT account, name, website, profile, profile_name, time_zone FROM trees WHERE account = ?",
            account,
        )
        return Tree(*row) if row else None
