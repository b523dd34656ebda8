"""What people have allowed: scopes to a project, and to a client that it may act while they are away."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.database import Database
from sandbox.oauth.scopes import joined

_SCHEMA = """
CREATE TABLE IF NOT EXISTS consents (
    email TEXT NOT NULL, project TEXT NOT NULL, scopes TEXT NOT NULL, PRIMARY KEY (email, project));
CREATE TABLE IF NOT EXISTS offline_consents (
    email TEXT NOT NULL, client_id TEXT NOT NULL, PRIMARY KEY (email, client_id));
"""


class Consents:
    def __init__(self, db: Database) -> None:
        self._db = db
        db.define(_SCHEMA, ["DELETE FROM consents", "DELETE FROM offline_consents"])

    def scopes(self, email: str, project: str) -> frozenset[str]:
        """All that the person has allowed the project so far."""
        row = self._db.first("SELECT scopes FROM consents WHERE email = ? AND project = ?", email, project)
        return frozenset(row[0].split()) if row else frozenset()

    def allow(self, email: str, project: str, scopes: Iterable[str]) -> None:
        both = self.scopes(email, project) | set(scopes)
        self._db.write("INSERT OR REPLACE INTO consents VALUES (?, ?, ?)", email, project, joined(both))

    def is_offline(self, email: str, client_id: str) -> bool:
        return (
            self._db.first(
                "SELECT 1 FROM offline_consents WHERE email = ? AND client_id = ?", email, client_id
            )
            is not None
        )

    def allow_offline(self, email: str, client_id: str) -> None:
        self._db.write("INSERT OR IGNORE INTO offline_consents VALUES (?, ?)", email, client_id)

    def withdraw(self, email: str, project: str, client_ids: Iterable[str]) -> None:
        """The person takes everything back, from all clients of the project."""
        self._db.write("DELETE FROM consents WHERE email = ? AND project = ?", email, project)
        for client_id in client_ids:
            self._db.write("DELETE FROM offline_consents WHERE email = ? AND client_id = ?", email, client_id)
