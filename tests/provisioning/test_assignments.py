"""The owner says whose the agency's properties are; staff see and pick only those of their clients."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Tenant
from accounts.tenancy import OutsideTenantScope, all_tenants, tenant_scope
from dashboards.models import View
from provisioning import assignments, flows
from provisioning.models import Credential, PropertyAssignment, ReachableProperty
from tests import factories
from tests.conftest import Cast
from tests.dashboards.test_admin import ADD, CHOOSE, offered, signed_in, target, typed, url_of
from tests.dashboards.test_raw_sql import refused
from tests.google import Google


@pytest.fixture
def owner(cast: Cast) -> Client:
    return signed_in(cast.olivia)


@pytest.fixture
def staff(cast: Cast) -> Client:
    return signed_in(cast.dana)


@pytest.fixture
def agencys(cast: Cast, google: Google) -> Credential:
    """The agency's service account, which reads two properties."""
    with all_tenants(reason="a test's set-up"):
        key = google.key("310000001", "310000002", email="agency@demo.iam.gserviceaccount.com")
        return flows.add_service_account(key=key, name="Agency robot")


def assign_url(credential: Credential, query: str = "") -> str:
    return reverse("admin:provisioning_credential_assign", args=[credential.pk]) + query


def page_of(credential: Credential) -> str:
    return reverse("admin:provisioning_credential_change", args=[credential.pk])


def give(credential: Credential, property_id: str, tenant: Tenant) -> None:
    with all_tenants(reason="a test's set-up"):
        assignments.assign(credential=credential, pairs=[(property_id, tenant.pk)])


def given() -> set[tuple[str, str]]:
    with all_tenants(reason="a test looks"):
        rows = PropertyAssignment.objects.select_related("tenant")
        return {(row.property_id, row.tenant.slug) for row in rows}


# The table on the credential's page


def test_addresses_typed_beside_properties_are_saved_together(owner: Client, agencys: Credential, cast: Cast):
    typed_in = {"clients-310000001": "acme, rival", "clients-310000002": " rival "}
    answer = owner.post(assign_url(agencys), typed_in)
    assert (answer.status_code, answer.url) == (302, page_of(agencys))
    assert given() == {("310000001", "acme"), ("310000001", "rival"), ("310000002", "rival")}
    owner.post(assign_url(agencys), {"clients-310000001": "acme", "clients-310000002": ""})
    assert given() == {("310000001", "acme")}


def test_the_page_shows_whose_each_property_is(owner: Client, agencys: Credential, cast: Cast):
    give(agencys, "310000002", cast.tenant)
    lines = owner.get(page_of(agencys)).context["table"].lines()
    assert {each.property.property_id: each.clients.value() for each in lines} == {
        "310000001": "",
        "310000002": "acme",
    }


def test_the_ticked_ones_go_to_one_client_beside_what_is_typed(
    owner: Client, agencys: Credential, cast: Cast
):
    data = {
        "clients-310000001": "rival",
        "clients-310000002": "",
        "ticked": ["310000001", "310000002", "999"],
        "to": str(cast.tenant.pk),
    }
    owner.post(assign_url(agencys), data)
    assert given() == {("310000001", "rival"), ("310000001", "acme"), ("310000002", "acme")}


def test_what_is_wrong_is_said_beside_the_property_and_nothing_typed_is_lost(
    owner: Client, agencys: Credential, cast: Cast
):
    data = {"clients-310000001": "acme, nobody", "clients-310000002": "rival", "ticked": ["310000002"]}
    answer = owner.post(assign_url(agencys), data)
    table = answer.context["table"]
    assert table.errors == {"clients-310000001": ["There is no client with the address nobody."]}
    assert {each.property.property_id: (each.clients.value(), each.ticked) for each in table.lines()} == {
        "310000001": ("acme, nobody", False),
        "310000002": ("rival", True),
    }
    assert given() == set()


def test_a_client_without_a_tick_is_refused(owner: Client, agencys: Credential, cast: Cast):
    answer = owner.post(assign_url(agencys), {"to": str(cast.tenant.pk)})
    assert answer.context["table"].errors == {"to": ["Tick the properties to assign."]}


def test_what_a_search_leaves_out_stays_as_it_is(owner: Client, agencys: Credential, cast: Cast):
    give(agencys, "310000002", cast.tenant)
    owner.post(assign_url(agencys, "?find=310000001"), {"clients-310000001": "rival"})
    assert given() == {("310000001", "rival"), ("310000002", "acme")}


def test_assignments_outlive_a_new_listing(agencys: Credential, cast: Cast, everything):
    give(agencys, "310000001", cast.tenant)
    flows.list_properties(credential=agencys)
    assert given() == {("310000001", "acme")}


def test_a_client_that_goes_takes_its_assignments_along(agencys: Credential, cast: Cast, everything):
    gone = factories.TenantFactory(slug="gone")
    give(agencys, "310000001", gone)
    gone.delete()
    assert given() == set()


@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_assign_nothing(staff: Client, agencys: Credential, cast: Cast, method: str):
    assert getattr(staff, method)(assign_url(agencys), {"clients-310000001": "acme"}).status_code == 404
    own = factories.CredentialFactory(tenant=cast.tenant)
    assert getattr(staff, method)(assign_url(own)).status_code == 403
    assert given() == set()


def test_a_clients_own_account_is_not_assigned(cast: Cast, everything):
    own = factories.CredentialFactory(tenant=cast.tenant)
    assignments.assign(credential=own, pairs=[("310000001", cast.tenant.pk)])
    assert given() == set()
    with pytest.raises(OutsideTenantScope):
        PropertyAssignment(credential=own, property_id="310000001", tenant=cast.tenant).save()


def test_the_page_asks_the_same_for_two_properties_and_for_hundreds(
    owner: Client, agencys: Credential, cast: Cast, everything
):
    with CaptureQueriesContext(connection) as few:
        owner.get(page_of(agencys))
    ReachableProperty.objects.bulk_create(
        ReachableProperty(
            credential=agencys,
            property_id=str(number),
            name="N",
            account_name="A",
            time_zone="UTC",
            currency="EUR",
        )
        for number in range(1000, 1600)
    )
    with CaptureQueriesContext(connection) as many:
        table = owner.get(page_of(agencys)).context["table"]
    assert (len(many), len(table.lines()), table.cut) == (len(few), 500, True)


# What staff pick from


def test_staff_see_of_the_agencys_properties_those_assigned_to_their_clients(
    cast: Cast, staff: Client, agencys: Credential
):
    give(agencys, "310000001", cast.tenant)
    give(agencys, "310000002", cast.other)
    answer = staff.get(CHOOSE)
    assert offered(answer) == ["310000001"]
    assert b"310000002" not in answer.content
    assert offered(signed_in(cast.erin).get(CHOOSE)) == ["310000002"]


def test_staff_add_a_view_of_an_assigned_property(cast: Cast, staff: Client, agencys: Credential):
    give(agencys, "310000001", cast.tenant)
    address = ADD + target(agencys, "310000001")
    assert staff.get(address).context["adminform"].form["tenant"].value() == cast.tenant.pk
    staff.post(address, typed(cast))
    with all_tenants(reason="a test looks"):
        view = View.objects.get(slug="shop")
    assert (view.tenant_id, view.agency_credential_id) == (cast.tenant.pk, agencys.pk)


def test_staff_give_a_property_to_no_other_client_of_theirs(cast: Cast, agencys: Credential):
    both = factories.person("both@northlight.example", "staff", cast.tenant)
    factories.person("both@northlight.example", "staff", cast.other)
    give(agencys, "310000001", cast.other)
    form = signed_in(both).post(ADD + target(agencys, "310000001"), typed(cast)).context["adminform"].form
    assert form.errors == {
        "tenant": ["Select a valid choice. That choice is not one of the available choices."]
    }


def test_staff_point_a_view_only_at_what_its_client_was_assigned(cast: Cast, agencys: Credential):
    both = factories.person("both@northlight.example", "staff", cast.tenant)
    factories.person("both@northlight.example", "staff", cast.other)
    give(agencys, "310000001", cast.other)
    give(agencys, "310000002", cast.tenant)
    assert offered(signed_in(both).get(CHOOSE, {"view": str(cast.view.pk)})) == ["310000002"]
    before = cast.view.property_id, cast.view.agency_credential_id
    signed_in(both).post(url_of("change", cast.view) + target(agencys, "310000001"), typed(cast))
    cast.view.refresh_from_db()
    assert (cast.view.property_id, cast.view.agency_credential_id) == before


def test_a_view_of_the_owners_assigns_its_property(cast: Cast, owner: Client, agencys: Credential):
    owner.post(ADD + target(agencys, "310000002"), typed(cast))
    assert given() == {("310000002", "acme")}


def test_a_view_pointed_elsewhere_by_the_owner_assigns_that_too(
    cast: Cast, owner: Client, agencys: Credential
):
    owner.post(url_of("change", cast.view) + target(agencys, "310000001"), typed(cast))
    assert given() == {("310000001", "acme")}


def test_a_scope_shows_its_own_assignments_only(cast: Cast, agencys: Credential):
    give(agencys, "310000001", cast.tenant)
    give(agencys, "310000001", cast.other)
    with tenant_scope({cast.tenant.pk}):
        assert assignments.tenants_of(agencys.pk, "310000001") == {cast.tenant.pk}


@pytest.mark.postgres
def test_raw_sql_assigns_no_property_of_a_clients_own_account(cast: Cast):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no foreign keys over two columns here; the model holds alone")
    own = factories.CredentialFactory(tenant=cast.other)
    give(cast.view.agency_credential, "310000001", cast.tenant)
    assert refused("UPDATE provisioning_propertyassignment SET credential_id = %s", own.pk)
