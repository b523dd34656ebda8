"""What an address of the admin may ask of a list: what its filters offer, and nothing that breaks."""

import pytest
from django.contrib import admin
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.test import Client
from django.urls import reverse

from accounts.models import StaffAssignment, Tenant
from accounts.tenancy import all_tenants
from tests.conftest import Cast
from tests.walk.pages import Page

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


@pytest.mark.parametrize("page", ["admin:dashboards_view_change", "admin:accounts_tenant_change"])
def test_an_address_that_is_none_is_told_beside_its_field_and_leads_nowhere(olivia, cast, page):
    row = cast.view if "view" in page else cast.tenant
    address = reverse(page, args=[row.pk])
    form = next(
        each for each in Page(olivia.get(address).content.decode(), address).forms if "slug" in each.names
    )
    answer = olivia.post(address, dict(form.fields) | {"slug": "a/b"})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert ('value="a/b"' in text, f"/{row.slug}/" in text, "errorlist" in text) == (True, True, True)


LISTS_WITH_ACTIONS = [
    (f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist", action)
    for model, model_admin in admin.site._registry.items()
    for action in [*(model_admin.actions or ()), "delete_selected"]
]


@pytest.mark.parametrize("chosen", ["nonsense", "9" * 30, "", "\0", "…"])
@pytest.mark.parametrize(("page", "action"), LISTS_WITH_ACTIONS)
def test_an_action_on_what_cannot_be_a_row_does_nothing(olivia, page, action, chosen):
    sent = {"action": action, "index": "0", "_selected_action": chosen}
    assert olivia.post(reverse(page), sent).status_code in {200, 302}


def test_an_action_goes_on_with_the_rows_that_can_be(olivia, cast):
    chosen = ["nonsense", str(cast.tenant.pk)]
    sent = {"action": "pause", "index": "0", "_selected_action": chosen, "confirmed": "1"}
    olivia.post(reverse("admin:accounts_tenant_changelist"), sent)
    cast.tenant.refresh_from_db()
    assert cast.tenant.is_paused


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
