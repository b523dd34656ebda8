"""The page that shows all rows of one widget."""

import uuid
from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.permissions import Capability, TenantRequest, requires
from dashboards import access, asked, background, frame, snapshots, tables
from dashboards.asked import Asked
from dashboards.filters import FilterError
from dashboards.models import Widget
from dashboards.periods import PeriodError
from dashboards.showing import RETRY_MS
from dashboards.tables import Wish


@requires(Capability.READ_VIEWS)
@require_safe
@never_cache
def table(request: TenantRequest, view: str, widget: uuid.UUID) -> HttpResponse:
    """All rows, drawn from what is stored; what is missing the page asks for itself."""
    row = access.view_for(request.user, request.tenant, view)
    chosen = access.table_for(row, widget)
    try:
        question = asked.read_alone(row, chosen, request.GET)
    except (PeriodError, FilterError) as error:
        return render(request, "dashboards/bad_address.html", frame.refusal(row, error.sentence), status=400)
    wish = tables.read(request.GET)
    context = frame.around(request, question) | _table_context(request, question, chosen, wish)
    return render(request, "dashboards/table.html", context)


@requires(Capability.READ_VIEWS)
@require_safe
@never_cache
def table_data(request: TenantRequest, view: str, widget: uuid.UUID) -> JsonResponse:
    """Asks Google for what has no fresh answer, and answers with the page's parts as they stand then."""
    row = access.view_for(request.user, request.tenant, view)
    chosen = access.table_for(row, widget)
    try:
        question = asked.read_alone(row, chosen, request.GET)
    except (PeriodError, FilterError) as error:
        return JsonResponse({"error": error.sentence}, status=400)
    snapshots.bring(row, question.plan, usual=question.usual)
    context = frame.addresses(question) | _table_context(request, question, chosen, tables.read(request.GET))
    found = context["table"]
    return JsonResponse(
        {
            "complete": found.complete,
            "retry_ms": RETRY_MS,
            "as_of": found.as_of,
            "cards": {str(chosen.pk): render_to_string("dashboards/_all_rows.html", context, request)},
            "charts": {},
        }
    )


def _table_context(request: TenantRequest, question: Asked, widget: Widget, wish: Wish) -> dict[str, Any]:
    view = question.view
    found = snapshots.states(view, question.plan, usual=question.usual)
    snapshots.note_served(found)
    shown = tables.build(
        question.plan,
        found,
        wish,
        currency=view.currency,
        now=frame.local_time(view),
        known=background.of(question, request.user),
    )
    names = [view.tenant.slug, view.slug, widget.pk]
    return {
        "tenant": view.tenant,
        "view": view,
        "widget": widget,
        "title": gettext(widget.title) if widget.title else "",
        "dashboard": question.dashboard,
        "table": shown,
        "headings": [(each, _link(question, each.wish)) for each in shown.headings],
        "earlier_rows_url": _link(question, shown.previous) if shown.previous else "",
        "later_rows_url": _link(question, shown.next) if shown.next else "",
        "kept": _kept(question, wish),
        "data_url": f"{reverse('dashboards:table_data', args=names)}{_link(question, wish)}",
    }


def _link(question: Asked, wish: Wish) -> str:
    return "?" + question.query(**wish.query)


def _kept(question: Asked, wish: Wish) -> list[tuple[str, str]]:
    """What a form that searches must send along."""
    pairs = [*question.period.query.items(), *(("filter", text) for text in question.filters)]
    return [*pairs, ("sort", wish.query["sort"])] if wish.sort else pairs
