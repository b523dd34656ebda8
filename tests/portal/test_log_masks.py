"""No token of a link gets into a log."""

import pytest

from accounts.tokens import new_token
from portal.log_masks import masked


def test_a_links_token_is_cut_to_what_people_may_see():
    token = new_token()
    assert masked(f"/share/{token.value}/data.json") == f"/share/{token.prefix}…/data.json"


@pytest.mark.parametrize(
    "path",
    ["/clients/acme/views/site/", "/provisioning/5905037f-bb63-4257-abaf-92527acc6220/", "x" * 42, "x" * 44],
)
def test_what_is_no_token_stays(path: str):
    assert masked(path) == path


@pytest.mark.parametrize(
    "path", ["/accounts/password/reset/key/1-d3x-0a1b2c/", "/accounts/confirm-email/MQ:1a:x_y/"]
)
def test_a_mailed_key_is_left_out(path: str):
    before = path.rstrip("/").rpartition("/")[0]
    assert masked(f"GET {path} 200") == f"GET {before}/…/ 200"
    assert masked(f"Not Found: {path}?x") == f"Not Found: {before}/…/?x"
