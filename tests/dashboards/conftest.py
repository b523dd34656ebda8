"""Periods and made-up reports for the pure tests."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest

from dashboards import periods
from dashboards.periods import Period
from google_api.reports import Part, Report, ReportMetadata, Row

TODAY = date(2026, 11, 23)

MakeReport = Callable[..., Report]


@pytest.fixture
def period() -> Period:
    """The 28 days before 23 November 2026, against the 28 before them."""
    return periods.resolve({}, TODAY)


@pytest.fixture
def report() -> MakeReport:
    """Makes a report: `parts` are (range name, rows of dimensions and metrics in one list, totals)."""

    def make(
        dimensions: Sequence[str],
        metrics: Sequence[str],
        parts: Sequence[tuple[str, Sequence[Sequence[object]], Sequence[float] | None]],
        metadata: ReportMetadata | None = None,
        types: Sequence[str] = (),
    ) -> Report:
        width = len(dimensions)
        return Report(
            dimensions=tuple(dimensions),
            metrics=tuple(metrics),
            metric_types=tuple(types) or ("TYPE_INTEGER",) * len(metrics),
            parts=tuple(
                Part(
                    name,
                    tuple(Row(tuple(row[:width]), tuple(row[width:])) for row in rows),
                    None if totals is None else tuple(totals),
                )
                for name, rows, totals in parts
            ),
            row_count=sum(len(rows) for _, rows, _ in parts),
            metadata=metadata or ReportMetadata(),
            quota=None,
        )

    return make
