"""Refuses views that do not say who may call them, and gives the admin its tenant scope."""

import logging
from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.access import assigned_tenant_ids
from accounts.tenancy import all_tenants, tenant_scope

logger = logging.getLogger(__name__)
Handler = Callable[[HttpRequest], HttpResponse]

# Packages whose views guard themselves.
GUARDED_ELSEWHERE = {
    "admin": "the Django admin asks for staff and each model's own permissions",
    "allauth": "sign-in, sign-out and the person's own account",
}


def access_mark(view: Callable[..., Any], namespaces: list[str]) -> str:
    """Who may call a view, in words; empty when it does not say."""
    mark: str = getattr(view, "access_mark", "")
    if mark:
        return mark
    if "admin" in namespaces:
        return GUARDED_ELSEWHERE["admin"]
    view_class = getattr(view, "view_class", view)
    return GUARDED_ELSEWHERE.get(view_class.__module__.partition(".")[0], "")


class AccessMarkMiddleware:
    """Deny by default: a view without a mark answers nobody."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any) -> None:
        """Raises PermissionDenied for a view that does not say who may call it."""
        match = request.resolver_match
        if match and not access_mark(view, match.namespaces):
            logger.error("the view %s does not say who may call it", match.view_name)
            raise PermissionDenied


class AdminScopeMiddleware:
    """Inside the admin, staff see their assigned tenants and the owner all."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not request.path.startswith(reverse("admin:index")) or not user.is_staff or not user.is_active:
            return self.get_response(request)
        if user.is_superuser:
            with all_tenants(reason="the agency owner in the admin"):
                return self.get_response(request)
        with tenant_scope(assigned_tenant_ids(user)):
            return self.get_response(request)
