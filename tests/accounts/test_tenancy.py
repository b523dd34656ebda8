"""The net under every query: tenants stay apart."""

import uuid

import pytest

from accounts.models import Membership, Tenant
from accounts.tenancy import NoTenantScope, OutsideTenantScope, all_tenants, current_scope, tenant_scope
from dashboards.models import View
from provisioning.models import Credential
from tests.conftest import Cast


@pytest.mark.parametrize(
    "ask",
    [
        lambda: View.objects.all(),
        lambda: View.objects.count(),
        lambda: View.objects.exists(),
        lambda: View.objects.filter(name="x"),
        lambda: View.objects.get(pk=uuid.uuid4()),
        lambda: View.objects.none(),
        lambda: View.objects.create(name="x"),
        lambda: View.objects.bulk_create([]),
        lambda: View.objects.update(name="x"),
        lambda: Membership.objects.all(),
        lambda: Tenant.objects.all(),
        lambda: Credential.objects.all(),
    ],
)
def test_every_query_outside_a_scope_raises(db, ask):
    with pytest.raises(NoTenantScope):
        ask()


def test_a_scope_holds_only_its_tenants_rows(cast: Cast):
    with tenant_scope({cast.tenant.pk}):
        assert list(View.objects.all()) == [cast.view]
        assert list(Tenant.objects.all()) == [cast.tenant]
    with tenant_scope({cast.tenant.pk, cast.other.pk}):
        assert set(View.objects.all()) == {cast.view, cast.other_view}
    with tenant_scope(set()):
        assert list(View.objects.all()) == []
    with all_tenants(reason="a test"):
        assert set(View.objects.all()) == {cast.view, cast.other_view}


@pytest.mark.parametrize("wrong", [{None}, {"acme"}, {1}])
def test_a_scope_takes_ids_of_tenants_only(wrong):
    with pytest.raises(TypeError), tenant_scope(wrong):
        pass


def test_all_tenants_wants_a_reason():
    with pytest.raises(TypeError), all_tenants(reason=""):
        pass


def test_a_scope_ends_with_its_block_even_after_an_error():
    with pytest.raises(ValueError, match="inside"), all_tenants(reason="a test"):
        raise ValueError("inside")
    with pytest.raises(NoTenantScope):
        current_scope()


def test_agency_rows_are_in_every_scope_but_written_in_none_but_the_widest(cast: Cast):
    agencys = cast.view.agency_credential
    with tenant_scope({cast.tenant.pk}):
        found = Credential.objects.get(pk=agencys.pk)
        with pytest.raises(OutsideTenantScope):
            found.save()
        with pytest.raises(OutsideTenantScope):
            found.delete()


def test_a_row_cannot_be_written_for_a_tenant_outside_the_scope(cast: Cast):
    with tenant_scope({cast.tenant.pk}):
        with pytest.raises(OutsideTenantScope):
            cast.other_view.save()
        with pytest.raises(OutsideTenantScope):
            cast.other_view.delete()
        with pytest.raises(OutsideTenantScope):
            Membership.objects.create(tenant=cast.other, user=cast.bob)
        with pytest.raises(OutsideTenantScope):
            Membership.objects.bulk_create([Membership(tenant=cast.other, user=cast.bob)])


def test_a_row_never_moves_to_another_tenant(cast: Cast):
    with all_tenants(reason="a test"):
        cast.view.tenant = cast.other
        with pytest.raises(OutsideTenantScope):
            cast.view.save()
        loaded = View.objects.get(pk=cast.view.pk)
        loaded.tenant_id = cast.other.pk
        with pytest.raises(OutsideTenantScope):
            loaded.save()
        with pytest.raises(OutsideTenantScope):
            View.objects.filter(pk=cast.view.pk).update(tenant=cast.other)


def test_a_row_never_points_at_another_tenants(cast: Cast):
    with all_tenants(reason="a test"):
        theirs = Credential.objects.create(tenant=cast.other, name="theirs", email="r@x.example")
        cast.view.agency_credential, cast.view.tenant_credential = None, theirs
        with pytest.raises(OutsideTenantScope):
            cast.view.save()
        cast.view.tenant_credential = None
        cast.view.tenant_credential_id = theirs.pk
        with pytest.raises(OutsideTenantScope):
            cast.view.save()


def test_a_tenants_credential_never_stands_in_the_agencys_column(cast: Cast):
    with all_tenants(reason="a test"):
        own = Credential.objects.create(tenant=cast.tenant, name="own", email="r@x.example")
        cast.view.agency_credential = own
        with pytest.raises(OutsideTenantScope):
            cast.view.save()
