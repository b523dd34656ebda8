"""What outlives a request: service accounts and their keys, who may read which property, access tokens,
properties in the trash.

One SQLite database, so that `keygen` and `serve` share it as two processes. Secrets are kept as hashes. Other
stores define their tables on the same database (`State.db`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.database import Database

_SCHEMA = """
CREATE TABLE IF NOT EXISTS service_accounts (
    email TEXT PRIMARY KEY, project TEXT NOT NULL, client_id TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS keys (
    key_id TEXT PRIMARY KEY, email TEXT NOT NULL, public_key TEXT NOT NULL,
    revoked INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS grants (
    email TEXT NOT NULL, property TEXT NOT NULL, can_edit INTEGER NOT NULL DEFAULT 0,
    revoked INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (email, property));
CREATE TABLE IF NOT EXISTS access_tokens (
    hash TEXT PRIMARY KEY, email TEXT NOT NULL, scopes TEXT NOT NULL, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS trash (property TEXT PRIMARY KEY, deleted_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS access_token_origins (
    hash TEXT PRIMARY KEY, client_id TEXT NOT NULL, expires REAL NOT NULL);
CREATE TABLE IF NOT EXISTS gone (email TEXT PRIMARY KEY);
"""
_RESET = (
    "UPDATE keys SET revoked = 0",
    "UPDATE grants SET revoked = 0",
    "DELETE FROM access_tokens",
    "DELETE FROM access_token_origins",
    "DELETE FROM trash",
    "DELETE FROM gone",
)


@dataclass(frozen=True)
class ServiceAccount:
    """A robot of a Cloud project. `project` is the id in words; its number is derived from it."""

    email: str
    project: str
    client_id: str


@dataclass(frozen=True)
class Bearer:
    """Whom an access token speaks for, and with which scopes. `client_id` is the OAuth client that a person
    gave it to; a service account's token has none."""

    email: str
    scopes: frozenset[str]
    client_id: str = ""


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def digits(text: str, length: int) -> str:
    """A number of `length` digits that belongs to `text`, always the same."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:12], "big")
    return str(10 ** (length - 1) + number % (9 * 10 ** (length - 1)))


def project_number(project: str) -> str:
    return digits(f"project {project}", 12)


class State:
    """The database behind one sandbox; safe to use from many threads."""

    def __init__(self, path: str = ":memory:") -> None:
        self.db = Database(path)
        self.db.define(_SCHEMA, _RESET)
        self._all, self._write = self.db.all, self.db.write

    def close(self) -> None:
        self.db.close()

    # Service accounts

    def add_service_account(self, email: str) -> ServiceAccount:
        """The account of that address, made if it is not there. Its project is read from the address."""
        project = email.partition("@")[2].partition(".")[0] or "demo"
        self._write(
            "INSERT OR IGNORE INTO service_accounts VALUES (?, ?, ?)", email, project, digits(email, 21)
        )
        self.remember(email)
        return ServiceAccount(email, project, digits(email, 21))

    def service_account(self, email: str) -> ServiceAccount | None:
        rows = self._all(
            "SELECT email, project, client_id FROM service_accounts WHERE email = ? "
            "AND email NOT IN (SELECT email FROM gone)",
            email,
        )
        return ServiceAccount(*rows[0]) if rows else None

    def add_key(self, email: str, key_id: str, public_key: str) -> None:
        self._write(
            "INSERT INTO keys (key_id, email, public_key) VALUES (?, ?, ?)", key_id, email, public_key
        )

    def public_keys(self, email: str) -> list[tuple[str, str]]:
        """(key id, PEM) of every key that still signs for the account."""
        return self._all("SELECT key_id, public_key FROM keys WHERE email = ? AND NOT revoked", email)

    def revoke_keys(self, email: str, key_id: str | None = None) -> int:
        if key_id:
            return self._write("UPDATE keys SET revoked = 1 WHERE email = ? AND key_id = ?", email, key_id)
        return self._write("UPDATE keys SET revoked = 1 WHERE email = ?", email)

    def remove_account(self, email: str) -> None:
        """The account is gone: Google no longer knows the address."""
        self._write("INSERT OR IGNORE INTO gone VALUES (?)", email)

    # Grants

    def grant(self, email: str, properties: Iterable[str], *, can_edit: bool = False) -> None:
        for property_id in properties:
            self._write(
                "INSERT OR REPLACE INTO grants VALUES (?, ?, ?, 0)", email, property_id, int(can_edit)
            )

    def revoke_grant(self, email: str, property_id: str) -> int:
        return self._write(
            "UPDATE grants SET revoked = 1 WHERE email = ? AND property = ?", email, property_id
        )

    def grants(self, email: str) -> dict[str, bool]:
        """Property id -> may edit, for every property that the person may read."""
        rows = self._all("SELECT property, can_edit FROM grants WHERE email = ? AND NOT revoked", email)
        return {property_id: bool(can_edit) for property_id, can_edit in rows}

    # Access tokens

    def add_access_token(
        self,
        token: str,
        email: str,
        scopes: Iterable[str],
        expires: float,
        *,
        client_id: str = "",
    ) -> None:
        """A person's token also names the client it was given to."""
        hashed = token_hash(token)
        self._write(
            "INSERT OR REPLACE INTO access_tokens VALUES (?, ?, ?, ?)",
            *(hashed, email, " ".join(sorted(scopes)), expires),
        )
        if client_id:
            self._write(
                "INSERT OR REPLACE INTO access_token_origins VALUES (?, ?, ?)",
                *(hashed, client_id, expires),
            )
        self._write("DELETE FROM access_tokens WHERE expires < ?", expires - 2 * 86400)
        self._write("DELETE FROM access_token_origins WHERE expires < ?", expires - 2 * 86400)

    def bearer(self, token: str, now: float) -> Bearer | None:
        """Whose living token this is; `now` in seconds since the epoch."""
        rows = self._all(
            "SELECT email, scopes, coalesce(client_id, '') FROM access_tokens "
            "LEFT JOIN access_token_origins USING (hash) WHERE hash = ? AND access_tokens.expires > ?",
            *(token_hash(token), now),
        )
        return Bearer(rows[0][0], frozenset(rows[0][1].split()), rows[0][2]) if rows else None

    def expire_tokens_of_client(self, email: str, client_id: str) -> int:
        return self._write(
            "DELETE FROM access_tokens WHERE email = ? AND hash IN "
            "(SELECT hash FROM access_token_origins WHERE client_id = ?)",
            *(email, client_id),
        )

    def remember(self, email: str) -> None:
        """Google knows the address (again)."""
        self._write("DELETE FROM gone WHERE email = ?", email)

    def is_gone(self, email: str) -> bool:
        """Whether Google has forgotten the address."""
        return bool(self._all("SELECT 1 FROM gone WHERE email = ?", email))

    def expire_tokens(self, email: str) -> int:
        return self._write("DELETE FROM access_tokens WHERE email = ?", email)

    # Properties in the trash

    def trash(self, property_id: str, now: float) -> None:
        self._write("INSERT OR IGNORE INTO trash VALUES (?, ?)", property_id, now)

    def restore(self, property_id: str) -> None:
        self._write("DELETE FROM trash WHERE property = ?", property_id)

    def trashed_at(self, property_id: str) -> float | None:
        rows = self._all("SELECT deleted_at FROM trash WHERE property = ?", property_id)
        return rows[0][0] if rows else None

    def reset(self) -> None:
        """Undo what happened while serving, in every store. Keys and grants that `keygen` made stay, and work
        again."""
        self.db.reset()
