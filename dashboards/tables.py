"""All rows of one widget: searched, sorted and paged as the address asks. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from dashboards import blanks, notices
from dashboards.blanks import UNKNOWN, Background
from dashboards.notices import Notice
from dashboards.planner import Plan
from dashboards.readings import Reading, ReportState, State
from dashboards.rows import Before, Column, TableRow, known_metrics, name, row_change, table_rows
from dashboards.vocabulary import dimension
from google_api.reports import Row

PAGE_ROWS = 50
CHANGE = "change"
LONGEST_SEARCH = 200


@dataclass(frozen=True)
class Wish:
    """What an address asks of a table: rows whose name contains `search`, ordered by `sort` (a metric, the
    first dimension, "change", or "" for Google's own order), and a page, counted from 1."""

    search: str = ""
    sort: str = ""
    descending: bool = True
    page: int = 1

    @property
    def query(self) -> dict[str, str]:
        """The address's parameters; empty ones say nothing."""
        sort = f"-{self.sort}" if self.sort and self.descending else self.sort
        return {"q": self.search, "sort": sort, "page": str(self.page) if self.page > 1 else ""}


@dataclass(frozen=True)
class Heading:
    """The head of a column. `wish` is what a click on it asks; `direction` is how the rows are sorted by it
    now, in ARIA's words, "" where they are not."""

    column: Column
    wish: Wish
    direction: str = ""


@dataclass(frozen=True)
class Table:
    """One page of the rows. `found` rows match of the `total` that are there; Google may know `more`."""

    state: State
    message: str
    headings: tuple[Heading, ...]
    rows: tuple[TableRow, ...]
    compared: bool
    wish: Wish
    first: int
    found: int
    total: int
    more: int
    notes: tuple[str, ...]
    notices: tuple[Notice, ...]
    as_of: str
    complete: bool

    @property
    def last(self) -> int:
        """The number of its last row."""
        return self.first + len(self.rows) - 1

    @property
    def previous(self) -> Wish | None:
        """The page before."""
        return _paged(self.wish, -1) if self.wish.page > 1 else None

    @property
    def next(self) -> Wish | None:
        """The page after."""
        return _paged(self.wish, 1) if self.last < self.found else None


def read(params: Mapping[str, str]) -> Wish:
    """What these parameters ask; what makes no sense asks nothing."""
    sort = params.get("sort", "")
    page = params.get("page", "")
    return Wish(
        search=params.get("q", "").strip()[:LONGEST_SEARCH],
        sort=sort.removeprefix("-"),
        descending=sort.startswith("-"),
        page=max(1, int(page)) if page.isascii() and page.isdigit() and len(page) < 6 else 1,
    )


def build(
    plan: Plan,
    reports: Mapping[int, ReportState],
    wish: Wish,
    *,
    currency: str,
    now: datetime,
    known: Background = UNKNOWN,
) -> Table:
    """The page of the plan's only widget that `wish` asks for."""
    reading = Reading(next(iter(plan.answers.values())), reports)
    before = reading.compared_rows() or {}
    all_rows = reading.rows()
    found = _sorted(reading, _searched(reading, all_rows, wish.search), before, wish)
    start = (wish.page - 1) * PAGE_ROWS
    shown = table_rows(reading, found[start : start + PAGE_ROWS], before, currency)
    states = list(reports.values())
    compared = reading.answer.comparison is not None
    return Table(
        state=reading.state,
        message=_message(reading, known),
        headings=_headings(reading, compared, wish),
        rows=shown,
        compared=compared,
        wish=wish,
        first=start + 1 if shown else 0,
        found=len(found),
        total=len(all_rows),
        more=_more(reading, len(all_rows)),
        notes=notices.of_report(reading.report.metadata) if reading.report else (),
        notices=notices.of_period(plan.period) + blanks.remarks(plan.period, [reading], states, known, now),
        as_of=notices.as_of(states, now),
        complete=not any(state.waiting or state.stale for state in states),
    )


def matching(search: str) -> Callable[[Sequence[str]], bool]:
    """Whether a row of these dimensions contains what was searched for, in any case of letters."""
    wanted = search.casefold()
    return lambda values: any(wanted in value.casefold() for value in values)


def _paged(wish: Wish, step: int) -> Wish:
    return Wish(wish.search, wish.sort, wish.descending, wish.page + step)


def _message(reading: Reading, known: Background) -> str:
    if reading.state == "waiting":
        return gettext("On its way …")
    if reading.state == "empty":
        return gettext("Nothing in this period.")
    return blanks.why(reading.source_state.error, known) if reading.state == "failed" else ""


def _searched(reading: Reading, rows: Sequence[Row], search: str) -> Sequence[Row]:
    if not search:
        return rows
    matches = matching(search)
    return [row for row in rows if matches([name(reading, row, at) for at in range(len(row.dimensions))])]


def _sorted(reading: Reading, rows: Sequence[Row], before: Before, wish: Wish) -> Sequence[Row]:
    """Rows without a change stand last, whichever way the changes run."""
    widget = reading.widget
    if wish.sort in widget.metrics:
        at = widget.metrics.index(wish.sort)
        return sorted(rows, key=lambda row: row.metrics[at], reverse=wish.descending)
    if wish.sort == widget.dimensions[0]:
        return sorted(rows, key=lambda row: name(reading, row, 0).casefold(), reverse=wish.descending)
    if wish.sort != CHANGE:
        return rows
    known = known_metrics(reading)[0]
    changes = [(row, row_change(row, before, known)) for row in rows]
    there = [(row, found.ratio) for row, found in changes if found]
    there.sort(key=lambda pair: pair[1], reverse=wish.descending)
    return [row for row, _ in there] + [row for row, found in changes if not found]


def _more(reading: Reading, here: int) -> int:
    """How many rows Google has in all, where these are not all."""
    report = reading.report
    beyond = report is not None and report.row_count > reading.widget.limit
    return report.row_count if report and beyond and here >= reading.widget.limit else 0


def _headings(reading: Reading, compared: bool, wish: Wish) -> tuple[Heading, ...]:
    widget = reading.widget
    known = dimension(widget.dimensions[0])
    heads: list[tuple[str, Column, bool]] = [
        (widget.dimensions[0], Column(known.label, known.explanation), False)
    ]
    for key, each in zip(widget.metrics, known_metrics(reading), strict=True):
        heads.append((key, Column(each.label, each.explanation), True))
    if compared:
        heads.append((CHANGE, Column(gettext("Change"), ""), True))
    return tuple(_heading(*head, wish=wish) for head in heads)


def _heading(key: str, column: Column, largest_first: bool, *, wish: Wish) -> Heading:
    """A second click turns the order around."""
    if wish.sort != key:
        return Heading(column, Wish(wish.search, key, largest_first))
    words: dict[bool, Any] = {True: "descending", False: "ascending"}
    return Heading(column, Wish(wish.search, key, not wish.descending), words[wish.descending])
