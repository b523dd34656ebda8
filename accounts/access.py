"""From an id in an address to the object, or 404: fetching and checking are one act."""

import uuid

from django.http import Http404
from django.utils import timezone

from accounts.models import Invitation, InvitationLink, Membership, StaffAssignment, Tenant, User
from accounts.tenancy import all_tenants
from accounts.tokens import digest_of


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


def looks_after(user: User, tenant: Tenant) -> bool:
    """Whether the person works for this tenant: the agency's owner, and the staff assigned to it."""
    return user.is_superuser or (user.is_staff and tenant.pk in assigned_tenant_ids(user))


def may_manage_people(user: User, tenant: Tenant) -> bool:
    """Whether the person may invite to the tenant and show out: its owners, and whoever looks after it."""
    owned = Membership.objects.filter(tenant=tenant, user=user, role=Membership.Role.OWNER)
    return looks_after(user, tenant) or owned.exists()


def sees_every_view(user: User, tenant: Tenant) -> bool:
    """Whether all views of the tenant are this person's to see: owners, staff, and most viewers."""
    if looks_after(user, tenant):
        return True
    return any(
        membership.sees_every_view for membership in Membership.objects.filter(tenant=tenant, user=user)
    )


def membership_for(tenant: Tenant, membership_id: uuid.UUID) -> Membership:
    """The tenant's member with this id. Raises Http404."""
    found = Membership.objects.filter(tenant=tenant, pk=membership_id).select_related("user").first()
    if found is None:
        raise Http404
    return found


def invitation_for(tenant: Tenant, invitation_id: uuid.UUID) -> Invitation:
    """The tenant's invitation with this id. Raises Http404."""
    found = Invitation.objects.filter(tenant=tenant, pk=invitation_id).select_related("tenant").first()
    if found is None:
        raise Http404
    return found


def invitation_by(token: str) -> tuple[Invitation, bool]:
    """The invitation of a link, and whether this link is still good. Raises Http404.

    Whoever has the token may see the invitation: it reached them at its address.
    """
    with all_tenants(reason="finding the invitation of a link"):
        links = InvitationLink.objects.select_related("invitation__tenant")
        link = links.filter(digest=digest_of(token)).first()
    if link is None:
        raise Http404
    return link.invitation, link.expires_at > timezone.now()
