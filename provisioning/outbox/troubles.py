"""What an error of the mail server's means: whether it passes, and whether other mails meet it too. Pure."""

from __future__ import annotations

import smtplib

from provisioning.models import WaitingMail

Trouble = WaitingMail.Trouble
FOR_GOOD = (Trouble.ADDRESS, Trouble.CONTENT)
OF_ALL = (Trouble.AWAY, Trouble.SIGN_IN)
"""Whoever meets these need not try the next mail."""

PERMANENT = 500
"""Replies from here on say not to try again: https://www.rfc-editor.org/rfc/rfc5321#section-4.2.1"""


def trouble_of(error: Exception) -> WaitingMail.Trouble:
    """What it means. A refused sender or sign-in is a setting that somebody mends: such mails wait."""
    codes = codes_of(error)
    if codes and max(codes) < PERMANENT and not isinstance(error, smtplib.SMTPConnectError):
        return Trouble.BUSY
    for kind, trouble in (
        (smtplib.SMTPRecipientsRefused, Trouble.ADDRESS),
        (smtplib.SMTPSenderRefused, Trouble.SENDER),
        (smtplib.SMTPDataError, Trouble.CONTENT),
        (smtplib.SMTPAuthenticationError, Trouble.SIGN_IN),
        (smtplib.SMTPServerDisconnected, Trouble.AWAY),
        (smtplib.SMTPConnectError, Trouble.AWAY),
        (smtplib.SMTPException, Trouble.OTHER),  # an OSError as well
        (OSError, Trouble.AWAY),
    ):
        if isinstance(error, kind):
            return trouble
    return Trouble.OTHER


def codes_of(error: Exception) -> list[int]:
    """The mail server's replies as numbers, if it replied. Its words may repeat the mail's."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _text in error.recipients.values()]
    return [int(error.smtp_code)] if isinstance(error, smtplib.SMTPResponseException) else []
