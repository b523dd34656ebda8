"""The sentence that heads a dashboard: the first figure, in words, against the comparison. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext, pgettext

from dashboards.figures import Change, Direction, Number, Tone, change, value_text
from dashboards.periods import Period, format_span
from dashboards.readings import Reading, State
from dashboards.vocabulary import metric

_GAP = "\0"  # stands for the emphasised words while the sentence is put together


@dataclass(frozen=True)
class Action:
    """Something to do now: a link."""

    label: str
    url: str


@dataclass(frozen=True)
class Lead:
    """The sentence in three pieces, the middle one emphasised, and a second line. `ask`: the reader is to be
    told whom to ask."""

    state: State
    before: str
    emphasis: str = ""
    after: str = ""
    tone: Tone = ""
    detail: str = ""
    ask: bool = False
    actions: tuple[Action, ...] = ()

    @property
    def text(self) -> str:
        """The whole sentence."""
        return self.before + self.emphasis + self.after


def build(reading: Reading | None, period: Period, currency: str) -> Lead:
    """The lead from the dashboard's first figure, which has something to say or is on its way; blanks.py
    speaks of the others."""
    if reading is None:
        return Lead("ready", period.label(), detail=_dates(period))
    if reading.state == "waiting":
        return Lead(
            "waiting",
            gettext("Your figures are on their way."),
            detail=gettext("They come straight from Google Analytics; this takes a few seconds."),
        )
    return _sentence(reading, period, currency)


def _sentence(reading: Reading, period: Period, currency: str) -> Lead:
    name = reading.widget.metrics[0]
    now = _first(reading.totals(reading.answer.current)) or 0
    figure = _figure(name, now, currency, reading)
    if period.includes_today:
        figure = gettext("%(figure)s so far") % {"figure": figure}
    base = reading.answer.complete or reading.answer.current
    against = _first(reading.totals(reading.answer.comparison))
    found = (
        change(_first(reading.totals(base)) or 0, against, metric(name).more_is_better, 0)
        if against
        else None
    )
    if found is None:
        return Lead("ready", gettext("%(figure)s.") % {"figure": figure}, detail=_dates(period))
    return _compared(figure, found, name, period)


def _compared(figure: str, found: Change, name: str, period: Period) -> Lead:
    detail = _dates(period)
    if not found.direction:
        whole = gettext("%(figure)s, about the same as %(before)s.")
        return Lead("ready", whole % {"figure": figure, "before": period.comparison_label()}, detail=detail)
    whole = gettext("%(figure)s, %(change)s than %(before)s.")
    pieces = whole % {"figure": figure, "change": _GAP, "before": period.comparison_label()}
    before, _, after = pieces.partition(_GAP)
    words = _change_words(found.direction, name) % {"percentage": found.text}
    return Lead("ready", before, words, after, found.tone, detail)


def _dates(period: Period) -> str:
    compared = period.comparison
    dates = period.dates_label()
    if compared is None:
        return dates
    text = gettext("%(dates)s, compared with %(compared)s")
    if period.includes_today:
        text = gettext("%(dates)s; its complete days compared with %(compared)s")
    return text % {"dates": dates, "compared": format_span(compared)}


def _first(totals: tuple[Number, ...] | None) -> Number | None:
    return totals[0] if totals else None


def _figure(name: str, value: Number, currency: str, reading: Reading) -> str:
    """The value with its noun: "1,846,412 visits"; where there is no such noun, "Engaged visits: 61 %"."""
    known = metric(name, google_type=reading.metric_type(name))
    text = value_text(value, known.unit, currency)
    noun = _NOUNS.get(name)
    if noun is None:
        return gettext("%(label)s: %(value)s") % {"label": known.label, "value": text}
    return noun(round(value)) % {"n": text}


def _change_words(direction: Direction, name: str) -> str:
    up = direction == "up"
    if name not in _NOUNS:
        return (
            pgettext("a change of a figure", "%(percentage)s higher")
            if up
            else pgettext("a change of a figure", "%(percentage)s lower")
        )
    if name in _MONEY:
        return pgettext("money", "%(percentage)s more") if up else pgettext("money", "%(percentage)s less")
    return (
        pgettext("things that are counted", "%(percentage)s more")
        if up
        else pgettext("things that are counted", "%(percentage)s fewer")
    )


_MONEY = ("totalRevenue", "purchaseRevenue", "itemRevenue")

_NOUNS: dict[str, Callable[[int], str]] = {
    "sessions": lambda n: ngettext("%(n)s visit", "%(n)s visits", n),
    "activeUsers": lambda n: ngettext("%(n)s person", "%(n)s people", n),
    "totalUsers": lambda n: ngettext("%(n)s person", "%(n)s people", n),
    "newUsers": lambda n: ngettext("%(n)s new person", "%(n)s new people", n),
    "screenPageViews": lambda n: ngettext("%(n)s page view", "%(n)s page views", n),
    "eventCount": lambda n: ngettext("%(n)s event", "%(n)s events", n),
    "keyEvents": lambda n: ngettext("%(n)s key event", "%(n)s key events", n),
    "ecommercePurchases": lambda n: ngettext("%(n)s purchase", "%(n)s purchases", n),
    "itemsPurchased": lambda n: ngettext("%(n)s item sold", "%(n)s items sold", n),
    "totalRevenue": lambda n: gettext("%(n)s earned"),
    "purchaseRevenue": lambda n: gettext("%(n)s earned"),
    "itemRevenue": lambda n: gettext("%(n)s earned"),
}
