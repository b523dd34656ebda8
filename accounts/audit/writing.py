"""Writes the record. Whoever does something worth knowing calls `record`, inside the same transaction: what
was done and what is said of it stand or fall together.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from accounts.audit import masking
from accounts.audit.facts import current
from accounts.audit_kinds import area_of
from accounts.models import AuditEntry, Membership, Tenant, User

AT_ONCE = 1_000


def record(
    kind: str,
    *,
    tenant: Tenant | None = None,
    target: str = "",
    who: str | None = None,
    on_behalf_of: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Writes one entry. `kind` is one of KINDS, `target` says in words whom or what it concerned, `who` is
    the e-mail address of whoever did it, else that of the request being answered; nobody stands for the
    portal itself. Without a tenant it is the agency's own. Needs no tenant scope.
    """
    entry(kind, tenant=tenant, target=target, who=who, on_behalf_of=on_behalf_of, details=details).save()


def record_of_person(kind: str, user: User, *, who: str | None = None, target: str = "") -> None:
    """Writes that something happened to a person's own sign-in, by default by themselves: one entry for each
    client that they are a member of, or the agency's own where there is none.
    """
    mine = Membership._base_manager.filter(user=user).values("tenant_id")
    tenants: list[Tenant | None] = list(Tenant._base_manager.filter(pk__in=mine).order_by())
    by = user.email if who is None else who
    record_all([entry(kind, tenant=each, who=by, target=target) for each in tenants or [None]])


def record_all(entries: Iterable[AuditEntry]) -> None:
    """Writes many, made by `entry`, in few queries."""
    AuditEntry.written.bulk_create(entries, batch_size=AT_ONCE)


def entry(
    kind: str,
    *,
    tenant: Tenant | None = None,
    target: str = "",
    who: str | None = None,
    on_behalf_of: str = "",
    details: dict[str, Any] | None = None,
) -> AuditEntry:
    """An entry that is not written yet; see `record`."""
    facts = current()
    made = AuditEntry(
        kind=kind,
        area=area_of(kind),
        who=masking.text(facts.who if who is None else who, 254).lower(),
        on_behalf_of=masking.text(on_behalf_of, 254),
        target=masking.text(target),
        tenant_id=tenant.pk if tenant else None,
        tenant_slug=tenant.slug if tenant else "",
        tenant_name=tenant.name if tenant else "",
        ip=facts.ip,
        agent=masking.text(facts.agent),
        details=masking.details(details or {}),
    )
    made.words = _words(made)
    return made


def _words(made: AuditEntry) -> str:
    """All that a search should find, in small letters. The kind's words in whichever language are not among
    it: its area is chosen from a list."""
    parts = (
        made.who, made.target, made.on_behalf_of, made.tenant_name, made.tenant_slug, made.ip or "",
        made.kind, *(str(each) for each in made.details.values()),
    )  # fmt: skip
    return " ".join(filter(None, parts)).lower()
