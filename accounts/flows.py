"""What can be done to people and tenants: verbs, without a request."""

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.models import Membership, StaffAssignment, Tenant, User
from accounts.races import looks_again

ROLES = ("owner", "viewer", "staff", "agency-owner")


class RoleError(ValueError):
    """The role and the tenant do not go together."""


class LastOwner(ValueError):
    """A tenant that has an owner keeps one: somebody must be able to invite."""


@looks_again
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
    elif not user.has_usable_password() or _is_unproven(user):
        user.set_password(password or None)
        user.save(update_fields=["password"])
    confirm_email(user)
    return user


def _is_unproven(user: User) -> bool:
    """Whether somebody signed up under this address and never showed that it is theirs.

    Their password must not survive the moment we vouch for the address: whoever foresaw that a person
    would be added could have chosen it.
    """
    return not user.is_staff and not EmailAddress.objects.filter(user=user, verified=True).exists()


@transaction.atomic
def enrol(*, user: User, password: str | None = None) -> User:
    """Saves a new person whose address the agency vouches for. Without a password they set one by mail."""
    user.set_password(password or None)
    user.save()
    confirm_email(user)
    return user


@transaction.atomic
def change_address(*, user: User) -> None:
    """Saves a person under another address, which the agency vouches for; the old ones open nothing more."""
    user.save()
    EmailAddress.objects.filter(user=user).exclude(email=user.email).delete()
    confirm_email(user)


@transaction.atomic
def change_role(*, membership: Membership, role: str) -> None:
    """Makes a member an owner or a viewer. Raises LastOwner. Runs inside the tenant's scope."""
    if role != Membership.Role.OWNER:
        _keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])


@transaction.atomic
def remove_member(*, membership: Membership) -> None:
    """Ends a membership. Raises LastOwner. Runs inside the tenant's scope."""
    _keep_an_owner(membership)
    membership.delete()


def _keep_an_owner(membership: Membership) -> None:
    """Raises LastOwner where nobody but this member owns the tenant."""
    members = Membership.objects.filter(tenant=membership.tenant_id)
    owners = members.filter(role=Membership.Role.OWNER).select_for_update()
    if {each.pk for each in owners} == {membership.pk}:
        raise LastOwner


def confirm_email(user: User) -> None:
    """Takes the person's address as verified: staff vouch for it, or a mail to it was answered."""
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
