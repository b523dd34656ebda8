"""From an id in an address to the object, or 404: fetching and checking are one act."""

import uuid
from copy import copy
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Value
from django.http import Http404
from django.utils import timezone

from accounts.models import Invitation, InvitationLink, Membership, StaffAssignment, Tenant, User
from accounts.prepared import Prepared
from accounts.recalled import Recalled
from accounts.tenancy import all_tenants
from accounts.tokens import digest_of


@dataclass(frozen=True)
class Standing:
    """What one person is to one tenant."""

    role: str  # of a member; empty for everybody else
    all_views: bool
    looks_after: bool  # works for it: the agency's owner, and the staff assigned to it

    @property
    def is_owner(self) -> bool:
        """Whether they are a member who invites."""
        return self.role == Membership.Role.OWNER


def tenants_of(user: User) -> list[Tenant]:
    """The tenants this person may see, by name."""
    with all_tenants(reason="finding which tenants a person may see"):
        return list(_with_standing(Tenant.objects.reachable_by(user), user))


def tenant_for(user: User, slug: str) -> Tenant:
    """The tenant of this address. Raises Http404 when it is not there or not theirs."""
    if not user.is_staff and not user.is_superuser:
        return _tenant_of_member(user, slug)
    with all_tenants(reason="finding which tenants a person may see"):
        tenant = _with_standing(Tenant.objects.reachable_by(user), user).filter(slug=slug).first()
    if tenant is None:
        raise Http404
    return tenant


def _tenant_of_member(user: User, slug: str) -> Tenant:
    """The same for whoever is nothing but a member, which most readers are: by a query that costs little."""
    found = _tenants.get((user.pk, slug), lambda: _mine(user.pk, slug).select_related("tenant").first())
    if found is None or not user.is_active:
        raise Http404
    tenant: Any = copy(found.tenant)
    tenant.reader_id, tenant.reader_assigned = user.pk, False
    tenant.reader_role, tenant.reader_all_views = found.role, found.all_views
    return tenant


def _mine(user_id: int, slug: str) -> QuerySet[Membership]:
    return Membership._base_manager.filter(user=user_id, tenant__slug=slug)


def _rows_of_mine(user_id: int, slug: str) -> QuerySet[Any]:
    of_tenant = (f"tenant__{field.attname}" for field in Tenant._meta.concrete_fields)
    return _mine(user_id, slug).values_list("id", "role", "all_views", *of_tenant)


_tenants: Recalled[Membership | None] = Recalled(Prepared(_rows_of_mine))


def _with_standing(tenants: QuerySet[Tenant], user: User) -> QuerySet[Tenant]:
    """So that finding a tenant and knowing what the person is to it are one query."""
    mine = Membership._base_manager.filter(tenant=OuterRef("pk"), user=user)
    assigned = StaffAssignment._base_manager.filter(tenant=OuterRef("pk"), user=user)
    return tenants.annotate(
        reader_role=Subquery(mine.values("role")[:1]),
        reader_all_views=Subquery(mine.values("all_views")[:1]),
        reader_assigned=Exists(assigned),
        reader_id=Value(user.pk),
    )


def standing(user: User, tenant: Tenant) -> Standing:
    """What this person is to this tenant; asked again unless the tenant was found for this person."""
    found: Any = tenant
    if getattr(tenant, "reader_id", None) != user.pk:
        found = _with_standing(Tenant.objects.filter(pk=tenant.pk), user).get()
    return Standing(
        role=found.reader_role or "",
        all_views=bool(found.reader_all_views),
        looks_after=user.is_superuser or (user.is_staff and found.reader_assigned),
    )


def assigned_tenant_ids(user: User) -> set[uuid.UUID]:
    """The tenants that this staff member looks after."""
    return {row["tenant_id"] for row in StaffAssignment.tenant_ids_of(user)}


def looks_after(user: User, tenant: Tenant) -> bool:
    """Whether the person works for this tenant."""
    return standing(user, tenant).looks_after


def may_manage_people(user: User, tenant: Tenant) -> bool:
    """Whether the person may invite to the tenant and show out: its owners, and whoever looks after it."""
    found = standing(user, tenant)
    return found.is_owner or found.looks_after


def is_open_to(user: User, tenant: Tenant) -> bool:
    """Whether the tenant's pages open for a person who reaches it: while paused, not for its members."""
    return not tenant.is_paused or looks_after(user, tenant)


def paused_for(user: User) -> list[Tenant]:
    """The person's tenants that are closed to them for now."""
    return [tenant for tenant in tenants_of(user) if not is_open_to(user, tenant)]


def sees_every_view(user: User, tenant: Tenant) -> bool:
    """Whether all views of the tenant are this person's to see: owners, staff, and most viewers."""
    found = standing(user, tenant)
    return found.looks_after or found.is_owner or found.all_views


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
