"""Authorization codes: for one client and one redirect address, for ten minutes, once."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict, dataclass

from sandbox.database import Database
from sandbox.state import token_hash

LIFE_S = 600
_SCHEMA = """
CREATE TABLE IF NOT EXISTS codes (
    hash TEXT PRIMARY KEY, fields TEXT NOT NULL, expires REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0);
"""


@dataclass(frozen=True)
class Code:
    """What a code stands for. `refreshable`: its exchange also gives a refresh token."""

    client_id: str
    redirect_uri: str
    email: str
    scopes: str
    refreshable: bool
    nonce: str = ""
    challenge: str = ""
    challenge_method: str = ""

    @property
    def scope_set(self) -> frozenset[str]:
        return frozenset(self.scopes.split())


class Codes:
    def __init__(self, db: Database) -> None:
        self._db = db
        db.define(_SCHEMA, ["DELETE FROM codes"])

    def issue(self, code: Code, now: float) -> str:
        """`now` in seconds since the epoch."""
        text = f"4/0A{secrets.token_urlsafe(54)}"
        self._db.write("DELETE FROM codes WHERE expires < ?", now - 86400)
        self._db.write(
            "INSERT INTO codes VALUES (?, ?, ?, 0)",
            *(token_hash(text), json.dumps(asdict(code)), now + LIFE_S),
        )
        return text

    def find(self, text: str, now: float) -> Code | None:
        """The code, unless it was used or is too old."""
        row = self._db.first(
            "SELECT fields FROM codes WHERE hash = ? AND NOT used AND expires > ?", token_hash(text), now
        )
        return Code(**json.loads(row[0])) if row else None

    def use(self, text: str) -> bool:
        """Whether this is its first use."""
        return self._db.write("UPDATE codes SET used = 1 WHERE hash = ? AND NOT used", token_hash(text)) == 1

    def forget(self, email: str, client_id: str) -> None:
        """Codes that were not yet used go when the person takes the consent back."""
        rows = self._db.all("SELECT hash, fields FROM codes WHERE NOT used")
        for hashed, fields in rows:
            code = Code(**json.loads(fields))
            if (code.email, code.client_id) == (email, client_id):
                self._db.write("UPDATE codes SET used = 1 WHERE hash = ?", hashed)
