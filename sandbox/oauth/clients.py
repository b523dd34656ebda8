"""OAuth clients: the programs that are registered with Google, and what Google holds of each."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any
from urllib.parse import urlsplit

from sandbox.database import Database
from sandbox.state import token_hash

PROJECT = "belvedere-demo"
WEB_ID, WEB_SECRET = "belvedere-demo.apps.googleusercontent.com", "sandbox-secret"
DESKTOP_ID, DESKTOP_SECRET = "belvedere-desktop.apps.googleusercontent.com", "sandbox-desktop-secret"
KINDS = ("web", "desktop")
STATUSES = ("active", "deleted", "disabled")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

_SCHEMA = "CREATE TABLE IF NOT EXISTS clients (client_id TEXT PRIMARY KEY, fields TEXT NOT NULL);"


@dataclass(frozen=True)
class Client:
    """One client of a Cloud project.

    `testing` is the project's publishing status, in which refresh tokens live for a week and, where
    `test_users` are listed, only those may sign in. `organization` is the domain of a project that is
    Internal. `provisioning_v3` is whether Google admitted the project to the old Provisioning API.
    """

    id: str
    secret_hash: str
    kind: str = "web"
    name: str = "Belvedere"
    project: str = PROJECT
    redirect_uris: tuple[str, ...] = ()
    verified: bool = True
    provisioning_v3: bool = True
    testing: bool = False
    test_users: tuple[str, ...] = ()
    organization: str = ""
    status: str = "active"
    token_limit: int = 100

    def redirects_to(self, uri: str) -> bool:
        """Whether Google would send people to `uri`: a registered address to the letter, or for a desktop
        program any loopback address."""
        return uri in self.redirect_uris or (self.kind == "desktop" and _is_loopback(uri))

    def has_secret(self, secret: str) -> bool:
        return token_hash(secret) == self.secret_hash


def _fits(name: str, value: Any) -> bool:
    """Whether a field's value has the type of its default: text, yes or no, a number, or texts."""
    default = getattr(Client, name, "")
    if isinstance(default, tuple):
        return isinstance(value, tuple) and all(isinstance(one, str) for one in value)
    return type(value) is type(default)


def _is_loopback(uri: str) -> bool:
    try:
        parts = urlsplit(uri)
        plain = uri.isascii() and uri.isprintable()  # what follows would overlook a line's end
        return plain and parts.scheme == "http" and parts.hostname in _LOOPBACK and not parts.fragment
    except ValueError:
        return False


class Clients:
    """The registered clients."""

    def __init__(self, db: Database) -> None:
        self._db = db
        db.define(_SCHEMA, ["DELETE FROM clients"])

    def find(self, client_id: str) -> Client | None:
        row = self._db.first("SELECT fields FROM clients WHERE client_id = ?", client_id)
        return _client(json.loads(row[0])) if row else None

    def save(self, client: Client) -> None:
        self._db.write("INSERT OR REPLACE INTO clients VALUES (?, ?)", client.id, json.dumps(asdict(client)))

    def change(self, client_id: str, changes: Mapping[str, Any]) -> Client:
        """Adds the client or changes some of its fields. Raises ValueError in words."""
        changes = dict(changes)
        secret = changes.pop("secret", None)
        if secret is not None:
            changes["secret_hash"] = token_hash(str(secret))
        if unknown := set(changes) - {field.name for field in fields(Client)}:
            raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
        client = replace(self.find(client_id) or Client(client_id, ""), **_tuples(changes))
        if wrong := [name for name, value in asdict(client).items() if not _fits(name, value)]:
            raise ValueError(f"not of its type: {', '.join(wrong)}")
        if client.kind not in KINDS or client.status not in STATUSES:
            raise ValueError(f"kind is one of {', '.join(KINDS)}; status one of {', '.join(STATUSES)}")
        self.save(client)
        return client

    def all(self) -> list[Client]:
        return [_client(json.loads(row[0])) for row in self._db.all("SELECT fields FROM clients")]

    def of_project(self, project: str) -> list[str]:
        """The ids of a project's clients."""
        return [client.id for client in self.all() if client.project == project]

    def projects(self) -> set[str]:
        return {client.project for client in self.all()}

    def ship(self, portal: str, *, token_limit: int, testing: bool) -> None:
        """The two that the demonstration uses, as they are at the start."""
        paths = (
            "/provisioning/oauth/callback",
            "/provisioning/tos/callback",
            "/accounts/google/login/callback/",
        )
        shared: dict[str, Any] = {"token_limit": token_limit, "testing": testing}
        self.save(
            Client(
                WEB_ID, token_hash(WEB_SECRET), redirect_uris=tuple(portal + path for path in paths), **shared
            )
        )
        self.save(Client(DESKTOP_ID, token_hash(DESKTOP_SECRET), kind="desktop", **shared))


def _client(values: dict[str, Any]) -> Client:
    return Client(**_tuples(values))


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
