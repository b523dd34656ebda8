"""A mail as text, and back, word by word and with its Message-ID and Date. Pure."""

from __future__ import annotations

import json
from email.utils import formatdate
from typing import Any

from django.core.mail import EmailMessage, EmailMultiAlternatives

PLAIN = ("subject", "body", "from_email", "to", "cc", "bcc", "reply_to", "content_subtype")
MESSAGE_ID, DATE = "Message-ID", "Date"


def name(mail: EmailMessage, message_id: str) -> None:
    """Gives the mail its Message-ID and Date, once: however often it goes out, it is one mail."""
    known = {each.lower() for each in mail.extra_headers}
    for header, value in ((MESSAGE_ID, message_id), (DATE, formatdate())):
        if header.lower() not in known:
            mail.extra_headers[header] = value


def packed(mail: EmailMessage) -> str:
    """As text. Raises ValueError for one with attachments, which nothing here sends."""
    if mail.attachments:
        raise ValueError("mails with attachments cannot be kept")
    found: dict[str, Any] = {each: getattr(mail, each) for each in PLAIN}
    found["headers"] = mail.extra_headers
    if isinstance(mail, EmailMultiAlternatives):
        found["alternatives"] = [list(each) for each in mail.alternatives]
    return json.dumps(found)


def unpacked(text: str) -> EmailMessage:
    """The mail again."""
    found = json.loads(text)
    subtype, parts = found.pop("content_subtype"), found.pop("alternatives", None)
    mail = EmailMessage(**found) if parts is None else EmailMultiAlternatives(**found, alternatives=parts)
    mail.content_subtype = subtype
    return mail
