"""Sealed texts inside what a column holds. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from provisioning.crypto import key_of


def texts(value: Any) -> Iterator[str]:
    """The sealed texts in what a column holds: a text, or JSON with some inside."""
    if isinstance(value, str):
        if key_of(value):
            yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts(each)


def replaced(value: Any, new: Callable[[str], str]) -> Any:
    """The same, with another text for each sealed one."""
    if isinstance(value, dict):
        return {name: replaced(each, new) for name, each in value.items()}
    if isinstance(value, list):
        return [replaced(each, new) for each in value]
    return new(value) if isinstance(value, str) and key_of(value) else value
