"""Access tokens: what is signed, where it is sent, and what each refusal becomes."""

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from google_api import errors
from google_api.service_accounts import (
    ANALYTICS_READONLY,
    AccessToken,
    ServiceAccountKey,
    fetch_access_token,
    parse_json,
)
from tests.google_api.fake_google import drop, half_a_body, never_answer

GRANTED = {"access_token": "ya29.c.fresh", "expires_in": 3599, "token_type": "Bearer"}


@pytest.fixture
def fetch(google, key, pauses):
    def call(key=key, deadline=5.0):
        return fetch_access_token(
            key,
            scopes=[ANALYTICS_READONLY],
            token_uri=f"{google.url}/token",
            deadline=deadline,
            sleep=pauses.append,
        )

    return call


def error_of(fetch, **kwargs):
    with pytest.raises(errors.GoogleError) as caught:
        fetch(**kwargs)
    return caught.value


def parts_of(google):
    """Header and claims of the assertion, and what was signed and the signature."""
    form = parse_qs(google.requests[0].body.decode())
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    signed, _, signature = form["assertion"][0].rpartition(".")
    header, claims = (json.loads(_decoded(part)) for part in signed.split("."))
    return header, claims, signed.encode(), _decoded(signature)


def _decoded(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def test_a_token_with_its_end_is_fetched(google, fetch):
    google.answers(GRANTED)
    token = fetch()
    expected = datetime.now(UTC) + timedelta(seconds=3599)
    assert token.value == "ya29.c.fresh"
    assert abs(token.expires_at - expected) < timedelta(seconds=5)
    assert [(asked.method, asked.path) for asked in google.requests] == [("POST", "/token")]


def test_the_assertion_is_google_s_whatever_the_address(google, fetch, key):
    google.answers(GRANTED)
    fetch()
    header, claims, signed, signature = parts_of(google)
    assert header == {"typ": "JWT", "alg": "RS256", "kid": "kid-1"}
    assert abs(claims["iat"] - time.time()) < 5
    assert claims == {
        "iss": key.email,
        "aud": "https://oauth2.googleapis.com/token",
        "scope": ANALYTICS_READONLY,
        "iat": claims["iat"],
        "exp": claims["iat"] + 3600,
    }
    public = serialization.load_pem_private_key(key.private_key.encode(), None).public_key()
    public.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())


def test_a_key_without_an_id_sends_none(google, fetch, key):
    google.answers(GRANTED)
    fetch(key=ServiceAccountKey(key.email, key.private_key))
    assert parts_of(google)[0] == {"typ": "JWT", "alg": "RS256"}


def test_the_file_s_addresses_are_not_followed(google, fetch, key):
    content = {
        **json.loads(key.to_json()),
        "token_uri": "https://evil.example/token",
        "universe_domain": "evil.example",
    }
    google.answers(GRANTED)
    assert fetch(key=parse_json(json.dumps(content).encode())).value == "ya29.c.fresh"
    assert len(google.requests) == 1


def test_digits_are_taken_for_a_number_of_seconds(google, fetch):
    google.answers({**GRANTED, "expires_in": "1800"})
    assert fetch().expires_at < datetime.now(UTC) + timedelta(seconds=1801)


@pytest.mark.parametrize(
    ("answer", "kind", "detail"),
    [
        ({"id_token": "eyJ.x.y"}, errors.ScopeRefused, "200 id_token"),
        ({}, errors.BadAnswer, "200 without access_token"),
        ({**GRANTED, "access_token": ""}, errors.BadAnswer, "200 without access_token"),
        ({**GRANTED, "access_token": 5}, errors.BadAnswer, "200 without access_token"),
        ({**GRANTED, "access_token": "a\r\nX: 1"}, errors.BadAnswer, "200 without access_token"),
        ({**GRANTED, "access_token": "é"}, errors.BadAnswer, "200 without access_token"),
        ({**GRANTED, "access_token": "a" * 5000}, errors.BadAnswer, "200 without access_token"),
        ({"access_token": "a"}, errors.BadAnswer, "200 without expires_in"),
        ({**GRANTED, "expires_in": "soon"}, errors.BadAnswer, "200 without expires_in"),
        ({**GRANTED, "expires_in": -5}, errors.BadAnswer, "200 without expires_in"),
        ({**GRANTED, "expires_in": {}}, errors.BadAnswer, "200 without expires_in"),
        ({**GRANTED, "expires_in": 10**12}, errors.BadAnswer, "200 without expires_in"),
        ([], errors.BadAnswer, "200 without a JSON object"),
        (b"<html>", errors.BadAnswer, "200 without a JSON object"),
    ],
)
def test_200_without_a_token_is_no_token(google, fetch, answer, kind, detail):
    google.answers(answer)
    error = error_of(fetch)
    assert (type(error), error.log_detail, len(google.requests)) == (kind, detail, 1)


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, errors.KeyRefused),
        (401, {"error": "unauthorized_client"}, errors.ClientRefused),
        (429, b"<html>", errors.RateLimited),
        (302, b"", errors.BadAnswer),
    ],
)
def test_a_refusal_is_final(google, fetch, pauses, status, answer, kind):
    google.answers(answer, status=status)
    error = error_of(fetch)
    assert (type(error), len(google.requests), pauses) == (kind, 1, [])


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_fault_is_retried_by_us_and_not_by_google_auth_too(google, fetch, pauses, status):
    google.answers({"error": "internal_failure"}, status=status)
    began = time.monotonic()
    error = error_of(fetch)
    assert (type(error), len(google.requests), len(pauses)) == (errors.ServerError, 3, 2)
    assert time.monotonic() - began < 0.9  # google-auth would have slept three seconds


def test_a_temporary_failure_is_retried(google, fetch):
    google.answers({"error": "internal_failure"}, status=500).does(drop).answers(GRANTED)
    assert fetch().value == "ya29.c.fresh"


def test_half_an_answer_is_a_bad_answer(google, fetch):
    google.does(half_a_body)
    assert error_of(fetch).log_detail == "broke off"


def test_silence_ends_with_the_deadline(google, fetch):
    google.does(never_answer)
    assert type(error_of(fetch, deadline=0.2)) is errors.Unreachable


def test_no_repr_shows_the_token():
    token = AccessToken("ya29.c.fresh", datetime(2026, 1, 1, tzinfo=UTC))
    assert (
        repr(token)
        == "AccessToken(expires_at=datetime.datetime(2026, 1, 1, 0, 0, tzinfo=datetime.timezone.utc))"
    )
