"""From a plan and the reports that are there to what a page shows: figures, charts, tables, words. Pure.

The page and `data.json` render the same dataclasses with the same templates, so they never differ.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from django.utils.text import slugify
from django.utils.translation import gettext

from dashboards import blanks, charts, lead, notices, origins
from dashboards.blanks import UNKNOWN, Background
from dashboards.charts import ChartData, Series
from dashboards.countries import MAPPED, shape_of
from dashboards.figures import Change, Number, Unit, change, value_text
from dashboards.lead import Lead
from dashboards.notices import Notice
from dashboards.periods import DateSpan, Period, format_span
from dashboards.planner import Kind, Plan, Step
from dashboards.readings import Reading, ReportState, State
from dashboards.rows import Before, Column, TableRow, known_metrics, share_column, table_rows
from dashboards.vocabulary import CHANNEL_DIMENSIONS, Text, channel_meaning, dimension, metric

__all__ = ["Card", "Column", "Figure", "Page", "Panel", "ReportState", "TableRow", "build"]

OWN_FAILURES = frozenset({"incompatible_fields", "unknown_field", "invalid_argument"})
"""Failures that concern what a widget asks, and not the view."""


@dataclass(frozen=True)
class Figure:
    """One headline number. `drawn`: the main chart shows it along time; `drawable`: it can."""

    id: str
    title: str
    explanation: Text
    state: State
    value: str = ""
    change: Change | None = None
    message: str = ""
    drawn: bool = False
    metric: str = ""
    drawable: bool = False


@dataclass(frozen=True)
class Card:
    """A chart or a table. `main` is the chart that stands under the headline figures; `compared` says that
    the rows have a column for their change, whether or not each has one; `hidden` is a tab behind another.
    """

    id: str
    title: str
    kind: Kind
    state: State
    message: str = ""
    name_column: Column = Column("")
    columns: tuple[Column, ...] = ()
    rows: tuple[TableRow, ...] = ()
    compared: bool = False
    chart: ChartData | None = None
    notes: tuple[str, ...] = ()
    main: bool = False
    limit: int = 10
    group: str = ""
    hidden: bool = False
    meanings: tuple[Column, ...] = ()

    @property
    def anchor(self) -> str:
        """Its name in an address after the "#"."""
        return slugify(self.title, allow_unicode=True) or self.id

    @property
    def has_page(self) -> bool:
        """Whether all its rows stand on a page of their own."""
        return self.state == "ready" and self.kind != "line" and bool(self.name_column.label)

    @property
    def places(self) -> range:
        """As many rows as may come, to keep their place while they are on their way."""
        return range(self.limit)

    @property
    def legend(self) -> tuple[str, ...]:
        """What a line chart's lines are called."""
        return tuple(series["name"] for series in self.chart["series"]) if self.chart else ()


@dataclass(frozen=True)
class Panel:
    """What stands together in one box: one card, or several as its tabs."""

    name: str
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Page:
    """All that a dashboard shows. `complete`: nothing is missing and nothing is being renewed; `seen`: that
    holds of what no other tab hides, made of `parts` reports, `parts_there` of which are there. `is_bare`:
    there is nothing to show, and the lead alone says so. `warnings` are seen at once, `notices` beside.
    """

    lead: Lead
    figures: tuple[Figure, ...]
    cards: tuple[Card, ...]
    warnings: tuple[Notice, ...]
    notices: tuple[Notice, ...]
    is_bare: bool
    as_of: str
    complete: bool
    seen: bool
    parts_there: int
    parts: int

    def only(self, ids: Container[str]) -> "Page":
        """The same with none but these widgets."""
        figures = tuple(figure for figure in self.figures if figure.id in ids)
        return replace(self, figures=figures, cards=_tabbed([card for card in self.cards if card.id in ids]))

    @property
    def main(self) -> Card | None:
        """The chart under the headline figures: the first line."""
        return next((card for card in self.cards if card.main), None)

    @property
    def panels(self) -> tuple[Panel, ...]:
        """All but the main chart, in their boxes."""
        others = [card for card in self.cards if not card.main]
        return tuple(Panel(boxed[0].group, tuple(boxed)) for boxed in _boxes(others))

    @property
    def charts(self) -> dict[str, ChartData]:
        """What the script in the page draws, by card."""
        return {card.id: card.chart for card in self.cards if card.chart is not None}


def build(
    plan: Plan,
    reports: Mapping[int, ReportState],
    *,
    currency: str,
    now: datetime,
    known: Background = UNKNOWN,
) -> Page:
    """The page in the active language. `reports` has a state for each of the plan's reports by its index,
    money is in `currency`, and times are told in the zone of `now`.
    """
    readings = [Reading(answer, reports) for answer in plan.answers.values()]
    figures = [each for each in readings if each.widget.kind == "figure"]
    others = [each for each in readings if each.widget.kind != "figure"]
    main = next((each for each in others if each.widget.kind == "line"), None)
    said = _said_above(figures)
    states = [reports[index] for index in range(len(plan.reports))]
    shown = _tabbed([_card(each, plan, currency, each is main, said, known.is_narrowed) for each in others])
    before = [reports[index] for index in _of_what_is_seen(plan, shown)]
    return Page(
        lead=_lead(figures[0] if figures else None, others, plan.period, currency, known),
        figures=tuple(_figure(each, currency, main) for each in figures),
        cards=shown,
        warnings=blanks.remarks(plan.period, readings, states, known, now),
        notices=notices.of_period(plan.period) + _figure_labels(figures),
        is_bare=not any(_may_show(each) for each in readings),
        as_of=notices.as_of(states, now),
        complete=_is_there(states),
        seen=_is_there(before),
        parts_there=sum(not state.waiting for state in before),
        parts=len(before),
    )


def _of_what_is_seen(plan: Plan, cards: Iterable[Card]) -> frozenset[int]:
    """The reports that make all but the cards behind other tabs."""
    behind = {card.id for card in cards if card.hidden}
    return frozenset().union(*(each.reports for name, each in plan.answers.items() if name not in behind))


def _is_there(states: Iterable[ReportState]) -> bool:
    """Whether nothing is missing and nothing is being renewed."""
    return not any(state.waiting or state.stale for state in states)


def _lead(
    first: Reading | None, others: Sequence[Reading], period: Period, currency: str, known: Background
) -> Lead:
    instead = blanks.instead(first, period, known)
    if instead:
        return instead
    found = lead.build(first, period, currency)
    return replace(found, detail=origins.sentence(others) or found.detail)


def _may_show(reading: Reading) -> bool:
    """Whether a widget has, or may yet have, something to show."""
    if reading.state == "ready" and reading.widget.kind == "figure":
        return any(reading.totals(reading.answer.current) or ())
    return reading.state in ("ready", "waiting")


def _boxes(cards: Iterable[Card]) -> list[list[Card]]:
    """Cards of one group together, where the first of them stands."""
    boxes: dict[str, list[Card]] = {}
    for card in cards:
        boxes.setdefault(card.group or card.id, []).append(card)
    return list(boxes.values())


def _tabbed(cards: Sequence[Card]) -> tuple[Card, ...]:
    """Of each box one tab is open: the first that has, or may yet have, something to show."""
    boxes = _boxes(card for card in cards if not card.main)
    open_ = {next((card for card in box if card.state in ("ready", "waiting")), box[0]).id for box in boxes}
    return tuple(replace(card, hidden=not card.main and card.id not in open_) for card in cards)


def _said_above(figures: Sequence[Reading]) -> str:
    """The code of the failure that the page's lead tells already; cards need not repeat it, unless it is
    about what they themselves ask."""
    code = figures[0].source_state.error if figures and figures[0].state == "failed" else ""
    return "" if code in OWN_FAILURES else code


def _figure_labels(figures: Iterable[Reading]) -> tuple[Notice, ...]:
    reports = [each.report for each in figures]
    texts = [text for report in reports if report for text in notices.of_report(report.metadata)]
    return tuple(Notice("info", text) for text in dict.fromkeys(texts))


# ---- headline figures


def _figure(reading: Reading, currency: str, main: Reading | None) -> Figure:
    widget = reading.widget
    name = widget.metrics[0]
    known = metric(name, google_type=reading.metric_type(name))
    drawable = main.widget.asked_metrics if main else ()
    shell = partial(
        Figure,
        widget.id,
        _translated(widget.title),
        known.explanation,
        reading.state,
        drawn=main is not None and main.widget.metrics[0] == name,
        metric=name,
        drawable=name in drawable,
    )
    if reading.state != "ready":
        return shell(message=_message(reading, "", narrowed=False))
    answer = reading.answer
    totals = reading.totals(answer.current)
    if totals is None:
        return shell(value=value_text(0, "count") if known.unit == "count" else "–")
    base, against = reading.totals(answer.complete or answer.current), reading.totals(answer.comparison)
    changed = change(base[0], against[0], known.more_is_better) if base and against else None
    return shell(value=value_text(totals[0], known.unit, currency), change=changed)


# ---- cards


def _card(reading: Reading, plan: Plan, currency: str, main: bool, said: str, narrowed: bool) -> Card:
    widget, report = reading.widget, reading.report
    card = Card(
        id=widget.id,
        title=_translated(widget.title),
        kind=widget.kind,
        state=reading.state,
        name_column=_name_column(report.dimensions if report else ()),
        columns=tuple(_column(name) for name in widget.metrics),
        compared=reading.answer.comparison is not None,
        main=main,
        limit=widget.limit,
        group=_translated(widget.group),
        notes=notices.of_report(report.metadata) if report else (),
    )
    if reading.state != "ready":
        return replace(card, message=_message(reading, said, narrowed))
    if widget.kind == "line":
        return _line(card, reading, plan, currency)
    return _table(card, reading, plan.period, currency)


def _name_column(dimensions: Sequence[str]) -> Column:
    known = dimension(dimensions[0]) if dimensions else None
    return Column(known.label, known.explanation) if known else Column("")


def _column(name: str) -> Column:
    known = metric(name)
    return Column(known.label, known.explanation)


def _message(reading: Reading, said: str, narrowed: bool) -> str:
    if reading.state == "empty":
        return gettext("Nothing in this period.")
    if reading.state == "waiting":
        return gettext("On its way …")
    error = reading.source_state.error
    if error == "incompatible_fields" and narrowed:
        return gettext("Google cannot narrow this down by the filter above.")
    return gettext("No figures right now.") if error == said else notices.sentence(error)


# ---- lines


def _line(card: Card, reading: Reading, plan: Plan, currency: str) -> Card:
    period, step = plan.period, plan.step
    series = _line_series(reading, period, step)
    known = known_metrics(reading)[0]
    text = partial(_point_text, unit=known.unit, currency=currency)
    drawn: ChartData = {
        "kind": "line",
        "metric": reading.widget.metrics[0],
        "series": [_series_data(each, text) for each in series],
        "axis": charts.axis_labels(period, step),
        "unfinished": charts.unfinished_from(period, series[0], step),
        "cut": charts.is_cut_at_start(period, step),
        "choices": {name: _choice(reading, name, period, step, currency) for name in reading.widget.choices},
        **charts.scale([value for each in series for value in each.values], known.unit, currency),
    }
    columns = tuple(Column(each.name, known.explanation) for each in series)
    return replace(card, rows=_line_rows(series, text), columns=columns, compared=False, chart=drawn)


def _line_series(reading: Reading, period: Period, step: Step) -> list[Series]:
    values = {row.dimensions: row.metrics for row in reading.rows()}
    before, span = reading.compared_rows(), period.line_comparison
    current = charts.line_series(period, values, step)
    if span is None or before is None:
        return [current]
    return [current, charts.comparison_series(period, span, before, step)]


def _choice(reading: Reading, name: str, period: Period, step: Step, currency: str) -> ChartData:
    """What changes in the chart when it is drawn of another metric: values, their texts and the scale."""
    other = reading.of(name)
    known = known_metrics(other)[0]
    series = _line_series(other, period, step)
    return {
        "values": [list(each.values) for each in series],
        "texts": [[_point_text(value, known.unit, currency) for value in each.values] for each in series],
        **charts.scale([value for each in series for value in each.values], known.unit, currency),
    }


def _series_data(series: Series, text: "partial[str]") -> ChartData:
    return {
        "name": series.name,
        "labels": list(series.labels),
        "values": list(series.values),
        "texts": [text(value) for value in series.values],
    }


def _line_rows(series: Sequence[Series], text: "partial[str]") -> tuple[TableRow, ...]:
    """A row for each point: the day, its value, and the value of the day it is drawn against."""
    return tuple(
        TableRow(label, tuple(text(each.values[at]) if at < len(each.values) else "" for each in series))
        for at, label in enumerate(series[0].labels)
    )


def _point_text(value: Number | None, unit: Unit, currency: str) -> str:
    return "" if value is None else value_text(value, unit, currency)


# ---- tables, maps, bars and donuts


def _table(card: Card, reading: Reading, period: Period, currency: str) -> Card:
    before = reading.compared_rows()
    shown = table_rows(reading, reading.rows(), before or {}, currency)
    return replace(
        card,
        rows=shown,
        columns=card.columns + ((share_column(),) if card.kind == "donut" else ()),
        meanings=_meanings(card, reading, [row.label for row in shown]),
        compared=card.compared and (before is None or any(row.change for row in shown)),
        chart=_picture(reading, shown, before or {}, period, currency),
    )


def _meanings(card: Card, reading: Reading, names: Sequence[str]) -> tuple[Column, ...]:
    """What its columns mean in plain words, and its rows where these are channels."""
    assert reading.report is not None  # it has rows
    channels = (
        tuple(Column(name, channel_meaning(name)) for name in names)
        if reading.report.dimensions[0] in CHANNEL_DIMENSIONS
        else ()
    )
    return tuple(each for each in (card.name_column, *card.columns, *channels) if each.explanation)


def _picture(
    reading: Reading, shown: Sequence[TableRow], before: Before, period: Period, currency: str
) -> ChartData | None:
    """What a bar chart or a donut is drawn from; None for a table."""
    kind, rows = reading.widget.kind, reading.rows()
    if kind == "table":
        return None
    if kind == "map":
        return _map(reading, currency)
    labels = [" · ".join((row.label, *row.more)) for row in shown]

    def series(span: DateSpan, values: Sequence[Number | None], texts: Sequence[str]) -> ChartData:
        return {"name": format_span(span), "labels": labels, "values": list(values), "texts": list(texts)}

    drawn = [series(period.span, [row.metrics[0] for row in rows], [row.values[0] for row in shown])]
    if kind == "bar" and before and period.comparison:
        then = [before[row.dimensions][0] if row.dimensions in before else None for row in rows]
        unit = known_metrics(reading)[0].unit
        drawn.append(series(period.comparison, then, [_point_text(each, unit, currency) for each in then]))
    return {"kind": kind, "series": drawn}


def _map(reading: Reading, currency: str) -> ChartData | None:
    """What the countries are coloured by: value, text and Google's name, by the atlas's shape."""
    if reading.widget.dimensions != MAPPED:
        return None
    unit = known_metrics(reading)[0].unit
    countries = {
        shape: [row.metrics[0], value_text(row.metrics[0], unit, currency), row.dimensions[0]]
        for row in reading.all_rows()
        if (shape := shape_of(row.dimensions[1]))
    }
    return {"kind": "map", "countries": countries}


def _translated(title: str) -> str:
    """The shipped titles are translated; those that staff gave stand as they are."""
    return gettext(title) if title else ""
