"""The mail that an invitation is, and what is said of whether it went out."""

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import invitations, mails
from accounts.invitations import Issued


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


def outcome(issued: Issued, was_sent: bool) -> str:
    """What to tell whoever caused the mail."""
    words = {"email": issued.invitation.email}
    if was_sent:
        return _("An invitation went to %(email)s.") % words
    return _("The mail to %(email)s could not be sent. The invitation is kept: send it again later.") % words
