"""What a dashboard page offers to change: dashboard, period, comparison, filters; each a link."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from dashboards import access
from dashboards import periods as days
from dashboards.asked import Asked


@dataclass(frozen=True)
class Choice:
    """One entry of a menu. `url` is a query that is followed from the page's own address."""

    label: str
    url: str
    current: bool = False


def dashboards(asked: Asked) -> list[Choice]:
    """The view's dashboards, on the same period."""
    first = asked.view.dashboard_id
    return [
        Choice(
            str(_(each.name)),  # the shipped names are translated; a name that staff gave stands as it is
            _link(asked, dashboard=None if each.pk == first else each.slug),
            each.pk == asked.dashboard.pk,
        )
        for each in access.dashboards_of(asked.view)
    ]


def periods(asked: Asked) -> list[Choice]:
    """The named periods; the comparison stays."""
    chosen = []
    for key in days.NAMED:
        params = {"period": key} | _kept_comparison(asked)
        label = days.resolve(params, asked.view.today).label()
        chosen.append(
            Choice(label, _link(asked, **params, **{"from": None, "to": None}), key == asked.period.key)
        )
    return chosen


def comparisons(asked: Asked) -> list[Choice]:
    """What the period can be compared with."""
    labels = {
        "previous": _("Previous period"),
        "year": _("Same days last year"),
        "none": _("No comparison"),
    }
    return [
        Choice(
            label,
            _link(asked, compare=None if key == days.DEFAULT_COMPARE else key),
            key == asked.period.compare,
        )
        for key, label in labels.items()
    ]


def neighbour(asked: Asked, query: dict[str, str] | None) -> str:
    """The link to the period before or after; empty where there is none."""
    if query is None:
        return ""
    blank = {"period": None, "from": None, "to": None}
    return _link(asked, **{**blank, **query})


def filters(asked: Asked) -> list[Choice]:
    """The address's filters, each with the link that drops it."""
    return [
        Choice(text, _link(asked, filter=[other for other in asked.filters if other != text]))
        for text in asked.filters
    ]


def _kept_comparison(asked: Asked) -> dict[str, str]:
    return {} if asked.period.compare == days.DEFAULT_COMPARE else {"compare": asked.period.compare}


def _link(asked: Asked, **changes: object) -> str:
    return "?" + asked.query(**changes)
