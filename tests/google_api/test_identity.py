"""ID tokens: only what Google signed, for us, of now, tells who somebody is."""

import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from google_api import errors, identity
from google_api.identity import Identity, identity_of

CLIENT = "client.apps.googleusercontent.com"
SUBJECT = "109876543210987654321"


@pytest.fixture(scope="session")
def signing():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def foreign():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(autouse=True)
def _no_keys_kept():
    identity._kept.clear()


def claims(**changed):
    now = int(time.time())
    usual = {
        "iss": "https://accounts.google.com",
        "aud": CLIENT,
        "azp": CLIENT,
        "sub": SUBJECT,
        "email": "nina@bluebell-bakery.example",
        "email_verified": True,
        "name": "Nina Bell",
        "hd": "bluebell-bakery.example",
        "iat": now,
        "exp": now + 3600,
    }
    return {name: value for name, value in {**usual, **changed}.items() if value is not None}


def signed(key, kid="kid-1", **changed):
    return jwt.encode(claims(**changed), key, algorithm="RS256", headers={"kid": kid})


def jwk(key, kid="kid-1"):
    public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(key.public_key()))
    return {"kid": kid, "n": public["n"], "e": public["e"], "kty": "RSA", "alg": "RS256", "use": "sig"}


@pytest.fixture
def who(google):
    return lambda token: identity_of(token, certs_uri=f"{google.url}/oauth2/v3/certs", client_id=CLIENT)


def error_of(who, token):
    with pytest.raises(errors.GoogleError) as caught:
        who(token)
    return caught.value


def test_a_token_of_google_s_tells_who_signed_in(google, who, signing):
    google.answers({"keys": [jwk(signing)]})
    assert who(signed(signing)) == Identity(
        SUBJECT, "nina@bluebell-bakery.example", True, "Nina Bell", "bluebell-bakery.example"
    )
    assert [(asked.method, asked.path) for asked in google.requests] == [("GET", "/oauth2/v3/certs")]
    assert "authorization" not in google.requests[0].headers


def test_what_was_not_allowed_is_empty(google, who, signing):
    google.answers({"keys": [jwk(signing)]})
    bare = signed(signing, email=None, email_verified=None, name=None, hd=None)
    assert who(bare) == Identity(SUBJECT, "", False, "", "")


@pytest.mark.parametrize("issuer", ["https://accounts.google.com", "accounts.google.com"])
def test_google_calls_itself_by_two_names(google, who, signing, issuer):
    google.answers({"keys": [jwk(signing)]})
    assert who(signed(signing, iss=issuer)).subject == SUBJECT


@pytest.mark.parametrize("seconds", [-30, 30])
def test_clocks_may_differ_a_little(google, who, signing, seconds):
    google.answers({"keys": [jwk(signing)]})
    now = int(time.time()) + seconds
    assert who(signed(signing, iat=now, exp=now + 3600)).subject == SUBJECT
    assert who(signed(signing, iat=now - 3600, exp=int(time.time()) - 30)).subject == SUBJECT


NOW = int(time.time())


@pytest.mark.parametrize(
    ("changed", "detail"),
    [
        ({"exp": NOW - 120, "iat": NOW - 3720}, "expired"),
        ({"iat": NOW + 10**8, "exp": NOW + 10**8 + 3600}, "of the future"),
        ({"aud": "other.apps.googleusercontent.com"}, "for another client"),
        ({"aud": [CLIENT, "other.apps.googleusercontent.com"]}, "for another client"),
        ({"iss": "https://accounts.google.com.evil.example"}, "not by Google"),
        ({"iss": "https://accounts.google.com/"}, "not by Google"),
        ({"exp": None}, "claims missing"),
        ({"iat": None}, "claims missing"),
        ({"sub": None}, "claims missing"),
        ({"aud": None}, "claims missing"),
        ({"iss": None}, "claims missing"),
        ({"sub": ""}, "unexpected claims"),
        ({"sub": "1" * 256}, "unexpected claims"),
        ({"email": ["a@b.example"]}, "unexpected claims"),
        ({"email_verified": "true"}, "unexpected claims"),
    ],
)
def test_any_other_token_is_refused(google, who, signing, changed, detail):
    google.answers({"keys": [jwk(signing)]})
    error = error_of(who, signed(signing, **changed))
    assert (type(error), error.log_detail) == (errors.IdentityRefused, detail)
    assert (error.__cause__, error.__context__) == (None, None)


def test_a_token_signed_by_another_is_refused(google, who, signing, foreign):
    google.answers({"keys": [jwk(signing)]})
    error = error_of(who, signed(foreign))
    assert (type(error), error.log_detail) == (errors.IdentityRefused, "bad signature")


def test_a_token_that_names_its_own_algorithm_is_refused(google, who, signing):
    google.answers({"keys": [jwk(signing)]})
    unsigned = jwt.encode(claims(), None, algorithm="none", headers={"kid": "kid-1"})
    shared = jwt.encode(claims(), "secret" * 8, algorithm="HS256", headers={"kid": "kid-1"})
    details = [error_of(who, token).log_detail for token in (unsigned, shared)]
    assert details == ["bad algorithm", "bad algorithm"]


@pytest.mark.parametrize("token", ["", "a", "a.b.c", "é", "eyJhbGciOiJSUzI1NiJ9.e30.", "." * 5000])
def test_what_is_no_token_is_refused(google, who, signing, token):
    google.answers({"keys": [jwk(signing)]})
    assert type(error_of(who, token)) is errors.IdentityRefused


# Keys


def test_keys_are_fetched_once(google, who, signing):
    google.answers({"keys": [jwk(signing)]})
    for _ in range(3):
        who(signed(signing))
    assert len(google.requests) == 1


def test_keys_are_kept_as_long_as_their_server_says(google, who, signing):
    google.answers({"keys": [jwk(signing)]}, Cache_Control="public, max-age=0, must-revalidate")
    who(signed(signing))
    who(signed(signing))
    assert len(google.requests) == 2


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("public, max-age=19935, must-revalidate", 19935),
        ("max-age=60", 60),
        ("public, max-age=999999999", 24 * 3600),
        ("no-transform", 3600),
        ("s-max-age=5", 3600),
        ("max-age=soon", 3600),
    ],
)
def test_the_age_of_keys(google, who, signing, monkeypatch, header, seconds):
    monkeypatch.setattr(identity.time, "monotonic", lambda: 1000.0)
    google.answers({"keys": [jwk(signing)]}, Cache_Control=header)
    who(signed(signing))
    assert [until for _, until in identity._kept.values()] == [1000.0 + seconds]


def test_a_new_key_is_fetched_when_first_met(google, who, signing, foreign):
    google.answers({"keys": [jwk(signing)]}).answers({"keys": [jwk(signing), jwk(foreign, "kid-2")]})
    who(signed(signing))
    assert who(signed(foreign, kid="kid-2")).subject == SUBJECT
    assert len(google.requests) == 2


def test_an_unknown_key_is_asked_for_once(google, who, signing):
    google.answers({"keys": [jwk(signing)]})
    who(signed(signing))
    error = error_of(who, signed(signing, kid="gone"))
    assert (type(error), error.log_detail, len(google.requests)) == (
        errors.IdentityRefused,
        "unknown key",
        2,
    )


def test_keys_of_other_kinds_are_passed_over(google, who, signing):
    curve = json.loads(
        jwt.algorithms.ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key())
    )
    google.answers({"keys": [{**curve, "kid": "ec"}, {"kid": "x"}, {"kty": "RSA"}, jwk(signing)]})
    assert who(signed(signing)).subject == SUBJECT
    assert error_of(who, signed(signing, kid="ec")).log_detail == "unknown key"


@pytest.mark.parametrize(
    ("status", "answer", "kind"),
    [
        (200, {}, errors.BadAnswer),
        (200, {"keys": "x"}, errors.BadAnswer),
        (200, {"keys": [{"kid": 5}]}, errors.BadAnswer),
        (200, b"<html>", errors.BadAnswer),
        (503, b"<html>", errors.ServerError),
        (404, b"<html>", errors.BadAnswer),
    ],
)
def test_without_keys_nobody_is_believed(google, who, signing, monkeypatch, status, answer, kind):
    monkeypatch.setattr(identity.http, "RETRIES", 0)
    google.answers(answer, status=status)
    assert type(error_of(who, signed(signing))) is kind
    assert identity._kept == {}
