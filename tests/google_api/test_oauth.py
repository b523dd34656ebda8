"""OAuth of people: what is asked in the browser and of the token endpoint, and what comes of each answer."""

import base64
import hashlib
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from google_api import errors, oauth
from google_api.oauth import Client, Tokens
from google_api.scopes import ANALYTICS_EDIT, ANALYTICS_READONLY, EMAIL, OPENID, PROFILE
from tests.google_api.fake_google import drop

CLIENT = Client("client.apps.googleusercontent.com", "the-secret")
BACK = "https://portal.example/provisioning/oauth/callback"
VERIFIER = "v" * 43
GRANTED = {
    "access_token": "ya29.a0.fresh",
    "expires_in": 3599,
    "refresh_token": "1//0fresh",
    "scope": f"{ANALYTICS_READONLY} openid {EMAIL} {PROFILE}",
    "token_type": "Bearer",
    "id_token": "eyJ.eyJ.sig",
}


@pytest.fixture
def exchange(google, pauses):
    return lambda **changed: oauth.exchange_code(
        f"{google.url}/token",
        CLIENT,
        **{
            "code": "4/0code",
            "redirect_uri": BACK,
            "verifier": VERIFIER,
            "deadline": 5.0,
            "sleep": pauses.append,
            **changed,
        },
    )


@pytest.fixture
def refresh(google, pauses):
    return lambda deadline=5.0: oauth.refresh(
        f"{google.url}/token", CLIENT, "1//0kept", deadline=deadline, sleep=pauses.append
    )


@pytest.fixture
def revoke(google, pauses):
    return lambda: oauth.revoke(f"{google.url}/revoke", "1//0kept", deadline=5.0, sleep=pauses.append)


def error_of(call, **kwargs):
    with pytest.raises(errors.GoogleError) as caught:
        call(**kwargs)
    return caught.value


def form_of(asked):
    return dict(parse_qsl(asked.body.decode()))


def seconds_to(moment):
    return (moment - datetime.now(UTC)).total_seconds()


# In the browser


def asked_in_the_browser(auth_uri="https://accounts.google.com/o/oauth2/v2/auth", **more):
    url = oauth.authorization_url(
        auth_uri,
        CLIENT.client_id,
        redirect_uri=BACK,
        scopes=[ANALYTICS_EDIT, OPENID],
        state="the-state",
        code_challenge="the-challenge",
        **{"offline": True, **more},
    )
    return urlsplit(url), parse_qs(urlsplit(url).query, strict_parsing=True)


def test_consent_is_asked_for_with_pkce():
    address, asked = asked_in_the_browser()
    assert address._replace(query="").geturl() == "https://accounts.google.com/o/oauth2/v2/auth"
    assert asked == {
        "response_type": ["code"],
        "client_id": [CLIENT.client_id],
        "redirect_uri": [BACK],
        "scope": [f"{ANALYTICS_EDIT} openid"],
        "state": ["the-state"],
        "code_challenge": ["the-challenge"],
        "code_challenge_method": ["S256"],
        "access_type": ["offline"],
        "include_granted_scopes": ["true"],
    }


def test_an_online_consent_asks_for_no_refresh_token():
    assert asked_in_the_browser(offline=False)[1]["access_type"] == ["online"]


def test_whom_to_ask_and_how_is_said_where_it_is_known():
    asked = asked_in_the_browser(login_hint="a+b@c.example", prompt="consent select_account")[1]
    assert (asked["login_hint"], asked["prompt"]) == (["a+b@c.example"], ["consent select_account"])


def test_an_address_with_a_query_keeps_it():
    assert asked_in_the_browser("https://accounts.example/auth?hl=de")[1]["hl"] == ["de"]


def test_the_challenge_is_that_of_rfc_7636():
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert oauth.challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_verifiers_are_of_chance_and_of_the_form_that_pkce_wants():
    verifiers = {oauth.new_verifier() for _ in range(100)}
    assert len(verifiers) == 100
    assert [each for each in verifiers if not re.fullmatch(r"[A-Za-z0-9_-]{43}", each)] == []
    one = verifiers.pop()
    expected = base64.urlsafe_b64encode(hashlib.sha256(one.encode()).digest()).decode().rstrip("=")
    assert oauth.challenge_of(one) == expected


# The code


def test_a_code_becomes_tokens(google, exchange):
    google.answers({**GRANTED, "refresh_token_expires_in": 604799})
    tokens = exchange()
    assert tokens == Tokens(
        access_token="ya29.a0.fresh",
        access_token_expires_at=tokens.access_token_expires_at,
        refresh_token="1//0fresh",
        refresh_token_expires_at=tokens.refresh_token_expires_at,
        scopes=frozenset({ANALYTICS_READONLY, OPENID, EMAIL, PROFILE}),
        id_token="eyJ.eyJ.sig",
    )
    assert 3590 < seconds_to(tokens.access_token_expires_at) <= 3599
    assert 604790 < seconds_to(tokens.refresh_token_expires_at) <= 604799
    (asked,) = google.requests
    assert (asked.method, asked.path) == ("POST", "/token")
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in asked.headers
    assert form_of(asked) == {
        "grant_type": "authorization_code",
        "code": "4/0code",
        "client_id": CLIENT.client_id,
        "client_secret": "the-secret",
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    }


def test_an_online_consent_gives_neither_refresh_token_nor_identity(google, exchange):
    google.answers({"access_token": "ya29.a0.fresh", "expires_in": 3599, "scope": ANALYTICS_EDIT})
    tokens = exchange()
    assert (tokens.refresh_token, tokens.refresh_token_expires_at, tokens.id_token, tokens.scopes) == (
        "",
        None,
        "",
        {ANALYTICS_EDIT},
    )


def test_less_than_was_asked_for_is_no_error(google, exchange):
    google.answers({**GRANTED, "scope": f"openid {EMAIL}"})
    assert exchange().scopes == {OPENID, EMAIL}


@pytest.mark.parametrize(
    ("changed", "kind", "detail"),
    [
        ({"access_token": ""}, errors.BadAnswer, "200 without access_token"),
        ({"access_token": "a\nb"}, errors.BadAnswer, "200 without access_token"),
        ({"access_token": None}, errors.ScopeRefused, "200 id_token"),
        ({"expires_in": "soon"}, errors.BadAnswer, "200 without expires_in"),
        ({"expires_in": True}, errors.BadAnswer, "200 without expires_in"),
        ({"expires_in": 10**12}, errors.BadAnswer, "200 without expires_in"),
        ({"refresh_token": 5}, errors.BadAnswer, "200 without refresh_token"),
        ({"refresh_token": "é"}, errors.BadAnswer, "200 without refresh_token"),
        ({"id_token": {}}, errors.BadAnswer, "200 without id_token"),
        ({"scope": []}, errors.BadAnswer, "unexpected scope"),
    ],
)
@pytest.mark.parametrize("call", ["exchange", "refresh"])
def test_200_of_the_wrong_shape_grants_nothing(google, request, call, changed, kind, detail):
    google.answers({**GRANTED, **changed})
    error = error_of(request.getfixturevalue(call))
    assert (type(error), error.log_detail, len(google.requests)) == (kind, detail, 1)


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (400, {"error": "invalid_grant", "error_description": "Bad Request"}, errors.CodeRefused),
        (400, {"error": "invalid_grant", "error_description": "Malformed auth code."}, errors.CodeRefused),
        (
            400,
            {"error": "invalid_grant", "error_description": "Invalid code verifier."},
            errors.VerifierRefused,
        ),
        (
            400,
            {"error": "redirect_uri_mismatch", "error_description": "Bad Request"},
            errors.RedirectRefused,
        ),
        (401, {"error": "invalid_client"}, errors.ClientRefused),
        (429, {"error": "invalid_request"}, errors.RateLimited),
        (500, {"error": "internal_failure"}, errors.ServerError),
        (503, b"<html>", errors.ServerError),
        (302, b"", errors.BadAnswer),
    ],
)
def test_a_code_that_google_got_is_never_sent_twice(google, exchange, pauses, status, answer, kind):
    google.answers(answer, status=status)
    error = error_of(exchange)
    assert (type(error), len(google.requests), pauses) == (kind, 1, [])


def test_a_code_whose_answer_was_lost_is_never_sent_twice(google, exchange, pauses):
    google.does(drop)
    error = error_of(exchange)
    assert (type(error), error.asked, len(google.requests), pauses) == (errors.Unreachable, True, 1, [])


# The refresh token


def test_a_refresh_token_becomes_an_access_token(google, refresh):
    google.answers({"access_token": "ya29.a0.fresh", "expires_in": 3599, "scope": ANALYTICS_READONLY})
    tokens = refresh()
    assert tokens == Tokens(
        "ya29.a0.fresh", tokens.access_token_expires_at, "", None, frozenset({ANALYTICS_READONLY}), ""
    )
    assert timedelta(0) < tokens.access_token_expires_at - datetime.now(UTC) <= timedelta(seconds=3599)
    (asked,) = google.requests
    assert (asked.method, asked.path) == ("POST", "/token")
    assert form_of(asked) == {
        "grant_type": "refresh_token",
        "client_id": CLIENT.client_id,
        "client_secret": "the-secret",
        "refresh_token": "1//0kept",
    }


def test_fewer_scopes_can_be_asked_for(google, pauses):
    google.answers({"access_token": "ya29.a0.fresh", "expires_in": 3599, "scope": ANALYTICS_READONLY})
    tokens = oauth.refresh(
        f"{google.url}/token", CLIENT, "1//0kept", scopes=[ANALYTICS_READONLY], sleep=pauses.append
    )
    (asked,) = google.requests
    assert (form_of(asked)["scope"], tokens.scopes) == (ANALYTICS_READONLY, {ANALYTICS_READONLY})


def test_a_new_refresh_token_is_handed_on(google, refresh):
    google.answers({**GRANTED, "refresh_token_expires_in": "600"})
    tokens = refresh()
    assert tokens.refresh_token == "1//0fresh"
    assert 590 < seconds_to(tokens.refresh_token_expires_at) <= 600


def test_scopes_that_google_does_not_name_are_not_guessed(google, refresh):
    google.answers({"access_token": "ya29.a0.fresh", "expires_in": 3599})
    assert refresh().scopes == frozenset()


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (
            400,
            {"error": "invalid_grant", "error_description": "Token has been expired or revoked."},
            errors.GrantRevoked,
        ),
        (400, {"error": "invalid_grant", "error_description": "Bad Request"}, errors.GrantEnded),
        (
            400,
            {
                "error": "invalid_grant",
                "error_description": "reauth related error (invalid_rapt)",
                "error_subtype": "invalid_rapt",
            },
            errors.SessionExpired,
        ),
        (401, {"error": "unauthorized_client"}, errors.OtherClient),
        (400, {"error": "invalid_scope"}, errors.ScopeRefused),
        (429, {"error": "invalid_grant"}, errors.RateLimited),
    ],
)
def test_a_refusal_to_refresh_is_final(google, refresh, pauses, status, answer, kind):
    google.answers(answer, status=status)
    error = error_of(refresh)
    assert (type(error), len(google.requests), pauses) == (kind, 1, [])


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_fault_is_asked_again_and_ends_nothing(google, refresh, pauses, status):
    google.answers({"error": "invalid_grant"}, status=status)
    error = error_of(refresh)
    assert (type(error), error.permanent, len(google.requests), len(pauses)) == (
        errors.ServerError,
        False,
        3,
        2,
    )


def test_a_refresh_may_succeed_at_the_second_try(google, refresh):
    google.does(drop).answers(GRANTED)
    assert refresh().access_token == "ya29.a0.fresh"


# The end


@pytest.mark.parametrize("body", [b"", b"{}", b"{\n}\n", b"<html>"])
def test_a_token_is_revoked_whatever_the_answer_s_body(google, revoke, body):
    google.answers(body)
    assert revoke() is None
    (asked,) = google.requests
    assert (asked.method, asked.path, asked.params) == ("POST", "/revoke", {})
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert form_of(asked) == {"token": "1//0kept"}


@pytest.mark.parametrize(
    "answer",
    [
        {"error": "invalid_token", "error_description": "Token expired or revoked"},
        {"error": "invalid_token"},
    ],
)
def test_what_is_no_longer_good_counts_as_revoked(google, revoke, answer):
    google.answers(answer, status=400)
    assert revoke() is None
    assert len(google.requests) == 1


@pytest.mark.parametrize(
    ("status", "answer", "kind", "times"),
    [
        (
            400,
            {"error": "invalid_request", "error_description": "Token is not revocable."},
            errors.NotRevocable,
            1,
        ),
        (400, {"error": "invalid_request"}, errors.SignInRefused, 1),
        (404, b"<html>", errors.BadAnswer, 1),
        (429, {"error": "invalid_token"}, errors.RateLimited, 1),
        (503, {"error": "invalid_token"}, errors.ServerError, 3),
    ],
)
def test_what_google_does_not_revoke_is_said(google, revoke, status, answer, kind, times):
    google.answers(answer, status=status)
    assert (type(error_of(revoke)), len(google.requests)) == (kind, times)


def test_no_repr_shows_a_secret(google, exchange):
    google.answers(GRANTED)
    shown = repr((CLIENT, exchange()))
    secrets = ("the-secret", "ya29", "1//0", "eyJ")
    assert [secret for secret in secrets if secret in shown] == []
