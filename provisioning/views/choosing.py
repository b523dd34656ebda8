"""`/provisioning/`: what somebody wants, and for which client."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import Tenant, User
from accounts.permissions import Capability, requires
from accounts.tenancy import tenant_scope
from provisioning import access
from provisioning.details_form import DetailsForm
from provisioning.models import ProvisioningRequest
from provisioning.protocols.chosen import is_offered
from provisioning.requests import details, flows
from provisioning.requests.newcomers import tenant_for_newcomer
from provisioning.requests.steps import Step, next_step


@requires(Capability.SIGN_IN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def choose(request: HttpRequest) -> HttpResponse:
    """The ways in; a POST starts one."""
    if not is_offered():
        raise Http404
    user = cast(User, request.user)
    tenants = access.tenants_to_provision(user)
    if request.method == "POST":
        return _start(request, user, tenants)
    context = {"tenants": tenants, "ways": ProvisioningRequest.Way, "under_way": _under_way(user, tenants)}
    return render(request, "provisioning/choose.html", context)


def _start(request: HttpRequest, user: User, tenants: list[Tenant]) -> HttpResponse:
    tenant = _chosen(request, user, tenants)
    way = request.POST.get("way", "")
    if tenant is None or way not in ProvisioningRequest.Way.values:
        messages.error(request, _("Choose a client and a way first."))
        return redirect("provisioning:choose")
    with tenant_scope({tenant.pk}):
        known = details.known_from(request.GET.dict())
        started = flows.start(tenant=tenant, user=user, way=way, known=known)
        if "skip_form" in request.GET:
            _skip_form(started, user)
        if next_step(started) is Step.DETAILS:
            return redirect("provisioning:details", started.pk)
    return redirect("provisioning:request", started.pk)


def _skip_form(started: ProvisioningRequest, user: User) -> None:
    """No form at all where the address told all of it, and told it right."""
    given = DetailsForm.as_known(started)
    if given.is_valid():
        flows.save_details(request=started, details=given.details, who=user.email)


def _chosen(request: HttpRequest, user: User, tenants: list[Tenant]) -> Tenant | None:
    if not tenants:
        return tenant_for_newcomer(user)
    slug = request.POST.get("tenant", tenants[0].slug if len(tenants) == 1 else "")
    return next((each for each in tenants if each.slug == slug), None)


def _under_way(user: User, tenants: list[Tenant]) -> list[ProvisioningRequest]:
    """What the person began and did not finish."""
    with tenant_scope({each.pk for each in tenants}):
        return list(ProvisioningRequest.objects.unfinished_of(user).select_related("tenant")[:5])
