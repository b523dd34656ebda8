"""Google's own token goes to a client's members alone, reads alone, and only where all it reads is theirs."""

import logging
import urllib.error
import urllib.request
from typing import Any

import pytest
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.test import Client

from accounts.models import Membership, User
from accounts.tenancy import all_tenants
from dashboards.embed import handout_views, tickets
from dashboards.models import View
from google_api import oauth, scopes
from provisioning import credentials
from provisioning.models import Credential, PropertyAssignment
from tests import factories
from tests.conftest import Cast
from tests.consenting import parameters
from tests.google import Google

MINE, OTHERS = "310000001", "310000002"


@pytest.fixture(autouse=True)
def _new_tickets(db):
    tickets.forget()
    cache.clear()


@pytest.fixture
def own(cast: Cast, google: Google) -> Credential:
    """A service account of alice's client, which reads what only her view shows, and feeds that view."""
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=cast.other_view.pk).update(property_id=OTHERS)
    return _feeds(cast, google, MINE)


def _feeds(cast: Cast, google: Google, *properties: str) -> Credential:
    credential = factories.CredentialFactory(tenant=cast.tenant)
    factories.store_key(credential, google.key(*properties, email=credential.email))
    _point(cast, credential)
    return credential


def _point(cast: Cast, credential: Credential) -> None:
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=cast.view.pk).update(agency_credential=None, tenant_credential=credential)


def ask(user: User | None, address: str = "/clients/acme/views/site/access-token") -> Any:
    client = Client()
    if user:
        client.force_login(user)
    return client.post(address)


def refused(response: Any) -> tuple[int, str]:
    """Status and reason."""
    return response.status_code, response.json()["error"]["errors"][0]["reason"]


def _reads(google: Google, token: str, path: str) -> int:
    """What Google answers to whoever has the token."""
    request = urllib.request.Request(f"{google.url}{path}", headers={"Authorization": f"Bearer {token}"})
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return int(refusal.code)


def test_a_member_gets_a_token_that_reads(cast: Cast, google: Google, own: Credential):
    for user in (cast.alice, cast.bob):
        response = ask(user)
        answer = response.json()
        assert (response.status_code, answer["token_type"], 3000 < answer["expires_in"] <= 3600) == (
            200,
            "Bearer",
            True,
        )
        assert "no-store" in response["Cache-Control"]
        assert _reads(google, answer["access_token"], "/v1beta/accountSummaries") == 200


def test_whose_it_is_not_gets_none(cast: Cast, own: Credential):
    statuses = {
        name: ask(getattr(cast, name)).status_code for name in ("charlie", "erin", "dana", "olivia", "alice")
    }
    assert statuses == {"charlie": 404, "erin": 404, "dana": 403, "olivia": 403, "alice": 200}
    assert (ask(None).status_code, ask(cast.alice, "/clients/acme/views/none/access-token").status_code) == (
        401,
        404,
    )


def test_a_viewer_of_chosen_views_gets_none(cast: Cast, own: Credential):
    with all_tenants(reason="a test's set-up"):
        Membership.objects.filter(user=cast.bob).update(all_views=False)
        cast.view.shown_to.set(Membership.objects.filter(user=cast.bob))
    assert refused(ask(cast.bob)) == (403, "chosenViewsOnly")


def test_a_request_from_another_site_counts_for_nothing(cast: Cast, own: Credential):
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice)
    assert client.post("/clients/acme/views/site/access-token").status_code == 403


def test_a_filtered_views_token_would_read_more(cast: Cast, own: Credential):
    assert ask(cast.alice).status_code == 200
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=cast.view.pk).update(filter="country==Italy")
    assert refused(ask(cast.alice)) == (403, "filteredView")


def test_the_agencys_token_is_never_given_out(cast: Cast, google: Google):
    """Even where it would read nobody else's."""
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=cast.other_view.pk).delete()
        agencys = Credential.objects.get(pk=cast.view.agency_credential_id)
    factories.store_key(agencys, google.key(MINE, email=agencys.email))
    assert refused(ask(cast.alice)) == (403, "agencyCredential")
    assert google.requests("/token") == []


def _others_view(cast: Cast, number: str) -> None:
    View.objects.filter(pk=cast.other_view.pk).update(property_id=number)


def _others_assignment(cast: Cast, number: str) -> None:
    agencys = Credential.objects.get(pk=cast.view.agency_credential_id)
    PropertyAssignment.objects.create(credential=agencys, property_id=number, tenant=cast.other)


@pytest.mark.parametrize("theirs", [_others_view, _others_assignment])
def test_what_reaches_another_clients_property_is_not_given_out(cast: Cast, google: Google, own, theirs):
    _feeds(cast, google, MINE, "310000003")
    assert ask(cast.alice).status_code == 200
    with all_tenants(reason="a test's set-up"):
        theirs(cast, "310000003")
    response = ask(cast.alice)
    assert refused(response) == (403, "reachesOtherClients")
    sentence = response.json()["error"]["message"]
    assert ("1 other client," in sentence, "Use a service account of your own" in sentence) == (True, True)
    assert ("Rival" in sentence, "access_token" in response.json()) == (False, False)


def test_the_reach_is_asked_of_google_each_time(cast: Cast, google: Google, own: Credential):
    """What the portal remembers of a service account may be older than what somebody let it read since."""
    assert ask(cast.alice).status_code == 200
    google.key(MINE, OTHERS, email=own.email)
    assert refused(ask(cast.alice)) == (403, "reachesOtherClients")


def test_two_clients_on_the_same_property_keep_it_to_themselves(cast: Cast, own: Credential):
    third = factories.TenantFactory()
    factories.ViewFactory(tenant=third, property_id=MINE)
    with all_tenants(reason="a test's set-up"):
        _others_view(cast, MINE)
    assert "2 other clients," in ask(cast.alice).json()["error"]["message"]


def test_where_google_does_not_say_there_is_no_token(cast: Cast, google: Google, own: Credential):
    google.fail("accountSummaries", status=403, reason="forbidden")
    response = ask(cast.alice)
    assert (refused(response), "access_token" in response.json()) == ((503, "backendError"), False)


def test_it_is_written_down_who_got_one(cast: Cast, own: Credential, caplog):
    with caplog.at_level(logging.INFO):
        token = ask(cast.alice).json()["access_token"]
    entry = LogEntry.objects.get(object_id=str(cast.view.pk))
    told = f"Google's access token of {own.email} was given out."
    assert (entry.user, entry.change_message) == (cast.alice, told)
    assert (f"given to person {cast.alice.pk}" in caplog.text, token in caplog.text) == (True, False)
    with all_tenants(reason="a test looks"):
        stored = repr(Credential.objects.filter(pk=own.pk).values().get())
    assert token not in stored


def test_a_storm_is_slowed(cast: Cast, own: Credential, monkeypatch):
    monkeypatch.setattr(handout_views, "A_MINUTE", 1)
    assert [ask(cast.alice).status_code for _ in range(2)] == [200, 429]


# Grants


@pytest.fixture
def grant(cast: Cast, google: Google, own: Credential) -> Credential:
    """A Google account with more rights than to read, which feeds alice's view."""
    google.person("anna@acme.example", MINE)
    wide = (scopes.ANALYTICS_READONLY, scopes.ANALYTICS_EDIT, scopes.OPENID, scopes.EMAIL)
    return _connected(cast, google, wide)


def _connected(cast: Cast, google: Google, wanted: tuple[str, ...]) -> Credential:
    verifier = oauth.new_verifier()
    client = credentials.client_of(settings.GOOGLE_CLIENT_ID)
    back = "http://testserver/provisioning/oauth/callback"
    address = oauth.authorization_url(
        settings.GOOGLE_AUTH_URI,
        client_id=client.client_id,
        redirect_uri=back,
        scopes=wanted,
        state="s",
        code_challenge=oauth.challenge_of(verifier),
        offline=True,
    )
    code = parameters(google.consent(address, "anna@acme.example"))["code"]
    given = oauth.exchange_code(
        settings.GOOGLE_TOKEN_URI, client, code=code, redirect_uri=back, verifier=verifier
    )
    credential = factories.CredentialFactory(
        tenant=cast.tenant, kind="grant", subject="anna", client_id=client.client_id, scopes=" ".join(wanted)
    )
    with all_tenants(reason="a test's set-up"):
        sealed = credentials.seal_refresh_token(given.refresh_token, credential.pk)
        Credential.objects.filter(pk=credential.pk).update(sealed_secret=sealed)
    _point(cast, credential)
    return credential


def test_a_grants_token_is_narrowed_to_reading(cast: Cast, google: Google, grant: Credential):
    token = ask(cast.alice).json()["access_token"]
    assert _reads(google, token, "/v1beta/accountSummaries") == 200
    assert _reads(google, token, "/v1/userinfo") in (401, 403)


def test_a_token_that_google_does_not_narrow_is_thrown_away(cast: Cast, grant: Credential, monkeypatch):
    wide = oauth.refresh
    monkeypatch.setattr(
        credentials.oauth, "refresh", lambda uri, client, secret, scopes=(): wide(uri, client, secret)
    )
    response = ask(cast.alice)
    assert (refused(response), "access_token" in response.json()) == ((503, "backendError"), False)
    with all_tenants(reason="a test looks"):
        assert Credential.objects.get(pk=grant.pk).state != Credential.State.REFUSED
