"""What the record keeps holds no secret, even where somebody passes it one."""

import uuid

import pytest

from accounts.audit import masking
from accounts.tokens import new_token

MARK = "MARKEDmarkedMARKEDmarked"
SECRETS = [
    f"ya29.{MARK}",
    f"1//{MARK}",
    f"GOCSPX-{MARK}",
    f"eyJhbGciOi.{MARK}.{MARK}",
    f"-----BEGIN PRIVATE KEY-----\n{MARK}",
    MARK * 2,
]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_known_by_its_look(secret):
    assert MARK not in masking.text(f"before {secret} after")
    assert MARK not in repr(masking.details({"said": [{"deep": f"see {secret}"}], secret: 1}))


@pytest.mark.parametrize("name", ["access_token", "refreshToken", "client_secret", "password", "private_key"])
def test_and_by_its_name(name):
    assert masking.details({"outer": {name: "short"}}) == {"outer": {name: "…"}}


def test_our_own_tokens_are_masked():
    token = new_token().value
    assert masking.text(f"/share/{token}/") == "/share/…/" or token not in masking.text(f"/share/{token}/")


def test_what_is_no_secret_stays():
    row = uuid.uuid4()
    facts = {"request": row, "properties": ["310000001"], "count": 3, "on": True, "none": None}
    assert masking.details(facts) == {**facts, "request": str(row)}
    browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"
    assert masking.text(browser) == browser


def test_it_is_bounded_and_in_one_line():
    assert masking.text("a\0\nb\t" + " c" * 900) == ("a b" + " c" * 900)[:300]
    deep: dict = {}
    for _ in range(2_000):
        deep = {"in": deep}
    wide = masking.details({"deep": deep, "many": ["x"] * 9_999})
    assert (len(wide["many"]), wide["deep"]) == (50, {"in": {"in": {"in": {"in": "…"}}}})
