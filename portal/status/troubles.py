"""What is broken: a line, and the lines of one kind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar
from urllib.parse import urlencode

from django.urls import reverse

T = TypeVar("T")
SHOWN = 50
"""Lines of one kind; the list behind them has the rest."""


@dataclass(frozen=True)
class Trouble:
    """One line, in the reader's language: what, whose, why, since when (None where nobody knows), and the
    page on which something can be done about it.
    """

    what: str
    whose: str
    why: str
    since: datetime | None
    url: str = ""


@dataclass(frozen=True)
class Section:
    """The lines of one kind. `more_url` leads to all of them where there `is_more`."""

    title: str
    troubles: list[Trouble]
    is_more: bool = False
    more_url: str = ""


def some(rows: Iterable[T]) -> tuple[list[T], bool]:
    """As many as are shown, and whether there are more. Rows of a query come sliced: nothing is counted."""
    found = list(islice(iter(rows), SHOWN + 1))
    return found[:SHOWN], len(found) > SHOWN


def address(page: str, *args: object, **query: str) -> str:
    """A page of the admin."""
    asked = f"?{urlencode(query)}" if query else ""
    return f"{reverse(f'admin:{page}', args=args)}{asked}"
