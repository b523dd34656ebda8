"""Google's Terms of Service: the ticket, the page, the return from it, and the account of somebody who did
not come back.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from google_api import admin_writes, errors
from provisioning.models import AccountTicket, ProvisioningRequest
from provisioning.protocols import Tree
from provisioning.protocols.chosen import protocol_of
from provisioning.requests import record
from provisioning.requests.calls import ask
from provisioning.requests.lease import turn
from provisioning.requests.steps import tickets_of

State = ProvisioningRequest.State
CALLBACK = "/provisioning/tos/callback"
FRESH_FOR = datetime.timedelta(minutes=10)
"""After that a customer who goes to the terms gets a new ticket: Google calls tickets short-lived."""

GIVE_UP_AFTER = datetime.timedelta(days=1)

ERRORS = {
    "user_cancel": (State.DENIED, "terms_declined"),
    "max_accounts_reached": (State.FAILED, "account_limit"),
    "backend_error": (State.FAILED, "backend_error"),
}
"""What Google's page says when it sends somebody back without an account."""


def redirect_uri() -> str:
    """Where the terms page sends people back, to the letter as it must be registered."""
    return f"{settings.BASE_URL}{CALLBACK}"


def address(*, request: ProvisioningRequest) -> str:
    """Google's terms page for this request, with a ticket that is still good. Raises GoogleError.

    Empty when an account turned out to be there already: from an earlier ticket whose return got lost.
    """
    with turn(request) as is_mine:
        if not is_mine:
            ticket = tickets_of(request).first()
        elif find_account(request=request):
            return ""
        else:
            ticket = _fresh_ticket(request) or _new_ticket(request)
    if ticket is None:
        raise errors.Unreachable("another tab is making the ticket")
    email = request.grant.email if request.grant else ""
    return admin_writes.terms_url(settings.GOOGLE_TOS_URI, ticket.ticket_id, authuser=email)


def _fresh_ticket(request: ProvisioningRequest) -> AccountTicket | None:
    return tickets_of(request).filter(created_at__gt=timezone.now() - FRESH_FOR, answer={}).first()


def _new_ticket(request: ProvisioningRequest) -> AccountTicket:
    grant = request.grant
    if grant is None:
        raise errors.InvalidGrant("the grant was removed")
    protocol = protocol_of(request)
    before = _known_before(request) or sorted(ask(request, protocol.accounts))
    ticket_id = ask(request, lambda api: protocol.ticket(api, request, redirect_uri()))
    with transaction.atomic():
        ticket = AccountTicket.objects.create(
            tenant_id=request.tenant_id,
            request=request,
            ticket_id=ticket_id,
            subject=grant.subject,
            accounts_before=before,
        )
        look = timezone.now() + datetime.timedelta(minutes=1)
        record.done(request, State.TICKETED, look_again_at=look, looks=0)
    return ticket


def _known_before(request: ProvisioningRequest) -> list[str]:
    """What stood before the first ticket counts: an account of an earlier one is not an old one."""
    first = tickets_of(request).order_by("created_at").first()
    return first.accounts_before if first else []


def accept_return(*, ticket: AccountTicket, params: Mapping[str, str], who: str) -> None:
    """What a return from the terms page means for its request: the error first, then the ids, which are read
    back with the grant before they are believed. Raises GoogleError, protocols.MissingParameters."""
    request = ticket.request
    AccountTicket.objects.filter(pk=ticket.pk).update(answer=_kept(params))
    if request.account_id:
        return
    if error := params.get("error"):
        state, reason = ERRORS.get(error, (State.FAILED, "unknown_terms_error"))
        record.ended(request, state, reason, detail=error[:100], who=who)
        return
    tree = protocol_of(request).returned(params)
    with turn(request) as is_mine:
        if is_mine and not request.account_id:
            _believe(request, tree, who)


def _kept(params: Mapping[str, str]) -> dict[str, str]:
    names = ("error", "accountId", "webPropertyId", "profileId")
    return {name: params[name][:100] for name in names if name in params} or {"empty": "yes"}


def _believe(request: ProvisioningRequest, tree: Tree, who: str) -> None:
    """Takes the account for ours if Google lists it and did not before the ticket."""
    new = _new_accounts(request)
    if tree.account_id not in new:
        raise errors.NotFound("the account is not new")
    _take(request, ask(request, lambda api: protocol_of(request).tree_of(api, tree.account_id)), who)


def find_account(*, request: ProvisioningRequest) -> bool:
    """Looks whether the customer has accepted and did not come back; then the account is taken for theirs.

    Raises GoogleError. Runs inside the request's turn.
    """
    if request.account_id or not tickets_of(request).exists():
        return bool(request.account_id)
    named = [number for number, name in _new_accounts(request).items() if name == request.account_name]
    for number in sorted(named, key=int):
        tree = ask(request, lambda api, number=number: protocol_of(request).tree_of(api, number))  # type: ignore[misc]
        if _take(request, tree, "tick"):
            return True
    return False


def _new_accounts(request: ProvisioningRequest) -> dict[str, str]:
    """Ids and names of the accounts that were not there when the first ticket was made."""
    before = set(_known_before(request))
    now = ask(request, protocol_of(request).accounts)
    return {number: name for number, name in now.items() if number not in before}


def _take(request: ProvisioningRequest, tree: Tree, who: str) -> bool:
    """Whether the account is this request's: another of the same person's may have it already."""
    facts = {
        "account_id": tree.account_id,
        "web_property_id": tree.web_property_id,
        "profile_id": tree.profile_id,
        "look_again_at": None,
        "looks": 0,
    }
    try:
        record.done(request, State.ACCEPTED, who=who, detail=tree.account_id, **facts)
    except IntegrityError:
        request.refresh_from_db()
        return False
    return True


def look(*, request: ProvisioningRequest) -> bool:
    """Whether the customer's account has turned up; a failure to ask is noted and changes nothing."""
    with turn(request) as is_mine:
        try:
            return is_mine and find_account(request=request)
        except errors.GoogleError as error:
            record.noted(request, error.code, detail=error.log_detail)
            return False
