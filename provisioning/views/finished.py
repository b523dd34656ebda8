"""What can be done once all steps are: watch for the first visitor, mail the tag."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.mails import WAITS, Fate
from provisioning import first_hit
from provisioning.access import takes_part
from provisioning.models import ProvisioningRequest
from provisioning.requests import tag_mails
from provisioning.settings_forms import DeveloperForm
from provisioning.views import done_page
from provisioning.views.onward import home
from provisioning.views.request import who


@takes_part
@require_safe
@never_cache
def hit(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """Whether the first visitor has come, for the page's script."""
    if not found.measurement_id:
        raise Http404
    first_hit.look(request=found)
    state = done_page.watched(found)
    return JsonResponse({"hit": state["hit"], "words": state["hit_words"]})


@takes_part
@require_POST
@never_cache
def check_hit(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """The same by a button."""
    first_hit.look(request=found)
    return redirect(reverse("provisioning:request", args=[found.pk]) + "?looked")


@takes_part
@require_POST
@never_cache
def send_tag(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """Mails the tag to a web developer."""
    form = DeveloperForm(request.POST)
    if not found.measurement_id:
        return home(found)
    if not form.is_valid():
        return done_page.answer(request, found, form)
    _send(request, found, form.cleaned_data["email"])
    return home(found)


def _send(request: HttpRequest, found: ProvisioningRequest, to: str) -> None:
    sender = who(request) or (found.grant.email if found.grant else "")
    try:
        fate = tag_mails.send(request=found, to=to, sender=sender)
    except tag_mails.TooMany:
        words = _("That is enough mail for today. Copy the tag and send it yourself, or try again tomorrow.")
        messages.error(request, words)
        return
    if fate is Fate.REFUSED:
        messages.error(request, _("The mail server refuses %(email)s. Is the address right?") % {"email": to})
        return
    messages.success(request, _("The tag is on its way to %(email)s.") % {"email": to})
    if fate is Fate.WAITING:
        messages.warning(request, WAITS)
