"""A token says who may read what, for how long; whoever changes a letter of it has none."""

import base64
import json
import time

import pytest
from django.core import signing

from dashboards.embed import tokens
from dashboards.embed.tokens import TokenRefused
from tests.conftest import Cast

SHOP = "https://shop.example"


@pytest.fixture
def text(cast: Cast) -> str:
    """A token of bob's for alice's view."""
    return tokens.issue(views=[cast.view], origin=SHOP, ttl=600, user=cast.bob)[0]


def refusal(text: str) -> str:
    """Why a token does not count; empty when it does."""
    try:
        tokens.read(text)
    except TokenRefused as refused:
        return refused.code
    return ""


def test_a_token_says_what_it_was_issued_for(cast: Cast, text: str):
    token = tokens.read(text)
    assert (token.tenant_id, token.view_ids, token.origin, token.user_id, token.key_id) == (
        cast.tenant.pk,
        (cast.view.pk,),
        SHOP,
        cast.bob.pk,
        None,
    )
    assert 0 < token.seconds_left <= 600


def test_two_tokens_for_the_same_differ(cast: Cast, text: str):
    other, seconds = tokens.issue(views=[cast.view], origin=SHOP, ttl=600, user=cast.bob)
    assert (tokens.read(other).id == tokens.read(text).id, seconds) == (False, 600)


def test_a_token_ends(cast: Cast, text: str, monkeypatch):
    now = time.time()
    monkeypatch.setattr(tokens.time, "time", lambda: now + 601)
    assert refusal(text) == "expired"


def test_each_changed_letter_is_noticed(text: str):
    changed = (
        text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :] for at in range(0, len(text), 7)
    )
    assert {refusal(each) for each in changed} <= {"signature", "malformed"}


def _signed(claims: object, **how: str) -> str:
    return signing.Signer(
        **({"salt": "belvedere.embed.token", "algorithm": "sha256", "sep": "."} | how)
    ).sign_object(claims)


def _claims(text: str) -> dict:
    body = text.partition(".")[0]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


@pytest.mark.parametrize(
    "how",
    [{"algorithm": "sha512"}, {"salt": "another"}, {"key": "another"}],
    ids=["algorithm", "salt", "key"],
)
def test_what_is_signed_in_another_way_is_refused(text: str, how):
    claims = _claims(text)
    assert (refusal(_signed(claims)), refusal(_signed(claims, **how))) == ("", "signature")


def test_a_header_cannot_choose_how_it_was_signed(text: str):
    none = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    assert [
        refusal(each) for each in (f"{none}.{text}", f"{none}.{text.partition('.')[0]}.", f"{none}.")
    ] == [
        "malformed",
        "malformed",
        "signature",
    ]


@pytest.mark.parametrize("text", ["", ".", "a.b", "ä.ö", "x" * 5000, "a.b.c"])
def test_nonsense_is_refused(text: str):
    assert refusal(text) in {"malformed", "signature"}


@pytest.mark.parametrize("claims", [[], {}, {"i": 1}, "text", None])
def test_claims_of_another_shape_are_refused(claims):
    assert refusal(_signed(claims)) == "malformed"
