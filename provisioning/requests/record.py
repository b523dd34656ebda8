"""The only place that moves a request from state to state: row and history in one transaction."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts import audit
from accounts.audit.facts import current
from google_api import errors
from provisioning.models import ProvisioningRequest, RequestEvent


@transaction.atomic
def done(request: ProvisioningRequest, state: str, *, who: str = "", detail: str = "", **facts: Any) -> None:
    """A step was done, and these facts came of it."""
    _move(request, state, reason="", reason_detail="", **facts)
    _write(request, state, "", detail, who, kind="setup.step")


@transaction.atomic
def ended(request: ProvisioningRequest, state: str, reason: str, *, detail: str = "", who: str = "") -> None:
    """The request stands still, for this reason, until somebody takes it up again.

    One that is live stays so: what goes wrong afterwards (a further consent, denied) takes nothing back.
    """
    if request.state == ProvisioningRequest.State.LIVE:
        noted(request, reason, detail=detail, who=who)
        return
    _move(request, state, reason=reason, reason_detail=detail[:300])
    _write(request, state, reason, detail, who, kind="setup.stopped")


def failed(request: ProvisioningRequest, error: errors.GoogleError) -> None:
    """A call of ours to Google failed."""
    ended(request, ProvisioningRequest.State.FAILED, error.code, detail=error.log_detail)


def noted(request: ProvisioningRequest, code: str, *, detail: str = "", who: str = "") -> None:
    """Something worth knowing happened, and changed nothing."""
    _write(request, request.state, code, detail, who, kind="setup.noted")


def _move(request: ProvisioningRequest, state: str, **facts: Any) -> None:
    for name, value in {"state": state, **facts}.items():
        setattr(request, name, value)
    request.changed_at = timezone.now()
    request.save(update_fields=["state", "changed_at", *facts])


def _write(request: ProvisioningRequest, state: str, code: str, detail: str, who: str, *, kind: str) -> None:
    RequestEvent.objects.create(
        tenant_id=request.tenant_id,
        request=request,
        state=state,
        code=code,
        detail=detail[:300],
        who=who[:254],
    )
    signed_in = current().who  # at Google they may be somebody else
    audit.record(
        kind,
        tenant=request.tenant,
        target=f"{request}: {state}",
        who=signed_in or who,
        on_behalf_of=who if signed_in and who else request.email,
        details={"request": request.pk, "reason": code, "said": detail},
    )
