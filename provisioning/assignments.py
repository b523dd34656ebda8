"""Which clients a property of the agency's is for: staff see and pick only what is assigned to theirs.

A client's own credential is shared with nobody: there is nothing to assign, and the verbs do nothing.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.models import Tenant
from provisioning.models import Credential, PropertyAssignment

Pair = tuple[str, uuid.UUID]
"""A property's number and a tenant's id."""


def assigned() -> Exists:
    """The condition on ReachableProperty that it is assigned to a tenant in scope."""
    return _is_assigned(Q())


def assigned_to(tenant_id: uuid.UUID) -> Exists:
    """The condition on ReachableProperty that it is assigned to this tenant."""
    return _is_assigned(Q(tenant=tenant_id))


def _is_assigned(to_whom: Q) -> Exists:
    same = {"credential": OuterRef("credential"), "property_id": OuterRef("property_id")}
    return Exists(PropertyAssignment.objects.filter(to_whom, **same))


def tenants_of(credential_id: uuid.UUID, property_id: str) -> set[uuid.UUID]:
    """The tenants in scope that a property of the agency's is assigned to."""
    rows = PropertyAssignment.objects.filter(credential=credential_id, property_id=property_id)
    return set(rows.values_list("tenant_id", flat=True))


def by_property(credential: Credential, property_ids: Collection[str]) -> dict[str, list[Tenant]]:
    """To whom each of these properties is assigned, by name."""
    rows = PropertyAssignment.objects.filter(credential=credential, property_id__in=property_ids)
    found: dict[str, list[Tenant]] = defaultdict(list)
    for row in rows.select_related("tenant").order_by("tenant__name"):
        found[row.property_id].append(row.tenant)
    return found


def assign(*, credential: Credential, pairs: Iterable[Pair]) -> None:
    """Assigns properties to tenants; what is assigned already stays so."""
    if credential.tenant_id is None:
        PropertyAssignment.objects.bulk_create(
            [
                PropertyAssignment(credential=credential, property_id=property_id, tenant_id=tenant_id)
                for property_id, tenant_id in pairs
            ],
            ignore_conflicts=True,
        )


@transaction.atomic
def reassign(*, credential: Credential, wanted: Mapping[str, Collection[uuid.UUID]]) -> None:
    """From now on each property named is assigned to exactly these tenants; others stay as they are."""
    rows = PropertyAssignment.objects.filter(credential=credential, property_id__in=list(wanted))
    gone = [row.pk for row in rows if row.tenant_id not in wanted[row.property_id]]
    PropertyAssignment.objects.filter(pk__in=gone).delete()
    assign(credential=credential, pairs=[(each, tenant) for each in wanted for tenant in wanted[each]])
