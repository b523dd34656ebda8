"""allauth's forms for a second step: a code of an app counts once, a passkey does without a password."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms
from allauth.mfa.webauthn import forms as webauthn
from django.core.cache import cache
from django.forms import BooleanField, CharField
from django.utils.translation import gettext_lazy as _

ONCE = 120
"""Seconds: longer than a code is taken for good (its own 30, and 30 before and after for clocks that differ).
allauth remembers a code for 30 alone. https://www.rfc-editor.org/rfc/rfc6238#section-5.2
"""


class _Once:
    user: Any
    data: Any

    def clean_code(self) -> str:
        """As allauth's, but never the same code twice."""
        typed = "".join(each for each in self.data.get("code", "") if each.isalnum())[:64]
        used = f"second-step:{self.user.pk}:{typed.encode().hex()}"
        if cache.get(used):
            raise get_adapter().validation_error("incorrect_code")
        code: str = super().clean_code()  # type: ignore[misc]
        cache.set(used, "y", ONCE)
        return code


class AuthenticateForm(_Once, forms.AuthenticateForm):
    """While signing in."""


class ReauthenticateForm(_Once, forms.ReauthenticateForm):
    """When asked again."""


class AddPasskeyForm(webauthn.AddWebAuthnForm):
    """allauth's, in our words: unless somebody says otherwise, a passkey does without a password."""

    name = CharField(label=_("Name"), max_length=100, required=False)
    passwordless = BooleanField(
        label=_("Signs me in without a password"),
        required=False,
        initial=True,
    )
