"""Whoever has the whole database, and may write to it, gets none of the secrets that ever passed through."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import Tenant
from accounts.tenancy import all_tenants
from dashboards.embed import keys, sharing
from provisioning import credentials, flows
from provisioning.crypto import SealError
from provisioning.models import Arrival, Consent, Credential, WaitingMail
from provisioning.sealed_places import sources
from tests import factories
from tests.conftest import Cast
from tests.google import Google
from tests.provisioning.journey import travelling
from tests.provisioning.test_secrets_stay import bad_and_good, seen

__all__ = ["seen"]  # a fixture
pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"  # as tests/factories.py has it


def dumped() -> str:
    """Every row of every table, as a thief has it: nothing opened, nothing but text and bytes."""
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [repr(row) for row in cursor.fetchall()]
    return "\n".join(rows)


def shapes(secret: str) -> Iterator[str]:
    """How it could stand there without looking it: base64 has three ways to cut it, of which each shows."""
    yield secret
    yield quote(secret, safe="")
    yield secret.encode().hex()
    yield secret[::-1]
    for skipped in range(3):
        middle = base64.b64encode(secret.encode()[skipped:][: len(secret) // 3 * 3 - 3])
        yield middle.decode().rstrip("=")[:-2]


def test_a_secret_would_be_found_in_each_shape():
    secret = "1//marked-refresh-token-äöü-of-somebody"
    packed = base64.b64encode(b"xy" + secret.encode()).decode()
    hidden = (secret, packed, secret.encode().hex(), quote(secret, safe=""))
    assert [any(shape in text for shape in shapes(secret)) for text in hidden] == [True] * 4


def test_the_whole_database_holds_no_secret_that_ever_passed(google: Google, cast: Cast, seen: set[str]):
    key = google.key("310000001")
    with all_tenants(reason="a test's set-up"):
        flows.add_service_account(key=key)
        shown = {
            keys.make(tenant=cast.tenant, name="Site", made_by="alice@acme.example").token.value,
            sharing.make(view=cast.view, made_by="alice", password="marked-share-password").token.value,
            factories.invited("new@acme.example", cast.tenant).token.value,
            factories.prepared("customer@x.example", cast.tenant).token.value,
        }
    with travelling(google, cast.alice) as journey:
        bad_and_good(journey)
    private = key.private_key.replace("\n", "")
    secrets = seen | shown | {PASSWORD, "marked-share-password", private[40:120], private[-140:-60]}
    text = dumped()
    assert len(secrets) >= 16
    assert {secret[:12] for secret in secrets for shape in shapes(secret) if shape in text} == set()


def _sealed_of(tenant: Tenant | None, arriving: Any, mark: str) -> list[tuple[Any, str]]:
    """A row in every table that seals, each column filled."""
    ids = [uuid.uuid4() for _ in range(4)]
    soon = timezone.now()
    own = Credential.objects.create(
        id=ids[0], tenant=tenant, name=mark, email=f"{mark}@x.example",
        sealed_secret=credentials.seal_refresh_token(f"{mark} refresh", ids[0]),
    )  # fmt: skip
    credentials.keep_access_token(own, f"{mark} access", soon)
    waiting = WaitingMail.objects.create(
        id=ids[3], to=f"{mark}@x.example", title=mark, expires_at=soon,
        sealed_mail=credentials.seal_mail(f"{mark} mail", ids[3]),
    )  # fmt: skip
    consent = Consent.objects.create(
        id=ids[1], tenant=tenant, digest=mark, session_digest="s", purpose="connect", scopes="",
        expires_at=soon, sealed_verifier=credentials.seal_verifier(f"{mark} verifier", ids[1]),
    )  # fmt: skip
    rows = [(own, "sealed_secret"), (own, "sealed_access_token"), (consent, "sealed_verifier"),
            (waiting, "sealed_mail")]  # fmt: skip
    if tenant is None:
        return rows
    arrival = Arrival.objects.create(
        id=ids[2], tenant=tenant, request=arriving, consent=consent, subject=mark, is_email_verified=True,
        expires_at=soon, sealed_tokens=credentials.seal_tokens(f"{mark} tokens", ids[2]),
    )  # fmt: skip
    return [*rows, (arrival, "sealed_tokens")]


def test_a_sealed_text_moved_anywhere_is_refused(cast: Cast, everything: None):
    """From each row, column, table and owner to each other."""
    places: list[tuple[Any, str]] = _sealed_of(None, None, "agency")
    for tenant in (cast.tenant, cast.other):
        places += _sealed_of(tenant, factories.RequestFactory(tenant=tenant), tenant.slug)
    assert {(type(row), column) for row, column in places} == {
        (each.model, each.column) for each in sources() if each.column.startswith("sealed_")
    }
    for row, _column in places:
        row.refresh_from_db()
    opened, tried = [], 0
    for thing, of in places:
        for row, column in places:
            moved = type(row)(pk=row.pk, **{column: getattr(thing, of)})
            try:
                opened.append((row, column, thing, of, credentials._open(moved, column)))
            except credentials.SecretUnreadable:
                tried += 1
    at_home = [(row, column) for row, column, thing, of, _secret in opened if (row, column) == (thing, of)]
    assert (len(places), len(at_home), len(opened), tried) == (14, 14, 14, 14 * 13)


def test_what_a_second_factor_seals_is_its_persons_and_its_kinds_alone(cast: Cast):
    ring = credentials._key_ring()
    with all_tenants(reason="a test looks"):
        factors = [each for each in sources() if each.column == "data"]
    for source in factors:
        sealed = ring.seal("totp", source.place(cast.alice.pk))
        with pytest.raises(SealError):
            ring.open(sealed, source.place(cast.bob.pk))
        for other in sources():
            if other.place(cast.alice.pk) != source.place(cast.alice.pk):
                with pytest.raises(SealError):
                    ring.open(sealed, other.place(cast.alice.pk))
