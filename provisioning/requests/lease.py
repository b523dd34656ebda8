"""One process at a time works on a request; a killed one's turn ends by itself."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

from django.db.models import Q
from django.utils import timezone

from provisioning.models import ProvisioningRequest

TURN = datetime.timedelta(seconds=90)  # above the deadlines of the calls in one turn


@contextmanager
def turn(request: ProvisioningRequest) -> Iterator[bool]:
    """Whether it is ours for this block; the row is read afresh then."""
    now = timezone.now()
    until = now + TURN
    rows = ProvisioningRequest.objects.filter(pk=request.pk)
    free = Q(working_until=None) | Q(working_until__lt=now)
    if not rows.filter(free).update(working_until=until):
        yield False
        return
    try:
        request.refresh_from_db()
        yield True
    finally:
        rows.filter(working_until=until).update(working_until=None)


def is_taken(request: ProvisioningRequest) -> bool:
    """Whether somebody works on it at this moment."""
    return request.working_until is not None and request.working_until > timezone.now()
