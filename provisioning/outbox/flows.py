"""What happens to mails that wait: verbs. None is sent by two at once: there is a lease on its row."""

from __future__ import annotations

import datetime
import logging
import uuid
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import DatabaseError
from django.db.models import F, Q
from django.dispatch import receiver
from django.utils import timezone

from accounts import audit
from accounts.mails import CANNOT_SEND, Fate, marks_of, settled, taken_back
from accounts.tenancy import all_tenants
from provisioning import credentials
from provisioning.models import WaitingMail
from provisioning.outbox import packing
from provisioning.outbox.troubles import FOR_GOOD, codes_of, trouble_of

logger = logging.getLogger(__name__)
State, Trouble = WaitingMail.State, WaitingMail.Trouble

KEPT_FOR = datetime.timedelta(days=5)
"""As long as mail servers try: https://www.rfc-editor.org/rfc/rfc5321#section-4.5.4.1"""

PAUSES = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 30, 60))
"""Between one try and the next; the last one again and again."""

LEASE = datetime.timedelta(minutes=10)
"""Above what one mail may take: EMAIL_TIMEOUT for each thing that is said to the mail server."""


def keep(*, message: EmailMessage) -> WaitingMail:
    """Stores a mail that is about to be tried, in place of older ones about the same."""
    marks, now, row = marks_of(message), timezone.now(), uuid.uuid4()
    packing.name(message, f"<{row}@{urlsplit(settings.BASE_URL).hostname}>")
    if marks.about:
        WaitingMail.objects.filter(about=marks.about).delete()
    return WaitingMail.objects.create(
        pk=row,
        to=", ".join(message.recipients())[:254],
        title=(marks.title or " ".join(str(message.subject).split()))[:200],
        about=marks.about,
        sealed_mail=credentials.seal_mail(packing.packed(message), row),
        expires_at=now + (marks.good_for or KEPT_FOR),
        leased_until=now + LEASE,
    )


def claim(*, mail: WaitingMail) -> bool:
    """Takes the lease; False where somebody else has it, or the mail is gone."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    mine = WaitingMail.objects.filter(free, pk=mail.pk, state=State.WAITING)
    return bool(mine.update(leased_until=now + LEASE))


def try_once(*, mail: WaitingMail, message: EmailMessage, server: BaseEmailBackend) -> Exception | None:
    """Hands the mail to the mail server. What it takes leaves no row; else the error, of CANNOT_SEND."""
    try:
        server.send_messages([message])
    except CANNOT_SEND as error:
        words = (mail.pk, type(error).__name__, codes_of(error))
        logger.warning("the mail %s could not be sent: %s %s", *words)
        return error
    try:
        mail.delete()
    except DatabaseError:
        logger.exception("the mail %s is sent, and perhaps once more: it could not be crossed out", mail.pk)
    return None


def postpone(*, mail: WaitingMail, trouble: str) -> None:
    """Lets it wait for its next try."""
    tries = mail.tries + 1
    WaitingMail.objects.filter(pk=mail.pk).update(
        tries=F("tries") + 1,
        trouble=trouble,
        try_at=timezone.now() + PAUSES[min(tries, len(PAUSES)) - 1],
        leased_until=None,
    )


def end(*, mail: WaitingMail, state: str, trouble: str) -> None:
    """It is not tried any more: staff still see it, the record and whatever it was about say so."""
    now = timezone.now()
    mine = WaitingMail.objects.filter(pk=mail.pk, state=State.WAITING)
    if mine.update(state=state, trouble=trouble, ended_at=now, leased_until=None):
        logger.error("the mail %s is not tried any more: %s", mail.pk, trouble)
        audit.record("people.not_reached", who="", target=mail.to)
        tell(mail=mail, fate=Fate.REFUSED)


def refuse(*, mail: WaitingMail) -> None:
    """The mail server refused it for good while whoever caused it waits, and is told."""
    audit.record("people.not_reached", target=mail.to)
    mail.delete()


def tell(*, mail: WaitingMail, fate: Fate) -> None:
    """Tells whatever the mail was about."""
    with all_tenants(reason="a mail was sent late or not at all: what it was about says so"):
        settled.send(WaitingMail, about=mail.about, fate=fate)


def fail(*, mail: WaitingMail, error: Exception) -> WaitingMail.Trouble:
    """What follows from an error: it waits, or is refused for good. Returns what it was."""
    trouble = trouble_of(error)
    if trouble in FOR_GOOD:
        end(mail=mail, state=State.REFUSED, trouble=trouble)
    else:
        postpone(mail=mail, trouble=trouble)
    return trouble


def try_again(*, mails: list[WaitingMail]) -> None:
    """As if they were new; for staff who have mended what was wrong."""
    now = timezone.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    chosen = WaitingMail.objects.filter(free, pk__in=[each.pk for each in mails])
    chosen.exclude(state=State.WAITING).update(expires_at=now + KEPT_FOR)
    chosen.update(state=State.WAITING, try_at=now, ended_at=None, leased_until=None)


@receiver(taken_back, dispatch_uid="outbox")
def drop(sender: object, about: str, **more: object) -> None:
    """Forgets what waits about this."""
    WaitingMail.objects.filter(about=about).delete()
