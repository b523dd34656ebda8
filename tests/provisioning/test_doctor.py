"""The doctor of Google accounts, service accounts and requests: each link broken at Google in turn is the one
that is named, and no page shows a secret or what is another's.
"""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tenancy import all_tenants
from google_api.errors import ERRORS
from provisioning import flows
from provisioning.doctor import Found, credential, recorded, request
from provisioning.models import Consent, Credential, ProvisioningRequest
from tests import factories
from tests.conftest import Cast
from tests.consenting import Blocked
from tests.google import CLIENT_SECRET, Google
from tests.provisioning.granting import granted
from tests.provisioning.journey import MARCO, NINA, Journey, leads_to, travelling

pytestmark = pytest.mark.django_db
ROBOT = "examined@demo.iam.gserviceaccount.com"
OPENS, SIGNS_IN, CLOCK, COVERS, ADMIN, DATA = GRANT = (
    "The encryption key opens the stored consent",
    "The consent signs in",
    "This server's clock is right",
    "The consent covers what is needed",
    "The Admin API answers",
    "The Data API reads figures",
)
ACCOUNT, PROPERTY, TAG, SHARED, DASHBOARD = (
    "The account is there",
    "The property is there",
    "The tag is there",
    "The agency may read it",
    "The dashboard is there",
)
GIVEN, GOES_ON = "The customer gave their consent", "The way goes on"
SECRETS = re.compile(r"ya29\.|1//\w|4/0\w|GOCSPX|eyJ|PRIVATE KEY|" + re.escape(CLIENT_SECRET))


@pytest.fixture(autouse=True)
def _no_pause():
    cache.clear()


@pytest.fixture
def marco(google: Google, cast: Cast) -> Iterator[Journey]:
    """Somebody who has Analytics, and let us read it."""
    with travelling(google, cast.alice, MARCO) as journey:
        journey.start("existing")
        journey.consent(leads_to(journey.do("authorise")))
        yield journey


@pytest.fixture
def grant(marco: Journey) -> Credential:
    return marco.row().grant


@pytest.fixture
def robot(google: Google, db: None) -> Credential:
    with all_tenants(reason="a test's set-up"):
        return flows.add_service_account(key=google.key("310000001", email=ROBOT))


@pytest.fixture
def nina(google: Google, cast: Cast, robot: Credential) -> Iterator[Journey]:
    """Somebody whose account was made here, from beginning to end."""
    with travelling(google, cast.alice, NINA) as journey:
        yield journey.whole()


def walked(examine: Any, row: Any) -> dict[str, Found]:
    with all_tenants(reason="a test examines"):
        return {step.link: step.found for step in examine(row)}


def step_of(examine: Any, row: Any, link: str) -> Any:
    with all_tenants(reason="a test examines"):
        return next(step for step in examine(row) if step.link == link)


def found(*broken: str, untried: tuple[str, ...] = (), links: tuple[str, ...] = GRANT) -> dict[str, Found]:
    kinds = dict.fromkeys(broken, Found.BROKEN) | dict.fromkeys(untried, Found.UNTRIED)
    return {link: kinds.get(link, Found.WHOLE) for link in links}


def stored(row: Credential) -> Credential:
    with all_tenants(reason="a test looks"):
        return Credential.objects.get(pk=row.pk)


def change(row: Any, **values: Any) -> Any:
    with all_tenants(reason="a test's set-up"):
        type(row).objects.filter(pk=row.pk).update(**values)
        return type(row).objects.get(pk=row.pk)


# A Google account


def test_a_whole_grant(grant: Credential):
    assert walked(credential.examine, grant) == found()
    assert step_of(credential.examine, grant, ADMIN).words == "It lists 3 properties."
    exchange = step_of(credential.examine, grant, SIGNS_IN).exchanges[0]
    assert exchange.body.split("\n") == [
        "grant_type=refresh_token",
        "client_id=belvedere-demo.apps.googleusercontent.com",
        "client_secret=…",
        "refresh_token=…",
    ]
    assert '"access_token": "…"' in exchange.answer


def test_a_consent_that_was_taken_back_names_the_causes(grant: Credential, google: Google):
    google.control("POST", "revoke", {"email": MARCO})
    assert walked(credential.examine, grant) == found(SIGNS_IN, untried=(COVERS, ADMIN, DATA))
    step = step_of(credential.examine, grant, SIGNS_IN)
    assert step.words == ERRORS["grant_revoked"].sentence
    assert step.remarks == ERRORS["grant_revoked"].causes
    assert stored(grant).state == "refused"


def test_a_token_endpoint_that_is_down_ends_nothing(grant: Credential, google: Google):
    before = stored(grant)
    google.fail("/token", status=503, count=9)
    assert walked(credential.examine, grant)[SIGNS_IN] is Found.BROKEN
    after = stored(grant)
    assert after.state == "failing"
    assert after.sealed_access_token == before.sealed_access_token != ""


def test_a_wrong_client_secret_ends_nobodys_consent(grant: Credential, settings):
    right, settings.GOOGLE_CLIENT_SECRET = settings.GOOGLE_CLIENT_SECRET, "GOCSPX-wrong"
    assert step_of(credential.examine, grant, SIGNS_IN).words == ERRORS["client_secret_wrong"].sentence
    assert (stored(grant).state, mail.outbox) == ("failing", [])
    settings.GOOGLE_CLIENT_SECRET = right
    assert walked(credential.examine, grant) == found()
    assert stored(grant).state == "works"


def test_an_unknown_client(grant: Credential):
    grant = change(grant, client_id="nobody.apps.googleusercontent.com")
    assert step_of(credential.examine, grant, SIGNS_IN).words == ERRORS["client_unknown"].sentence


def test_a_permission_that_was_left_out_is_named(grant: Credential):
    grant = change(grant, scopes="openid")
    assert walked(credential.examine, grant) == found(COVERS)
    assert step_of(credential.examine, grant, COVERS).words == (
        "This permission is missing: “See and download your Google Analytics data”. Connect again, and tick "
        "every box at Google."
    )


@pytest.mark.parametrize(
    ("status", "reason", "code", "remark"),
    [
        (
            403,
            "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
            "scope_insufficient",
            "Google answered 403. Its reason is the permission: the sign-in itself is good.",
        ),
        (
            401,
            "ACCESS_TOKEN_EXPIRED",
            "unauthenticated",
            "Google answered 401. Its reason is the sign-in: a new one was made at once and refused too.",
        ),
    ],
)
def test_a_bad_token_and_a_wrong_scope_are_told_apart(
    grant: Credential, google: Google, status: int, reason: str, code: str, remark: str
):
    google.fail("accountSummaries", status=status, reason=reason, count=9)
    step = step_of(credential.examine, grant, ADMIN)
    assert (step.words, step.remarks) == (ERRORS[code].sentence, (remark,))
    assert {each.status for each in step.exchanges if "accountSummaries" in each.address} == {status}


def test_version_3_answers_a_wrong_scope_with_401(google: Google, cast: Cast, settings):
    settings.PROVISIONING_API = "v3"
    with travelling(google, cast.alice) as journey:
        journey.start()
        journey.consent(journey.tell(), refuse=["analytics.readonly"])
        step = step_of(request.examine, journey.row(), "The old API (version 3) answers")
    assert (step.words, step.remarks) == (
        ERRORS["scope_insufficient"].sentence,
        ("Google answered 401. Its reason is the permission: the sign-in itself is good.",),
    )


def test_a_clock_that_is_wrong(grant: Credential, robot: Credential, google: Google):
    google.control("POST", "clock", {"advance_s": 7260, "assertions": True})
    assert walked(credential.examine, grant) == found(CLOCK)
    told = "This server's clock is 2 hours behind Google's."
    assert step_of(credential.examine, grant, CLOCK).words == f"{told} Set it, and keep it right by NTP."
    step = step_of(credential.examine, robot, "The key signs in")
    assert (step.words, step.remarks) == (ERRORS["clock_wrong"].sentence, (told,))
    claims = step.exchanges[0].body
    assert f'"iss": "{ROBOT}"' in claims
    assert '"iat": ' in claims


def test_an_api_that_is_not_enabled_says_where_to_enable_it(grant: Credential, google: Google):
    google.fail(":runReport", status=403, reason="SERVICE_DISABLED", count=9)
    assert walked(credential.examine, grant) == found(DATA)
    assert "https://console.developers.google.com/apis/api/" in step_of(credential.examine, grant, DATA).words


def test_a_consent_that_cannot_be_opened(grant: Credential):
    grant = change(grant, sealed_secret="v1:gone:AAAA")
    assert walked(credential.examine, grant) == found(OPENS, untried=GRANT[1:])
    step = step_of(credential.examine, grant, OPENS)
    assert step.words.startswith("The stored consent cannot be read.")
    assert step.detail == "the key 'gone' is not in PORTAL_ENCRYPTION_KEYS"


def test_a_grant_that_was_disconnected(grant: Credential):
    grant = change(grant, sealed_secret="")
    assert step_of(credential.examine, grant, OPENS).words == (
        "It was disconnected here. Connect the Google account again."
    )


def test_a_service_account_that_sees_nothing(google: Google, db: None):
    with all_tenants(reason="a test's set-up"):
        empty = flows.add_service_account(key=google.key(email="empty@demo.iam.gserviceaccount.com"))
    step = step_of(credential.examine, empty, DATA)
    assert step.words == (
        "It sees no property. Give empty@demo.iam.gserviceaccount.com access to one in Google Analytics."
    )


# What was recorded


def records(row: Any, of: Any = recorded.of_grant) -> list[recorded.Recorded]:
    with all_tenants(reason="a test looks"):
        return of(row)


def test_the_way_to_consent_and_back_is_recorded_without_secrets(grant: Credential, google: Google):
    one = records(grant)[0]
    assert one.words == "They came back, and Google gave a refresh token."
    assert one.address.startswith(f"GET {google.url}/o/oauth2/v2/auth?response_type=code&access_type=offline")
    assert "&client_id=belvedere-demo.apps.googleusercontent.com&" in one.address
    assert "&state=…&code_challenge=…&code_challenge_method=S256" in one.address
    assert "&include_granted_scopes=true&" in one.address
    assert "code=…" in one.returned
    assert "state=…" in one.returned
    exchanged = one.exchanged[0]
    assert exchanged.question.startswith(f"POST {google.url}/token\n")
    assert exchanged.answer.startswith("HTTP 200 OK\n")
    assert "code_verifier=…" in exchanged.question
    assert '"refresh_token": "…"' in exchanged.answer
    with all_tenants(reason="a test looks"):
        assert SECRETS.search(str(Consent.objects.get().exchanged)) is None


def test_so_is_that_of_an_account_that_was_just_connected(google: Google, cast: Cast):
    with travelling(google, cast.alice, MARCO) as journey:
        journey.consent(leads_to(journey.client.post("/clients/acme/google/connect/")))
        with all_tenants(reason="a test looks"):
            row = Credential.objects.get(email=MARCO)
        assert [each.words for each in records(row)] == ["They came back, and Google gave a refresh token."]


def test_an_address_that_is_not_registered_lets_nobody_come_back(google: Google, cast: Cast):
    google.client(redirect_uris=["http://elsewhere.example/"])
    with travelling(google, cast.alice) as journey:
        journey.start()
        with pytest.raises(Blocked, match="redirect_uri_mismatch"):
            journey.consent(journey.tell())
        one = records(journey.row(), recorded.of_request)[0]
    google.client(redirect_uris=["http://testserver/provisioning/oauth/callback"])
    assert one.words == "Nobody came back from Google with this one."
    assert one.remarks[-1] == (
        "It must be registered, to the letter: http://testserver/provisioning/oauth/callback"
    )


def test_an_address_that_changed_meanwhile(google: Google, cast: Cast, settings):
    with travelling(google, cast.alice) as journey:
        journey.start()
        to_google = journey.tell()
        settings.BASE_URL = "https://moved.example"
        journey.consent(to_google)
        one = records(journey.row(), recorded.of_request)[0]
        page = journey.client.post(f"/provisioning/{journey.pk}/doctor/").content.decode()
    assert one.words == ERRORS["redirect_refused"].sentence
    assert one.remarks == (
        "BASE_URL has changed since: the address is now https://moved.example/provisioning/oauth/callback",
    )
    assert '"error": "redirect_uri_mismatch"' in one.exchanged[0].answer
    assert "redirect_uri_mismatch" in page


def test_a_denial_is_said(google: Google, cast: Cast):
    with travelling(google, cast.alice) as journey:
        journey.start()
        journey.consent(journey.tell(), deny=True)
        one = records(journey.row(), recorded.of_request)[0]
    assert one.words == "You did not allow it at Google."
    assert "error=access_denied" in one.returned


# A request

WAY = (GIVEN, *GRANT[:5], ACCOUNT, PROPERTY, TAG, SHARED, DATA, DASHBOARD, GOES_ON)


def test_a_whole_request(nina: Journey):
    assert walked(request.examine, nina.row()) == found(links=WAY)


def test_a_request_that_has_just_begun_waits(google: Google, cast: Cast):
    with travelling(google, cast.alice) as journey:
        journey.start()
        assert walked(request.examine, journey.row()) == {GIVEN: Found.WAITING, GOES_ON: Found.WHOLE}
        assert google.requests() == []


def test_a_request_at_googles_terms_waits_for_them(google: Google, cast: Cast):
    with travelling(google, cast.alice) as journey:
        journey.start()
        journey.until_terms()
        steps = walked(request.examine, journey.row())
    assert steps[ACCOUNT] is Found.WAITING
    assert {steps[link] for link in (PROPERTY, TAG, SHARED, DATA, DASHBOARD)} == {Found.UNTRIED}
    assert steps[GOES_ON] is Found.WHOLE


def test_a_property_that_was_thrown_away(nina: Journey, google: Google):
    google.control("POST", "trash", {"property": nina.row().property_id})
    assert walked(request.examine, nina.row()) == found(
        PROPERTY, untried=(TAG, SHARED, DATA, DASHBOARD, GOES_ON), links=WAY
    )


def test_a_service_account_that_was_shown_out(nina: Journey, google: Google):
    google.control("POST", "revoke", {"email": ROBOT, "property": nina.row().property_id})
    assert walked(request.examine, nina.row()) == found(SHARED, untried=(GOES_ON,), links=WAY)


def test_a_view_that_was_removed_here(nina: Journey):
    row = change(nina.row(), view_id=uuid.uuid4())
    with all_tenants(reason="a test's set-up"):
        row = ProvisioningRequest.objects.select_related("grant", "tenant").get(pk=row.pk)
    assert walked(request.examine, row) == found(DASHBOARD, untried=(GOES_ON,), links=WAY)


def test_a_request_that_stands_still_says_why(google: Google, cast: Cast):
    with travelling(google, cast.alice) as journey:
        journey.start()
        journey.back(journey.terms(journey.until_terms(), "decline"))
        step = step_of(request.examine, journey.row(), GOES_ON)
    assert step.found is Found.BROKEN
    assert step.words.startswith("You did not accept Google's terms.")


def test_version_3_makes_no_property_to_look_for(google: Google, cast: Cast, settings):
    settings.PROVISIONING_API = "v3"
    with travelling(google, cast.alice) as journey:
        journey.whole()
        steps = walked(request.examine, journey.row())
    assert list(steps) == [GIVEN, *GRANT[:4], "The old API (version 3) answers", ACCOUNT, GOES_ON]
    assert set(steps.values()) == {Found.WHOLE}


def test_chosen_properties_are_looked_for(marco: Journey):
    row = marco.row()
    assert step_of(request.examine, row, "The chosen properties can be read").found is Found.WAITING
    row.chosen_properties = ["999"]
    step = step_of(request.examine, row, "The chosen properties can be read")
    assert step.words == ERRORS["property_forbidden"].sentence


# Pages


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def pages(journey: Journey) -> dict[str, str]:
    row = journey.row()
    return {
        "request": reverse("provisioning:doctor", args=[row.pk]),
        "grant": reverse("google:doctor", args=["acme", row.grant.pk]),
        "admin request": reverse("admin:provisioning_provisioningrequest_examine", args=[row.pk]),
        "admin grant": reverse("admin:provisioning_grant_examine", args=[row.grant.pk]),
    }


PAGES = ("request", "grant", "admin request", "admin grant")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_google_by_post_alone_and_shows_no_secret(
    nina: Journey, google: Google, cast: Cast, page: str
):
    client = signed_in(cast.dana if page.startswith("admin") else cast.alice)
    at = pages(nina)[page]
    google.control("DELETE", "requests")
    shown = client.get(at)
    assert (shown.status_code, google.requests()) == (200, [])
    answer = client.post(at)
    assert (answer.status_code, len(google.requests("/token"))) == (200, 1)
    text = answer.content.decode()
    assert "Authorization: Bearer …" in text
    assert "/v1beta/accountSummaries" in text
    assert SECRETS.search(text) is None
    assert client.put(at).status_code == 405


@pytest.mark.parametrize("page", PAGES)
def test_nobody_else_gets_there(nina: Journey, cast: Cast, page: str):
    at = pages(nina)[page]
    strangers = [cast.erin] if page.startswith("admin") else [cast.charlie, cast.erin]
    assert [signed_in(each).post(at).status_code for each in strangers] == [404] * len(strangers)
    absent = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", str(uuid.uuid4()), at)
    me = cast.dana if page.startswith("admin") else cast.alice
    assert signed_in(me).post(absent).status_code == 404
    if not page.startswith("admin"):
        assert signed_in(cast.bob).post(at).status_code == 403


def test_a_client_examines_once_in_a_while(nina: Journey, google: Google, cast: Cast):
    client, at = signed_in(cast.alice), pages(nina)["grant"]
    client.post(at)
    google.control("DELETE", "requests")
    answer = client.post(at)
    assert "It was examined a moment ago. Wait a few seconds." in answer.content.decode()
    assert google.requests() == []


@pytest.fixture
def shared(google: Google, cast: Cast, robot: Credential) -> str:
    """A view of alice's client, read with an account that reads the other client's property too."""
    factories.store_key(
        cast.view.agency_credential, google.key("310000001", "310000002", email="all@demo.iam")
    )
    return "310000002"


def test_what_the_agencys_account_reaches_is_no_clients_to_see(shared: str, google: Google, cast: Cast):
    text = signed_in(cast.alice).post("/clients/acme/views/site/doctor/").content.decode()
    assert "Nothing is broken." in text
    assert [word for word in (shared, "It lists", "accountSummaries", "<pre") if word in text] == []


def test_nor_staffs_but_the_owners(shared: str, cast: Cast):
    at = reverse("admin:dashboards_view_examine", args=[cast.view.pk])
    seen = {who: signed_in(who).post(at).content.decode() for who in (cast.dana, cast.olivia)}
    assert [shared in text for text in seen.values()] == [False, True]
    assert ["accountSummaries" in text for text in seen.values()] == [False, True]
    assert ["properties/310000001:runReport" in text for text in seen.values()] == [True, True]


def test_the_agencys_accounts_are_the_owners_alone(robot: Credential, cast: Cast):
    at = reverse("admin:provisioning_credential_examine", args=[robot.pk])
    assert signed_in(cast.dana).post(at).status_code == 404
    answer = signed_in(cast.olivia).post(at)
    assert answer.context["examined"].broken is None


def test_what_is_broken_stands_first(nina: Journey, google: Google, cast: Cast):
    google.fail("accountSummaries", status=403, reason="SERVICE_DISABLED", count=9)
    text = signed_in(cast.alice).post(pages(nina)["grant"]).content.decode()
    assert "It stops here: The Admin API answers." in text
    assert '<a href="https://console.developers.google.com/' in text


# At the server


def ask(*arguments: str) -> tuple[str, str | None]:
    out = io.StringIO()
    try:
        call_command("doctor", *arguments, stdout=out)
    except CommandError as error:
        return out.getvalue(), str(error)
    return out.getvalue(), None


def test_the_command_tells_the_same(nina: Journey, robot: Credential):
    row = nina.row()
    said, last = ask("--grant", str(row.grant.pk))
    assert (last, said.count("✓")) == (None, 6)
    said, last = ask("--request", str(row.pk))
    assert (last, said.count("✓")) == (None, len(WAY))
    assert "The customer began." in said
    said, last = ask("--service-account", ROBOT, "--exchanges")
    assert (last, said.count("✓")) == (None, 5)
    assert "    Authorization: Bearer …" in said
    assert SECRETS.search(said) is None


def test_the_command_names_the_causes(grant: Credential, google: Google):
    google.control("POST", "revoke", {"email": MARCO})
    said, last = ask("--grant", str(grant.pk), "--exchanges")
    assert last is not None
    assert last.startswith(f"{SIGNS_IN}: {ERRORS['grant_revoked'].sentence} (400 invalid_grant")
    assert f"    {ERRORS['grant_revoked'].causes[0]}" in said
    assert '"error": "invalid_grant"' in said


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        (("--grant", "x"), "There is none with the id x."),
        (("--request", str(uuid.UUID(int=1))), f"There is none with the id {uuid.UUID(int=1)}."),
        (("--service-account", "a@b.c"), "There is no service account a@b.c here."),
    ],
)
def test_the_command_is_asked_for_what_is_not_there(db: None, asked: tuple[str, str], sentence: str):
    assert ask(*asked) == ("", sentence)


def test_a_service_account_is_no_grant(robot: Credential):
    assert ask("--grant", str(robot.pk))[1] == f"There is none with the id {robot.pk}."


def test_a_grant_without_google(cast: Cast, settings):
    settings.GOOGLE_TOKEN_URI = "http://127.0.0.1:9/token"
    row = granted("somebody@acme.example", cast.tenant)
    step = step_of(credential.examine, row, SIGNS_IN)
    assert (step.words, step.exchanges[-1].status) == (ERRORS["unreachable"].sentence, None)
