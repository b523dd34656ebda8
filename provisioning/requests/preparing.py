"""Requests that staff prepare for a customer, and the links by which somebody comes to a request: verbs.

`mails` sends the mails afterwards. All run inside the tenant's scope.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.models import Tenant
from accounts.tokens import Token, new_token
from provisioning.models import ProvisioningRequest, RequestLink
from provisioning.protocols.chosen import protocol_now
from provisioning.requests import record
from provisioning.requests.details import DEFAULT_ZONE, website_of

State = ProvisioningRequest.State
GOOD_FOR = datetime.timedelta(days=14)
RESEND_AFTER = datetime.timedelta(minutes=1)  # a double click, a second tab
RENEW_AFTER = datetime.timedelta(hours=1)  # whoever holds an old link may have a mail sent no more often
REQUIRED = ("account_name", "property_name", "website", "view_name")
DETAILS = (*REQUIRED, "time_zone", "currency", "country", "industry")


class PreparingError(ValueError):
    """The request cannot be prepared, or its link not be sent, as things stand."""


class Incomplete(PreparingError):
    """The form is skipped only where all that it asks for is known; `missing` names what is not."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class TooSoon(PreparingError):
    """A mail went out a moment ago."""


class Over(PreparingError):
    """The request is live, or was cancelled: there is nothing to come to."""


@dataclass(frozen=True)
class Issued:
    """A request with the token of its newest link, which exists only until the mail is written."""

    request: ProvisioningRequest
    token: Token


@transaction.atomic
def prepare(
    *, tenant: Tenant, email: str, way: str, details: Mapping[str, str], skips_form: bool, prepared_by: str
) -> Issued:
    """A request for whoever has this address, with what is known filled in, and a link to it.

    Raises Incomplete where the form is to be skipped and too little is known. A website may stand as typed.
    """
    known = _known(details)
    missing = [name for name in REQUIRED if not known[name]]
    is_existing = way == ProvisioningRequest.Way.EXISTING
    if skips_form and missing and not is_existing:
        raise Incomplete(missing)
    request = ProvisioningRequest(
        tenant=tenant,
        email=email.lower(),
        way=way,
        protocol=protocol_now(),
        prepared_by=prepared_by,
        skips_form=skips_form,
        **known,
    )
    request.save()
    record.noted(request, "prepared", who=prepared_by)
    if skips_form and not is_existing:
        zone = request.time_zone or DEFAULT_ZONE
        record.done(request, State.DETAILS, who=prepared_by, details_at=timezone.now(), time_zone=zone)
    return issue(request=request)


def _known(details: Mapping[str, str]) -> dict[str, str]:
    """All details, empty where nothing is known; a website that is none counts as unknown."""
    known = {name: str(details.get(name, "")).strip() for name in DETAILS}
    try:
        known["website"] = website_of(known["website"]) if known["website"] else ""
    except ValueError:
        known["website"] = ""
    return known


@transaction.atomic
def issue(*, request: ProvisioningRequest, after: datetime.timedelta | None = None) -> Issued:
    """A new link to a request that is under way, good for GOOD_FOR. Older links keep their own end.

    Raises Over; TooSoon when the last one is younger than `after`.
    """
    locked = ProvisioningRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if locked.state in (State.LIVE, State.CANCELLED):
        raise Over
    if after and locked.links.filter(created_at__gt=timezone.now() - after).exists():
        raise TooSoon
    token = new_token()
    RequestLink.objects.create(
        tenant_id=request.tenant_id,
        request=request,
        prefix=token.prefix,
        digest=token.digest,
        expires_at=timezone.now() + GOOD_FOR,
    )
    return Issued(request, token)


def unsend(*, issued: Issued) -> None:
    """The mail did not go out, so nobody has this link, and nobody has to wait before the next try."""
    RequestLink.objects.filter(digest=issued.token.digest).delete()
