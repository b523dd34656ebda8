"""The page itself, and the mail that tests the mail server. Both are the admin's: for staff."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import mails
from accounts.mails import Fate
from accounts.models import User
from portal.setup import google, machine
from portal.setup.looking import Mark
from portal.setup.redirects import redirects


@require_safe
@never_cache
def page(request: HttpRequest) -> HttpResponse:
    """Looks at everything now, and says what is right and what to do."""
    found = [(_("At Google"), google.items()), (_("On this server"), machine.items())]
    context = {
        **admin.site.each_context(request),
        "title": _("Google set-up"),
        "sections": found,
        "wrong": sum(item.mark is Mark.WRONG for _title, items in found for item in items),
        "redirects": redirects(),
        "has_client": bool(settings.GOOGLE_CLIENT_ID),
    }
    return TemplateResponse(request, "admin/google_setup.html", context)


@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """A mail to whoever asks."""
    to = cast(User, request.user).email
    words = {"email": to}
    fate = mails.sent(mails.written("admin/email/test", to, {}))
    if fate is Fate.SENT:
        messages.success(request, _("A test mail went to %(email)s.") % words)
    elif fate is Fate.WAITING:
        messages.error(request, mails.WAITS)
    else:
        messages.error(request, _("The mail server refuses %(email)s. The log says why.") % words)
    return redirect("admin:google_setup")
