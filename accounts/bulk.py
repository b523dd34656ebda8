"""What the admin does to many rows at once, in few queries, and its history: verbs, without a request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.admin.models import CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import PROTECT, RESTRICT, ManyToOneRel, Model, ProtectedError, QuerySet, RestrictedError
from django.utils import timezone

from accounts.audit import history
from accounts.models import Invitation, StaffAssignment, Tenant, User

LOGGED_AT_ONCE = 2_000


@transaction.atomic
def note(*, rows: Iterable[Model], message: str, by: int, flag: int = CHANGE, kind: str = "") -> None:
    """Writes into each row's history, and into the record, that the person `by` did what `message` says;
    `kind` is what the record calls it, where it has a name of its own.
    """
    rows = list(rows)
    for at in range(0, len(rows), LOGGED_AT_ONCE):
        some = rows[at : at + LOGGED_AT_ONCE]
        logs = LogEntry.objects.bulk_create(_line(row, message, by, flag) for row in some)
        history.copy(logs, some, kind=kind)


def _line(row: Model, message: str, by: int, flag: int) -> LogEntry:
    return LogEntry(
        user_id=by,
        content_type=ContentType.objects.get_for_model(row, for_concrete_model=False),
        object_id=str(row.pk),
        object_repr=str(row)[:200],
        action_flag=flag,
        change_message=message,
    )


@transaction.atomic
def pause(*, tenants: QuerySet[Tenant], message: str, by: int) -> int:
    """Pauses those that are open; returns how many."""
    return _set(tenants.filter(paused_at=None), message, by, kind="client.paused", paused_at=timezone.now())


@transaction.atomic
def resume(*, tenants: QuerySet[Tenant], message: str, by: int) -> int:
    """Opens those that are paused; returns how many."""
    return _set(tenants.exclude(paused_at=None), message, by, kind="client.resumed", paused_at=None)


@transaction.atomic
def assign_staff(*, tenants: QuerySet[Tenant], staff: Sequence[User], message: str, by: int) -> None:
    """Gives these tenants to each of these staff to look after; who does already stays."""
    found = list(tenants.order_by())
    rows = [StaffAssignment(tenant=tenant, user=user) for tenant in found for user in staff]
    StaffAssignment.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)
    note(rows=found, message=message, by=by, kind="people.assigned")


@transaction.atomic
def withdraw(*, invitations: QuerySet[Invitation], message: str, by: int) -> int:
    """Withdraws those without an answer; returns how many."""
    waiting = invitations.filter(accepted_at=None, withdrawn_at=None)
    return _set(waiting, message, by, kind="people.withdrawn", withdrawn_at=timezone.now())


def _set(rows: QuerySet[Any], message: str, by: int, *, kind: str, **values: Any) -> int:
    """The history first: afterwards the rows are no longer those that the query finds."""
    found = list(rows.order_by().select_related(None).select_for_update(of=("self",)))
    note(rows=found, message=message, by=by, kind=kind)
    return rows.order_by().update(**values) if found else 0


@transaction.atomic
def delete(*, model: type[Model], ids: Sequence[Any], by: int) -> int:
    """Deletes those of these rows that nothing holds, with all that goes along; returns how many."""
    held = _held(model, ids)
    found = [row for row in model._default_manager.filter(pk__in=ids) if row.pk not in held]
    gone = _delete_free(model, found)
    note(rows=gone, message="", by=by, flag=DELETION)
    return len(gone)


def _held(model: type[Model], ids: Sequence[Any]) -> set[Any]:
    """Which of them other rows hold: Django would load all of these, fifty thousand perhaps, to say so."""
    held: set[Any] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ManyToOneRel) and relation.on_delete in (PROTECT, RESTRICT):
            holders: Any = relation.related_model
            name = relation.field.name
            users = holders._default_manager.filter(**{f"{name}__in": ids}).order_by()
            held.update(users.values_list(name, flat=True).distinct())
    return held


def _delete_free(model: type[Model], rows: list[Any]) -> list[Any]:
    """Those that could be deleted. Where some are held all the same, further off, it tries half by half."""
    if not rows or _deleted(model._default_manager.filter(pk__in=[row.pk for row in rows])):
        return rows
    half = len(rows) // 2
    return _delete_free(model, rows[:half]) + _delete_free(model, rows[half:]) if half else []


def _deleted(rows: QuerySet[Any]) -> bool:
    """Whether they could be deleted: all of them or none."""
    try:
        with transaction.atomic():
            rows.delete()
    except (ProtectedError, RestrictedError):
        return False
    return True
