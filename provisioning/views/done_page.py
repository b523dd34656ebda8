"""The page of a request whose steps are all done: the tag to paste, and whether it works."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from google_api import admin_writes, errors
from provisioning import hand_over, hooks
from provisioning.first_hit import is_awaited
from provisioning.models import ProvisioningRequest
from provisioning.requests import tags
from provisioning.requests.settings import has_any
from provisioning.settings_forms import DeveloperForm


def answer(
    request: HttpRequest, found: ProvisioningRequest, form: DeveloperForm | None = None
) -> HttpResponse:
    """The page; `form` is that of the mail to a web developer, where it was not right."""
    tag = _tag(found, looked="looked" in request.GET)
    context = {"found": found, "form": form or DeveloperForm(), **_common(found), **tag}
    return render(request, "provisioning/done.html", context, status=400 if form else 200)


def watched(found: ProvisioningRequest, *, looked: bool = False) -> dict[str, Any]:
    """How the wait for the first visitor stands: `waiting`, `come` or `failed`, and in words; other ones for
    who has `looked` by the button just now."""
    if not is_awaited(found):
        return {"hit": "come", "hit_words": _("Your tag works: the first visitor was here.")}
    if found.hit_error:
        kind = errors.ERRORS.get(found.hit_error, errors.GoogleError)
        return {"hit": "failed", "hit_words": _(kind.sentence)}
    words = _("Waiting for your first visitor: open your website.")
    if looked:
        words = _("Nobody yet. Open your website in another window, and check again in a minute.")
    return {"hit": "waiting", "hit_words": words}


def _common(found: ProvisioningRequest) -> dict[str, Any]:
    view = hooks.views().find(tenant=found.tenant, view_id=found.view_id) if found.view_id else None
    may_hand_over = found.grant is not None and hand_over.is_offered_for(found.grant)
    return {"view": view, "has_settings": has_any(found), "may_hand_over": may_hand_over}


def _tag(found: ProvisioningRequest, looked: bool) -> dict[str, Any]:
    """What belongs to the tag; nothing for a request that made none."""
    if not found.measurement_id:
        return {}
    email = found.grant.email if found.grant else ""
    return {
        "tag": tags.tag_of(found.measurement_id),
        "asking_tag": tags.asking_tag_of(found.measurement_id),
        "consent_given": tags.CONSENT_GIVEN,
        "guides": tags.GUIDES,
        "reports_url": admin_writes.reports_url(settings.GOOGLE_TOS_URI, found.property_id, email),
        "looked": looked,
        **watched(found, looked=looked),
    }
