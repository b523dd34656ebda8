"""Sends the tag to whoever puts it into the website. Their address is kept nowhere."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone

from accounts import mails
from accounts.mails import Fate, Marks
from accounts.models import Tenant
from accounts.tokens import digest_of
from provisioning.models import ProvisioningRequest, RequestEvent
from provisioning.requests import record, tags

MOST_A_DAY = 5
"""Of one client: what is sent to strangers in the agency's name stays little."""

SENT = "tag_mailed"


class TooMany(Exception):
    """The client has sent as many as it may in a day."""


def send(*, request: ProvisioningRequest, to: str, sender: str) -> Fate:
    """Mails tag, id and where they go to a web developer, who may answer `sender`. Raises TooMany.

    Runs inside the tenant's scope.
    """
    _count(request, sender)
    context = {
        "found": request,
        "tenant": request.tenant,
        "sender": sender,
        "tag": tags.tag_of(request.measurement_id),
        "asking_tag": tags.asking_tag_of(request.measurement_id),
        "consent_given": tags.CONSENT_GIVEN,
    }
    marks = Marks(about=f"tag {digest_of(to)[:8]}:{request.pk}")
    mail = mails.written("provisioning/email/tag", to, context, marks)
    mails.answer_to(mail, sender)
    return mails.sent(mail)


@transaction.atomic
def _count(request: ProvisioningRequest, sender: str) -> None:
    """Writes it into the history, which is what limits it; before the mail, for two tabs must not send twice
    as many."""
    Tenant.objects.select_for_update().get(pk=request.tenant_id)
    since = timezone.now() - datetime.timedelta(days=1)
    sent = RequestEvent.objects.filter(tenant_id=request.tenant_id, code=SENT, at__gt=since)
    if sent.count() >= MOST_A_DAY:
        raise TooMany
    record.noted(request, SENT, who=sender)
