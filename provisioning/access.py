"""From an id in an address to a provisioning request, or 404: fetching and checking are one act."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from accounts import access
from accounts.models import Tenant, User
from accounts.permissions import paused, sign_in_first
from accounts.tenancy import all_tenants, tenant_scope
from accounts.tokens import digest_of
from provisioning.models import Credential, ProvisioningRequest, RequestLink

LINKS = "provisioning_links"
"""Where a session keeps the ids of the links that it came by."""

View = Callable[..., HttpResponse]


def person(request: HttpRequest) -> User | None:
    """Who is signed in."""
    return request.user if isinstance(request.user, User) else None


def takes_part(view: View) -> View:
    """Marks a view of one provisioning request, and sees to it that the caller takes part in it.

    The request's id in the address becomes the object, and the view runs inside its tenant's scope. Whoever
    may not see it is answered 404; a viewer of the tenant 403.
    """

    @wraps(view)
    def guarded(request: HttpRequest, request_id: uuid.UUID, **kwargs: Any) -> HttpResponse:
        found = _find(request_id)
        if found is None or not _may_see(request, found):
            if not request.user.is_authenticated:
                return sign_in_first(request)
            raise Http404
        with tenant_scope({found.tenant_id}):
            if found.tenant.is_paused and not _looks_after(request, found.tenant):
                return paused(request, found.tenant)
            if not _may_work(request, found):
                raise PermissionDenied
            return view(request, found, **kwargs)

    guarded.access_mark = "take part in the provisioning request in the address"  # type: ignore[attr-defined]
    return guarded


def may_take_part(request: HttpRequest, found: ProvisioningRequest) -> bool:
    """Whether this caller may go on with it."""
    with tenant_scope({found.tenant_id}):
        return _may_see(request, found) and _may_work(request, found)


def _find(request_id: uuid.UUID) -> ProvisioningRequest | None:
    with all_tenants(reason="finding the provisioning request of an address"):
        rows = ProvisioningRequest.objects.select_related("tenant", "grant", "user")
        found: ProvisioningRequest | None = rows.filter(pk=request_id).first()
    return found


def _may_see(request: HttpRequest, found: ProvisioningRequest) -> bool:
    if _came_by_link(request, found):
        return True
    user = person(request)
    if user is None:
        return False
    try:
        access.tenant_for(user, found.tenant.slug)
    except Http404:
        return False
    return True


def _may_work(request: HttpRequest, found: ProvisioningRequest) -> bool:
    if _came_by_link(request, found):
        return True
    user = person(request)
    return user is not None and access.may_manage_people(user, found.tenant)


def _looks_after(request: HttpRequest, tenant: Tenant) -> bool:
    user = person(request)
    return user is not None and access.looks_after(user, tenant)


def _came_by_link(request: HttpRequest, found: ProvisioningRequest) -> bool:
    ids = request.session.get(LINKS, [])
    if not ids:
        return False
    with tenant_scope({found.tenant_id}):
        good = RequestLink.objects.filter(request=found, expires_at__gt=timezone.now())
        return bool(good.filter(pk__in=ids).exists())


def link_by(token: str) -> RequestLink:
    """The link of an invitation's address. Raises Http404."""
    with all_tenants(reason="finding the provisioning request of a link"):
        rows = RequestLink.objects.select_related("request__tenant", "request__grant", "request__user")
        found: RequestLink | None = rows.filter(digest=digest_of(token)).first()
    if found is None:
        raise Http404
    return found


def grant_for(tenant: Tenant, grant_id: uuid.UUID) -> Credential:
    """The tenant's connected Google account with this id. Raises Http404."""
    rows = Credential.objects.filter(tenant=tenant, kind=Credential.Kind.GRANT, pk=grant_id)
    found: Credential | None = rows.select_related("tenant", "consented_by").first()
    if found is None:
        raise Http404
    return found


def tenants_to_provision(user: User) -> list[Tenant]:
    """The tenants that this person may connect to Google: those they own or look after."""
    return [each for each in access.tenants_of(user) if access.may_manage_people(user, each)]
