"""The source of every property that was not recorded."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from sandbox.properties import Property
from sandbox.reports.dates import DateRange, calendar
from sandbox.reports.fields import METRICS
from sandbox.reports.generated.aggregate import Aggregation
from sandbox.reports.generated.formulas import WINDOWS
from sandbox.reports.generated.items import item_rows
from sandbox.reports.generated.layout import Values, asks_for, scope_of
from sandbox.reports.generated.tagged import TaggedTraffic
from sandbox.reports.generated.traffic import Traffic
from sandbox.reports.question import Question, Rows


class Generated:
    """Answers questions about any property that was not recorded."""

    def __init__(self) -> None:
        self._traffic: dict[str, Traffic] = {}

    def rows(self, question: Question) -> Rows:
        traffic = self._of(question.property)
        if any(METRICS[name].scope == "item" for name in question.metrics) or asks_for(question, "item"):
            return item_rows(traffic, question)
        rows = Aggregation(traffic, question).rows()
        for position, name in enumerate(question.metrics):
            if name in WINDOWS:
                _fill_window(self, question, rows, position, WINDOWS[name])
        return rows

    def total(self, question: Question) -> list[float]:
        rows = self.rows(replace(question, dimensions=()))
        return rows.get((), [0.0] * len(question.metrics))

    def _of(self, prop: Property) -> Traffic:
        found = self._traffic.get(prop.id)
        if found is None or found.property != prop:  # one that was created changes, and gets further hits
            found = Traffic(prop) if prop.hits is None else TaggedTraffic(prop)
            self._traffic[prop.id] = found
        return found


def _fill_window(source: Generated, question: Question, rows: Rows, position: int, length: int) -> None:
    """Active users of the last `length` days, counted back from each row's last day."""
    others = tuple(name for name in question.dimensions if scope_of(name) != "date")
    names = tuple(name for name in question.dimensions if scope_of(name) == "date")
    for values, last in _last_days(question, names).items():
        window = DateRange(last - timedelta(days=length - 1), last)
        asked = replace(question, dimensions=others, metrics=("activeUsers",), range=window)
        for key, (users,) in source.rows(asked).items():
            given = dict(zip(others, key, strict=True)) | dict(zip(names, values, strict=True))
            whole = tuple(given[name] for name in question.dimensions)
            if whole in rows:
                rows[whole][position] = users


def _last_days(question: Question, names: Values) -> dict[Values, date]:
    """The last day of the range on which each combination of calendar values stands."""
    days = [question.range.start + timedelta(days=n) for n in range(question.range.days)]
    return {calendar(names, day, question.range.start): day for day in days if day <= question.now.date()}
