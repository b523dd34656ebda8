"""An exchange as text, as Google's OAuth Playground shows it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from google_api.exchanges import Exchange, Pairs


@dataclass(frozen=True)
class Printed:
    """`title` is one line of it."""

    title: str
    question: str
    answer: str


def printed(one: Exchange) -> Printed:
    """Method, address, headers and body; status, headers and body."""
    status = _status(one.status)
    return Printed(
        title=f"{one.method} {one.address.partition('?')[0]} · {status or one.trouble}",
        question=_message(f"{one.method} {one.address}", one.sent, one.body),
        answer=_message(f"HTTP {status}", one.headers, one.answer) if status else one.trouble,
    )


def stored(kept: Mapping[str, Any]) -> Printed:
    """The same of what a database kept (`Exchange.as_json`)."""
    pairs = {name: _pairs(kept[name]) for name in ("sent", "headers")}
    return printed(Exchange(**{**kept, **pairs}))


def _pairs(listed: Iterable[Iterable[str]]) -> Pairs:
    return tuple((name, value) for name, value in listed)


def _status(status: int | None) -> str:
    if status is None:
        return ""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def _message(first: str, headers: Pairs, body: str) -> str:
    lines = [first, *(f"{name.title()}: {value}" for name, value in headers)]
    return "\n".join([*lines, "", body]) if body else "\n".join(lines)
