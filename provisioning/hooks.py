"""What a higher app does for this one: a property that is ready becomes a view, of which only the higher one
knows. It registers itself when it starts.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from accounts.models import Tenant
from provisioning.models import Credential


@dataclass(frozen=True)
class Made:
    """The view that a property became."""

    id: uuid.UUID
    name: str
    address: str


class ViewMaker(Protocol):
    """Makes views of properties, and finds them again."""

    def make(
        self,
        *,
        tenant: Tenant,
        credential: Credential,
        property_id: str,
        name: str,
        time_zone: str,
        currency: str,
    ) -> Made:
        """The tenant's view of this property with the Overview dashboard; the one that is there if it is.

        Runs inside the tenant's scope.
        """

    def find(self, *, tenant: Tenant, view_id: uuid.UUID) -> Made | None:
        """The view with this id, unless it was removed."""

    def usual_zone(self, *, tenant: Tenant) -> str:
        """The time zone of the tenant's views; empty where it has none."""

    def fed_by(self, *, credential: Credential) -> list[str]:
        """The names of the views in scope that go dark without this credential."""

    def fed_by_each(self, *, credentials: Sequence[Credential]) -> Mapping[uuid.UUID, list[str]]:
        """The same of many of one tenant's own, by their ids and at once, without the tenant's name."""

    def properties_fed_by(self, *, credential: Credential) -> list[str]:
        """The numbers of the properties that this credential reads for views in scope."""

    def feed(self, *, tenant: Tenant, property_id: str, old: Credential, new: Credential) -> None:
        """From now on the tenant's views of this property that `old` feeds are fed by `new`."""

    def ask_anew(self, *, tenant: Tenant, view_id: uuid.UUID) -> None:
        """What is kept of the view's figures counts as old from now on: there are newer ones."""


_makers: list[ViewMaker] = []


def register(maker: ViewMaker) -> None:
    """Called once, by the app that has views."""
    _makers[:] = [maker]


def views() -> ViewMaker:
    """The registered one."""
    return _makers[0]
