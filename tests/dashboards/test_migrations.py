"""Dashboards as they were made before become those that ship now, unless somebody has changed them."""

from importlib import import_module

import pytest
from django.apps import apps

from dashboards.models import Dashboard, Widget
from dashboards.shipped import SHIPPED

regroup = import_module("dashboards.migrations.0008_widgets_in_groups")


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
