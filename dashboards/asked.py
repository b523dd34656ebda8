"""What an address asks of a view: dashboard, period, comparison, filters, and the reports these need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from dashboards import access, filters, offers, periods, planner
from dashboards.models import Dashboard, View, Widget
from dashboards.offers import Board
from dashboards.periods import Period

ALL_ROWS = 1_000
"""What a table shows on its own page: more than anybody reads, and still quick."""


@dataclass(frozen=True)
class Asked:
    """A view as one address shows it. `offered` are its dashboards, the one it opens with first."""

    view: View
    dashboard: Dashboard
    period: Period
    filters: tuple[str, ...]
    plan: planner.Plan
    offered: tuple[Dashboard, ...]
    widgets: tuple[planner.WidgetSpec, ...]
    metric: str = ""

    @property
    def usual(self) -> bool:
        """Whether every visitor asks this: still answered when the property's quota is low."""
        return not self.filters and self.period.key == periods.DEFAULT_PERIOD

    def query(self, **changes: object) -> str:
        """The address's query with some parameters changed, or left out where the value is empty."""
        params: dict[str, object] = {**self.period.query, "filter": self.filters}
        params |= {"by": self.plan.step if self.plan.step != "day" else "", "metric": self.metric}
        if self.dashboard.pk != self.view.dashboard_id:
            params["dashboard"] = self.dashboard.slug
        params |= changes
        return urlencode({key: value for key, value in params.items() if value}, doseq=True)

    def asked_on(self, day: date) -> Asked:
        """The same as its words meant it on an earlier day."""
        period = periods.resolve(self.period.query, day, self.period.zone)
        plan = _planned(self.widgets, period, (*_saved(self.view), *self.filters), self.plan.step)
        return replace(self, period=period, plan=plan)


def read(view: View, params: QueryDict) -> Asked:
    """What these parameters ask of `view`. Raises PeriodError or FilterError with a sentence, Http404 for
    a dashboard that the view does not offer.
    """
    offered = offers.of(view)
    return _read(view, access.board_among(offered, params.get("dashboard", "")), params, offered)


def read_around(view: View, widget: Widget, params: QueryDict) -> Asked:
    """The same for the dashboard that holds `widget`: its numbers come with those of the page around it,
    and so cost Google nothing more.
    """
    offered = offers.of(view)
    board = next(each for each in offered if each.dashboard.pk == widget.dashboard_id)
    return _read(view, board, params, offered)


def read_alone(view: View, widget: Widget, params: QueryDict) -> Asked:
    """The same for all rows of `widget`, in a report of its own."""
    spec = replace(widget.spec(), kind="table", limit=ALL_ROWS)
    return _answered(view, Board(widget.dashboard, (spec,)), params, offers.of(view))


def usual(view: View) -> Asked:
    """What the view shows when it is opened."""
    return read(view, QueryDict())


def saved_filter(view: View) -> dict[str, Any] | None:
    """The view's own filter as Google takes it."""
    return _wire(_saved(view))


def _read(view: View, board: Board, params: QueryDict, offered: Sequence[Board]) -> Asked:
    metric = params.get("metric", "")
    chosen = metric if metric in [spec.metrics[0] for spec in board.widgets if spec.kind == "figure"] else ""
    shown = Board(board.dashboard, tuple(planner.with_choices(board.widgets, chosen)))
    return replace(_answered(view, shown, params, offered), metric=chosen)


def _answered(view: View, board: Board, params: QueryDict, offered: Sequence[Board]) -> Asked:
    period = periods.resolve(_single(params), view.today, view.time_zone)
    texts = tuple(dict.fromkeys(text for text in params.getlist("filter") if text))
    plan = _planned(board.widgets, period, (*_saved(view), *texts), _step(params))
    dashboards = tuple(each.dashboard for each in offered)
    return Asked(view, board.dashboard, period, texts, plan, dashboards, board.widgets)


@lru_cache(maxsize=256)
def _planned(
    widgets: tuple[planner.WidgetSpec, ...],
    period: Period,
    filter_texts: tuple[str, ...],
    step: planner.Step,
) -> planner.Plan:
    """The plan, made once for all who ask the same."""
    return planner.plan(widgets, period, _wire(filter_texts), step)


def _step(params: QueryDict) -> planner.Step:
    """What the line's points are; anything unknown means days."""
    return next((step for step in planner.STEPS if step == params.get("by")), "day")


def _single(params: QueryDict) -> dict[str, str]:
    """The last value of each parameter."""
    return {key: str(params[key]) for key in params}


def _saved(view: View) -> tuple[str, ...]:
    """The view's own filter: it always applies, and the address can only narrow it down."""
    return (view.filter,) if view.filter else ()


def _wire(texts: Sequence[str]) -> dict[str, Any] | None:
    combined = filters.combine([filters.parse(text) for text in texts])
    return combined.to_wire() if combined else None
