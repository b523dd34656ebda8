"""Copies what the admin keeps as its history into the record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.admin.models import ADDITION, DELETION, LogEntry
from django.db.models import Model

from accounts.audit.writing import entry, record_all
from accounts.models import AuditEntry, Tenant, User

FLAGS = {ADDITION: "admin.added", DELETION: "admin.deleted"}
CHANGED = "admin.changed"


def copy_one(log: LogEntry) -> None:
    """One act on one row, which may be gone."""
    model: Any = log.content_type.model_class() if log.content_type else None
    row = model._base_manager.filter(pk=log.object_id).first() if model else None
    copy([log], [row])


def copy(logs: Sequence[LogEntry], rows: Sequence[Model | None], *, kind: str = "") -> None:
    """What one person did to many rows, each with its line of the history; `kind` where it has a name."""
    tenants, by = _tenants(rows), _address_of(logs)
    record_all(
        [
            _entry(log, tenants.get(_tenant_id(row)), kind or FLAGS.get(log.action_flag, CHANGED), by)
            for log, row in zip(logs, rows, strict=True)
        ]
    )


def _entry(log: LogEntry, tenant: Tenant | None, kind: str, by: str) -> AuditEntry:
    name = str(log.content_type.name) if log.content_type else ""
    said = {"change": log.get_change_message()} if log.change_message else {}
    target = f"{name} {log.object_repr}".strip()
    return entry(kind, tenant=tenant, who=by, target=target, details=said)


def _address_of(logs: Sequence[LogEntry]) -> str:
    person = User.objects.filter(pk=logs[0].user_id).values_list("email", flat=True)
    return person.first() or ""


def _tenants(rows: Iterable[Model | None]) -> dict[Any, Tenant]:
    """The tenants of these rows, by id; those that are gone are known from the rows themselves."""
    gone = {row.pk: row for row in rows if isinstance(row, Tenant)}
    wanted = {_tenant_id(row) for row in rows} - {None} - set(gone)
    return {**gone, **Tenant._base_manager.in_bulk(wanted)}


def _tenant_id(row: Model | None) -> Any:
    return row.pk if isinstance(row, Tenant) else getattr(row, "tenant_id", None)
