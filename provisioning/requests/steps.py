"""What comes next in a request: the first thing that its row does not have. Asks nobody."""

from __future__ import annotations

from enum import Enum

from django.db.models import QuerySet

from google_api import scopes
from provisioning.models import AccountTicket, Credential, ProvisioningRequest
from provisioning.protocols.chosen import protocol_of

State = ProvisioningRequest.State


class Step(Enum):
    """What comes next, and whose turn it is."""

    AUTHORISE = "authorise"  # the customer's, at Google
    DETAILS = "details"  # the customer's, here
    CHOOSE = "choose"  # the customer's: which properties of theirs
    TICKET = "ticket"  # ours, and with it the customer's way to Google's terms
    TERMS = "terms"  # the customer's, at Google
    PROPERTY = "property"  # ours, as are all that follow
    STREAM = "stream"
    SHARE = "share"
    VIEW = "view"
    DONE = "done"


OURS = frozenset({Step.PROPERTY, Step.STREAM, Step.SHARE, Step.VIEW})


def next_step(request: ProvisioningRequest) -> Step:
    """The first thing missing."""
    if request.view_id or (request.is_v3 and request.account_id):
        return Step.DONE
    if request.way == ProvisioningRequest.Way.EXISTING:
        return Step.CHOOSE if is_authorised(request) else Step.AUTHORISE
    if request.account_id:
        return _after_account(request)
    return _before_account(request)


def _before_account(request: ProvisioningRequest) -> Step:
    asks_first = request.way == ProvisioningRequest.Way.DETAILS_FIRST
    if asks_first and request.details_at is None:
        return Step.DETAILS
    if not is_authorised(request):
        return Step.AUTHORISE
    if request.details_at is None:
        return Step.DETAILS
    return Step.TERMS if tickets_of(request).exists() else Step.TICKET


def tickets_of(request: ProvisioningRequest) -> QuerySet[AccountTicket]:
    """Those that the Google account of the grant can accept, the latest first: nobody else's count."""
    subject = request.grant.subject if request.grant else ""
    return AccountTicket.objects.filter(request=request, subject=subject)


def _after_account(request: ProvisioningRequest) -> Step:
    if not is_authorised(request):
        return Step.AUTHORISE
    if not request.property_id:
        return Step.PROPERTY
    if not request.measurement_id:
        return Step.STREAM
    if not request.shared_with and not request.is_sharing_skipped:
        return Step.SHARE
    return Step.VIEW


def is_authorised(request: ProvisioningRequest) -> bool:
    """Whether the grant works, as far as is known, and covers what the way needs."""
    grant = request.grant
    return grant is not None and grant.state != Credential.State.REFUSED and not missing_scopes(request)


def needed_scopes(request: ProvisioningRequest) -> frozenset[str]:
    """What consent must cover for this way, and no more. Runs inside the tenant's scope."""
    if request.way == ProvisioningRequest.Way.EXISTING:
        return frozenset({scopes.ANALYTICS_READONLY})
    return frozenset(
        protocol_of(request).scopes(shares=guest() is not None and not request.is_sharing_skipped)
    )


def missing_scopes(request: ProvisioningRequest) -> frozenset[str]:
    """What was unticked at Google. Empty where there is no grant yet."""
    if request.grant is None:
        return frozenset()
    return needed_scopes(request) - request.grant.granted


def asked_scopes(request: ProvisioningRequest) -> frozenset[str]:
    """What to ask for now: what is missing, or all; always who the person is."""
    grant = request.grant
    again = grant is not None and grant.state != Credential.State.REFUSED and missing_scopes(request)
    return (again or needed_scopes(request)) | {scopes.OPENID, scopes.EMAIL}


def guest() -> Credential | None:
    """The agency's service account that new properties are shared with: the oldest that has worked."""
    robots = Credential.objects.filter(tenant=None, kind=Credential.Kind.SERVICE_ACCOUNT)
    worked = robots.filter(last_success_at__isnull=False).exclude(state=Credential.State.REFUSED)
    return worked.order_by("created_at").first()


def reached(request: ProvisioningRequest) -> str:
    """The last step that was done, as a state: what a request goes back to when it is taken up again."""
    done = {
        State.LIVE: request.view_id,
        State.SHARED: request.shared_with,
        State.STREAM: request.measurement_id,
        State.PROPERTY: request.property_id,
        State.ACCEPTED: request.account_id,
        State.TICKETED: tickets_of(request).exists(),
        State.AUTHORISED: request.grant and is_authorised(request),
        State.DETAILS: request.details_at,
    }
    return next((state for state, fact in done.items() if fact), State.STARTED)
