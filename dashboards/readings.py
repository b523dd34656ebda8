"""What one widget can read of the reports that are there: its state, totals and rows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from dashboards.figures import Number
from dashboards.planner import Answer, Source, WidgetSpec
from google_api.reports import Report, Row

State = Literal["ready", "waiting", "empty", "failed"]


@dataclass(frozen=True)
class ReportState:
    """What is known of one report: the last answer with its time, whether a newer one is being fetched, and
    the code of the last failure. `waiting`: there is no answer, and one is on its way."""

    report: Report | None = None
    fetched_at: datetime | None = None
    stale: bool = False
    error: str = ""
    waiting: bool = False


@dataclass(frozen=True)
class Reading:
    """One widget with the reports that answer it."""

    answer: Answer
    reports: Mapping[int, ReportState]

    @property
    def widget(self) -> WidgetSpec:
        return self.answer.widget

    @property
    def source_state(self) -> ReportState:
        """What is known of the report that the widget's own numbers come from."""
        return self.reports[self.answer.current.report]

    @property
    def report(self) -> Report | None:
        return self.source_state.report

    @property
    def state(self) -> State:
        """Whether there is something to show. A stored answer is shown whatever has failed since."""
        known = self.source_state
        if known.report is None:
            return "waiting" if known.waiting or not known.error else "failed"
        if self.widget.kind == "figure":
            return "ready"
        return "ready" if self.rows() else "empty"

    def totals(self, source: Source | None) -> tuple[Number, ...] | None:
        """Google's totals of the widget's metrics; without dimensions the one row is the total."""
        report = self._report(source)
        if source is None or report is None:
            return None
        found = report.totals_of(source.date_range)
        if found is None and not report.dimensions:
            rows = report.rows_of(source.date_range)
            found = rows[0].metrics if rows else None
        return None if found is None else self._own(report, found)

    def rows(self) -> tuple[Row, ...]:
        """The widget's rows, as many as it shows."""
        kept = self.all_rows()
        return kept if self.widget.kind == "line" else kept[: self.widget.limit]

    def all_rows(self) -> tuple[Row, ...]:
        """All that the answer has; rows of nothing but zeros say nothing."""
        return tuple(row for row in self._rows(self.answer.current) if any(row.metrics))

    def compared_rows(self) -> dict[tuple[str, ...], tuple[Number, ...]] | None:
        """The comparison's values by dimensions; None where there is none, or it has not come."""
        if self._report(self.answer.comparison) is None:
            return None
        return {row.dimensions: row.metrics for row in self._rows(self.answer.comparison)}

    def of(self, metric: str) -> "Reading":
        """The same widget, read for another metric that rides in its report."""
        return replace(self, answer=replace(self.answer, widget=replace(self.widget, metrics=(metric,))))

    def metric_type(self, name: str) -> str:
        """Google's type of a metric; "" where no answer tells."""
        report = self.report
        return report.metric_types[report.metrics.index(name)] if report else ""

    def _report(self, source: Source | None) -> Report | None:
        return self.reports[source.report].report if source else None

    def _rows(self, source: Source | None) -> tuple[Row, ...]:
        report = self._report(source)
        if source is None or report is None:
            return ()
        found = report.rows_of(source.date_range)
        return tuple(Row(row.dimensions, self._own(report, row.metrics)) for row in found)

    def _own(self, report: Report, values: Sequence[Number]) -> tuple[Number, ...]:
        """The widget's metrics among those of a report that it shares with others."""
        return tuple(values[report.metrics.index(name)] for name in self.widget.metrics)
