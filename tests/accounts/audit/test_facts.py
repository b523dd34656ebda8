"""From where somebody acts: believed only as far as our own proxies wrote it."""

import pytest
from django.test import RequestFactory

from accounts.audit.facts import ip_of


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "expected"),
    [
        (0, "6.6.6.6", "203.0.113.9", "203.0.113.9"),
        (1, "203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "10.0.0.1", "203.0.113.9"),
        (2, "", "10.0.0.1", "10.0.0.1"),
        (1, "2001:db8::7", "", "2001:db8::7"),
        (1, "<script>", "10.0.0.1", None),
        (0, "", "", None),
    ],
)
def test_the_address_behind_our_proxies(settings, proxies, forwarded, remote, expected):
    settings.TRUSTED_PROXY = proxies
    request = RequestFactory().get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert ip_of(request) == expected
