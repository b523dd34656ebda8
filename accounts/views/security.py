"""A person's own sign-in: its ways, the second step, where they are signed in; a code when asked again."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.views import BaseReauthenticateView
from allauth.core.internal.cryptokit import compare_user_code, generate_user_code
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.adapter import get_adapter as get_sessions_adapter
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import asking_again, audit, devices, second_step
from accounts.permissions import Capability, requires

CODE = "code_to_show_who"  # in the session: the code, until when it is good, tries left
GOOD_FOR = 15 * 60  # seconds; mails take their time
TRIES = 3


@requires(Capability.SIGN_IN)
@require_safe
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    """All of it on one page."""
    user: Any = request.user
    own = list(Authenticator.objects.filter(user=user).order_by("created_at"))
    steps = [each for each in own if each.type in second_step.STEPS]
    context = {
        "google_accounts": SocialAccount.objects.filter(user=user),
        "app": next((each for each in steps if each.type == Authenticator.Type.TOTP), None),
        "passkeys": [each for each in steps if each.type == Authenticator.Type.WEBAUTHN],
        "passkeys_work": second_step.passkeys_work(),
        "codes_left": _codes_left(own),
        "has_step": bool(steps),
        "must_have": second_step.must_have(user),
        "then": request.session.get(asking_again.THEN, "") if steps else "",
        "devices": devices.of(user, request.session.session_key or ""),
    }
    return render(request, "accounts/security.html", context)


def _codes_left(own: list[Authenticator]) -> int | None:
    """How many recovery codes are unused; None where there are none, or none that can be read."""
    codes = [each for each in own if each.type == Authenticator.Type.RECOVERY_CODES]
    try:
        return len(codes[0].wrap().get_unused_codes()) if codes else None
    except ValidationError:
        return None


@requires(Capability.SIGN_IN)
@require_POST
@never_cache
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Signs the person out on one other device, or on all others."""
    user: Any = request.user
    others = UserSession.objects.filter(user=user).exclude(session_key=request.session.session_key)
    wanted = request.POST.get("device", "")
    if wanted != "others":
        others = others.filter(pk=wanted) if wanted.isdecimal() and len(wanted) < 19 else others.none()
    ended = list(others)
    get_sessions_adapter().end_sessions(ended)
    if ended:
        audit.record_of_person("sign_in.ended", user, target=", ".join(each.ip for each in ended))
    messages.success(request, _("Signed out there."))
    return redirect("mfa_index")


class CodeForm(forms.Form):
    """The code from the mail."""

    code = forms.CharField(
        label=gettext_lazy("Code"), widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )

    def __init__(self, *args: Any, session: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.session = session

    def clean_code(self) -> str:
        """The one that was sent, in time, at one of three tries."""
        code, good_until, left = self.session.pop(CODE, ("", 0, 0))
        typed: str = self.cleaned_data["code"]
        if not left or time.time() > good_until:
            raise ValidationError(_("This code has run out. Have another sent."))
        if not compare_user_code(actual=typed, expected=code):
            self.session[CODE] = (code, good_until, left - 1)
            raise ValidationError(_("This is not the code in the mail."))
        return typed


class ShowByMailView(BaseReauthenticateView):
    """Asks by a code to the person's address: whoever has no second step, and no password or forgot it."""

    form_class = CodeForm
    template_name = "accounts/show_by_mail.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the session, where the code waits."""
        return {**super().get_form_kwargs(), "session": self.request.session}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether a code is on its way."""
        return {**super().get_context_data(**kwargs), "is_sent": CODE in self.request.session}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Sends a code, or takes one."""
        if "send" not in request.POST:
            answer: HttpResponse = super().post(request, *args, **kwargs)
            return answer
        code = generate_user_code()
        get_adapter().send_mail("accounts/email/asked_code", request.user.email, {"code": code})  # type: ignore[union-attr]
        request.session[CODE] = (code, time.time() + GOOD_FOR, TRIES)
        return redirect(self.passthrough_next_url(request.path))

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """On to what they were about to do."""
        record_authentication(self.request, self.request.user, method="code", reauthenticated=True)
        answer: HttpResponse = super().form_valid(form)
        return answer


show_by_mail = requires(Capability.SIGN_IN)(
    never_cache(require_http_methods(["GET", "HEAD", "POST"])(ShowByMailView.as_view()))
)
