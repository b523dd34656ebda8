"""Finding entries of the record: what an address asks, and a page of what was found.

A page costs the same whether the record has ten entries or a million: it goes on from where the one before
ended, and counts nothing.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_date

from accounts.audit_kinds import AREAS
from accounts.models import AuditEntry

PAGE = 50
LONGEST_TEXT = 150


@dataclass(frozen=True)
class Place:
    """An entry's place in the order of time: what comes after it in a list is older."""

    at: datetime.datetime
    id: int

    @property
    def written(self) -> str:
        """As it stands in an address."""
        return f"{int(self.at.timestamp())}.{self.at.microsecond:06d}.{self.id}"


@dataclass(frozen=True)
class Asked:
    """Which entries are asked for. What makes no sense counts as not asked. Days are those of the agency."""

    text: str = ""
    area: str = ""
    person: str = ""
    first: datetime.date | None = None
    last: datetime.date | None = None
    after: Place | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Asked:
        """From `q`, `kind`, `person`, `from`, `to` and `after` of an address."""
        area = query.get("kind", "")
        return cls(
            text=_text(query.get("q", "")).lower(),
            area=area if area in dict(AREAS) else "",
            person=_text(query.get("person", "")).lower(),
            first=_day(query.get("from", "")),
            last=_day(query.get("to", "")),
            after=_place(query.get("after", "")),
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but where the page begins is asked."""
        return replace(self, after=None) != Asked()

    def url(self, **changes: Any) -> str:
        """A link to the same with some of it changed, as a query."""
        new = replace(self, **changes)
        pairs = {
            "q": new.text,
            "kind": new.area,
            "person": new.person,
            "from": new.first.isoformat() if new.first else "",
            "to": new.last.isoformat() if new.last else "",
            "after": new.after.written if new.after else "",
        }
        return "?" + urlencode({name: value for name, value in pairs.items() if value})


@dataclass(frozen=True)
class Page:
    """Some entries, and where the next ones begin."""

    entries: list[AuditEntry]
    after: Place | None


def found(rows: QuerySet[AuditEntry], asked: Asked) -> QuerySet[AuditEntry]:
    """Those of `rows` that are asked for, the newest first."""
    if asked.area:
        rows = rows.filter(area=asked.area)
    if asked.person:
        rows = rows.filter(who=asked.person)
    if asked.first:
        rows = rows.filter(at__gte=_midnight(asked.first))
    if asked.last and asked.last < datetime.date.max:
        rows = rows.filter(at__lt=_midnight(asked.last + datetime.timedelta(days=1)))
    if asked.text:
        rows = rows.filter(words__contains=asked.text)
    if asked.after:
        is_shown = Q(at=asked.after.at, id__gte=asked.after.id)
        rows = rows.filter(at__lte=asked.after.at).exclude(is_shown)
    return rows.order_by("-at", "-id")


def page(rows: QuerySet[AuditEntry], asked: Asked) -> Page:
    """The first PAGE of those asked for."""
    entries = list(found(rows, asked)[: PAGE + 1])
    last = entries[PAGE - 1] if len(entries) > PAGE else None
    return Page(entries[:PAGE], Place(last.at, last.pk) if last else None)


def _text(typed: str) -> str:
    return typed.replace("\0", "").strip()[:LONGEST_TEXT]


def _day(typed: str) -> datetime.date | None:
    try:
        return parse_date(typed)
    except ValueError:
        return None


def _place(written: str) -> Place | None:
    try:
        seconds, microseconds, number = (int(each) for each in written.split("."))
        at = datetime.datetime.fromtimestamp(seconds, datetime.UTC)
        return Place(at.replace(microsecond=microseconds), number if 0 < number < 2**63 else 1)
    except (ValueError, OverflowError, OSError):
        return None


def _midnight(day: datetime.date) -> datetime.datetime:
    """When this day begins where the agency is."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.min))
