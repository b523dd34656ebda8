"""What is asked of one property over one range, stripped of everything that is about presentation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sandbox.properties import Property
from sandbox.reports.dates import DateRange
from sandbox.reports.filters import Predicate, compile_filter, field_names

Rows = dict[tuple[str, ...], list[float]]  # dimension values -> metric values, in the question's order


@dataclass(frozen=True)
class Question:
    """Names are Google's current ones. `now` is the property's local time: later moments have not happened.

    `minutes` is set for realtime questions: (oldest, newest) minutes ago, both included.
    """

    property: Property
    range: DateRange
    dimensions: tuple[str, ...]
    metrics: tuple[str, ...]
    now: datetime
    filter: Mapping[str, Any] | None = None
    minutes: tuple[int, int] | None = None
    filter_names: tuple[str, ...] = field(init=False)
    all_dimensions: tuple[str, ...] = field(init=False)  # those asked and those only filtered on

    def __post_init__(self) -> None:
        names = field_names(self.filter)
        object.__setattr__(self, "filter_names", names)
        object.__setattr__(self, "all_dimensions", tuple(dict.fromkeys(self.dimensions + names)))

    def predicate(self) -> Predicate | None:
        return compile_filter(self.filter)

    def cache_key(self) -> tuple[Any, ...]:
        """Equal for questions with equal answers: a range that is over depends on the day, not on the
        minute.
        """
        over = self.minutes is None and self.range.end < self.now.date()
        moment = self.now.strftime("%Y%m%d" if over else "%Y%m%d%H%M")
        text = json.dumps(self.filter, sort_keys=True) if self.filter else ""
        days = (self.range.start, self.range.end)
        return (
            self.property.id,
            self.property.hits,
            self.property.updated,
            days,
            self.dimensions,
            self.metrics,
            text,
            self.minutes,
            moment,
        )


class Source(Protocol):
    """Whoever knows a property's figures."""

    def rows(self, question: Question) -> Rows:
        """Every row, zeros included. Metrics in the question's order."""

    def total(self, question: Question) -> list[float]:
        """The metrics over everything that passes the filter; zeros without data."""
