"""What can be done to people and tenants: verbs, without a request."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Membership, StaffAssignment, Tenant, User

ROLES = ("owner", "viewer", "staff", "agency-owner")


class RoleError(ValueError):
    """The role and the tenant do not go together."""


@transaction.atomic
def add_person(
    *, email: str, role: str, tenant: Tenant | None = None, password: str | None = None, name: str = ""
) -> User:
    """Adds a person in a role, or gives the role to one who is there; an existing password stays.

    `role` is one of ROLES; owner and viewer need a tenant, staff may have one (an assignment), the
    agency's owner has none. Raises RoleError. Runs inside a scope that holds the tenant.
    """
    _check(role, tenant)
    user = _person(email, password, name)
    if role in {"staff", "agency-owner"}:
        user.is_staff = True
        user.is_superuser = user.is_superuser or role == "agency-owner"
        user.save(update_fields=["is_staff", "is_superuser"])
    if role in {"owner", "viewer"}:
        Membership.objects.update_or_create(tenant=tenant, user=user, defaults={"role": role})
    elif tenant is not None:
        StaffAssignment.objects.get_or_create(tenant=tenant, user=user)
    return user


def _check(role: str, tenant: Tenant | None) -> None:
    if role not in ROLES:
        raise RoleError(f"the role must be one of: {', '.join(ROLES)}")
    if role in {"owner", "viewer"} and tenant is None:
        raise RoleError(f"a person with the role {role} needs a tenant")
    if role == "agency-owner" and tenant is not None:
        raise RoleError("the agency's owner belongs to no tenant")


def _person(email: str, password: str | None, name: str) -> User:
    user = User.objects.filter(email__iexact=email).first()
    if user is None:
        user = User.objects.create_user(email, password, name=name)
    elif password and not user.has_usable_password():
        user.set_password(password)
        user.save(update_fields=["password"])
    confirm_email(user)
    return user


def confirm_email(user: User) -> None:
    """Takes the person's address as verified: staff vouch for it, or a mail to it was answered."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
