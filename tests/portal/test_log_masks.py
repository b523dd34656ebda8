"""No token of a link gets into a log."""

import logging

import pytest

from accounts.tokens import new_token
from portal.log_masks import MaskTokens, masked


def test_a_links_token_is_cut_to_what_people_may_see():
    token = new_token()
    assert masked(f"/share/{token.value}/data.json") == f"/share/{token.prefix}…/data.json"


@pytest.mark.parametrize(
    "path",
    ["/clients/acme/views/site/", "/provisioning/5905037f-bb63-4257-abaf-92527acc6220/", "x" * 42, "x" * 44],
)
def test_what_is_no_token_stays(path: str):
    assert masked(path) == path


def test_a_line_is_masked_with_its_arguments():
    token = new_token().value
    record = logging.LogRecord(
        "x", logging.WARNING, "", 0, "Not Found: %s", (f"/invitations/{token}/",), None
    )
    MaskTokens().filter(record)
    assert token not in record.getMessage()
