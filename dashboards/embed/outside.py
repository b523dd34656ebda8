"""A dashboard for somebody who has not signed in, in a frame or by a link: its own questions and no others.

A stranger chooses among the view's dashboards, the named periods and what to compare with. Dates of their
own, filters and all rows of a table would be questions without end, and the property's quota at Google with
them. Which widgets are shown changes nothing of what is asked.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.utils.translation import gettext

from dashboards import asked, cards, flows, menus, periods, realtime, rendered, showing, snapshots
from dashboards.asked import Asked
from dashboards.embed import choosing
from dashboards.models import View
from dashboards.offers import Board
from dashboards.periods import PeriodError
from dashboards.planner import WidgetSpec

CHOSEN = ("dashboard", "period", "compare", "metric")
ALWAYS, OF_NOW = frozenset((choosing.LEAD,)), frozenset((choosing.NOW,))
BETWEEN_DATES = "/"  # of a fixed period, as ISO 8601 writes it


@dataclass(frozen=True)
class Place:
    """Where a page stands: the addresses, without a query, at which its script asks for its data, and what
    it says there beside its question."""

    data_url: str
    now_url: str
    kept: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Outside:
    """A dashboard as a stranger sees it. `parts`: whether the sentence above is shown, and the people of this
    moment, who are in no fixed period. `widgets` are the ids of those that are shown, None for all.
    """

    question: Asked
    is_fixed: bool
    parts: frozenset[str]
    widgets: frozenset[str] | None = None

    def page(self) -> cards.Page:
        """What is stored of it."""
        page = showing.page(self.question, None)
        kept = tuple(each for each in page.lead.actions if self._is_answered(each.url))
        page = replace(page, lead=replace(page.lead, actions=kept))
        return page if self.widgets is None else page.only(self.widgets)

    def made_from(self) -> Hashable:
        """All that the page is made from, short of what stands around it."""
        return (showing.made_from(self.question), self.is_fixed, self.widgets, self.parts)

    def context(self, place: Place) -> dict[str, Any]:
        """What the templates are told."""
        question = self.question
        return {
            "outside": True,
            "tenant": question.view.tenant,
            "view": question.view,
            "dashboards": menus.dashboards(question),
            "period": question.period,
            "periods": [] if self.is_fixed else menus.periods(question),
            "compares": [] if self.is_fixed else menus.comparisons(question),
            "here": "",
            "query": question.query(),
            "query_of_any_metric": question.query(metric=None),
            "data_url": f"{place.data_url}?{question.query(**dict(place.kept))}",
            "now_url": place.now_url,
            "parts": self.parts,
        }

    def _is_answered(self, url: str) -> bool:
        """Whether the page behind a link of the lead's is one that a stranger may see."""
        same = url == "?" + self.question.query()
        return same or not (self.is_fixed or "from=" in url)


def read(
    view: View,
    params: QueryDict,
    *,
    fixed: str = "",
    widgets: Sequence[str] = (),
    boards: Sequence[Board] = (),
) -> Outside:
    """What these parameters ask, as far as a stranger is answered. `fixed` is a period's name or two dates,
    `widgets` are the names of what is shown, as choosing.py has them. `boards`, where there are any, are the
    view's only dashboards, the first of them its first. Raises PeriodError, and Http404 for another one.
    """
    known = {name: str(params[name]) for name in CHOSEN if name in params}
    if fixed:
        known = {name: text for name, text in known.items() if name not in ("period", "compare")}
    elif known.get("period") == periods.CUSTOM:
        raise PeriodError(gettext("Only periods with a name are shown here, such as the last 28 days."))
    question = _question(view, known | days_of(fixed), boards)
    parts = ALWAYS if fixed else ALWAYS | OF_NOW
    if not widgets:
        return Outside(question, bool(fixed), parts)
    shown = choosing.ids(_asks(question), widgets)
    if question.metric and not _has_figure(question, shown):
        question = _question(view, known | days_of(fixed) | {"metric": ""}, boards)
    return Outside(question, bool(fixed), parts & frozenset(widgets), shown)


def _question(view: View, known: dict[str, str], boards: Sequence[Board]) -> Asked:
    """What is asked; of a view's only `boards`, where there are any."""
    if not boards:
        return asked.read(view, _query(known))
    slugs = [board.dashboard.slug for board in boards]
    slug = known.get("dashboard") or slugs[0]
    if slug not in slugs:
        raise Http404
    question = asked.read(view, _query(known | {"dashboard": slug}))
    return replace(question, offered=tuple(board.dashboard for board in boards))


def _asks(question: Asked) -> list[WidgetSpec]:
    return [answer.widget for answer in question.plan.answers.values()]


def _has_figure(question: Asked, shown: frozenset[str]) -> bool:
    """Whether the line's metric is that of a figure which is shown: else the line would tell what is not."""
    figures = [each for each in _asks(question) if each.kind == "figure" and each.id in shown]
    return question.metric in [each.metrics[0] for each in figures]


def answer(
    request: HttpRequest, shown: Outside, place: Place, template: str, more: dict[str, Any]
) -> HttpResponse:
    """The page, drawn from what is stored; `more` is what `template` shows around it."""
    flows.note_opened(view=shown.question.view)
    made_from = (template, place, shown.made_from(), tuple(more.items()))

    def page() -> str:
        context = shown.context(place) | {"page": shown.page()} | more
        return render_to_string(template, context, request)

    return rendered.answer(request, made_from, page)


def data(request: HttpRequest, shown: Outside, place: Place) -> JsonResponse:
    """Asks Google for some of what has no fresh answer, as the portal's own pages do."""
    question = shown.question
    has_asked = snapshots.bring_some(question.view, question.plan, usual=question.usual)
    page = shown.page()
    context = shown.context(place) | {"page": page}

    def part(name: str, **more: Any) -> str:
        if name in ALWAYS and name not in shown.parts:
            return ""
        return render_to_string(f"dashboards/_{name}.html", context | more, request)

    found = showing.data(page, part, has_asked=has_asked)
    return JsonResponse(found | {"bar": render_to_string("dashboards/embed/_bar.html", context, request)})


def now(view: View) -> JsonResponse:
    """People on the site now, or why there is no number."""
    found = realtime.now(view, [])
    return JsonResponse({"people": found.people, "text": found.text, "absent": found.absent})


def days_of(fixed: str) -> dict[str, str]:
    """The parameters that name a fixed period."""
    first, _, last = fixed.partition(BETWEEN_DATES)
    if last:
        return {"from": first, "to": last}
    return {"period": fixed} if fixed else {}


def _query(params: dict[str, str]) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update(params)
    return query
