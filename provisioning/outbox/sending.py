"""Sends what waits: what the worker does, and what `tick` does for it."""

from __future__ import annotations

import datetime
import logging
import time
from collections.abc import Iterable

from django.core.mail.backends.base import BaseEmailBackend
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from accounts.mails import CANNOT_SEND, Fate
from provisioning import credentials
from provisioning.models import WaitingMail
from provisioning.outbox import flows, packing
from provisioning.outbox.backend import mail_server
from provisioning.outbox.troubles import OF_ALL, Trouble, trouble_of

logger = logging.getLogger(__name__)
State = WaitingMail.State

AT_ONCE = 200
"""Mails that one run takes up."""

AT_MOST_SECONDS = 300
"""Of one run; above that it might be taken for lost."""

SHOWN_FOR = datetime.timedelta(days=14)
"""How long staff see what was refused or given up."""

SHORT = datetime.timedelta(days=1)
"""What is good for less (codes) is nobody's concern once it has run out."""


def waiting() -> int:
    """How many mails wait for the mail server."""
    return WaitingMail.objects.filter(state=State.WAITING).count()


def lost() -> int:
    """How many mails were refused or given up in the last SHOWN_FOR."""
    return WaitingMail.objects.exclude(state=State.WAITING).count()


@task()
def send_due() -> None:
    """Sends what is due. It may be cut off: a mail that was in hand is sent again when its lease ends."""
    send()


def queue() -> int:
    """Has the worker send what is due; returns how many tasks were queued: 0 or 1."""
    asked = DBTaskResult.objects.ready().filter(task_path=send_due.module_path)
    if not _due().exists() or asked.exists():
        return 0
    send_due.enqueue()
    return 1


def send(mails: Iterable[WaitingMail] | None = None) -> int:
    """Sends these, or what is due, over one connection; returns how many went out."""
    mails = list(_due()[:AT_ONCE] if mails is None else mails)
    if not mails:
        return 0
    server = mail_server()
    try:
        server.open()
    except CANNOT_SEND as error:
        _all_wait(mails, trouble_of(error))
        return 0
    try:
        return _send_all(mails, server)
    finally:
        server.close()


def give_up() -> int:
    """Gives up what has waited too long, and forgets what was given up long ago; returns how many."""
    now = timezone.now()
    gone = WaitingMail.objects.filter(ended_at__lt=now - SHOWN_FOR).delete()[0]
    expired = WaitingMail.objects.filter(_free(now), state=State.WAITING, expires_at__lte=now)
    codes = expired.filter(expires_at__lt=F("created_at") + SHORT)
    for mail in codes:
        logger.warning("the mail %s was good for a short time and did not go out in it", mail.pk)
    forgotten = codes.delete()[0]
    for mail in expired[:AT_ONCE]:
        flows.end(mail=mail, state=State.GIVEN_UP, trouble=mail.trouble)
        gone += 1
    return gone + forgotten


def _due() -> QuerySet[WaitingMail]:
    now = timezone.now()
    rows = WaitingMail.objects.filter(_free(now), state=State.WAITING, try_at__lte=now, expires_at__gt=now)
    return rows.order_by("try_at")


def _free(now: datetime.datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lt=now)


def _all_wait(mails: list[WaitingMail], trouble: Trouble) -> None:
    for mail in mails:
        if flows.claim(mail=mail):
            flows.postpone(mail=mail, trouble=trouble)


def _send_all(mails: list[WaitingMail], server: BaseEmailBackend) -> int:
    count, end = 0, time.monotonic() + AT_MOST_SECONDS
    for mail in mails:
        if time.monotonic() > end:
            break
        if not flows.claim(mail=mail):
            continue
        trouble = _send(mail, server)
        if trouble in OF_ALL:
            break
        count += trouble is None
    return count


def _send(mail: WaitingMail, server: BaseEmailBackend) -> Trouble | None:
    """What was wrong, if something was."""
    try:
        message = packing.unpacked(credentials.open_mail(mail))
    except credentials.SecretUnreadable:
        flows.end(mail=mail, state=State.GIVEN_UP, trouble=Trouble.UNREADABLE)
        return Trouble.UNREADABLE
    try:
        error = flows.try_once(mail=mail, message=message, server=server)
    except Exception:
        logger.exception("the mail %s cannot be sent", mail.pk)
        flows.postpone(mail=mail, trouble=Trouble.OTHER)
        return Trouble.OTHER
    if error is not None:
        return flows.fail(mail=mail, error=error)
    flows.tell(mail=mail, fate=Fate.SENT)
    return None
