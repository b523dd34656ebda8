"""Scopes compare as sets, by whatever names and with whatever between them Google lists them."""

import pytest

from google_api.scopes import ANALYTICS_READONLY, EMAIL, OPENID, PROFILE, normalised


@pytest.mark.parametrize(
    ("text", "scopes"),
    [
        ("", set()),
        (ANALYTICS_READONLY, {ANALYTICS_READONLY}),
        ("openid email profile", {OPENID, EMAIL, PROFILE}),
        (f"{PROFILE} openid {EMAIL}", {OPENID, EMAIL, PROFILE}),
        (f"email+openid+{EMAIL}", {OPENID, EMAIL}),
        (f"  {ANALYTICS_READONLY}  openid ", {ANALYTICS_READONLY, OPENID}),
        ('openid a"b \x00 é ' + "x" * 500, {OPENID}),
    ],
)
def test_scopes_are_read(text, scopes):
    assert normalised(text) == scopes
