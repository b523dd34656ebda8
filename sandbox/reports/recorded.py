"""Real properties, answered from tables that were recorded of them.

A table is a CSV headed by API names; one with a `date` column knows its days one by one, one without knows a
single named range. Dates are moved so that the last recorded day is yesterday. Whether there is an answer is
decided for each metric and range; a metric that no table gives reads 0 in the rows that others give.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sandbox.properties import PLACES, Place, Property, account_of
from sandbox.reports.dates import DateRange, calendar
from sandbox.reports.fields import ADDITIVE, DIMENSIONS
from sandbox.reports.filters import Predicate
from sandbox.reports.question import Question, Rows

_CALENDAR = frozenset(name for name, field in DIMENSIONS.items() if field.scope == "date")


@dataclass(frozen=True)
class Table:
    """`days` are the first and last recorded day of a dated table, as recorded; `named` the range of
    another.
    """

    name: str
    dimensions: tuple[str, ...]  # without `date`
    metrics: tuple[str, ...]
    days: tuple[date, date] | None
    named: str | None
    rows: tuple[tuple[date | None, dict[str, str], dict[str, float]], ...]


@dataclass(frozen=True)
class Recording:
    property: Property
    last_day: date
    first_day: date
    tables: tuple[Table, ...]

    def shift(self, question: Question) -> timedelta:
        """What is added to a recorded date to make the last one yesterday."""
        return question.now.date() - timedelta(days=1) - self.last_day


def find(directories: Iterable[str]) -> dict[str, Recording]:
    """Every recorded property in these folders, by property id. A folder may be one property or hold
    several.
    """
    found = {}
    for directory in map(Path, directories):
        files = [directory / "property.json", *sorted(directory.glob("*/property.json"))]
        for file in files:
            if file.is_file():
                recording = load(file.parent)
                found[recording.property.id] = recording
    return found


def load(folder: Path) -> Recording:
    """One property's folder: `property.json` and its tables."""
    about = json.loads((folder / "property.json").read_text(encoding="utf-8"))
    tables = tuple(
        _table(folder / f"{name}.csv", named)
        for name, named in about["tables"].items()
        if (folder / f"{name}.csv").is_file()
    )
    days = [day for table in tables if table.days for day in table.days]
    recorded_on = date.fromisoformat(about["recordedOn"])
    last, first = (max(days), min(days)) if days else (recorded_on - timedelta(days=1),) * 2
    return Recording(_property(about, folder), last, first, tables)


def _property(about: dict[str, Any], folder: Path) -> Property:
    property_id = about["property"].rpartition("/")[2]
    known = {place.time_zone: place for place in PLACES}
    place = known.get(about["timeZone"]) or Place(about["timeZone"], about["currencyCode"], "", "ZZ")
    place = replace(place, currency=about["currencyCode"])
    created = datetime(2021, 7, 1, 12, 0, tzinfo=UTC)
    name = about["displayName"]
    return Property(property_id, account_of(property_id), name, place, "", created, folder=str(folder))


def _table(path: Path, named: str | None) -> Table:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header = tuple(reader.fieldnames or ())
        records = list(reader)
    dimensions = tuple(name for name in header if name in DIMENSIONS and name != "date")
    metrics = tuple(name for name in header if name not in DIMENSIONS)
    rows = tuple((_day(record), _pick(record, dimensions), _numbers(record, metrics)) for record in records)
    days = [day for day, _, _ in rows if day is not None]
    return Table(path.stem, dimensions, metrics, (min(days), max(days)) if days else None, named, rows)


def _day(record: dict[str, str]) -> date | None:
    return (
        datetime.strptime(record["date"], "%Y%m%d").replace(tzinfo=UTC).date() if "date" in record else None
    )


def _pick(record: dict[str, str], names: Sequence[str]) -> dict[str, str]:
    return {name: record[name] for name in names}


def _numbers(record: dict[str, str], names: Sequence[str]) -> dict[str, float]:
    return {name: float(record[name]) if "." in record[name] else int(record[name]) for name in names}


class Recorded:
    """Answers questions about recorded properties."""

    def __init__(self, recordings: dict[str, Recording]) -> None:
        self._recordings = recordings

    def rows(self, question: Question) -> Rows:
        if question.minutes is not None:
            return {}
        rows: Rows = {}
        for metrics in self._together(question):
            names = tuple(name for name, _ in metrics)
            for key, values in _grouped(self._recording(question), metrics[0][1], question, names).items():
                row = rows.setdefault(key, [0] * len(question.metrics))
                for name, value in zip(names, values, strict=True):
                    row[question.metrics.index(name)] = value
        if not question.metrics:
            return self._without_metrics(question)
        return rows

    def total(self, question: Question) -> list[float]:
        rows = self.rows(replace(question, dimensions=()))
        return rows.get((), [0] * len(question.metrics))

    def _recording(self, question: Question) -> Recording:
        return self._recordings[question.property.id]

    def _together(self, question: Question) -> list[list[tuple[str, Table]]]:
        """The metrics that some table gives, those of one table side by side."""
        by_table: dict[str, list[tuple[str, Table]]] = {}
        for metric in question.metrics:
            table = _best_table(self._recording(question), question, metric)
            if table is not None:
                by_table.setdefault(table.name, []).append((metric, table))
        return list(by_table.values())

    def _without_metrics(self, question: Question) -> Rows:
        table = _best_table(self._recording(question), question, None)
        return {} if table is None else _grouped(self._recording(question), table, question, ())


def _best_table(recording: Recording, question: Question, metric: str | None) -> Table | None:
    """The table with the fewest dimensions that has what is asked, over the range that is asked."""
    fitting = [table for table in recording.tables if _fits(recording, table, question, metric)]
    return min(fitting, key=lambda table: len(table.dimensions), default=None)


def _fits(recording: Recording, table: Table, question: Question, metric: str | None) -> bool:
    asked = set(question.all_dimensions)
    dated = table.days is not None
    known = set(table.dimensions) | (_CALENDAR if dated else set())
    return (
        (metric is None or metric in table.metrics) and asked <= known and _covers(recording, table, question)
    )


def _covers(recording: Recording, table: Table, question: Question) -> bool:
    """Whether the table knows every day of the range on which anything at all was recorded."""
    if table.days is None:
        return table.named is not None and _named_range(table.named, question.now.date()) == question.range
    shift = recording.shift(question)
    first = max(question.range.start, recording.first_day + shift)
    last = min(question.range.end, recording.last_day + shift)
    return first <= last and table.days[0] + shift <= first and last <= table.days[1] + shift


def _named_range(words: str, today: date) -> DateRange:
    """`30daysAgo..yesterday` as days."""
    start, _, end = words.partition("..")
    return DateRange(_ago(start, today), _ago(end, today))


def _ago(word: str, today: date) -> date:
    days = {"today": 0, "yesterday": 1}.get(word)
    return today - timedelta(days=int(word.removesuffix("daysAgo") or 0) if days is None else days)


def _grouped(recording: Recording, table: Table, question: Question, metrics: tuple[str, ...]) -> Rows:
    """The table's rows that pass the filter, those with equal dimensions made one."""
    calendar_names = tuple(name for name in question.all_dimensions if name in _CALENDAR)
    predicate, shift, start = question.predicate(), recording.shift(question), question.range.start
    groups: dict[tuple[str, ...], list[dict[str, float]]] = {}
    for day, dimensions, numbers in table.rows:
        values = dimensions
        if day is not None:
            moved = day + shift
            if not start <= moved <= question.range.end:
                continue
            values = dimensions | dict(
                zip(calendar_names, calendar(calendar_names, moved, start), strict=True)
            )
        if _passes(predicate, values):
            groups.setdefault(tuple(values[name] for name in question.dimensions), []).append(numbers)
    return {key: [_added(name, rows) for name in metrics] for key, rows in groups.items()}


def _passes(predicate: Predicate | None, values: dict[str, str]) -> bool:
    return predicate is None or predicate(values)


def _added(metric: str, rows: list[dict[str, float]]) -> float:
    """Counts add up. People and ratios do not: they are known of a single row, and read 0 of several."""
    if metric in ADDITIVE:
        return sum(row[metric] for row in rows)
    return rows[0][metric] if len(rows) == 1 else 0
