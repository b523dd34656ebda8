"""The cast, and the net: no test reaches anything but this machine."""

import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from accounts.models import Tenant, User
from accounts.tenancy import all_tenants, tenant_scope
from dashboards.models import View
from tests import factories


@pytest.fixture(autouse=True)
def _only_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuses every connection that would leave the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host and not _is_loopback(host):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@dataclass
class Cast:
    """alice owns a client, bob views it, charlie belongs to another, dana is staff of alice's client,
    erin is staff of charlie's, olivia owns the agency."""

    tenant: Tenant
    other: Tenant
    view: View
    other_view: View
    alice: User
    bob: User
    charlie: User
    dana: User
    erin: User
    olivia: User


@pytest.fixture
def cast(db: None) -> Cast:
    """Two clients of one agency, with their people and a view each."""
    tenant = factories.TenantFactory(slug="acme", name="Acme")
    other = factories.TenantFactory(slug="rival", name="Rival secret name")
    return Cast(
        tenant=tenant,
        other=other,
        view=factories.ViewFactory(tenant=tenant, slug="site"),
        other_view=factories.ViewFactory(tenant=other, slug="site", name="Rival secret view"),
        alice=factories.person("alice@acme.example", "owner", tenant),
        bob=factories.person("bob@acme.example", "viewer", tenant),
        charlie=factories.person("charlie@rival.example", "owner", other),
        dana=factories.person("dana@northlight.example", "staff", tenant),
        erin=factories.person("erin@northlight.example", "staff", other),
        olivia=factories.person("olivia@northlight.example", "agency-owner"),
    )


@pytest.fixture
def everything() -> Iterator[None]:
    """A scope of all tenants around the whole test."""
    with all_tenants(reason="a test looks at everything"):
        yield


@pytest.fixture
def in_tenant(cast: Cast) -> Iterator[Tenant]:
    """The scope of alice's client around the whole test."""
    with tenant_scope({cast.tenant.pk}):
        yield cast.tenant
