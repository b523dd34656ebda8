"""The rows of a query's answer: Google's, or made from Google's where GA4 lacks what was asked. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboards.embed import times
from dashboards.embed.computed import VISITORS, Level
from dashboards.embed.core_reporting import MOST_PATHS, Query
from dashboards.embed.errors import bad_request
from dashboards.embed.names import Column
from google_api.reports import Number, Report, Row


@dataclass(frozen=True)
class Result:
    """One row: what it is about, and its figures as Google gives them, by the query's columns."""

    values: tuple[str, ...]
    figures: tuple[Number, ...]


def of(query: Query, report: Report) -> tuple[list[Result], int]:
    """The rows of the page that was asked for, and how many there are in all. Raises V3Error where there are
    too many to be added up.
    """
    if query.shape == "direct":
        return _direct(query, report), report.row_count
    found = _along_time(query, report) if query.shape == "times" else _added_up(query, report)
    ordered = _ordered(query, found)
    first = query.start_index - 1
    return ordered[first : first + query.max_results], len(ordered)


def figures(query: Query, report: Report, numbers: Sequence[Number]) -> tuple[Number, ...]:
    """A report's numbers in the order of the query's metrics."""
    return tuple(numbers[report.metrics.index(each.name)] for each in query.metrics)


def _direct(query: Query, report: Report) -> list[Result]:
    return [
        Result(_values(query, report, row.dimensions), figures(query, report, row.metrics))
        for row in report.rows
    ]


def _values(query: Query, report: Report, dimensions: Sequence[str]) -> tuple[str, ...]:
    return tuple(_value(each, dimensions[report.dimensions.index(each.name)]) for each in query.dimensions)


def _value(column: Column, value: str) -> str:
    """The value as version 3 wrote it."""
    if column.level:
        return Level(column.level).of(value)
    if column.name == "newVsReturning":
        return VISITORS.get(value, value)
    return times.padded(column.name, value)


def _along_time(query: Query, report: Report) -> list[Result]:
    """Every time of the span, with nothing where Google has nothing."""
    names = [each.name for each in query.dimensions]
    found = {}
    for row in report.rows:
        moment = times.moment_of(report.dimensions, row.dimensions)
        values = (
            times.values(names, moment, query.span.start) if moment else _values_of_time(query, report, row)
        )
        found[values] = Result(values, figures(query, report, row.metrics))
    if query.fills:
        nothing = (0,) * len(query.metrics)
        for values in times.all_values(names, query.span):
            found.setdefault(values, Result(values, nothing))
    return list(found.values())


def _values_of_time(query: Query, report: Report, row: Row) -> tuple[str, ...]:
    """Those of a row whose time is what was asked; of one that Google gives no time, Google's word for it."""
    if all(each.name in report.dimensions for each in query.dimensions):
        return _values(query, report, row.dimensions)
    return tuple(row.dimensions[0] for _each in query.dimensions)


def _added_up(query: Query, report: Report) -> list[Result]:
    """Rows of whole paths, put together by their levels."""
    if report.row_count > MOST_PATHS:
        raise bad_request(_("There are too many pages to add up. Narrow the query down by a filter."))
    sums: dict[tuple[str, ...], list[Number]] = {}
    for row in report.rows:
        values = _values(query, report, row.dimensions)
        numbers = figures(query, report, row.metrics)
        known = sums.get(values)
        sums[values] = [a + b for a, b in zip(known, numbers, strict=True)] if known else list(numbers)
    return [Result(values, tuple(numbers)) for values, numbers in sums.items()]


def _ordered(query: Query, rows: list[Result]) -> list[Result]:
    """As asked; what is equal, and all where nothing was asked, by the dimensions."""
    ordered = sorted(rows, key=lambda row: row.values)
    width = len(query.dimensions)
    for order in reversed(query.orders):
        if order.column < width:
            ordered.sort(key=lambda row: row.values[order.column], reverse=order.desc)
        else:
            ordered.sort(key=lambda row: row.figures[order.column - width], reverse=order.desc)
    return ordered
