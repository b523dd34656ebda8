"""Mails as the agency sends them: its name, logo and colour around a text, in HTML and plain."""

import logging
from collections.abc import Mapping
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from accounts.branding import Agency

logger = logging.getLogger(__name__)
CANNOT_SEND = (OSError, SMTPException)


def written(name: str, to: str, context: Mapping[str, Any]) -> EmailMultiAlternatives:
    """The mail `name` (three templates: `_subject.txt`, `_message.txt`, `_message.html`) to one address."""
    context = {"agency": Agency(), "base_url": settings.BASE_URL, **context}
    subject = " ".join(render_to_string(f"{name}_subject.txt", context).split())
    mail = EmailMultiAlternatives(subject, render_to_string(f"{name}_message.txt", context).strip(), to=[to])
    mail.attach_alternative(render_to_string(f"{name}_message.html", context), "text/html")
    return mail


def sent(mail: EmailMultiAlternatives, connection: BaseEmailBackend | None = None) -> bool:
    """Sends it; False when the mail server would not have it, which the log tells more about."""
    mail.connection = connection
    try:
        mail.send()
    except CANNOT_SEND:
        logger.exception("a mail could not be sent")
        return False
    return True
