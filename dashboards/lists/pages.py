"""The pages with lists: all of a person's views, and those of one client. Opening one asks Google nothing."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.access import paused_for
from accounts.permissions import Capability, TenantRequest, public, requires
from dashboards import access
from dashboards.figures import integer
from dashboards.lists import headline, listing, rows
from dashboards.lists.listing import DEFAULT_SORT, PAGE, Asked, Listing
from dashboards.models import Summary, View

TOOLS_FROM = 8  # fewer rows are seen at a glance


@dataclass(frozen=True)
class Choice:
    """An entry of a menu."""

    label: str
    url: str
    current: bool


@public("the signed-in person's own views; everybody else reads what this is")
@require_safe
@never_cache
def home(request: HttpRequest) -> HttpResponse:
    """A person's clients and views; whoever has a single view lands on it."""
    user = request.user
    if not user.is_authenticated:
        return render(request, "landing.html")
    with listing.reach(user) as found:
        shown = Listing(found, Asked.read(request.GET))
        view = shown.single()
        if view is not None and not user.is_staff:
            return redirect(_address(view))
        if shown.total == 0 and (paused := paused_for(user)):
            return redirect("dashboards:views", paused[0].slug)  # which says so
        several = user.is_staff or shown.clients > 1
        context = _context(shown, several=several, clients=shown.clients)
        return render(request, "dashboards/home.html", context)


@requires(Capability.READ_VIEWS)
@require_safe
@never_cache
def tenant_views(request: TenantRequest) -> HttpResponse:
    """A tenant's views."""
    mine = access.views_of(request.user, request.tenant).order_by()
    found = Summary.objects.filter(tenant=request.tenant, view__in=mine.values("pk"))
    context = _context(Listing(found, Asked.read(request.GET)), several=False, clients=1)
    return render(request, "dashboards/views.html", {"tenant": request.tenant} | context)


def _context(shown: Listing, *, several: bool, clients: int) -> dict[str, Any]:
    return {
        "headline": headline.headline(shown.standings),
        "detail": headline.detail(shown.standings, clients),
        "has_views": shown.total > 0,
        "has_tools": shown.total >= TOOLS_FROM or bool(shown.asked.text),
        "several": several,
        "asked": shown.asked,
        "is_default_sort": shown.asked.sort == DEFAULT_SORT,
        "sorts": _sorts(shown.asked, several),
        "rows": [rows.row(each, named_by_client=several) for each in shown.shown()],
        "found": _found(shown) if shown.asked.text else "",
        "pager": _pager(shown),
    }


def _sorts(asked: Asked, several: bool) -> list[Choice]:
    labels = {
        "need": _("Who needs me") if several else _("What needs a look"),
        "change": _("Visits lost and gained"),
        "visits": _("Most visits"),
        "name": _("Name"),
    }
    return [Choice(label, _url(asked, sort=key, page=1), key == asked.sort) for key, label in labels.items()]


def _pager(shown: Listing) -> dict[str, Any] | None:
    """Where the pages before and after are; None where one page holds everything."""
    if shown.pages == 1:
        return None
    page = shown.page
    return {
        "previous": _url(shown.asked, page=page - 1) if page > 1 else "",
        "next": _url(shown.asked, page=page + 1) if page < shown.pages else "",
        "text": _("%(first)s to %(last)s of %(all)s")
        % {
            "first": integer((page - 1) * PAGE + 1),
            "last": integer(min(page * PAGE, shown.found)),
            "all": integer(shown.found),
        },
    }


def _found(shown: Listing) -> str:
    texts = {"found": integer(shown.found), "all": integer(shown.total), "text": shown.asked.text}
    return _("%(found)s of %(all)s match “%(text)s”.") % texts


def _url(asked: Asked, **changes: Any) -> str:
    """The list's own address with some of what it asks changed, and without what goes without saying."""
    params = {"q": asked.text, "sort": asked.sort, "page": asked.page} | changes
    usual = {"q": "", "sort": DEFAULT_SORT, "page": 1}
    return "?" + urlencode({key: value for key, value in params.items() if value != usual[key]})


def _address(view: View) -> str:
    return reverse("dashboards:dashboard", args=[view.tenant.slug, view.slug])
