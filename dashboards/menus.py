"""What a dashboard page offers to change: dashboard, period, comparison, filters; each a link."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboards import periods as days
from dashboards.asked import Asked
from dashboards.filters import parse
from dashboards.planner import Step
from dashboards.vocabulary import dimension

PERIOD_KEYS = {
    "today": "D",
    "yesterday": "E",
    "7d": "W",
    "28d": "F",
    "30d": "T",
    "90d": "N",
    "month": "M",
    "last-month": "P",
    "year": "Y",
    "last-year": "L",
}
"""What is typed for a period: Plausible's keys, as far as it has the same periods."""


@dataclass(frozen=True)
class Choice:
    """One entry of a menu. `url` is a query that is followed from the page's own address, `key` what is
    typed instead."""

    label: str
    url: str
    current: bool = False
    key: str = ""


@dataclass(frozen=True)
class Chip(Choice):
    """A filter in words. `url` drops it; `text` is how it is written in the address."""

    text: str = ""


def dashboards(asked: Asked) -> list[Choice]:
    """The view's dashboards, on the same period."""
    first = asked.view.dashboard_id
    return [
        Choice(
            str(_(each.name)),  # the shipped names are translated; a name that staff gave stands as it is
            _link(asked, dashboard=None if each.pk == first else each.slug),
            each.pk == asked.dashboard.pk,
        )
        for each in asked.offered
    ]


def periods(asked: Asked) -> list[Choice]:
    """The named periods; the comparison stays."""
    chosen = []
    for key in days.NAMED:
        params = {"period": key} | _kept_comparison(asked)
        label = days.resolve(params, asked.view.today).label()
        chosen.append(
            Choice(
                label,
                _link(asked, **params, **{"from": None, "to": None}),
                key == asked.period.key,
                PERIOD_KEYS[key],
            )
        )
    return chosen


def comparisons(asked: Asked) -> list[Choice]:
    """What the period can be compared with. One key turns the comparison off and on."""
    labels = {
        "previous": _("Previous period"),
        "year": _("Same days last year"),
        "none": _("No comparison"),
    }
    turns = days.DEFAULT_COMPARE if asked.period.compare == "none" else "none"
    return [
        Choice(
            label,
            _link(asked, compare=None if key == days.DEFAULT_COMPARE else key),
            key == asked.period.compare,
            "X" if key == turns else "",
        )
        for key, label in labels.items()
    ]


def matches(asked: Asked) -> list[Choice]:
    """How the compared days are found, where that makes a difference."""
    found = {key: _matched(asked, key) for key in days.MATCH_KEYS}
    if len(set(found.values())) == 1:
        return []
    labels = {"date": _("Exact dates"), "weekday": _("Weekdays matched")}
    return [
        Choice(
            labels[key],
            _link(asked, match=None if key == days.DEFAULT_MATCH else key),
            key == asked.period.match,
        )
        for key in days.MATCH_KEYS
    ]


def _matched(asked: Asked, match: str) -> days.DateSpan | None:
    return days.resolve({**asked.period.query, "match": match}, asked.period.today).line_comparison


def steps(asked: Asked) -> list[Choice]:
    """By what the line can run; a single day runs by the hour."""
    if asked.period.hourly:
        return []
    labels: dict[Step, str] = {"day": _("Day"), "week": _("Week"), "month": _("Month")}
    return [
        Choice(label, _link(asked, by=None if step == "day" else step), step == asked.plan.step)
        for step, label in labels.items()
    ]


def neighbour(asked: Asked, query: dict[str, str] | None) -> str:
    """The link to the period before or after; empty where there is none."""
    if query is None:
        return ""
    blank = {"period": None, "from": None, "to": None}
    return _link(asked, **{**blank, **query})


def filters(asked: Asked) -> list[Chip]:
    """The address's filters, each with the link that drops it."""
    return [
        Chip(
            _words(text), _link(asked, filter=[other for other in asked.filters if other != text]), text=text
        )
        for text in asked.filters
    ]


def _without(asked: Asked, text: str) -> str:
    return _link(asked, filter=[other for other in asked.filters if other != text])


def unfiltered(asked: Asked) -> str:
    """The link that drops all of them; empty where there is none."""
    return _link(asked, filter=()) if asked.filters else ""


def _words(text: str) -> str:
    """A filter for people: "Country: Italy"; one that is more than equalities stands as it is written."""
    conditions = [condition for group in parse(text).groups for condition in group]
    if len(conditions) != len(parse(text).groups) or any(each.operator != "==" for each in conditions):
        return text
    pairs = ((dimension(each.dimension).label, each.value) for each in conditions)
    return " · ".join(_("%(name)s: %(value)s") % {"name": name, "value": value} for name, value in pairs)


def _kept_comparison(asked: Asked) -> dict[str, str]:
    return {key: text for key, text in asked.period.query.items() if key in ("compare", "match")}


def _link(asked: Asked, **changes: object) -> str:
    return "?" + asked.query(**changes)
