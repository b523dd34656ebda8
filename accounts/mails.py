"""Mails as the agency sends them: its name, logo and colour around a text, in HTML and plain.

What the mail server does not take at once is kept by the backend (`provisioning/outbox/`) and sent later.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.dispatch import Signal
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from accounts.branding import Agency

logger = logging.getLogger(__name__)
CANNOT_SEND = (OSError, SMTPException)
TURNS = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
WAITS = _("The mail server does not answer. The mail is kept, and goes out as soon as it does.")

settled = Signal()
"""Of a mail that somebody was told is on its way: `about`, and by now its `fate`."""

taken_back = Signal()
"""A mail that is `about` this need not go out any more."""


class Fate(Enum):
    """What became of a mail."""

    SENT = "sent"
    WAITING = "waiting"  # kept: it goes out by itself
    REFUSED = "refused"  # for good, by the mail server


@dataclass(frozen=True)
class Marks:
    """What the outbox should know of a mail. `about` names what it is about: of several the newest alone
    waits. `title` stands in lists for a subject that holds a secret. After `good_for` it is not sent.
    """

    about: str = ""
    title: str = ""
    good_for: datetime.timedelta | None = None


def mark(mail: EmailMessage, marks: Marks) -> None:
    """Has the mail carry them to whoever sends it."""
    mail.marks = marks  # type: ignore[attr-defined]


def marks_of(mail: EmailMessage) -> Marks:
    """Those that it carries."""
    found: Marks = getattr(mail, "marks", Marks())
    return found


def written(
    name: str, to: str, context: Mapping[str, Any], marks: Marks | None = None
) -> EmailMultiAlternatives:
    """The mail `name` (three templates: `_subject.txt`, `_message.txt`, `_message.html`) to one address."""
    context = {"agency": Agency(), "base_url": settings.BASE_URL, **context}
    subject = " ".join(render_to_string(f"{name}_subject.txt", context).split())
    mail = EmailMultiAlternatives(subject, render_to_string(f"{name}_message.txt", context).strip(), to=[to])
    mail.attach_alternative(render_to_string(f"{name}_message.html", context), "text/html")
    straighten(mail)
    mark(mail, marks or Marks())
    return mail


def straighten(mail: EmailMultiAlternatives) -> None:
    """Takes out what turns the order of letters round: in a name it would turn the words after it, too.

    https://www.unicode.org/reports/tr9/#Explicit_Directional_Embeddings
    """
    mail.subject, mail.body = (str(text).translate(TURNS) for text in (mail.subject, mail.body))
    parts = [(str(part).translate(TURNS), str(kind)) for part, kind in mail.alternatives]
    mail.alternatives = []
    for part, kind in parts:
        mail.attach_alternative(part, kind)


def answer_to(mail: EmailMessage, address: str) -> None:
    """Where answers go: nowhere else where that is no address, as what Google says may be."""
    try:
        validate_email(address)
    except ValidationError:
        mail.reply_to = []
    else:
        mail.reply_to = [address]


def sent(mail: EmailMessage, connection: BaseEmailBackend | None = None) -> Fate:
    """Sends it, or has it sent as soon as the mail server answers; why not at once, the log tells."""
    if connection is not None:
        mail.connection = connection
    try:
        return Fate.SENT if mail.send() else Fate.WAITING
    except CANNOT_SEND:
        return Fate.REFUSED


def take_back(about: str) -> None:
    """What waits about this is not sent any more."""
    taken_back.send(None, about=about)
