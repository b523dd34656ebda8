"""Which parts of a view's dashboards strangers are shown: what there is to choose from, and what is meant.

Parts have names: "lead" is the sentence on top, "now" the people of this moment, "figures" all headline
figures; a widget is called by its id, or by its title as it stands in addresses.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.utils.text import slugify
from django.utils.translation import gettext

from dashboards import offers
from dashboards.models import View
from dashboards.offers import Board
from dashboards.planner import WidgetSpec

LEAD, NOW, FIGURES = "lead", "now", "figures"
TOGETHER = ","  # between the ids of widgets that are chosen as one


def options(view: View) -> list[tuple[str, str]]:
    """What can be chosen, each with its label. Widgets of one title, as on two dashboards, are one choice."""
    fixed = [
        (LEAD, gettext("The sentence on top")),
        (NOW, gettext("People now")),
        (FIGURES, gettext("Headline figures")),
    ]
    titled: dict[str, list[str]] = {}
    for board in offers.of(view):
        for widget in board.widgets:
            if widget.kind != "figure":
                titled.setdefault(gettext(widget.title), []).append(widget.id)
    return fixed + [(TOGETHER.join(ids), title) for title, ids in titled.items()]


def names_of(chosen: Sequence[str]) -> list[str]:
    """The names behind choices."""
    return [name for each in chosen for name in each.split(TOGETHER)]


def ids(widgets: Sequence[WidgetSpec], names: Collection[str]) -> frozenset[str]:
    """Those of these widgets that are meant."""
    return frozenset(each.id for each in widgets if _is_meant(each, names))


def boards(view: View, names: Collection[str]) -> list[Board]:
    """The view's dashboards that have any of these widgets; all where none has."""
    offered = offers.of(view)
    return [board for board in offered if ids(board.widgets, names)] or list(offered)


def _is_meant(widget: WidgetSpec, names: Collection[str]) -> bool:
    if widget.id in names or slugify(widget.title, allow_unicode=True) in names:
        return True
    return widget.kind == "figure" and FIGURES in names
