"""The portal's mail backend: stores each mail, tries it at once, and leaves to the worker what fails."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from accounts.mails import CANNOT_SEND, Fate
from provisioning.models import WaitingMail
from provisioning.outbox import flows
from provisioning.outbox.troubles import FOR_GOOD, OF_ALL, Trouble, trouble_of


def mail_server() -> BaseEmailBackend:
    """What EMAIL_URL names."""
    server: BaseEmailBackend = get_connection(settings.DELIVERY_BACKEND)
    return server


class EmailBackend(BaseEmailBackend):
    """In front of the mail server. Once that is away, the mails that follow are kept without being tried."""

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently)
        self._server = mail_server()
        self._away: Trouble | None = None

    def open(self) -> bool | None:
        """As Django's, but a mail server that is away is no error."""
        try:
            return self._server.open()
        except CANNOT_SEND as error:
            self._away = trouble_of(error)
            return None

    def close(self) -> None:
        """As Django's."""
        self._server.close()

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """How many went out; the others are kept. Raises the mail server's refusal for good, of CANNOT_SEND.

        Inside a transaction a mail goes out when that has succeeded, and counts as sent.
        """
        return sum(self._send(each) for each in email_messages if each.recipients())

    def _send(self, message: EmailMessage) -> bool:
        try:
            with transaction.atomic(durable=True):  # stored for good before anything is said to the server
                mail = flows.keep(message=message)
        except RuntimeError:  # a transaction of somebody else's, which may yet fail
            mail = flows.keep(message=message)
            transaction.on_commit(partial(_send_later, mail, message))
            return True
        return self._try(mail, message)

    def _try(self, mail: WaitingMail, message: EmailMessage) -> bool:
        if self._away:
            flows.postpone(mail=mail, trouble=self._away)
            return False
        error = _tried(mail, message, self._server)
        if error is None:
            return True
        trouble = trouble_of(error)
        if trouble in FOR_GOOD:
            flows.refuse(mail=mail)
            if not self.fail_silently:
                raise error
            return False
        self._away = trouble if trouble in OF_ALL else None
        flows.postpone(mail=mail, trouble=trouble)
        return False


def _tried(mail: WaitingMail, message: EmailMessage, server: BaseEmailBackend) -> Exception | None:
    """As `try_once`. A mail that cannot even be written down for the server is not kept."""
    try:
        return flows.try_once(mail=mail, message=message, server=server)
    except Exception:
        mail.delete()
        raise


def _send_later(mail: WaitingMail, message: EmailMessage) -> None:
    """After the transaction: nobody waits for what comes of it."""
    error = _tried(mail, message, mail_server())
    if error is not None:
        trouble = flows.fail(mail=mail, error=error)
        if trouble not in FOR_GOOD:
            flows.tell(mail=mail, fate=Fate.WAITING)
