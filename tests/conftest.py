"""The cast, and the net: no test reaches anything but this machine."""

import ipaddress
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connections

from accounts.models import Tenant, User
from accounts.tenancy import all_tenants, tenant_scope
from dashboards.models import View
from tests import factories, flushing
from tests.google import Google, addresses, running
from tests.signing import teach_the_client

teach_the_client()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file, as installations have it: only there do threads meet real locks."""
    database = connections.settings["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database["TEST"]["NAME"] = str(tmp_path_factory.mktemp("db") / "test.sqlite3")


@pytest.fixture(autouse=True, scope="session")
def _emptied_between_tests() -> None:
    """A test's own database is emptied after it, the record too, which refuses that of everybody else."""
    if connections.settings["default"]["ENGINE"].endswith("postgresql"):
        flushing.past_the_record()


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    """Cheap password hashes, and static files without a manifest that somebody would have to build."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": static}


@pytest.fixture(autouse=True)
def _mails(settings: Any) -> None:
    """Mails go the way they go in an installation; pytest-django's own takes the place of the mail server."""
    settings.DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.EMAIL_BACKEND = "provisioning.outbox.backend.EmailBackend"


@pytest.fixture
def no_mail_server(settings: Any) -> None:
    """Nobody listens where the mail server should be."""
    settings.DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9


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


@pytest.fixture(scope="session")
def _sandbox() -> Iterator[Google]:
    with running() as google:
        yield google


@pytest.fixture
def google(_sandbox: Google, settings: Any) -> Iterator[Google]:
    """A Google that has seen nothing yet, and the portal's settings pointing to it."""
    for name, value in addresses(_sandbox.url).items():
        setattr(settings, name, value)
    _sandbox.control("POST", "reset")
    yield _sandbox
    _sandbox.control("POST", "reset")
