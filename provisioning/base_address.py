"""Whether Google takes the portal's own address for people to be sent back to. Pure.

https://developers.google.com/identity/protocols/oauth2/web-server#uri-validation
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from django.utils.translation import gettext_noop as noop

PLAIN = noop(
    "Google sends people back to https addresses only. Put a proxy that speaks https in front, and set "
    "BASE_URL to its address."
)
BARE_IP = noop(
    "Google sends nobody back to a bare IP address. Give the portal a name, and set BASE_URL to it."
)


def trouble_with(base_url: str) -> str:
    """Why Google would refuse it, in English; empty where it takes it. This machine itself is exempt."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    address = _as_ip(host)
    if host == "localhost" or (address and address.is_loopback):
        return ""
    if address:
        return BARE_IP
    return "" if parts.scheme == "https" else PLAIN


def _as_ip(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
