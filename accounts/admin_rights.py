"""Who may do what in the admin: the agency's owner everything, staff what a class allows them.

Decided by is_superuser and is_staff, not by Django's permissions per model, which nobody grants here. Which
rows there are is the tenant scope's affair; that a row is of a tenant in scope is checked here once more.
"""

from __future__ import annotations

import uuid

from django.db.models import Model
from django.http import HttpRequest

from accounts.models import Tenant
from accounts.tenancy import current_scope


def is_agency_owner(request: HttpRequest) -> bool:
    """Whether the person asking owns the agency."""
    return bool(request.user.is_active and request.user.is_superuser)


def asker_id(request: HttpRequest) -> int:
    """Who asks, for the history."""
    return request.user.pk  # type: ignore[return-value]


class OwnerOnly:
    """For a ModelAdmin or an inline: nobody but the agency's owner."""

    staff_may: frozenset[str] = frozenset()

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether it stands in the admin's index."""
        return self._may(request, "view", None)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the row, or without one any, may be read."""
        return self._may(request, "view", obj)

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether rows may be added; an inline names the row it stands in."""
        return self._may(request, "add", obj)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the row, or without one any, may be changed."""
        return self._may(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whether the row, or without one any, may be deleted."""
        return self._may(request, "delete", obj)

    def _may(self, request: HttpRequest, act: str, row: Model | None) -> bool:
        if is_agency_owner(request):
            return True
        user = request.user
        return bool(user.is_active and user.is_staff and act in self.staff_may and self._reaches(act, row))

    def _reaches(self, act: str, row: Model | None) -> bool:
        """Whether staff reach the row: it belongs to a tenant in scope, and not to the agency itself."""
        return row is None or current_scope().holds(tenant_id_of(row))


class StaffToo(OwnerOnly):
    """Staff too, for rows of the tenants they look after."""

    staff_may = frozenset({"view", "add", "change", "delete"})


def tenant_id_of(row: Model) -> uuid.UUID | None:
    """The id of the tenant that a row belongs to, or is."""
    return row.pk if isinstance(row, Tenant) else row.tenant_id  # type: ignore[attr-defined]
