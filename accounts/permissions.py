"""Who may call what: every view carries a mark, and one without is refused (see the middleware)."""

from collections.abc import Callable
from enum import Enum
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts import access
from accounts.models import Tenant, User
from accounts.tenancy import tenant_scope

View = TypeVar("View", bound=Callable[..., HttpResponse])


class TenantRequest(HttpRequest):
    """The request of a signed-in person on a tenant's page."""

    user: User
    tenant: Tenant
    may_manage_people: bool


class Capability(Enum):
    """What a caller must be able to do."""

    SIGN_IN = "be signed in"
    READ_VIEWS = "read views of the tenant in the address"
    MANAGE_PEOPLE = "invite to the tenant in the address, and show out"


def public(why: str) -> Callable[[View], View]:
    """Marks a view that anybody may call; `why` tells the reader of a security review."""

    def mark(view: View) -> View:
        view.access_mark = f"public: {why}"  # type: ignore[attr-defined]
        return view

    return mark


def requires(capability: Capability) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Marks a view that needs `capability`, and sees to it.

    All but SIGN_IN turn the address's tenant into `request.tenant` (404 for whoever may not see it) and
    run the view inside that tenant's scope. A member without the right is answered 403; so are all
    members while the tenant is paused, with a page that says so.
    """

    def mark(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not request.user.is_authenticated:
                return sign_in_first(request)
            if capability is Capability.SIGN_IN:
                return view(request, *args, **kwargs)
            tenant = access.tenant_for(request.user, kwargs.pop("tenant"))
            request.tenant = tenant  # type: ignore[attr-defined]
            with tenant_scope({tenant.pk}):
                if not access.is_open_to(request.user, tenant):
                    return paused(request, tenant)
                may_manage = access.may_manage_people(request.user, tenant)
                if capability is Capability.MANAGE_PEOPLE and not may_manage:
                    raise PermissionDenied
                request.may_manage_people = may_manage  # type: ignore[attr-defined]  # menus ask
                return view(request, *args, **kwargs)

        guarded.access_mark = capability.value  # type: ignore[attr-defined]
        return guarded

    return mark


def paused(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """What a paused tenant's people see; for a script, the same in a sentence."""
    if request.path.endswith(".json"):
        return JsonResponse({"error": _("These pages are paused. Your agency can open them.")}, status=403)
    return render(request, "accounts/paused.html", {"tenant": tenant}, status=403)


def sign_in_first(request: HttpRequest) -> HttpResponse:
    """The sign-in page; for a script, which could not follow there, a plain 401."""
    if request.path.endswith((".json", "/access-token")):
        return JsonResponse({"error": _("Your session has ended. Sign in again.")}, status=401)
    return redirect_to_login(request.get_full_path())
