"""What can be done to provisioning requests: verbs, without a request of a browser's.

All run inside the tenant's scope.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import Tenant, User
from google_api import errors, oauth, scopes
from google_api.identity import Identity
from provisioning import grants
from provisioning.models import ProvisioningRequest
from provisioning.protocols.chosen import protocol_now
from provisioning.requests import record
from provisioning.requests.details import Details
from provisioning.requests.steps import missing_scopes, reached

State = ProvisioningRequest.State
UNTOUCHED_FOR = datetime.timedelta(hours=1)
IDENTITY_SCOPES = frozenset({scopes.OPENID, scopes.EMAIL, scopes.PROFILE})


@transaction.atomic
def start(
    *, tenant: Tenant, user: User, way: str, known: dict[str, str] | None = None
) -> ProvisioningRequest:
    """A new request, with the details that are known already; the same person's untouched one of the same
    way where there is one (a double click)."""
    Tenant.objects.select_for_update().get(pk=tenant.pk)
    since = timezone.now() - UNTOUCHED_FOR
    mine = ProvisioningRequest.objects.filter(tenant=tenant, user=user, way=way, state=State.STARTED)
    request = mine.filter(created_at__gt=since).first()
    if request is None:
        request = ProvisioningRequest(
            tenant=tenant, user=user, way=way, protocol=protocol_now(), email=user.email
        )
        request.save()
        record.noted(request, "started", who=user.email)
    if known:
        keep_draft(request=request, typed=known)
    return request


@transaction.atomic
def save_details(*, request: ProvisioningRequest, details: Details, who: str) -> None:
    """Keeps what the customer typed. What stands at Google already is not changed by it."""
    facts: dict[str, Any] = {**details.as_columns(), "details_at": timezone.now()}
    state = State.DETAILS if reached(request) in (State.STARTED, State.DETAILS) else reached(request)
    record.done(request, state, who=who, **facts)


def keep_draft(*, request: ProvisioningRequest, typed: dict[str, str]) -> None:
    """Keeps what was typed although it is not right yet, cut to what the columns hold."""
    fields = {field.name: field for field in request._meta.concrete_fields}
    for name, value in typed.items():
        setattr(request, name, value.replace("\0", "")[: fields[name].max_length])
    request.save(update_fields=list(typed))


def authorise(
    *, request: ProvisioningRequest, tokens: oauth.Tokens, person: Identity, user: User | None
) -> None:
    """Keeps the grant that a consent for this request gave; what was unticked is said, not asked at once."""
    if not tokens.scopes - IDENTITY_SCOPES and request.grant is None:
        grants.discard(tokens=tokens, person=person)
        record.ended(request, State.DENIED, "scopes_missing", detail="none granted", who=person.email)
        return
    if request.account_id and request.grant and request.grant.subject != person.subject:
        grants.discard(tokens=tokens, person=person)
        record.ended(request, State.FAILED, "wrong_account", detail=person.email, who=person.email)
        return
    grant = grants.keep(tokens=tokens, person=person, tenant=request.tenant, user=user)
    request.grant = grant
    request.save(update_fields=["grant"])
    if missing := missing_scopes(request):
        names = " ".join(sorted(scope.rpartition("/")[2] for scope in missing))
        record.ended(request, State.FAILED, "scopes_missing", detail=names, who=person.email)
        return
    record.done(request, reached(request), who=person.email, detail="authorised")


def deny(*, request: ProvisioningRequest, error: str, who: str) -> None:
    """Google sent the person back without a code."""
    reasons = {
        "access_denied": (State.DENIED, "consent_denied"),
        "admin_policy_enforced": (State.FAILED, "admin_policy_enforced"),
    }
    state, reason = reasons.get(error, (State.FAILED, "unknown_consent_error"))
    record.ended(request, state, reason, detail=error[:100], who=who)


def fail(*, request: ProvisioningRequest, error: errors.GoogleError) -> None:
    """A call to Google for this request failed."""
    record.failed(request, error)


def cancel(*, request: ProvisioningRequest, who: str) -> None:
    """Stands still until somebody takes it up again. Nothing at Google is undone."""
    if request.state not in (State.LIVE, State.CANCELLED):
        record.ended(request, State.CANCELLED, "cancelled", who=who)


def resume(*, request: ProvisioningRequest, who: str) -> None:
    """Takes an ended request up again, at the first step that its row does not have."""
    if request.has_ended:
        record.done(request, reached(request), who=who)


def skip_sharing(*, request: ProvisioningRequest, who: str) -> None:
    """The grant feeds the view: the customer would not let us invite the service account."""
    request.is_sharing_skipped = True
    request.save(update_fields=["is_sharing_skipped"])
    resume(request=request, who=who)
