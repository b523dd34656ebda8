"""What an address of the admin may ask of a list: what its filters offer, and nothing that breaks."""

import pytest
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from accounts.models import StaffAssignment, Tenant
from accounts.tenancy import all_tenants
from tests.conftest import Cast

VIEWS = "admin:dashboards_view_changelist"


@pytest.fixture
def olivia(cast: Cast) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(cast.olivia)
    return client


@pytest.mark.parametrize(
    ("page", "query"),
    [
        (VIEWS, "name__regex=("),
        (VIEWS, "state__regex=("),
        (VIEWS, "agency_credential__sealed_secret__startswith=v1"),
        (VIEWS, "tenant__name__startswith=R"),
        ("admin:provisioning_credential_changelist", "sealed_secret__startswith=v1"),
        ("admin:accounts_user_changelist", "password__startswith=pbkdf2"),
    ],
)
def test_only_a_lists_own_filters_are_asked(olivia, page, query):
    assert olivia.get(f"{reverse(page)}?{query}").status_code == 400


@pytest.mark.parametrize("query", ["client={tenant}", "state__exact=new", "q=acme", "o=-1.2", "p=7"])
def test_its_filters_search_and_order_are(olivia, cast, query):
    address = f"{reverse(VIEWS)}?{query.format(tenant=cast.tenant.slug)}"
    assert olivia.get(address).status_code == 200


@pytest.mark.parametrize("query", ["state__exact=%00", "client=%00", "q=%00"])
def test_what_no_column_can_hold_is_a_filter_that_does_not_fit(olivia, query):
    response = olivia.get(f"{reverse(VIEWS)}?{query}")
    assert (response.status_code, response["Location"]) == (302, f"{reverse(VIEWS)}?e=1")


def test_a_column_without_a_name_is_the_one_that_rows_are_found_by(olivia, cast):
    address = reverse("admin:dashboards_view_change", args=[cast.view.pk])
    assert olivia.get(f"{address}?_to_field=").status_code == 200


@pytest.mark.parametrize("row", ["abc", "1", "0"])
def test_there_is_no_shortcut_to_rows_of_any_table(olivia, row):
    kind = ContentType.objects.get_for_model(Tenant)
    assert olivia.get(f"/admin/r/{kind.pk}/{row}/").status_code == 404


def test_what_staff_did_for_a_client_is_not_shown_once_the_client_is_taken_from_them(cast):
    dana = Client()
    dana.force_login(cast.dana)
    address = reverse("admin:accounts_tenant_change", args=[cast.tenant.pk])
    with all_tenants(reason="a test's set-up"):
        LogEntry.objects.log_actions(cast.dana.pk, [cast.tenant], CHANGE)
        StaffAssignment.objects.filter(user=cast.dana).delete()
    page = dana.get(reverse("admin:index")).content.decode()
    assert (address in page, "Acme" in page) == (False, False)
    olivia = Client()
    olivia.force_login(cast.olivia)
    assert "Recent actions" in olivia.get(reverse("admin:index")).content.decode()
