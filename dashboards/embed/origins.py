"""Origins of sites that may embed a view, written as browsers send them. Pure.

https://datatracker.ietf.org/doc/html/rfc6454#section-6.2
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext as _

MOST = 20
LONGEST = 253 + len("https://:65535")
_USUAL_PORTS = {"https": 443, "http": 80}


class OriginError(ValueError):
    """What was written is no origin; the text is a sentence for people."""


@lru_cache(maxsize=1_000)
def normal(text: str) -> str:
    """The origin that `text` names, as a browser would send it. Raises OriginError.

    Only https, as anybody on the way could change a page that comes without; a developer's own machine
    may go without.
    """
    try:
        parts = urlsplit(text.strip())
        port = parts.port
        host = _host(parts)
    except ValueError:
        raise _no_origin(text) from None
    if not host or parts.scheme not in _USUAL_PORTS or _has_more(parts):
        raise _no_origin(text)
    if parts.scheme == "http" and not _is_own_machine(host):
        raise OriginError(_("“%(text)s” must begin with https://.") % {"text": _short(text)})
    return f"{parts.scheme}://{host}" + ("" if port in (None, _USUAL_PORTS[parts.scheme]) else f":{port}")


def normal_list(texts: Iterable[str]) -> list[str]:
    """Each of them, once, in their order; empty ones left out. Raises OriginError."""
    found = list(dict.fromkeys(normal(text) for text in texts if text.strip()))
    if len(found) > MOST:
        raise OriginError(_("List %(most)s sites at most.") % {"most": MOST})
    return found


def _has_more(parts: SplitResult) -> bool:
    """Whether there is anything beside scheme, host and port."""
    return bool(parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc)


def _host(parts: SplitResult) -> str:
    """The host in the letters that go over the wire. Raises ValueError."""
    host = parts.hostname or ""
    if ":" in host:
        return f"[{host}]"
    wire = host.encode("idna").decode()
    # The codec writes “ß” as “ss”, which is another site's name; browsers do not.
    is_same = host.isascii() or wire.encode().decode("idna") == host
    if not is_same or not all(each.isalnum() or each in "-." for each in wire):
        raise ValueError(host)
    return wire


def _is_own_machine(host: str) -> bool:
    return host in ("localhost", "127.0.0.1", "[::1]") or host.endswith(".localhost")


def _no_origin(text: str) -> OriginError:
    return OriginError(
        _("“%(text)s” is not the address of a site such as https://shop.example, without a path.")
        % {"text": _short(text)}
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"
