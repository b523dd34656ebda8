"""Codes to the invited address, for whoever comes back from Google with another one: verbs.

All run inside the tenant's scope.
"""

from __future__ import annotations

import datetime

from allauth.account.adapter import get_adapter
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from provisioning.models import Arrival, ProvisioningRequest
from provisioning.requests import record

GOOD_FOR = datetime.timedelta(minutes=15)
TRIES = 3  # of one code
AN_HOUR = 5  # codes for one request, whoever asks


class TooMany(Exception):
    """AN_HOUR went out for this request."""


@transaction.atomic
def new_code(*, arrival: Arrival) -> str:
    """A code for the invited address, in the place of the one before. Raises TooMany."""
    request = ProvisioningRequest.objects.select_for_update(of=("self",)).get(pk=arrival.request_id)
    since = timezone.now() - datetime.timedelta(hours=1)
    if request.events.filter(code="code_sent", at__gt=since).count() >= AN_HOUR:
        raise TooMany
    record.noted(request, "code_sent", who=arrival.email, detail=request.email)
    code: str = get_adapter().generate_login_code()
    arrival.code_digest = _digest_of(code, arrival)
    arrival.code_expires_at, arrival.code_tries = timezone.now() + GOOD_FOR, 0
    arrival.save(update_fields=["code_digest", "code_expires_at", "code_tries"])
    return code


def confirm(*, arrival: Arrival, code: str) -> bool:
    """Whether this is the code. It works once; after TRIES wrong ones, or its time, no more."""
    now = timezone.now()
    alive = Arrival.objects.filter(pk=arrival.pk, code_expires_at__gt=now, code_tries__lt=TRIES)
    if not alive.update(code_tries=F("code_tries") + 1):
        return False
    arrival.refresh_from_db()
    if not arrival.code_digest or not constant_time_compare(arrival.code_digest, _digest_of(code, arrival)):
        return False
    arrival.code_digest, arrival.confirmed_at = "", now
    arrival.save(update_fields=["code_digest", "confirmed_at"])
    record.noted(arrival.request, "code_typed", who=arrival.email)
    return True


def _digest_of(code: str, arrival: Arrival) -> str:
    """Keyed: a code is too short to be safe behind a plain hash."""
    plain = "".join(letter for letter in code.upper() if letter.isalnum())
    return salted_hmac("provisioning.arrival_codes", f"{arrival.pk}:{plain}", algorithm="sha256").hexdigest()
