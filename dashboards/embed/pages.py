"""A client's embed keys, and each view's recipe for embedding it: for the client's owners and for staff."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.asking_again import asks_again
from accounts.permissions import Capability, TenantRequest, requires
from dashboards import access
from dashboards.embed import keys, placing, recipes, revoking
from dashboards.embed.access import key_for
from dashboards.embed.forms import KeyForm, SitesForm
from dashboards.models import EmbedKey, View

LISTED = 200


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_safe
@never_cache
def key_page(request: TenantRequest) -> HttpResponse:
    """The client's keys, and where its views are embedded."""
    return _keys(request, KeyForm())


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def make_key(request: TenantRequest) -> HttpResponse:
    """A new key, on the only page that ever shows it."""
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _keys(request, form)
    name = form.cleaned_data["name"]
    issued = keys.make(tenant=request.tenant, name=name, made_by=request.user.email)
    return render(request, "dashboards/embedding/key.html", {"tenant": request.tenant, "issued": issued})


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def revoke_key(request: TenantRequest, key: uuid.UUID) -> HttpResponse:
    """Ends a key and its tokens."""
    found = key_for(request.tenant, key)
    keys.revoke(key=found, by=request.user.email)
    messages.success(request, _("The key “%(name)s” and its tokens are ended.") % {"name": found.name})
    return redirect("embed:keys", request.tenant.slug)


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def end_tokens(request: TenantRequest) -> HttpResponse:
    """Ends every token of the client's that is out there."""
    revoking.end_tokens_of_tenant(tenant=request.tenant, by=request.user.email)
    messages.success(request, _("All tokens are ended. Pages get new ones when they are loaded again."))
    return redirect("embed:keys", request.tenant.slug)


@requires(Capability.MANAGE_PEOPLE)
@require_safe
@never_cache
def panel(request: TenantRequest, view: str) -> HttpResponse:
    """The whole recipe for one view."""
    row = access.view_for(request.user, request.tenant, view)
    return _panel(request, row, SitesForm(initial={"sites": row.origins}))


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def list_sites(request: TenantRequest, view: str) -> HttpResponse:
    """Sets the sites that may embed the view."""
    row = access.view_for(request.user, request.tenant, view)
    form = SitesForm(request.POST)
    if not form.is_valid():
        return _panel(request, row, form)
    placing.list_sites(view=row, sites=form.cleaned_data["sites"], by=request.user.pk)
    messages.success(request, _("The sites are saved."))
    return redirect("embed:panel", request.tenant.slug, row.slug)


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def end_tokens_of_view(request: TenantRequest, view: str) -> HttpResponse:
    """Ends every token for the view that is out there."""
    row = access.view_for(request.user, request.tenant, view)
    revoking.end_tokens_of_view(view=row, by=request.user.email)
    messages.success(request, _("All tokens are ended. Pages get new ones when they are loaded again."))
    return redirect("embed:panel", request.tenant.slug, row.slug)


def _keys(request: TenantRequest, form: KeyForm) -> HttpResponse:
    views = access.views_of(request.user, request.tenant)
    context = {
        "tenant": request.tenant,
        "keys": EmbedKey.objects.filter(tenant=request.tenant, revoked_at=None),
        "views": views.exclude(origins=[])[:LISTED],
        "form": form,
    }
    return render(request, "dashboards/embedding/keys.html", context)


def _panel(request: TenantRequest, view: View, form: SitesForm) -> HttpResponse:
    site = view.origins[0] if view.origins else recipes.EXAMPLE_SITE
    blanks = recipes.Blanks(settings.BASE_URL, view.slug, view.embed_id, site)
    context: dict[str, Any] = {
        "tenant": request.tenant,
        "view": view,
        "form": form,
        "ids": f"ga:{view.embed_id}",  # a template would write the number with separators
        "has_key": EmbedKey.objects.filter(tenant=request.tenant, revoked_at=None).exists(),
        "servers": recipes.servers(blanks),
        "page": recipes.page(blanks),
        "frame": recipes.frame(blanks, view.pk),
    }
    return render(request, "dashboards/embedding/panel.html", context)
