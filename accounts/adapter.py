"""What django-allauth asks the portal: whether strangers may sign up, and what its mails look like."""

import datetime
import logging
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as current
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.http import HttpRequest
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import mails, second_step
from accounts.branding import Agency
from accounts.mails import Fate, Marks

logger = logging.getLogger(__name__)
CODES_GOOD_FOR = datetime.timedelta(seconds=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT)


class MailNotSent(ImmediateHttpResponse):
    """The mail server refuses a mail for good; allauth answers with a page that says so."""


class AccountAdapter(DefaultAccountAdapter):
    """allauth's, closed to strangers unless SIGNUP is `open`, with mails in the agency's look."""

    _is_awaited = True
    """Whether somebody looks out for the mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Whether somebody without an invitation may create an account."""
        return settings.SIGNUP == "open"

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """As allauth's; and a code by mail for whoever has no second step, which a mailbox cannot replace."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if user.is_authenticated and not second_step.has(user):
            words = _("Use a code by mail")
            methods.append({"id": "mail", "description": words, "url": reverse("accounts:show_by_mail")})
        return methods

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """As allauth's. What it tells of is done: a mail server that is away or refuses does not undo it."""
        self._is_awaited = False
        try:
            super().send_notification_mail(*args, **kwargs)
        except MailNotSent:
            logger.warning("nobody was told by mail of a change of how they sign in")

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """As allauth's; a mail without HTML of its own gets its text in the common frame."""
        context = {"agency": Agency(), "base_url": settings.BASE_URL, **context}
        mail = super().render_mail(template_prefix, email, context, headers)
        if isinstance(mail, EmailMultiAlternatives):
            if not mail.alternatives:
                framed = render_to_string("accounts/email/framed.html", {**context, "text": mail.body})
                mail.attach_alternative(framed, "text/html")
            mails.straighten(mail)
        mails.mark(mail, _marks(template_prefix))
        return mail

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """As allauth's, and says so where it goes out later. Raises MailNotSent where it never will."""
        request = current.request
        words = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        fate = mails.sent(self.render_mail(template_prefix, email, words))
        if fate is Fate.REFUSED:
            raise MailNotSent(render(request, "accounts/mail_failed.html", {"email": email}, status=400))
        if fate is Fate.WAITING and self._is_awaited:
            messages.warning(request, mails.WAITS)


def _marks(template_prefix: str) -> Marks:
    """Codes stand in subjects, and like links they are good for a time."""
    if template_prefix.endswith("_code"):
        return Marks(title=_("A code"), good_for=CODES_GOOD_FOR)
    seconds = {"account/email/password_reset_key": settings.PASSWORD_RESET_TIMEOUT}.get(template_prefix)
    return Marks(good_for=datetime.timedelta(seconds=seconds) if seconds else None)
