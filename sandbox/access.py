"""Who may do what with an account or a property, and the bindings that say so.

A binding gives one address roles on one account or property; those on an account hold for everything in it.
What `keygen` and the demonstration's people were granted counts as a binding too: viewer, or administrator
where they may edit.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sandbox.created import Created
from sandbox.properties import Directory
from sandbox.state import State

_SCHEMA = """
CREATE TABLE IF NOT EXISTS bindings (
    resource TEXT NOT NULL, email TEXT NOT NULL, roles TEXT NOT NULL, PRIMARY KEY (resource, email));
"""
_RESET = ("DELETE FROM bindings",)
ROLES = frozenset({"viewer", "analyst", "editor", "admin", "no-cost-data", "no-revenue-data"})
READING = frozenset({"viewer", "analyst", "editor", "admin"})
EDITING = frozenset({"editor", "admin"})
MANAGING = frozenset({"admin"})

Roles = frozenset[str]
NOBODY: Roles = frozenset()


@dataclass(frozen=True)
class Binding:
    """`resource` is `accounts/1` or `properties/2`; `email` in small letters."""

    resource: str
    email: str
    roles: Roles

    @property
    def name(self) -> str:
        number = hashlib.sha256(f"{self.resource} {self.email}".encode()).hexdigest()[:16]
        return f"{self.resource}/accessBindings/{number}"


class Access:
    def __init__(self, state: State, created: Created, directory: Directory) -> None:
        self._state = state
        self._created = created
        self._directory = directory
        state.db.define(_SCHEMA, _RESET)

    # Questions

    def properties(self, email: str) -> dict[str, Roles]:
        """Property -> roles, for every property that this address may read."""
        found = self._directly(email)
        for account, roles in _numbered(self._bound(email), "accounts/").items():
            for number in self._members(account):
                found[number] = found.get(number, NOBODY) | roles
        return {number: roles for number, roles in found.items() if roles & READING}

    def on_property(self, email: str, property_id: str) -> Roles:
        roles = self._directly(email).get(property_id, NOBODY)
        through = _numbered(self._bound(email), "accounts/")
        if through:
            roles |= through.get(self._directory.property(property_id).account, NOBODY)
        return roles if roles & READING else NOBODY

    def accounts(self, email: str) -> list[str]:
        """The accounts that this address sees, be it for one property in them."""
        numbers = sorted(self.properties(email), key=int)
        found = [self._directory.property(number).account for number in numbers]
        return list(dict.fromkeys([*found, *_numbered(self._bound(email), "accounts/")]))

    def on_account(self, email: str, account_id: str) -> Roles:
        """The roles that count in the whole account. Whoever was granted to edit one of its properties is
        taken for its administrator.
        """
        roles = self._bound(email).get(f"accounts/{account_id}", NOBODY)
        edited = [number for number, can_edit in self._state.grants(email).items() if can_edit]
        if any(self._directory.property(number).account == account_id for number in edited):
            return roles | MANAGING
        return roles

    def _directly(self, email: str) -> dict[str, Roles]:
        """Property -> roles by its own bindings; one that was made later counts instead of a grant."""
        granted = {number: _granted(can_edit) for number, can_edit in self._state.grants(email).items()}
        return granted | _numbered(self._bound(email), "properties/")

    def _members(self, account_id: str) -> list[str]:
        """The properties of an account, as far as anybody was ever let in."""
        if self._created.account(account_id):
            return self._created.properties_in(account_id)
        known = [row[0] for row in self._state.db.all("SELECT DISTINCT property FROM grants")]
        granted = [number for number in known if self._directory.property(number).account == account_id]
        return [*granted, *self._created.properties_in(account_id)]

    def _bound(self, email: str) -> dict[str, Roles]:
        rows = self._state.db.all("SELECT resource, roles FROM bindings WHERE email = ?", email.lower())
        return {resource: frozenset(roles.split()) for resource, roles in rows}

    # Bindings

    def bindings(self, resource: str) -> list[Binding]:
        """Those made directly on it, in order of address."""
        found = self._granted_on(resource)
        rows = self._state.db.all("SELECT email, roles FROM bindings WHERE resource = ?", resource)
        found |= {email: frozenset(roles.split()) for email, roles in rows}
        return [Binding(resource, email, roles) for email, roles in sorted(found.items())]

    def binding(self, name: str) -> Binding | None:
        resource = name.partition("/accessBindings/")[0]
        return next((one for one in self.bindings(resource) if one.name == name), None)

    def bind(self, resource: str, email: str, roles: Roles) -> Binding:
        """Give exactly these roles, whatever was before."""
        binding = Binding(resource, email.lower(), roles)
        self._state.db.write(
            "INSERT OR REPLACE INTO bindings VALUES (?, ?, ?)",
            resource,
            binding.email,
            " ".join(sorted(roles)),
        )
        return binding

    def unbind(self, resource: str, email: str) -> int:
        """Take what was given, be it by `bind` or as a grant. How much that was."""
        kind, _, number = resource.partition("/")
        taken = self._state.revoke_grant(email, number) if kind == "properties" else 0
        return taken + self._state.db.write(
            "DELETE FROM bindings WHERE resource = ? AND email = ?", resource, email.lower()
        )

    def _granted_on(self, resource: str) -> dict[str, Roles]:
        kind, _, number = resource.partition("/")
        if kind != "properties":
            return {}
        rows = self._state.db.all(
            "SELECT email, can_edit FROM grants WHERE property = ? AND NOT revoked", number
        )
        return {email: _granted(bool(can_edit)) for email, can_edit in rows}


def _granted(can_edit: bool) -> Roles:
    return MANAGING if can_edit else frozenset({"viewer"})


def _numbered(bound: dict[str, Roles], kind: str) -> dict[str, Roles]:
    """Those of one kind of resource, by its number."""
    return {name.removeprefix(kind): roles for name, roles in bound.items() if name.startswith(kind)}
