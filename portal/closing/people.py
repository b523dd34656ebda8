"""The people of a client that is closed: whoever belongs nowhere else can sign in no more."""

from __future__ import annotations

from accounts.models import Membership, StaffAssignment, Tenant, User


def show_out(tenant: Tenant) -> int:
    """Deactivates them, as the admin does, and says how many; who works for the agency stays. The agency's
    owner may let somebody in again.
    """
    here = Membership.objects.filter(tenant=tenant).values("user")
    elsewhere = Membership._base_manager.exclude(tenant=tenant).values("user")
    looking_after = StaffAssignment._base_manager.values("user")
    gone = User.objects.filter(pk__in=here, is_staff=False, is_superuser=False)
    return gone.exclude(pk__in=elsewhere).exclude(pk__in=looking_after).update(is_active=False)
