"""A widget's numbers as CSV: UTF-8, numbers unformatted, and no cell that a spreadsheet would run."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.spreadsheets import safe
from dashboards.asked import Asked
from dashboards.planner import Answer, Source
from dashboards.readings import ReportState
from google_api import errors

Cell = str | int | float


def csv_response(asked: Asked, widget_id: str, states: Mapping[int, ReportState]) -> HttpResponse:
    """The file, or a sentence with 503 where there is no answer yet."""
    answer = asked.plan.answers[widget_id]
    state = states[answer.current.report]
    if state.report is None:
        sentence = _(errors.sentence_for(state.error)) if state.error else _("Google has not answered yet.")
        return HttpResponse(sentence, status=503, content_type="text/plain; charset=utf-8")
    response = HttpResponse(_text(answer, states), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(asked, answer)}"'
    return response


def _file_name(asked: Asked, answer: Answer) -> str:
    parts = [asked.view.tenant.slug, asked.view.slug, slugify(answer.widget.title)]
    return "-".join([*filter(None, parts), f"{asked.period.start}", f"{asked.period.end}"]) + ".csv"


def _text(answer: Answer, states: Mapping[int, ReportState]) -> str:
    out = io.StringIO()
    out.write("\ufeff")  # Excel takes a file for UTF-8 only by this mark
    csv.writer(out).writerows(_lines(answer, states))
    return out.getvalue()


def _lines(answer: Answer, states: Mapping[int, ReportState]) -> Iterator[list[Cell]]:
    """A header of API names, then a line a row; days of a comparison stand beside the days they are drawn
    against, other rows beside their own in the comparison.
    """
    now, before = _table(answer, answer.current, states), _table(answer, answer.comparison, states)
    assert now is not None  # the caller has looked
    dimensions, metrics = now.dimensions, list(answer.widget.metrics)
    along_time = answer.widget.kind == "line"
    header: list[Cell] = [*dimensions, *metrics]
    if before is not None:
        beside = [*dimensions, *metrics] if along_time else metrics
        header += [f"{name} ({_('comparison')})" for name in beside]
    yield header
    for at, (key, values) in enumerate(now.rows[: None if along_time else answer.widget.limit]):
        line: list[Cell] = [*map(safe, key), *values]
        yield line + (before.beside(at, key, along_time) if before is not None else [])


@dataclass(frozen=True)
class _Table:
    """One date range of a report, cut down to the widget's metrics."""

    dimensions: list[str]
    rows: list[tuple[tuple[str, ...], list[Cell]]]
    width: int

    def beside(self, at: int, key: tuple[str, ...], along_time: bool) -> list[Cell]:
        """What stands beside the row at `at` with `key`; empty cells where nothing does."""
        if along_time:
            blank: list[Cell] = [""] * (len(key) + self.width)
            return [*map(safe, self.rows[at][0]), *self.rows[at][1]] if at < len(self.rows) else blank
        return dict(self.rows).get(key, [""] * self.width)


def _cells(values: Iterable[Cell]) -> list[Cell]:
    return list(values)


def _table(answer: Answer, source: Source | None, states: Mapping[int, ReportState]) -> _Table | None:
    report = states[source.report].report if source else None
    if source is None or report is None:
        return None
    at = [report.metrics.index(name) for name in answer.widget.metrics]
    found = report.rows_of(source.date_range)
    rows = [(row.dimensions, _cells(row.metrics[i] for i in at)) for row in found]
    return _Table(list(report.dimensions), rows, len(at))
