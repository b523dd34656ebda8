"""Which service account reaches a line's property, and how Google described that property."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Tenant
from dashboards.bulk.table import Row
from dashboards.models import validate_time_zone
from google_api.errors import GoogleError
from provisioning import flows
from provisioning.models import Credential, ReachableProperty


class LineError(ValueError):
    """Something that a line names is not to be had; its text is a sentence in the reader's language."""


@dataclass(frozen=True)
class Source:
    """What a view's data is fetched with, and of."""

    credential: Credential
    reached: ReachableProperty


class Sources:
    """The service accounts that these lines name, with the properties they reach.

    Where a property is missing, Google is asked for the account's list anew, once per account: a property
    may have been shared with it since.
    """

    def __init__(self, rows: Iterable[Row], tenants: Mapping[str, Tenant]) -> None:
        self._tenants = tenants
        self._accounts: dict[str, list[Credential]] = defaultdict(list)
        for credential in Credential.objects.order_by("created_at"):
            self._accounts[credential.email.lower()].append(credential)
        self._reached: dict[tuple[uuid.UUID, str], ReachableProperty] = {}
        self._failures: dict[uuid.UUID, GoogleError] = {}
        rows = list(rows)
        self._read({credential.pk: credential for row in rows for credential in self._candidates(row)})
        self._ask_google_for_missing(rows)

    def of(self, row: Row) -> Source:
        """The client's own account before the agency's. Raises LineError."""
        candidates = self._candidates(row)
        if not candidates:
            raise LineError(
                _("No service account “%(email)s” is stored, neither the agency's nor this client's own.")
                % {"email": row.service_account}
            )
        found = self._reaching(candidates, row)
        if found is None:
            raise LineError(self._why_not_reached(candidates, row))
        if not _is_known_zone(found.reached.time_zone):
            raise LineError(
                _("The time zone of property %(property)s, “%(zone)s”, is unknown to this server.")
                % {"property": row.property, "zone": found.reached.time_zone}
            )
        return found

    def _candidates(self, row: Row) -> list[Credential]:
        tenant = self._tenants.get(row.tenant)
        named = self._accounts.get(row.service_account.lower(), [])
        own = [each for each in named if tenant is not None and each.tenant_id == tenant.pk]
        return own + [each for each in named if each.tenant_id is None]

    def _reaching(self, candidates: Sequence[Credential], row: Row) -> Source | None:
        for credential in candidates:
            if reached := self._reached.get((credential.pk, row.property)):
                return Source(credential, reached)
        return None

    def _read(self, credentials: Mapping[uuid.UUID, Credential]) -> None:
        for reached in ReachableProperty.objects.filter(credential__in=credentials.values()):
            self._reached[reached.credential_id, reached.property_id] = reached

    def _ask_google_for_missing(self, rows: Sequence[Row]) -> None:
        asked: dict[uuid.UUID, Credential] = {}
        for row in rows:
            candidates = self._candidates(row)
            if self._reaching(candidates, row) is None:
                asked |= {credential.pk: credential for credential in candidates}
        for credential in asked.values():
            if error := flows.list_properties(credential=credential):
                self._failures[credential.pk] = error
        self._read(asked)

    def _why_not_reached(self, candidates: Sequence[Credential], row: Row) -> str:
        sentence = _(
            "The service account does not reach property %(property)s: in Google Analytics, add "
            "%(email)s to the property as a viewer."
        ) % {"property": row.property, "email": row.service_account}
        failures = [self._failures[each.pk] for each in candidates if each.pk in self._failures]
        if not failures:
            return sentence
        return _(
            "Property %(property)s was not among those the service account reached, and asking Google again "
            "failed: %(why)s"
        ) % {"property": row.property, "why": _(failures[0].sentence)}


@cache
def _is_known_zone(name: str) -> bool:
    try:
        validate_time_zone(name)
    except ValidationError:
        return False
    return True
