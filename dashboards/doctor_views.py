"""The doctor on a view's page for its client."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.permissions import Capability, TenantRequest, requires
from dashboards import access, doctor
from provisioning.views.doctoring import page


@requires(Capability.MANAGE_PEOPLE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def view_doctor(request: TenantRequest, view: str) -> HttpResponse:
    """Each link, from the stored secret to the dashboards."""
    found = access.view_for(request.user, request.tenant, view)
    return page(
        request,
        found.pk,
        lambda: doctor.examine(found),
        found.credential,
        title=_("Do the figures of “%(view)s” come?") % {"view": found.name},
        tenant=request.tenant,
        back=reverse("dashboards:dashboard", args=[request.tenant.slug, found.slug]),
    )
