"""Dashboards are read once and shown as they are; a change counts at once, in every process."""

import contextlib

import pytest
from django.core.cache import cache
from django.db import transaction

from accounts.models import Tenant
from dashboards import offers
from dashboards.models import Dashboard, View, Widget
from tests.conftest import Cast


@pytest.fixture
def view(cast: Cast, in_tenant: Tenant) -> View:
    return View.objects.get(pk=cast.view.pk)


@pytest.fixture
def content() -> Dashboard:
    return Dashboard.objects.get(slug="content", tenant=None)


def slugs(view: View) -> list[str]:
    return [board.dashboard.slug for board in offers.of(view)]


def test_the_dashboard_a_view_opens_with_comes_first(view, content, everything):
    view.more_dashboards.add(view.dashboard, content)
    assert slugs(view) == ["overview", "content"]
    view.dashboard = content
    assert slugs(view) == ["content", "overview"]


def test_widgets_stand_in_their_order(view):
    (board,) = offers.of(view)
    rows = Widget.objects.filter(dashboard=view.dashboard_id).order_by("position")
    assert [widget.id for widget in board.widgets] == [str(row.pk) for row in rows]


def _rename(view: View) -> None:
    view.dashboard.name = "Renamed"
    view.dashboard.save()


def _take_a_widget(view: View) -> None:
    Widget.objects.filter(dashboard=view.dashboard_id)[0].delete()


def _save_a_widget(view: View) -> None:
    widget = Widget.objects.filter(dashboard=view.dashboard_id)[0]
    widget.title = "Renamed"
    widget.save()


def _offer_more(view: View) -> None:
    view.more_dashboards.add(Dashboard.objects.get(slug="content", tenant=None))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestKept:
    """Outside any transaction, as pages are read."""

    def test_what_is_known_is_not_read_again(self, view):
        assert offers.of(view) is offers.of(view)

    def test_a_change_elsewhere_is_noticed_by_the_stamp(self, view, everything):
        known = offers.of(view)
        Widget.objects.filter(dashboard=view.dashboard_id).update(title="Changed in another process")
        assert offers.of(view) is known
        offers.changed()
        assert {each.title for each in offers.of(view)[0].widgets} == {"Changed in another process"}

    def test_a_stamp_that_the_cache_has_lost_is_as_good_as_a_new_one(self, view, everything):
        offers.of(view)
        Widget.objects.filter(dashboard=view.dashboard_id).update(title="Changed")
        cache.clear()
        assert {each.title for each in offers.of(view)[0].widgets} == {"Changed"}

    def test_a_change_that_is_taken_back_leaves_what_was(self, view, content, everything):
        assert slugs(view) == ["overview"]
        with contextlib.suppress(Regret), transaction.atomic():
            view.more_dashboards.add(content)
            assert slugs(view) == ["overview", "content"]
            raise Regret
        assert slugs(view) == ["overview"]

    def test_a_change_is_told_again_when_its_transaction_ends(self, view, content, everything):
        """Others may have read what was, under the new stamp, before that."""
        with transaction.atomic():
            view.more_dashboards.add(content)
            during = cache.get(offers.STAMP)
        assert cache.get(offers.STAMP) != during

    @pytest.mark.parametrize("change", [_rename, _take_a_widget, _offer_more, _save_a_widget])
    def test_every_change_through_the_models_counts(self, view, content, everything, change):
        before = repr(offers.of(view))
        change(view)
        assert repr(offers.of(view)) != before


class Regret(Exception):
    """Ends a transaction without its changes."""
