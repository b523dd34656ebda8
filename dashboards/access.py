"""From a slug or id to the object, or 404: fetching and checking are one act. Runs in a tenant's scope."""

import uuid
from collections.abc import Sequence

from django.db.models import QuerySet
from django.http import Http404

from accounts import access
from accounts.models import Membership, Tenant, User
from dashboards import offers
from dashboards.models import Dashboard, View, ViewQuerySet, Widget
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
    """The view of this address, and by name all that the person may see beside it, in one query. Raises
    Http404 as view_for does.
    """
    views = list(_visible(user, tenant).select_related("summary"))
    for view in views:
        if view.slug == slug:
            view.tenant = tenant
            return view, views
    raise Http404


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
