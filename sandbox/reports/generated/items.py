"""Reports of products: they know nothing of sessions or users."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sandbox.reports.dates import calendar
from sandbox.reports.generated.happenings import ItemLine
from sandbox.reports.generated.layout import Layout, names_of
from sandbox.reports.generated.traffic import CellDay, Traffic
from sandbox.reports.question import Question, Rows

_ITEM_FIELDS = {
    "itemsViewed": "viewed",
    "itemsAddedToCart": "carted",
    "itemsPurchased": "bought",
    "itemRevenue": "cents",
}


def item_rows(traffic: Traffic, question: Question) -> Rows:
    """The rows of a question about products."""
    names = tuple(names_of(question, scope) for scope in ("date", "session", "item"))
    layout, rows = Layout(question, names), Rows()
    cells = [tuple(cell.values[name] for name in names[1]) for cell in traffic.population.cells]
    items = [{"itemName": item.name, "itemCategory": item.category} for item in traffic.population.items]
    products = [tuple(item[name] for name in names[2]) for item in items]
    for day in traffic.days(question.range, question.now.date()):
        dates = calendar(names[0], day, question.range.start)
        for found in traffic.day(day):
            for line in _lines(traffic, found, day, question.now):
                parts = (dates, cells[found.cell], products[line.item])
                if layout.passes(parts):
                    row = rows.setdefault(layout.key(parts), [0] * len(question.metrics))
                    _add_line(row, line, question)
    return {key: _money(row, question) for key, row in rows.items()}


def _money(row: list[float], question: Question) -> list[float]:
    """Revenue was added up in cents."""
    return [v / 100 if name == "itemRevenue" else v for name, v in zip(question.metrics, row, strict=True)]


def _lines(traffic: Traffic, found: CellDay, day: date, now: datetime) -> Iterable[ItemLine]:
    """The products of the sessions that have begun by now."""
    if day < now.date():
        return traffic.detail(found).items
    return traffic.items_in(found, 0, found.sessions_before(traffic.share_of_day(now)))


def _add_line(row: list[float], line: ItemLine, question: Question) -> None:
    for position, name in enumerate(question.metrics):
        row[position] += getattr(line, _ITEM_FIELDS[name])
