"""From an id in an address to the object, or 404: fetching and checking are one act."""

import uuid

from django.http import Http404

from accounts.models import Membership, StaffAssignment, Tenant, User
from accounts.tenancy import all_tenants


def tenants_of(user: User) -> list[Tenant]:
    """The tenants this person may see, by name."""
    with all_tenants(reason="finding which tenants a person may see"):
        return list(Tenant.objects.reachable_by(user))


def tenant_for(user: User, slug: str) -> Tenant:
    """The tenant of this address. Raises Http404 when it is not there or not theirs."""
    with all_tenants(reason="finding which tenants a person may see"):
        tenant = Tenant.objects.reachable_by(user).filter(slug=slug).first()
    if tenant is None:
        raise Http404
    return tenant


def assigned_tenant_ids(user: User) -> set[uuid.UUID]:
    """The tenants that this staff member looks after."""
    return {row["tenant_id"] for row in StaffAssignment.tenant_ids_of(user)}


def sees_every_view(user: User, tenant: Tenant) -> bool:
    """Whether all views of the tenant are this person's to see: owners, staff, and most viewers."""
    if user.is_superuser or (user.is_staff and tenant.pk in assigned_tenant_ids(user)):
        return True
    return any(
        membership.sees_every_view for membership in Membership.objects.filter(tenant=tenant, user=user)
    )
