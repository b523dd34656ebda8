"""Account tickets: an account of Google Analytics that was asked for and waits for somebody to accept its
terms.

Only the person whose token made a ticket can accept it, once, and not for ever.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.database import Database

LIFE_S = 15 * 60

_SCHEMA = """
CREATE TABLE IF NOT EXISTS tickets (
    id TEXT PRIMARY KEY, email TEXT NOT NULL, client_id TEXT NOT NULL, kind TEXT NOT NULL,
    asked TEXT NOT NULL, redirect_uri TEXT NOT NULL, expires REAL NOT NULL, outcome TEXT NOT NULL DEFAULT '');
"""


@dataclass(frozen=True)
class Ticket:
    """`kind` is `admin` or `v3`; `asked` what the account is to be, as it was sent. `outcome` is empty until
    it is answered.
    """

    id: str
    email: str
    client_id: str
    kind: str
    asked: Mapping[str, Any]
    redirect_uri: str
    expires: float
    outcome: str

    @property
    def account_name(self) -> str:
        return str(self.asked["account"]["displayName" if self.kind == "admin" else "name"])


class Tickets:
    """The store of them. Moments are seconds since the epoch on the sandbox's clock."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.reset()
        db.define(_SCHEMA, ["DELETE FROM tickets"])

    def reset(self) -> None:
        """Life of a new ticket in seconds, and whether a person with too many accounts is sent back."""
        self.life_s: float = LIFE_S
        self.limit_redirects = True

    def add(
        self, email: str, client_id: str, kind: str, asked: Mapping[str, Any], redirect_uri: str, now: float
    ) -> str:
        """The new ticket's id."""
        ticket_id = secrets.token_urlsafe(24)
        self._db.write(
            "INSERT INTO tickets VALUES (?, ?, ?, ?, ?, ?, ?, '')",
            *(ticket_id, email, client_id, kind, json.dumps(asked), redirect_uri, now + self.life_s),
        )
        return ticket_id

    def find(self, ticket_id: str) -> Ticket | None:
        row = self._db.first(
            "SELECT id, email, client_id, kind, asked, redirect_uri, expires, outcome FROM tickets "
            "WHERE id = ?",
            ticket_id,
        )
        if row is None:
            return None
        ticket_id, email, client_id, kind, asked, redirect_uri, expires, outcome = row
        return Ticket(ticket_id, email, client_id, kind, json.loads(asked), redirect_uri, expires, outcome)

    def answer(self, ticket_id: str, outcome: str) -> bool:
        """Note how it ended. False if it had ended before: a second click changes nothing."""
        changed = self._db.write(
            "UPDATE tickets SET outcome = ? WHERE id = ? AND outcome = ''", outcome, ticket_id
        )
        return changed == 1
