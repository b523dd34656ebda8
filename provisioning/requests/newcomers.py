"""A person without a client gets a client of their own, where the agency lets strangers sign up."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import transaction
from django.utils.text import slugify

from accounts.models import Membership, Tenant, User
from accounts.tenancy import tenant_scope

SHARED_HOSTS = frozenset(
    {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "icloud.com", "yahoo.com"}
)
"""Mail providers: the name before the @ says more than the one behind."""


@transaction.atomic
def tenant_for_newcomer(user: User) -> Tenant | None:
    """A tenant that the person owns; None where somebody of the agency must make one. Twice is once."""
    if settings.SIGNUP != "open" or user.is_staff:
        return None
    User.objects.select_for_update().get(pk=user.pk)
    mine = Membership._base_manager.filter(user=user).select_related("tenant").first()
    if mine is not None:
        return mine.tenant if mine.role == Membership.Role.OWNER else None
    tenant = _new(_name_of(user))
    with tenant_scope({tenant.pk}):
        tenant.save()
        Membership.objects.create(tenant=tenant, user=user, role=Membership.Role.OWNER)
    return tenant


def new_tenant(name: str) -> Tenant:
    """A tenant whose address follows from its name. Runs inside a scope of all tenants."""
    tenant = _new(name)
    tenant.save()
    return tenant


def _new(name: str) -> Tenant:
    tenant: Tenant = Tenant.objects.model(slug=_free_slug(name), name=name, id=uuid.uuid4())
    return tenant


def _name_of(user: User) -> str:
    local, _, host = user.email.partition("@")
    return user.name or (local if host in SHARED_HOSTS else host.partition(".")[0]).replace("-", " ").title()


def _free_slug(name: str) -> str:
    base = slugify(name)[:40] or "client"
    taken = set(Tenant._base_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    return base if base not in taken else f"{base}-{uuid.uuid4().hex[:6]}"
