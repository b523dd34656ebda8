"""The portal's own pages: who is asked for what, answered from snapshots."""

import uuid
from collections.abc import Hashable, Sequence
from http import HTTPStatus
from typing import Any

from django.contrib.messages import get_messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import audit
from accounts.access import standing
from accounts.permissions import Capability, TenantRequest, requires
from dashboards import access, asked, drawn, exports, flows, frame, realtime, rendered, showing, snapshots
from dashboards.filters import FilterError
from dashboards.models import View, Widget
from dashboards.periods import PeriodError


@requires(Capability.READ_VIEWS)
@require_safe
@never_cache
def dashboard(request: TenantRequest, view: str) -> HttpResponse:
    """A dashboard, drawn from what is stored; what is missing the page asks for itself."""
    row, views = access.view_among(request.user, request.tenant, view)
    try:
        question = asked.read(row, request.GET)
    except (PeriodError, FilterError) as error:
        context = {
            "tenant": row.tenant,
            "view": row,
            "sentence": error.sentence,
            "usual_url": frame.address(row),
        }
        return render(request, "dashboards/bad_address.html", context, status=400)
    flows.note_opened(view=row)
    shown = showing.made_from(question)

    def page(**more: Any) -> str:
        context = frame.around(request, question, views)
        inside = drawn.drawn(question, request.user, shown, context)
        return render_to_string("dashboards/dashboard.html", context | {"drawn": inside} | more, request)

    if len(get_messages(request)):  # told once
        return HttpResponse(page())
    made_from = (shown, *_made_for(request, views))
    return rendered.answer(request, made_from, lambda: page(csrf_token=rendered.TOKEN))


@requires(Capability.READ_VIEWS)
@require_safe
@never_cache
def data(request: TenantRequest, view: str) -> JsonResponse:
    """Asks Google for some of what has no fresh answer, and answers with the page's parts as they stand
    then; while it is not complete, the page asks again.
    """
    row = access.view_for(request.user, request.tenant, view)
    try:
        question = asked.read(row, request.GET)
    except (PeriodError, FilterError) as error:
        return JsonResponse({"error": error.sentence}, status=400)
    has_asked = snapshots.bring_some(row, question.plan, usual=question.usual)
    shown = showing.page(question, request.user)
    context = {"tenant": row.tenant, "view": row, "page": shown, "period": question.period}
    context |= frame.addresses(question)

    def part(name: str, **more: Any) -> str:
        return render_to_string(f"dashboards/_{name}.html", context | more, request)

    return JsonResponse(showing.data(shown, part, has_asked=has_asked))


@requires(Capability.READ_VIEWS)
@require_safe
@never_cache
def realtime_now(request: TenantRequest, view: str) -> JsonResponse:
    """People on the site now, or why there is no number; neither while another's question is on its way."""
    row = access.view_for(request.user, request.tenant, view)
    try:
        found = realtime.now(row, [text for text in request.GET.getlist("filter") if text])
    except FilterError as error:
        return JsonResponse({"error": error.sentence}, status=400)
    return JsonResponse({"people": found.people, "text": found.text, "absent": found.absent})


@requires(Capability.READ_VIEWS)
@require_safe
@never_cache
def widget_csv(request: TenantRequest, view: str, widget: uuid.UUID) -> HttpResponse:
    """One widget's numbers as CSV, from the stored answer or, where there is none, Google's; with `rows=all`
    those of its own page."""
    row = access.view_for(request.user, request.tenant, view)
    chosen = access.widget_for(row, widget)
    try:
        read = asked.read_alone if _asks_all(request, chosen) else asked.read_around
        question = read(row, chosen, request.GET)
    except (PeriodError, FilterError) as error:
        return HttpResponse(error.sentence, status=400, content_type="text/plain; charset=utf-8")
    known = snapshots.states(row, question.plan, usual=question.usual)
    snapshots.note_served(known)
    if snapshots.needs_asking(known):
        snapshots.bring(row, question.plan, usual=question.usual)
    found = snapshots.states(row, question.plan, usual=question.usual)
    answer = exports.csv_response(question, str(chosen.pk), found)
    if answer.status_code == HTTPStatus.OK:
        days = f"{question.period.start} – {question.period.end}"
        facts = {"table": chosen.title, "days": days, "filters": list(question.filters)}
        audit.record("export.table", tenant=request.tenant, target=row.name, details=facts)
    return answer


def _made_for(request: TenantRequest, views: Sequence[View]) -> tuple[Hashable, ...]:
    """What the page is made from beside the dashboard: its reader, and what they may switch to."""
    reader = request.user
    return (
        showing.columns(reader),
        standing(reader, request.tenant),
        tuple((each.slug, each.name) for each in views),
    )


def _asks_all(request: TenantRequest, widget: Widget) -> bool:
    return request.GET.get("rows") == "all" and widget.has_rows
