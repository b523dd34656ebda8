"""Back from a consent that no provisioning request asked for: a Google account is connected, renewed, or
invites the service account.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from accounts import access
from accounts.models import User
from accounts.tenancy import all_tenants, tenant_scope
from google_api import errors, oauth, scopes
from google_api.http import Api
from google_api.identity import Identity
from provisioning import flows, grants, hand_over
from provisioning.access import person
from provisioning.models import Consent, Credential
from provisioning.requests.steps import guest
from provisioning.views.grants import handed_over

Answer = Callable[[HttpRequest, Consent, oauth.Tokens, Identity], HttpResponse]


def may_return(request: HttpRequest, consent: Consent) -> bool:
    """Whether the person still has the right by which they left: to the client, or to the whole agency."""
    user = person(request)
    if user is None:
        return False
    if consent.tenant is None:
        return user.is_active and user.is_superuser
    try:
        return access.may_manage_people(user, access.tenant_for(user, consent.tenant.slug))
    except Http404:
        return False


def came_back(request: HttpRequest, consent: Consent, params: dict[str, str]) -> HttpResponse:
    """What the return means, for somebody who may return."""
    with _scope(consent):
        if "error" in params or not params.get("code"):
            messages.error(request, _denied(params.get("error", "")))
            return home(consent)
        try:
            tokens, who = grants.exchange(consent=consent, code=params["code"])
        except errors.GoogleError as error:
            messages.error(request, _(error.user_message))
            return home(consent)
        answer = _share if consent.purpose == Consent.Purpose.SHARE else _connect
        return answer(request, consent, tokens, who)


def home(consent: Consent) -> HttpResponse:
    """The page that shows the Google accounts of whoever asked."""
    if consent.tenant is not None:
        return redirect("google:grants", consent.tenant.slug)
    return redirect("admin:provisioning_grant_changelist")


def _scope(consent: Consent) -> AbstractContextManager[Any]:
    if consent.tenant_id is not None:
        return tenant_scope({consent.tenant_id})
    return all_tenants(reason="the agency's owner connects a Google account of the agency's own")


def _denied(error: str) -> str:
    if error == "admin_policy_enforced":
        return _(errors.AdminPolicyEnforced.sentence)
    return _("You did not allow it at Google, so nothing has changed.")


def _connect(request: HttpRequest, consent: Consent, tokens: oauth.Tokens, who: Identity) -> HttpResponse:
    user = cast(User, request.user)
    try:
        grant = _kept(consent, tokens, who, user)
    except grants.WrongAccount:
        context = {"tenant": consent.tenant, "grant": consent.credential, "came_as": who.email}
        return render(request, "provisioning/grant_other.html", context)
    except grants.NothingToRead:
        told = _("At Google the box for seeing your Analytics data was left empty. Tick it, and try again.")
        messages.error(request, told)
        return home(consent)
    Consent.objects.filter(pk=consent.pk).update(credential=grant)  # for the doctor
    flows.list_properties(credential=grant)
    messages.success(request, _("%(email)s is connected.") % {"email": grant.email})
    return home(consent)


def _kept(consent: Consent, tokens: oauth.Tokens, who: Identity, user: User) -> Credential:
    if consent.credential is not None:
        return grants.renew(grant=consent.credential, tokens=tokens, person=who, user=user)
    return grants.connect(tokens=tokens, person=who, tenant=consent.tenant, user=user)


def _share(request: HttpRequest, consent: Consent, tokens: oauth.Tokens, who: Identity) -> HttpResponse:
    """No token is kept of this consent: it is used at once."""
    grant, robot = consent.credential, guest()
    if grant is None or robot is None or consent.tenant is None:
        return home(consent)
    if scopes.ANALYTICS_MANAGE_USERS not in tokens.scopes:
        messages.error(
            request, _("At Google the box for managing users was left empty. Tick it, and try again.")
        )
        return redirect("google:service_account", consent.tenant.slug, grant.pk)
    api = Api(settings.GOOGLE_ADMIN_API, tokens.access_token)
    done = hand_over.with_api(api=api, grant=grant, robot=robot)
    return handed_over(request, grant, robot, done)
