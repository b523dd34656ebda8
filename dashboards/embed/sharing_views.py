"""A view's links to share, for the client's owners and for staff."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.asking_again import asks_again
from accounts.permissions import Capability, TenantRequest, requires
from dashboards import access, periods
from dashboards.embed import sharing
from dashboards.embed.link_form import LinkForm
from dashboards.embed.outside import days_of
from dashboards.models import ShareLink, View

LISTED = 100


@dataclass(frozen=True)
class Line:
    """A link in the list, and what it shows."""

    link: ShareLink
    period: str

    @property
    def is_part(self) -> bool:
        """Whether it leaves something of the dashboards out."""
        return bool(self.link.widgets)

    @property
    def last_day(self) -> datetime.date | None:
        """The last on which it opens, where the agency is."""
        ends = self.link.expires_at
        return timezone.localtime(ends - datetime.timedelta(seconds=1)).date() if ends else None


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_safe
@never_cache
def sharing_page(request: TenantRequest, view: str) -> HttpResponse:
    """The view's links, and a form for another."""
    row = access.view_for(request.user, request.tenant, view)
    return _page(request, row, LinkForm(view=row))


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def make(request: TenantRequest, view: str) -> HttpResponse:
    """A new link, on the only page that ever shows it."""
    row = access.view_for(request.user, request.tenant, view)
    form = LinkForm(request.POST, view=row)
    if not form.is_valid():
        return _page(request, row, form)
    issued = sharing.make(view=row, made_by=request.user.email, **form.cleaned_data)
    address = settings.BASE_URL + reverse("outside:share", args=[issued.token.value])
    context = {"tenant": request.tenant, "view": row, "link": issued.link, "address": address}
    return render(request, "dashboards/embed/link.html", context)


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def revoke(request: TenantRequest, view: str, link: uuid.UUID) -> HttpResponse:
    """Ends a link."""
    row = access.view_for(request.user, request.tenant, view)
    found = ShareLink.objects.filter(view=row, pk=link).first()
    if found is None:
        raise Http404
    sharing.revoke(link=found, by=request.user.email)
    messages.success(request, _("The link “%(name)s” opens nothing any more.") % {"name": found})
    return redirect("outside:sharing", request.tenant.slug, row.slug)


def lines(view: View, links: Iterable[ShareLink]) -> list[Line]:
    """The links with their periods in words."""
    return [Line(link, _period(view, link)) for link in links]


def _period(view: View, link: ShareLink) -> str:
    if not link.period:
        return _("any period")
    return periods.resolve(days_of(link.period), view.today).label()


def _page(request: TenantRequest, view: View, form: LinkForm) -> HttpResponse:
    links = ShareLink.objects.filter(view=view, revoked_at=None)[:LISTED]
    context = {"tenant": request.tenant, "view": view, "lines": lines(view, links), "form": form}
    return render(request, "dashboards/embed/sharing.html", context)
