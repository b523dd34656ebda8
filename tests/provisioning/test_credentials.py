"""Access tokens are minted once per credential and hour, however many ask, and stand sealed."""

import datetime
import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts.tenancy import all_tenants
from google_api import errors
from provisioning import credentials, flows
from provisioning.models import Credential, ReachableProperty
from tests import factories
from tests.google import Google


@pytest.fixture
def credential(db, google: Google, everything) -> Credential:
    return factories.store_key(factories.CredentialFactory(), google.key("310000001"))


def test_one_token_serves_until_it_is_nearly_over(credential, google):
    first = credentials.access_token(credential)
    assert credentials.access_token(credential) == first
    Credential.objects.update(access_token_expires_at=timezone.now() + datetime.timedelta(minutes=6))
    assert credentials.access_token(credential) == first
    assert len(google.requests("/token")) == 1
    Credential.objects.update(access_token_expires_at=timezone.now() + datetime.timedelta(minutes=4))
    assert credentials.access_token(credential) != first
    assert len(google.requests("/token")) == 2


def test_the_shared_token_stands_sealed(credential):
    token = credentials.access_token(credential)
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed_access_token, sealed_secret FROM provisioning_credential")
        row = cursor.fetchone()
    assert all(text.startswith("v1:test:") for text in row)
    assert token not in "".join(row)
    assert "PRIVATE KEY" not in "".join(row)


def test_whoever_minted_in_the_meantime_is_believed(credential, google, monkeypatch):
    """Between the look at the row and the lease, another process may have minted."""
    other = Credential.objects.get(pk=credential.pk)
    claim = credentials._claim_minting

    def late(row):
        if not google.requests("/token"):
            monkeypatch.setattr(credentials, "_claim_minting", claim)
            credentials.access_token(other)
        return claim(row)

    monkeypatch.setattr(credentials, "_claim_minting", late)
    credentials.access_token(credential)
    assert len(google.requests("/token")) == 1


def test_a_refused_token_is_replaced_once(credential, google):
    first = credentials.access_token(credential)
    google.control("POST", "expire", {"email": credential.email})
    assert flows.list_properties(credential=credential) is None
    assert credentials.access_token(credential) != first
    assert len(google.requests("/token")) == 2


def test_a_deleted_key_ends_the_credential_and_a_pause_of_google_does_not(credential, google):
    google.fail("/token", status=503)
    with pytest.raises(errors.ServerError):
        credentials.access_token(credential)
    credential.refresh_from_db()
    assert (credential.state, credential.last_error_code) == ("failing", "server_error")
    google.recover()
    google.control("POST", "revoke", {"email": credential.email})
    with pytest.raises(errors.InvalidGrant):
        credentials.access_token(credential)
    credential.refresh_from_db()
    assert (credential.state, credential.last_error_code) == ("refused", "key_refused")
    assert credential.last_error == errors.sentence_for("key_refused")


def test_a_refusal_for_one_property_ends_no_credential_that_feeds_others(credential, google):
    google.fail("/v1beta/properties", status=403, reason="PERMISSION_DENIED")
    error = flows.list_properties(credential=credential)
    credential.refresh_from_db()
    assert (type(error).permanent, credential.state, credential.last_error_code) == (
        True,
        "failing",
        error.code,
    )
    google.recover()
    assert flows.list_properties(credential=credential) is None
    credential.refresh_from_db()
    assert (credential.state, credential.last_error_code) == ("works", "")


def _permanent(kind: type[errors.GoogleError]) -> bool:
    return kind.permanent and kind not in (credentials.TokenTooWide,)


@pytest.mark.parametrize("code", sorted(code for code, kind in errors.ERRORS.items() if _permanent(kind)))
@pytest.mark.parametrize("kind", ["service_account", "grant"])
def test_only_the_end_of_its_secret_ends_a_credential(db, everything, kind, code):
    row = factories.CredentialFactory(kind=kind)
    credentials.record_error(row, errors.ERRORS[code]())
    row.refresh_from_db()
    found = errors.ERRORS[code]
    own = credentials.GrantDisconnected if kind == "grant" else credentials.SecretUnreadable
    ends = issubclass(found, errors.InvalidGrant | own)
    assert (row.state, row.last_error_code) == ("refused" if ends else "failing", code)


def test_a_damaged_row_disables_that_credential_alone(credential, google):
    Credential.objects.filter(pk=credential.pk).update(sealed_secret="v1:test:AAAA")
    with pytest.raises(credentials.SecretUnreadable):
        credentials.access_token(credential)
    credential.refresh_from_db()
    assert (credential.state, credential.last_error_code) == ("refused", "secret_unreadable")
    other = factories.store_key(factories.CredentialFactory(), google.key("310000001", email="x@y.example"))
    assert credentials.access_token(other)


def test_a_secret_moved_to_another_row_does_not_open(credential, google):
    thief = factories.CredentialFactory(email="thief@x.example")
    Credential.objects.filter(pk=thief.pk).update(sealed_secret=credential.sealed_secret)
    thief.refresh_from_db()
    with pytest.raises(credentials.SecretUnreadable):
        credentials.access_token(thief)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_at_once_mint_one_token(google):
    with all_tenants(reason="a test"):
        row = factories.store_key(factories.CredentialFactory(), google.key("310000001"))
    tokens, gate = [], threading.Barrier(8)

    def ask() -> None:
        gate.wait()
        with all_tenants(reason="a test"):
            tokens.append(credentials.access_token(Credential.objects.get(pk=row.pk)))
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(tokens) == 8
    assert len(set(tokens)) == 1
    assert len(google.requests("/token")) == 1


def test_a_key_is_stored_with_the_properties_it_reaches(db, google, everything):
    made = flows.add_service_account(key=google.key("310000001", "310000002"), name="Robot")
    found = ReachableProperty.objects.filter(credential=made).order_by("property_id")
    assert [(each.property_id, each.name, each.time_zone, each.currency) for each in found] == [
        ("310000001", "Osteria da Nino", "Europe/Rome", "EUR"),
        ("310000002", "Marlow Cycles", "Europe/London", "GBP"),
    ]
    assert (made.state, made.last_error_code) == ("works", "")
    assert len(google.requests("/token")) == 1


def test_a_key_that_does_not_sign_in_is_not_stored(db, google, everything):
    key = google.key("310000001")
    google.control("POST", "revoke", {"email": key.email})
    with pytest.raises(errors.InvalidGrant):
        flows.add_service_account(key=key)
    assert Credential.objects.count() == 0


def test_a_newer_key_of_the_same_account_replaces_the_stored_one(db, google, everything):
    first = flows.add_service_account(key=google.key("310000001"), name="Robot")
    newer = google.key()
    second = flows.add_service_account(key=newer)
    assert (second.pk, second.name, second.private_key_id) == (first.pk, "Robot", newer.private_key_id)


def test_a_sign_in_without_the_admin_api_is_stored_with_what_is_wrong(db, google, everything):
    google.fail("^/v1beta/accountSummaries", status=403, reason="SERVICE_DISABLED")
    made = flows.add_service_account(key=google.key("310000001"))
    assert (made.state, made.last_error_code) == ("failing", "api_disabled")
