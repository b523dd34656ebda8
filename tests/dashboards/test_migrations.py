"""Dashboards as they were made before become those that ship now, unless somebody has changed them."""

from importlib import import_module

import pytest
from django.apps import apps

from dashboards.models import Dashboard, View, Widget
from dashboards.shipped import SHIPPED
from provisioning.models import Credential, PropertyAssignment

regroup = import_module("dashboards.migrations.0008_widgets_in_groups")
assign_views = import_module("dashboards.migrations.0011_assignments_of_views")


def _former(shipped_slug: str) -> Dashboard:
    """A shipped dashboard as it stood before."""
    row = Dashboard.objects.get(slug=shipped_slug, tenant=None)
    row.widgets.all().delete()
    for place, (kind, metrics, dimensions, limit) in enumerate(regroup.FORMER[shipped_slug]):
        Widget.objects.create(
            dashboard=row, position=place, title=f"{kind} {place}", kind=kind, metrics=metrics,
            dimensions=dimensions, limit=limit,
        )  # fmt: skip
    return row


@pytest.mark.parametrize("shipped", SHIPPED, ids=lambda each: each.slug)
def test_what_nobody_changed_gets_tabs(everything, db, shipped):
    row = _former(shipped.slug)
    first = row.widgets.get(position=0).pk
    regroup.load(apps, None)
    now = [(each.title, each.kind, tuple(each.metrics), each.group, each.limit) for each in row.widgets.all()]
    assert now == [(each.title, each.kind, each.metrics, each.group, each.limit) for each in shipped.widgets]
    assert row.widgets.get(position=0).pk == first


def test_what_somebody_changed_stays(everything, db):
    row = _former("overview")
    row.widgets.get(position=9).delete()
    before = list(row.widgets.values())
    regroup.load(apps, None)
    assert list(row.widgets.values()) == before


def test_a_new_installation_has_its_tabs(everything, db):
    groups = {each.group for each in Dashboard.objects.get(slug="overview", tenant=None).widgets.all()}
    assert groups == {"", "How people came", "What they saw", "Where they are", "What they use"}


def test_what_views_read_through_the_agencys_account_is_assigned_once(everything, cast):
    PropertyAssignment.objects.all().delete()
    for _ in range(2):
        assign_views.assign(apps, None)
    assert set(PropertyAssignment.objects.values_list("credential", "property_id", "tenant")) == {
        (view.agency_credential_id, view.property_id, view.tenant_id) for view in (cast.view, cast.other_view)
    }


def test_a_clients_own_account_is_assigned_to_nobody(everything, cast):
    PropertyAssignment.objects.all().delete()
    own = Credential.objects.create(tenant=cast.tenant, name="own", email="own@x.example")
    View.objects.filter(pk=cast.view.pk).update(agency_credential=None, tenant_credential=own)
    assign_views.assign(apps, None)
    assert list(PropertyAssignment.objects.values_list("tenant", flat=True)) == [cast.other.pk]
