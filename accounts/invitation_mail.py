"""The mail that an invitation is, and what is said of whether it went out."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import invitations, mails
from accounts.invitations import RESEND_AFTER, InvitationError, Issued
from accounts.mails import Fate, Marks
from accounts.models import Invitation


def send(issued: Issued, connection: BaseEmailBackend | None = None) -> Fate:
    """Sends the link. When the mail server would not have it the invitation stays, and says so.

    For after the transaction: a mail that went out cannot be taken back.
    """
    invitation = issued.invitation
    context = {
        "invitation": invitation,
        "tenant": invitation.tenant,
        "link": settings.BASE_URL + reverse("accounts:invitation", args=[issued.token.value]),
    }
    marks = Marks(about=invitation.about)
    mail = mails.written("accounts/email/invitation", invitation.email, context, marks)
    fate = mails.sent(mail, connection)
    if fate is not Fate.SENT:
        invitations.note_mail(invitations=Invitation.objects.filter(pk=invitation.pk), fate=fate)
    return fate


@receiver(mails.settled, dispatch_uid="invitations")
def note_late(sender: Any, about: str, fate: Fate, **more: Any) -> None:
    """A mail that had waited went out, or was refused. Runs inside a scope of all tenants."""
    kind, _colon, row = about.partition(":")
    if kind == "invitation":
        invitations.note_mail(invitations=Invitation.objects.filter(pk=row), fate=fate)


def send_again(
    *, rows: Iterable[Invitation], connection: BaseEmailBackend, after: datetime.timedelta = RESEND_AFTER
) -> list[tuple[Invitation, Fate]]:
    """Sends many once more; returns those whose mail was written: none younger than `after`."""
    found = [(row, _sent_again(row, connection, after)) for row in rows]
    return [(row, fate) for row, fate in found if fate is not None]


def _sent_again(row: Invitation, connection: BaseEmailBackend, after: datetime.timedelta) -> Fate | None:
    try:
        return send(invitations.resend(invitation=row, after=after), connection)
    except InvitationError:
        return None


def outcome(issued: Issued, fate: Fate) -> str:
    """What to tell whoever caused the mail."""
    words = {
        Fate.SENT: _("An invitation went to %(email)s."),
        Fate.WAITING: _(
            "The mail server does not answer. The invitation to %(email)s goes out as soon as it does."
        ),
        Fate.REFUSED: _("The mail server refuses %(email)s. Is the address right?"),
    }
    return words[fate] % {"email": issued.invitation.email}
