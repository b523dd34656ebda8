"""Dashboards in the admin: fields offered from a property, widgets that Google would refuse, copies."""

# ruff: noqa: F811  # fixtures of another file

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.tenancy import OutsideTenantScope, all_tenants
from dashboards import boards
from dashboards.models import Dashboard, View, Widget
from provisioning.models import Credential
from tests import factories
from tests.conftest import Cast
from tests.dashboards.test_admin import (  # noqa: F401  # among them fixtures
    agencys,
    change_url,
    messages_of,
    owner,
    staff,
    widgets,
)
from tests.google import Google


@pytest.fixture
def goods(cast: Cast) -> Dashboard:
    """A dashboard of alice's client's own, empty."""
    cache.clear()
    with all_tenants(reason="a test's set-up"):
        return Dashboard.objects.create(tenant=cast.tenant, name="Goods", slug="goods")


@pytest.fixture
def live(cast: Cast, agencys: Credential, goods: Dashboard) -> View:
    """A view that Google answers and that shows it."""
    return factories.ViewFactory(
        tenant=cast.tenant, slug="live", property_id="310000001", agency_credential=agencys, dashboard=goods,
        filter="eventName==purchase",
    )  # fmt: skip


WRONG = {"metrics": "itemRevenue", "dimensions": "eventName", "kind": "table"}
RIGHT = {"metrics": "itemRevenue", "dimensions": "itemName", "kind": "table"}


def post(client: Client, dashboard: Dashboard, view: View | None, **widget: object):
    chosen = {"check_with": str(view.pk)} if view else {}
    return client.post(change_url(dashboard), widgets(dashboard, **widget) | chosen)


def stored(dashboard: Dashboard) -> list[list[str]]:
    with all_tenants(reason="a test looks"):
        return [each.dimensions for each in Widget.objects.filter(dashboard=dashboard)]


def test_a_clients_widget_stands_on_no_shared_dashboard(cast: Cast):
    with all_tenants(reason="a test"):
        shared = Dashboard.objects.get(slug="overview", tenant=None)
        with pytest.raises(OutsideTenantScope):
            Widget(tenant=cast.tenant, dashboard=shared, kind="figure", metrics=["sessions"]).save()


def test_an_incompatible_pair_is_refused_with_googles_reason(staff: Client, goods: Dashboard, live: View):
    answer = post(staff, goods, live, **WRONG)
    (form,) = answer.context["inline_admin_formsets"][0].formset.forms
    assert list(form.errors) == ["__all__"]
    assert form.non_field_errors()[0].startswith(
        "Google Analytics cannot show these dimensions and metrics together."
    )
    assert (form["metrics"].value(), form["dimensions"].value()) == ("itemRevenue", "eventName")
    assert stored(goods) == []


def test_an_unknown_field_is_refused_by_its_name(staff: Client, goods: Dashboard, live: View):
    answer = post(staff, goods, live, metrics="customEvent:none")
    (form,) = answer.context["inline_admin_formsets"][0].formset.forms
    assert form.non_field_errors()[0].endswith("(customEvent:none)")


def test_what_goes_together_is_saved_whatever_the_views_filter(staff: Client, goods: Dashboard, live: View):
    assert post(staff, goods, live, **RIGHT).status_code == 302
    assert stored(goods) == [["itemName"]]


def test_only_what_was_changed_is_asked(staff: Client, goods: Dashboard, live: View, google: Google):
    post(staff, goods, live, **RIGHT)
    assert len(google.requests("checkCompatibility")) == 1
    with all_tenants(reason="a test looks"):
        widget = Widget.objects.get(dashboard=goods)
    data = widgets(goods, **RIGHT, group="") | {
        "check_with": str(live.pk), "widgets-INITIAL_FORMS": "1", "widgets-0-id": str(widget.pk),
        "widgets-0-dashboard": str(goods.pk), "name": "Renamed",
    }  # fmt: skip
    assert staff.post(change_url(goods), data).status_code == 302
    goods.refresh_from_db()
    assert (goods.name, len(google.requests("checkCompatibility"))) == ("Renamed", 1)


def test_without_a_view_nobody_is_asked(staff: Client, goods: Dashboard, google: Google):
    assert post(staff, goods, None, **WRONG).status_code == 302
    assert google.requests("checkCompatibility") == []


def test_while_google_is_away_it_is_saved_and_said(
    staff: Client, goods: Dashboard, live: View, google: Google
):
    google.fail("checkCompatibility", drop=True, count=9)
    answer = post(staff, goods, live, **WRONG)
    assert stored(goods) == [["eventName"]]
    said = [each for each in messages_of(staff.get(answer.url)) if "could not be checked" in each]
    assert len(said) == 1


def test_another_clients_view_checks_nothing(cast: Cast, staff: Client, goods: Dashboard, google: Google):
    answer = post(staff, goods, cast.other_view, **WRONG)
    assert list(answer.context["adminform"].form.errors) == ["check_with"]
    assert google.requests("checkCompatibility") == []


def test_a_view_that_shows_it_is_chosen_already(staff: Client, goods: Dashboard, live: View):
    answer = staff.get(change_url(goods))
    assert answer.context["adminform"].form.initial["check_with"] == live
    assert '<option value="sessions">Visits</option>' in answer.content.decode()


# A copy for a client


def copy_url(dashboard: Dashboard) -> str:
    return reverse("admin:dashboards_dashboard_copy", args=[dashboard.pk])


def shared() -> Dashboard:
    with all_tenants(reason="a test looks"):
        return Dashboard.objects.get(slug="overview", tenant=None)


def shape(dashboard: Dashboard) -> list[tuple]:
    with all_tenants(reason="a test looks"):
        rows = Widget.objects.filter(dashboard=dashboard).order_by("position")
        return list(rows.values_list("title", "kind", "metrics", "dimensions", "group", "limit", "position"))


def test_staff_copy_a_shared_dashboard_for_their_client(cast: Cast, staff: Client):
    answer = staff.post(copy_url(shared()), {"tenant": str(cast.tenant.pk), "name": "Our overview"})
    with all_tenants(reason="a test looks"):
        made = Dashboard.objects.get(tenant=cast.tenant)
    assert (answer.url, made.name, made.slug) == (change_url(made), "Our overview", "overview-2")
    assert shape(made) == shape(shared())
    with all_tenants(reason="a test looks"):
        assert set(made.widgets.values_list("tenant_id", flat=True)) == {cast.tenant.pk}


def test_staff_copy_for_no_other_client(cast: Cast, staff: Client):
    answer = staff.post(copy_url(shared()), {"tenant": str(cast.other.pk), "name": "Theirs"})
    assert list(answer.context["form"].errors) == ["tenant"]
    with all_tenants(reason="a test looks"):
        assert not Dashboard.objects.exclude(tenant=None).exists()


def test_a_clients_own_dashboard_goes_to_nobody_else(
    cast: Cast, owner: Client, staff: Client, goods: Dashboard
):
    answer = owner.post(copy_url(goods), {"tenant": str(cast.other.pk), "name": "Theirs"})
    assert list(answer.context["form"].errors) == ["tenant"]
    with all_tenants(reason="a test looks"):
        theirs = Dashboard.objects.create(tenant=cast.other, name="Rival", slug="rival")
        with pytest.raises(ValueError, match="another tenant"):
            boards.copy(dashboard=goods, tenant=cast.other, name="x")
    assert staff.get(copy_url(theirs)).status_code == 404
