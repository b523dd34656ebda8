"""A request goes on without its customer: an account that came without them, steps of ours that were cut off.

Runs inside the tenant's scope.
"""

from __future__ import annotations

from django.utils import timezone

from provisioning.models import ProvisioningRequest
from provisioning.requests import record, terms, work
from provisioning.requests.lease import turn
from provisioning.requests.steps import OURS, next_step

State = ProvisioningRequest.State


def go_on(*, request: ProvisioningRequest) -> None:
    """One try; nothing to do is no error."""
    if not request.account_id and not terms.look(request=request):
        _give_up_late(request)
    if next_step(request) in OURS:
        work.advance(request=request)


def _give_up_late(request: ProvisioningRequest) -> None:
    """After GIVE_UP_AFTER nobody is looked for; whoever takes the request up again is found still."""
    with turn(request) as is_mine:
        newest = request.tickets.first()
        is_late = newest is None or newest.created_at < timezone.now() - terms.GIVE_UP_AFTER
        if not is_mine or request.account_id or not is_late:
            return
        request.look_again_at = None
        request.save(update_fields=["look_again_at"])
        if request.state == State.TICKETED:
            record.ended(request, State.EXPIRED, "ticket_expired", who="tick")
