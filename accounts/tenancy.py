"""Keeps tenants apart: outside a tenant scope, a query on a tenant's rows raises.

A scope is a set of tenants: one on a client's page, the assigned ones for agency staff in the admin,
all for the agency owner. Traversing a foreign key and raw SQL are outside a manager's reach; on
PostgreSQL composite foreign keys hold that line.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoTenantScope(RuntimeError):
    """A tenant's rows were asked for outside any tenant scope."""


class OutsideTenantScope(RuntimeError):
    """A row was about to be written for a tenant outside the scope, to point across tenants, or to move."""


@dataclass(frozen=True)
class Scope:
    """The tenants whose rows may be read and written; `tenants` is None for all of them."""

    tenants: frozenset[uuid.UUID] | None
    reason: str = ""

    def holds(self, tenant_id: uuid.UUID | None) -> bool:
        """Whether rows of this tenant may be written; the agency's own (None) only in a scope of all."""
        return self.tenants is None or (tenant_id is not None and tenant_id in self.tenants)


_scope: ContextVar[Scope | None] = ContextVar("tenant_scope", default=None)


@contextmanager
def _active(scope: Scope) -> Iterator[Scope]:
    token = _scope.set(scope)
    try:
        yield scope
    finally:
        _scope.reset(token)


@contextmanager
def tenant_scope(tenants: Collection[uuid.UUID]) -> Iterator[Scope]:
    """Inside, only rows of these tenants (by id) exist. Refuses None, which might come from a slip."""
    if any(not isinstance(tenant, uuid.UUID) for tenant in tenants):
        raise TypeError("a tenant scope takes the ids of tenants")
    with _active(Scope(frozenset(tenants))) as scope:
        yield scope


@contextmanager
def all_tenants(*, reason: str) -> Iterator[Scope]:
    """Inside, the rows of every tenant exist. `reason` says why; a test keeps the list of uses."""
    if not reason:
        raise TypeError("say why all tenants are in scope")
    with _active(Scope(None, reason)) as scope:
        yield scope


def current_scope() -> Scope:
    """The active scope. Raises NoTenantScope outside one."""
    scope = _scope.get()
    if scope is None:
        raise NoTenantScope("a tenant's rows were asked for outside tenant_scope() or all_tenants()")
    return scope


class ScopedQuerySet(models.QuerySet[Any]):
    """Refuses bulk writes that would cross tenants."""

    def update(self, **values: Any) -> int:
        """As Django's, but rows never change their tenant."""
        if "tenant" in values or "tenant_id" in values:
            raise OutsideTenantScope("a row never moves to another tenant")
        return super().update(**values)

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """As Django's, for rows whose tenant is in scope."""
        rows = list(objs)
        for row in rows:
            row.check_tenant()
        return super().bulk_create(rows, *args, **kwargs)


class TenantManager(models.Manager[Any]):
    """Rows of the tenants in scope. `path` leads from the model to the tenant's id."""

    path = "tenant_id"
    _queryset_class = ScopedQuerySet

    def get_queryset(self) -> models.QuerySet[Any]:
        """Raises NoTenantScope outside a scope."""
        scope = current_scope()
        rows = super().get_queryset()
        if scope.tenants is None:
            return rows
        return rows.filter(self._in_scope(scope.tenants))

    def _in_scope(self, tenants: frozenset[uuid.UUID]) -> models.Q:
        return models.Q(**{f"{self.path}__in": tenants})


class AgencyOrTenantManager(TenantManager):
    """Rows of the tenants in scope, and those that belong to the agency itself."""

    def _in_scope(self, tenants: frozenset[uuid.UUID]) -> models.Q:
        return super()._in_scope(tenants) | models.Q(tenant=None)


class TenantManagerOfTenants(TenantManager):
    """The tenants in scope."""

    path = "pk"


class _Owned(models.Model):
    """What rows with a tenant have in common: the checks on save."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    class Meta:
        abstract = True

    _stored_tenant_id: uuid.UUID | None
    tenant_id: uuid.UUID | None

    def save(self, *args: Any, **kwargs: Any) -> None:
        """As Django's, after check_tenant()."""
        self.check_tenant()
        super().save(*args, **kwargs)
        self._stored_tenant_id = self.tenant_id

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """As Django's, for a row whose tenant is in scope."""
        self._check_in_scope()
        return super().delete(*args, **kwargs)

    @classmethod
    def from_db(
        cls, db: str | None, field_names: Collection[str], values: Collection[Any], **kwargs: Any
    ) -> Self:
        """Remembers the stored tenant, so that a move is noticed without another query."""
        row = super().from_db(db, field_names, values, **kwargs)
        if "tenant_id" in row.__dict__:
            row._stored_tenant_id = row.__dict__["tenant_id"]
        return row

    def check_tenant(self) -> None:
        """Raises OutsideTenantScope unless the row and all it points at belong to one tenant in scope."""
        self._check_in_scope()
        if "_stored_tenant_id" in self.__dict__ and self._stored_tenant_id != self.tenant_id:
            raise OutsideTenantScope(f"a {self._meta.verbose_name} never moves to another tenant")
        for field in self._meta.concrete_fields:
            if isinstance(field, models.ForeignKey) and issubclass(field.related_model, _Owned):
                self._check_points_home(field)

    def _check_in_scope(self) -> None:
        if not current_scope().holds(self.tenant_id):
            raise OutsideTenantScope(f"a {self._meta.verbose_name} of a tenant outside the scope")

    def _check_points_home(self, field: models.ForeignKey[Any, Any]) -> None:
        target_id = getattr(self, field.attname)
        if target_id is None:
            return
        if field.is_cached(self):
            target_tenant = getattr(self, field.name).tenant_id
        else:
            rows = field.related_model._base_manager.filter(pk=target_id)
            target_tenant = rows.values_list("tenant_id", flat=True).first()
        if target_tenant is not None and target_tenant != self.tenant_id:
            raise OutsideTenantScope(f"{self._meta.verbose_name}.{field.name} belongs to another tenant")


class TenantModel(_Owned):
    """A row that belongs to exactly one tenant."""

    tenant = models.ForeignKey(
        "accounts.Tenant", on_delete=models.CASCADE, related_name="+", verbose_name=_("client")
    )

    objects = TenantManager()

    class Meta:
        abstract = True


class AgencyOrTenantModel(_Owned):
    """A row that belongs to one tenant, or to the agency and so may serve all of them."""

    tenant = models.ForeignKey(
        "accounts.Tenant",
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("client"),
        help_text=_("Empty: the agency's own, which may serve every client."),
    )

    objects = AgencyOrTenantManager()

    class Meta:
        abstract = True
