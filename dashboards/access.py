"""From a slug or id to the object, or 404: fetching and checking are one act. Runs in a tenant's scope."""

import uuid
from collections.abc import Sequence
from copy import copy
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from accounts import access
from accounts.models import Membership, Tenant, User
from accounts.prepared import Prepared
from accounts.recalled import Recalled
from accounts.tenancy import tenant_scope
from dashboards import offers
from dashboards.models import Dashboard, Summary, View, ViewQuerySet, Widget
from dashboards.offers import Board


def views_of(user: User, tenant: Tenant) -> QuerySet[View]:
    """The views of this tenant that this person may see."""
    return _visible(user, tenant).for_page()


def _visible(user: User, tenant: Tenant) -> ViewQuerySet:
    views = View.objects.filter(tenant=tenant)
    if access.sees_every_view(user, tenant):
        return views
    return views.chosen_for(Membership.objects.filter(tenant=tenant, user=user))


def view_for(user: User, tenant: Tenant, slug: str) -> View:
    """The view of this address. Raises Http404 when it is not there or not theirs."""
    view = views_of(user, tenant).select_related("summary").filter(slug=slug).first()
    if view is None:
        raise Http404
    return view


def view_among(user: User, tenant: Tenant, slug: str) -> tuple[View, list[View]]:
    """The view of this address, and by name all that the person may see beside it, in one query. Their
    summaries are read and never changed. Raises Http404 as view_for does.
    """
    views = [copy(view) for view in _all_seen(user, tenant)]
    for view in views:
        if view.slug == slug:
            view.tenant = tenant
            return view, views
    raise Http404


def _all_seen(user: User, tenant: Tenant) -> list[View]:
    """All views that the person may see with their summaries: read and never changed, as other requests hold
    the same.
    """
    whose = (tenant.pk,) if access.sees_every_view(user, tenant) else (tenant.pk, user.pk)
    return _seen.get(whose, lambda: list(_visible(user, tenant).select_related("summary")))


def _rows_of_seen(tenant_id: uuid.UUID, *user_id: int) -> QuerySet[Any]:
    """All that `_all_seen` reads: of every view of the tenant, or of those chosen for a person."""
    with tenant_scope({tenant_id}):
        views = View.objects.filter(tenant=tenant_id)
        if user_id:
            views = views.chosen_for(Membership.objects.filter(tenant=tenant_id, user__in=user_id))
        return views.order_by("pk").values_list(*_COLUMNS)


_COLUMNS = (
    *(field.attname for field in View._meta.concrete_fields),
    *(f"summary__{field.attname}" for field in Summary._meta.concrete_fields),
)
_seen: Recalled[list[View]] = Recalled(Prepared(_rows_of_seen), most=100)


def dashboards_of(view: View) -> list[Dashboard]:
    """The dashboards a view offers, the one it opens with first."""
    return [board.dashboard for board in offers.of(view)]


def board_among(offered: Sequence[Board], slug: str) -> Board:
    """The dashboard with this slug among those a view offers; without one, the first. Http404 otherwise."""
    for board in offered:
        if slug in ("", board.dashboard.slug):
            return board
    raise Http404


def widget_for(view: View, widget_id: uuid.UUID) -> Widget:
    """The widget with this id on one of the view's dashboards. Raises Http404."""
    offered = [dashboard.pk for dashboard in dashboards_of(view)]
    widget = Widget.objects.filter(pk=widget_id, dashboard__in=offered).first()
    if widget is None:
        raise Http404
    return widget


def table_for(view: View, widget_id: uuid.UUID) -> Widget:
    """The same for a widget that has rows. Raises Http404."""
    widget = widget_for(view, widget_id)
    if not widget.has_rows:
        raise Http404
    return widget
