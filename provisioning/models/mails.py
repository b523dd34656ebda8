"""Mails on their way."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WaitingMail(models.Model):
    """A mail that the mail server has not taken yet, or never will. What it took leaves no row.

    It is sealed whole: mails hold links and codes.
    """

    class State(models.TextChoices):
        """What is to become of it."""

        WAITING = "waiting", _("waits")
        REFUSED = "refused", _("refused")
        GIVEN_UP = "given_up", _("given up")

    class Trouble(models.TextChoices):
        """Why it did not go out."""

        AWAY = "away", _("The mail server does not answer.")
        SIGN_IN = "sign_in", _("The mail server does not let the portal in. Check EMAIL_URL.")
        BUSY = "busy", _("The mail server asks to try again later.")
        SENDER = "sender", _("The mail server refuses the sender. Check DEFAULT_FROM_EMAIL.")
        ADDRESS = "address", _("The mail server refuses the address.")
        CONTENT = "content", _("The mail server refuses the mail.")
        UNREADABLE = (
            "unreadable",
            _("It cannot be opened: the key that sealed it is missing, or it is damaged."),
        )
        OTHER = "other", _("It failed; the log says why.")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = models.CharField(_("to"), max_length=254)
    title = models.CharField(_("subject"), max_length=200)
    about = models.CharField(max_length=60, blank=True, db_index=True, editable=False)
    sealed_mail = models.TextField(editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    trouble = models.CharField(_("last error"), max_length=10, choices=Trouble.choices, blank=True)
    tries = models.PositiveIntegerField(_("tries"), default=0)
    created_at = models.DateTimeField(_("since"), default=timezone.now)
    expires_at = models.DateTimeField(_("given up after"))
    try_at = models.DateTimeField(_("next try"), default=timezone.now)
    leased_until = models.DateTimeField(null=True, editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("unsent mail")
        verbose_name_plural = _("unsent mails")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["state", "try_at"], name="mails_by_next_try")]

    def __str__(self) -> str:
        return f"{self.to} · {self.title}"

    def __repr__(self) -> str:
        return f"<WaitingMail {self.pk}>"
