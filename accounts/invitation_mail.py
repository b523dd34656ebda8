"""The mail that an invitation is, and what is said of whether it went out."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import invitations, mails
from accounts.invitations import RESEND_AFTER, InvitationError, Issued
from accounts.models import Invitation


def send(issued: Issued, connection: BaseEmailBackend | None = None) -> bool:
    """Sends the link. When the mail server would not have it the invitation stays, marked as unsent.

    For after the transaction: a mail that went out cannot be taken back.
    """
    invitation = issued.invitation
    context = {
        "invitation": invitation,
        "tenant": invitation.tenant,
        "link": settings.BASE_URL + reverse("accounts:invitation", args=[issued.token.value]),
    }
    mail = mails.written("accounts/email/invitation", invitation.email, context)
    if mails.sent(mail, connection):
        return True
    invitations.note_unsent(invitation=invitation)
    return False


def send_again(
    *, rows: Iterable[Invitation], connection: BaseEmailBackend, after: datetime.timedelta = RESEND_AFTER
) -> list[Invitation]:
    """Sends many once more; returns those whose mail went out. Who has one younger than `after` gets none."""
    return [row for row in rows if _sent_again(row, connection, after)]


def _sent_again(row: Invitation, connection: BaseEmailBackend, after: datetime.timedelta) -> bool:
    try:
        return send(invitations.resend(invitation=row, after=after), connection)
    except InvitationError:
        return False


def outcome(issued: Issued, was_sent: bool) -> str:
    """What to tell whoever caused the mail."""
    words = {"email": issued.invitation.email}
    if was_sent:
        return _("An invitation went to %(email)s.") % words
    return _("The mail to %(email)s could not be sent. The invitation is kept: send it again later.") % words
