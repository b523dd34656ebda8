"""The rows of tables, maps, bars and donuts: names, texts of numbers, bars, changes, and what a click on a
row narrows the page down to. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from dashboards.figures import Change, Number, change, percent, value_text
from dashboards.filters import Condition
from dashboards.readings import Reading
from dashboards.vocabulary import Metric, Text, metric
from google_api.reports import Row

SHADES = 6
"""How many parts of a donut have a shade of their own."""

Before = Mapping[tuple[str, ...], tuple[Number, ...]]
"""The comparison's rows by their dimensions."""

UNMATCHED = frozenset({"", "(other)"})
"""Google puts rows together as "(other)" after it has filtered, and no filter can name an empty value."""

REPEATED = {"countryId": "country"}
"""Dimensions that tell nothing beside another: a country's letters and its name."""

LONGEST_FILTER = 500
UNFILTERED = frozenset({"date", "dateHour", "hour", "dayOfWeekName", "yearMonth", "isoYearIsoWeek"})
"""Days are chosen by the period."""


@dataclass(frozen=True)
class Column:
    """The head of a column of numbers, or of the rows' names."""

    label: Text
    explanation: Text = ""


@dataclass(frozen=True)
class TableRow:
    """A row's name (`more`: its further dimensions), texts of its numbers, the length of its bar (0 to 100),
    the shade of its part in a donut (1 to 6, 0 for none), and the filter that keeps it alone ("" where Google
    could not apply one).
    """

    label: str
    values: tuple[str, ...]
    width: int = 0
    change: Change | None = None
    more: tuple[str, ...] = ()
    shade: int = 0
    filter: str = ""


def known_metrics(reading: Reading) -> list[Metric]:
    """What its columns are."""
    return [metric(name, google_type=reading.metric_type(name)) for name in reading.widget.metrics]


def table_rows(reading: Reading, rows: Sequence[Row], before: Before, currency: str) -> tuple[TableRow, ...]:
    """These rows for people. Bars are as long as their part of the largest of all the widget's rows."""
    known = known_metrics(reading)
    largest = [max((abs(row.metrics[at]) for row in reading.rows()), default=0) for at in range(len(known))]
    total = (reading.totals(reading.answer.current) or (0,))[0]
    donut = reading.widget.kind == "donut"
    return tuple(
        TableRow(
            label=name(reading, row, 0),
            more=tuple(name(reading, row, at) for at, _ in _telling(reading)[1:]),
            values=_texts(row, known, largest, currency)
            + ((_share(row.metrics[0], total),) if donut else ()),
            width=_width(row.metrics[0], largest[0]),
            change=row_change(row, before, known[0]),
            shade=min(place, SHADES) if donut else 0,
            filter=_filter(reading, row),
        )
        for place, row in enumerate(rows, start=1)
    )


def share_column() -> Column:
    """The head of a donut's shares."""
    return Column(gettext("Share"), gettext("The part of the total."))


def row_change(row: Row, before: Before, known: Metric) -> Change | None:
    """A row that the comparison does not have shows no change: it may merely be beyond its limit."""
    if row.dimensions not in before:
        return None
    return change(row.metrics[0], before[row.dimensions][0], known.more_is_better, places=0)


def name(reading: Reading, row: Row, at: int) -> str:
    """What a row is called: its dimension at that place."""
    assert reading.report is not None  # it has rows
    return _value_name(reading.report.dimensions[at], row.dimensions[at])


def _telling(reading: Reading) -> list[tuple[int, str]]:
    """The places and names of the dimensions that tell rows apart."""
    assert reading.report is not None  # it has rows
    fields = reading.report.dimensions
    return [(at, field) for at, field in enumerate(fields) if REPEATED.get(field) not in fields]


def _filter(reading: Reading, row: Row) -> str:
    fields = _telling(reading)
    if not UNFILTERED.isdisjoint(field for _, field in fields) or not UNMATCHED.isdisjoint(row.dimensions):
        return ""
    text = ";".join(str(Condition(field, "==", row.dimensions[at])) for at, field in fields)
    return text if len(text) <= LONGEST_FILTER else ""


def _texts(row: Row, known: Sequence[Metric], largest: Sequence[Number], currency: str) -> tuple[str, ...]:
    """A row's numbers; those of a column have as many decimals as its largest."""
    columns = zip(row.metrics, known, largest, strict=True)
    return tuple(value_text(value, each.unit, currency, top) for value, each, top in columns)


def _width(value: Number, largest: Number) -> int:
    return max(0, round(100 * value / largest)) if largest else 0


def _share(value: Number, total: Number) -> str:
    """The part of Google's own total; the rows shown need not add up to it."""
    if total <= 0:
        return ""
    text = percent(value / total, 0)
    if value > 0 and text == percent(0, 0):
        return pgettext("a share that is not quite nothing", "<%(share)s") % {"share": percent(0.01, 0)}
    return text


def _value_name(field: str, value: str) -> str:
    """A dimension's value for people: dates as dates, nothing as "(not set)"; names stay as the data has
    them."""
    if field == "date" and len(value) == 8 and value.isdigit():
        return date_format(_day(value), pgettext("date format (Django): day, month, year", "j M Y"))
    return value or "(not set)"


def _day(value: str) -> date:
    return date(int(value[:4]), int(value[4:6]), int(value[6:]))
