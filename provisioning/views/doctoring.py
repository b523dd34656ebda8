"""The doctor on the client's pages: of a request, and of a connected Google account."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.permissions import Capability, TenantRequest, requires
from provisioning import access
from provisioning.doctor import Step, credential, recorded
from provisioning.doctor import request as requests
from provisioning.doctor.sight import for_clients
from provisioning.models import Credential, ProvisioningRequest
from provisioning.requests import history

PAUSE = datetime.timedelta(seconds=5)
"""Between two walks of one chain: each costs some of Google's quota."""


@access.takes_part
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def request(request: HttpRequest, found: ProvisioningRequest) -> HttpResponse:
    """Its history, its consents, and each link at Google."""
    more = {
        "title": _("How far is it at Google?"),
        "tenant": found.tenant,
        "back": reverse("provisioning:request", args=[found.pk]),
        "history": [(each, history.in_words(each)) for each in found.events.all()],
        "recorded": recorded.of_request(found),
    }
    return page(request, found.pk, lambda: requests.examine(found), found.grant, **more)


@requires(Capability.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def grant(request: TenantRequest, grant: uuid.UUID) -> HttpResponse:
    """Its consents, and each link at Google."""
    found = access.grant_for(request.tenant, grant)
    more = {
        "title": _("Does %(email)s work?") % {"email": found.email},
        "tenant": request.tenant,
        "back": reverse("google:grants", args=[request.tenant.slug]),
        "recorded": recorded.of_grant(found),
    }
    return page(request, found.pk, lambda: credential.examine(found), found, **more)


def page(
    request: HttpRequest,
    subject: uuid.UUID,
    walk: Callable[[], list[Step]],
    read_with: Credential | None,
    **context: Any,
) -> HttpResponse:
    """The doctor's page for a client: a POST walks, anything else shows the button."""
    examined = None
    if request.method == "POST":
        if cache.add(f"examined:{subject}", "yes", PAUSE.total_seconds()):
            examined = for_clients(walk(), read_with)
        else:
            messages.info(request, _("It was examined a moment ago. Wait a few seconds."))
    is_agencys = read_with is not None and read_with.tenant_id is None
    return render(
        request, "provisioning/doctor.html", {"examined": examined, "is_agencys": is_agencys, **context}
    )
