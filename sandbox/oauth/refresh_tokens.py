"""Refresh tokens: a limited number for each person and client, of which the oldest dies silently."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.database import Database
from sandbox.oauth.scopes import joined
from sandbox.state import token_hash

_SCHEMA = """
CREATE TABLE IF NOT EXISTS refresh_tokens (
    serial INTEGER PRIMARY KEY AUTOINCREMENT, hash TEXT NOT NULL UNIQUE, email TEXT NOT NULL,
    client_id TEXT NOT NULL, scopes TEXT NOT NULL, expires REAL, ended REAL);
CREATE INDEX IF NOT EXISTS refresh_tokens_of ON refresh_tokens (email, client_id);
"""


@dataclass(frozen=True)
class RefreshToken:
    """`expires` and `ended` in seconds since the epoch; None is never and not yet."""

    email: str
    client_id: str
    scopes: frozenset[str]
    expires: float | None
    ended: float | None

    def died(self, now: float) -> float | None:
        """When it stopped to work; None while it does."""
        if self.ended is not None:
            return self.ended
        return self.expires if self.expires is not None and self.expires <= now else None


class RefreshTokens:
    def __init__(self, db: Database) -> None:
        self._db = db
        db.define(_SCHEMA, ["DELETE FROM refresh_tokens"])

    def issue(
        self,
        email: str,
        client_id: str,
        scopes: Iterable[str],
        *,
        now: float,
        expires: float | None,
        limit: int,
    ) -> str:
        """A new one. With it the person and client have `limit` living ones at most: the oldest end."""
        text = f"1//0{secrets.token_urlsafe(75)}"
        self._db.write(
            "INSERT INTO refresh_tokens (hash, email, client_id, scopes, expires) VALUES (?, ?, ?, ?, ?)",
            *(token_hash(text), email, client_id, joined(scopes), expires),
        )
        self._db.write(
            "UPDATE refresh_tokens SET ended = ? WHERE serial IN (SELECT serial FROM refresh_tokens "
            "WHERE email = ? AND client_id = ? AND ended IS NULL AND (expires IS NULL OR expires > ?) "
            "ORDER BY serial DESC LIMIT -1 OFFSET ?)",
            *(now, email, client_id, now, limit),
        )
        return text

    def find(self, text: str) -> RefreshToken | None:
        """The token of that text, dead or alive."""
        row = self._db.first(
            "SELECT email, client_id, scopes, expires, ended FROM refresh_tokens WHERE hash = ?",
            token_hash(text),
        )
        return RefreshToken(row[0], row[1], frozenset(row[2].split()), row[3], row[4]) if row else None

    def end(self, email: str, client_id: str, now: float) -> int:
        """All of the person's for the client; how many there were."""
        return self._db.write(
            "UPDATE refresh_tokens SET ended = ? WHERE email = ? AND client_id = ? AND ended IS NULL",
            *(now, email, client_id),
        )
