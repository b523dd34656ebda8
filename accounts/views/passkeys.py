"""allauth's pages of passkeys, where they fall short: signing in forgets where somebody wanted to go, and the
last one can be removed by whoever must have one.
"""

from __future__ import annotations

from typing import Any

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.internal import flows
from allauth.mfa.webauthn.views import LoginWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from accounts import second_step
from accounts.permissions import Capability, public, requires


class SignInView(LoginWebAuthnView):
    """Leads to `next`, which allauth found to be an address of ours."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Signed in."""
        passkey = form.cleaned_data["credential"]
        login = Login(user=passkey.user, redirect_url=get_next_redirect_url(self.request))
        answer: HttpResponse = flows.perform_passwordless_login(self.request, passkey, login)
        return answer

    def form_invalid(self, form: Any) -> HttpResponse:
        """Back to the page that offers other ways, which still knows where to."""
        super().form_invalid(form)  # says why
        page = reverse("account_login")
        return redirect(passthrough_next_redirect_url(self.request, page, REDIRECT_FIELD_NAME))


class RemoveView(RemoveWebAuthnView):
    """Refuses to remove the last second step of whoever must have one."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """With the same words as for an authenticator app."""
        if second_step.must_keep(self.get_object()):
            messages.error(request, str(get_adapter().error_messages["cannot_delete_authenticator"]))
            return redirect("mfa_index")
        answer: HttpResponse = super().dispatch(request, *args, **kwargs)
        return answer


sign_in = public("signing in, as allauth's own page")(SignInView.as_view())
remove = requires(Capability.SIGN_IN)(never_cache(RemoveView.as_view()))
