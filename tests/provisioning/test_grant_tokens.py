"""Refresh tokens: what ends one, what does not, how many Google keeps, and one use for all who ask."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from accounts.tenancy import all_tenants
from google_api import errors, oauth
from provisioning import credentials, grants
from provisioning.models import Credential, IssuedToken
from provisioning.signals import ended
from tests import factories
from tests.conftest import Cast
from tests.google import Google, addresses, running
from tests.provisioning.connecting import connect

LENA = "lena@harbour-books.example"


@pytest.fixture
def grant(cast: Cast, google: Google, everything) -> Credential:
    """One whose access token is over, so that the next use refreshes it."""
    google.person(LENA, "330000001")
    with google.visitor() as visitor:
        found = connect(visitor, LENA, cast.tenant)
    credentials.forget_access_token(found)
    return found


@pytest.fixture
def ends():
    """The grants whose end was told of."""
    told = []

    def listen(sender, credential, **about):
        told.append(credential.pk)

    ended.connect(listen)
    yield told
    ended.disconnect(listen)


def _alive(grant: Credential) -> tuple[int, bool]:
    alive = grants.tokens_alive(grant)
    assert grants.tokens_alive_of([grant]) == {grant.pk: alive}
    return alive, grants.is_near_limit(alive)


def state(grant: Credential) -> tuple[str, str]:
    grant.refresh_from_db()
    return grant.state, grant.last_error_code


@pytest.mark.parametrize(
    ("fault", "kind", "code"),
    [
        ({"status": 429}, errors.RateLimited, "rate_limited"),
        ({"status": 500}, errors.ServerError, "server_error"),
        ({"status": 503}, errors.ServerError, "server_error"),
        ({"drop": True, "status": 503}, errors.Unreachable, "unreachable"),
    ],
)
def test_what_passes_ends_nothing(grant, google, ends, fault, kind, code):
    google.fail("^/token", **fault)
    with pytest.raises(kind):
        credentials.access_token(grant)
    assert (state(grant), ends) == (("failing", code), [])
    google.recover()
    assert credentials.access_token(grant)
    assert state(grant) == ("works", "")


def test_a_revoked_one_ends_and_is_told_of_once(grant, google, ends):
    google.control("POST", "revoke", {"email": LENA})
    for _ in range(3):
        with pytest.raises(errors.GrantEnded):
            credentials.access_token(grant)
    assert state(grant)[0] == "refused"
    assert ends == [grant.pk]


def test_an_end_is_told_of_although_an_api_refused_the_grant_before(grant, google, ends):
    credentials.record_error(grant, errors.ApiDisabled())
    google.control("POST", "revoke", {"email": LENA})
    for _ in range(2):
        with pytest.raises(errors.GrantEnded):
            credentials.access_token(grant)
    assert (state(grant)[1], ends) == ("grant_revoked", [grant.pk])


def test_a_refusal_of_a_token_that_was_replaced_meanwhile_ends_nothing(grant, google, ends, monkeypatch):
    real = oauth.refresh

    def renewed_meanwhile(*args, **more):
        monkeypatch.setattr(oauth, "refresh", real)
        with google.visitor() as visitor:
            connect(visitor, LENA, grant.tenant)
        credentials.forget_access_token(grant)
        raise errors.GrantEnded("400 invalid_grant", status=400)

    monkeypatch.setattr(oauth, "refresh", renewed_meanwhile)
    assert credentials.access_token(grant)
    assert (state(grant), ends) == (("works", ""), [])


def test_a_refusal_by_the_api_ends_no_token(grant, google, ends):
    """401 of an access token: a new one is made, once."""
    first = credentials.access_token(grant)
    google.control("POST", "expire", {"email": LENA})
    tokens = credentials.call(grant, google.url, lambda api: credentials.access_token(grant))
    assert (tokens, ends) == (first, [])


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_at_once_refresh_once(google, cast):
    google.person(LENA, "330000001")
    with google.visitor() as visitor:
        row = connect(visitor, LENA, cast.tenant)
    with all_tenants(reason="a test's set-up"):
        credentials.forget_access_token(row)
    before = len(google.requests("/token"))
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
    assert (len(tokens), len(set(tokens))) == (8, 1)
    assert len(google.requests("/token")) - before == 1


def test_the_26th_token_ends_the_1st_and_the_27th_the_2nd(db, settings, everything, monkeypatch):
    """With Google's limit of old. The portal counts along, and warns from 80 %."""
    monkeypatch.setattr(grants, "TOKEN_LIMIT", 25)
    with running(token_limit=25) as google, google.visitor() as visitor:
        for name, value in addresses(google.url).items():
            setattr(settings, name, value)
        given = [connect(visitor, LENA, factories.TenantFactory()) for _ in range(19)]
        assert _alive(given[0]) == (19, False)
        given.append(connect(visitor, LENA, factories.TenantFactory()))
        assert _alive(given[0]) == (20, True)
        given += [connect(visitor, LENA, factories.TenantFactory()) for _ in range(5)]
        assert [each for each in given if not _is_alive(each)] == []
        given.append(connect(visitor, LENA, factories.TenantFactory()))
        assert [given.index(each) for each in given if not _is_alive(each)] == [0]
        given.append(connect(visitor, LENA, factories.TenantFactory()))
        assert [given.index(each) for each in given if not _is_alive(each)] == [0, 1]
        assert (len(given), grants.tokens_alive(given[0])) == (27, 25)


def _is_alive(grant: Credential) -> bool:
    """Whether Google still takes its refresh token."""
    credentials.forget_access_token(grant)
    try:
        credentials.access_token(grant)
    except errors.GrantEnded:
        return False
    return True


def test_a_renewed_grant_leaves_its_old_token_alive_and_counted(grant, google):
    with google.visitor() as visitor:
        again = connect(visitor, LENA, grant.tenant)
    assert (again.pk, grants.tokens_alive(again)) == (grant.pk, 2)


def test_many_clients_by_the_agencys_one_account_are_one_grant(google, everything, db):
    google.person(LENA, "330000001")
    with google.visitor() as visitor:
        made = {connect(visitor, LENA).pk for _ in range(3)}
    assert (len(made), Credential.objects.filter(kind="grant").count()) == (1, 1)
    assert IssuedToken.objects.count() == 3
