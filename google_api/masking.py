"""Takes secrets out of what is shown of an exchange with Google. Pure."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, urlencode

MASK = "…"
_NAMES = frozenset(
    {
        "accesstoken",
        "refreshtoken",
        "idtoken",
        "token",
        "assertion",
        "code",
        "codeverifier",
        "clientsecret",
        "clientassertion",
        "privatekey",
        "password",
        "secret",
        "secretvalue",
        "authorization",
        "cookie",
        "setcookie",
        "apikey",
        "key",
        "state",
        "nonce",
        "accountticketid",
    }
)
"""Without the signs that part their words. A number is none: errors carry `"code": 403`."""

_LOOKS = re.compile(
    r"ya29\.[^\s\"'<>\\]+"  # access tokens
    r"|(?<![\w/])1//[\w-]{4,}"  # refresh tokens
    r"|(?<![\w/])4/[0P][\w-]{8,}"  # codes
    r"|GOCSPX-[^\s\"'<>\\]+"  # client secrets
    r"|\beyJ[\w-]+\.[\w.-]+"  # JSON web tokens
    r"|-----BEGIN[^\"]+"
)
_LEAST = 6  # characters: what is shorter stands in too many places to be looked for
_CLAIMS = ("iss", "sub", "scope", "aud", "iat", "exp")


def pairs(listed: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Fields of a form, an address or headers."""
    return [(name, _of(name, value)) for name, value in listed]


def query(listed: Iterable[tuple[str, str]]) -> str:
    """Fields of an address as it writes them, but that the mask stays readable."""
    return urlencode(pairs(listed), safe=",:/").replace(quote(MASK), MASK)


def _of(name: str, value: str) -> str:
    if not is_secret(name):
        return looking(value)
    return f"{MASK} {claims}" if name == "assertion" and (claims := _claims(value)) else MASK


def json_value(value: object) -> object:
    """What JSON made, with each secret replaced."""
    if isinstance(value, dict):
        return {looking(str(name)): _member(str(name), each) for name, each in value.items()}
    if isinstance(value, list):
        return [json_value(each) for each in value]
    return looking(value) if isinstance(value, str) else value


def _member(name: str, value: object) -> object:
    return MASK if is_secret(name) and _is_text(value) else json_value(value)


def _is_text(value: object) -> bool:
    """A text, or a list of texts."""
    return isinstance(value, str) or (isinstance(value, list) and any(isinstance(x, str) for x in value))


def is_secret(name: str) -> bool:
    """Whether a field of this name holds a secret."""
    return re.sub(r"[^a-z]", "", name.lower()) in _NAMES


def looking(text: str) -> str:
    """`text` without what looks like a token of Google's."""
    return _LOOKS.sub(MASK, text)


def secrets_of(listed: Iterable[tuple[str, str]]) -> set[str]:
    """The secrets among these fields."""
    return {value for name, value in listed if is_secret(name)}


def secrets_of_json(value: object) -> set[str]:
    """The secrets among the members, however deep."""
    if isinstance(value, dict):
        own = {each for name, each in value.items() if is_secret(str(name)) and isinstance(each, str)}
        return own.union(*(secrets_of_json(each) for each in value.values()))
    return set().union(*(secrets_of_json(each) for each in value)) if isinstance(value, list) else set()


def hiding(values: Iterable[str]) -> Callable[[str], str]:
    """Replaces these very values, which an answer may repeat, as they are or as JSON writes them."""
    known = {each for each in values if len(each) >= _LEAST}
    written = known | {json.dumps(each)[1:-1] for each in known}
    ordered = sorted(written, key=len, reverse=True)

    def hide(text: str) -> str:
        for each in ordered:
            text = text.replace(each, MASK)
        return looking(text)

    return hide


def ticket_in(answer: object, url: str) -> object:
    """The same without the ticket, which version 3 calls just `id`."""
    if isinstance(answer, dict) and url.rstrip("/").endswith("createAccountTicket"):
        return {name: MASK if name == "id" else value for name, value in answer.items()}
    return answer


def _claims(assertion: str) -> str:
    """What a service account claims, which is no secret without the signature."""
    try:
        part = assertion.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
        return json.dumps({name: claims[name] for name in _CLAIMS if name in claims})
    except (ValueError, IndexError, TypeError, RecursionError):
        return ""
