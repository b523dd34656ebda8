"""What stands around every page about a view: its menus, and the addresses that show the same thing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import timezone

from accounts.permissions import TenantRequest
from dashboards import access, menus
from dashboards.asked import Asked
from dashboards.models import View


def address(view: View) -> str:
    """A view's own page."""
    return reverse("dashboards:dashboard", args=[view.tenant.slug, view.slug])


def local_time(view: View) -> datetime:
    """Now, in the property's zone."""
    return timezone.now().astimezone(ZoneInfo(view.time_zone))


def around(request: TenantRequest, question: Asked, views: Sequence[View] | None = None) -> dict[str, Any]:
    """The context of a page's bar and addresses; `views` are those to switch to, where they are known."""
    view = question.view
    return {
        "tenant": view.tenant,
        "view": view,
        "views": access.views_of(request.user, request.tenant) if views is None else views,
        "dashboard": question.dashboard,
        "dashboards": menus.dashboards(question),
        "period": question.period,
        "periods": menus.periods(question),
        "compares": menus.comparisons(question),
        "matches": menus.matches(question),
        "previous_url": menus.neighbour(question, question.period.previous),
        "next_url": menus.neighbour(question, question.period.next),
        "filters": menus.filters(question),
        "unfiltered_url": menus.unfiltered(question),
    } | addresses(question)


def refusal(view: View, sentence: str) -> dict[str, Any]:
    """The context of the page that says what is wrong with an address."""
    return {"tenant": view.tenant, "view": view, "sentence": sentence, "usual_url": address(view)}


def addresses(question: Asked) -> dict[str, Any]:
    """The addresses beside the page that show the same thing."""
    names = [question.view.tenant.slug, question.view.slug]
    only = urlencode({"filter": question.filters}, doseq=True)
    return {
        "here": address(question.view),
        "query": question.query(),
        "query_of_any_metric": question.query(metric=None),
        "steps": menus.steps(question),
        "data_url": f"{reverse('dashboards:data', args=names)}?{question.query()}",
        "now_url": f"{reverse('dashboards:realtime', args=names)}?{only}",
    }
