"""Google's own access token, given out for server-side authorisation as Google's Embed API knew it.

Whoever has it reads every property that its credential reaches, so it goes only where that is this client's
alone: asked of Google each time, not assumed.
"""

from __future__ import annotations

import datetime
import logging
import uuid
from collections.abc import Collection

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import access, audit, bulk
from accounts.models import Tenant, User
from accounts.tenancy import all_tenants
from dashboards.embed.errors import V3Error
from dashboards.models import View
from google_api import admin
from google_api.http import Api
from provisioning import credentials
from provisioning.models import Credential, PropertyAssignment, ProvisioningRequest, ReachableProperty

logger = logging.getLogger(__name__)
CHUNK = 500  # numbers in one query


def hand_out(*, view: View, tenant: Tenant, reader: User) -> tuple[str, int]:
    """A token that reads Analytics and nothing else, and for how many seconds; the history says who got it,
    and the record who did not.

    Raises V3Error with the reason and what to do, or GoogleError. Runs in the tenant's scope.
    """
    try:
        return _hand_out(view, tenant, reader)
    except V3Error as refusal:
        said = {"reason": refusal.reason}
        audit.record("token.refused", tenant=tenant, target=f"view {view}", who=reader.email, details=said)
        raise


def _hand_out(view: View, tenant: Tenant, reader: User) -> tuple[str, int]:
    _check_reader(reader, tenant)
    credential = _own_credential(view)
    value, ends = credentials.read_only_token(credential)
    _check_reach(credential, tenant, _listed(value))
    logger.info(
        "access token of credential %s given to person %s for view %s", credential.pk, reader.pk, view.pk
    )
    told = f"Google's access token of {credential.email} was given out."
    bulk.note(rows=[view], message=told, by=reader.pk, kind="token.given")
    return value, max(0, int((ends - timezone.now()) / datetime.timedelta(seconds=1)))


def _check_reader(reader: User, tenant: Tenant) -> None:
    """A member, and one who may see all that the token reads."""
    if not access.standing(reader, tenant).role:
        raise _refused("notAMember", _("Google's token is for members of this client alone."))
    if not access.sees_every_view(reader, tenant):
        raise _refused(
            "chosenViewsOnly",
            _("Google's token reads more than the views you may see. Ask for a token to embed."),
        )


def _own_credential(view: View) -> Credential:
    if view.filter:
        raise _refused(
            "filteredView",
            _(
                "This view shows part of its property, and Google's token would read all of it. Embed the "
                "view with the portal's own token."
            ),
        )
    if view.tenant_credential is None:
        raise _refused(
            "agencyCredential",
            _(
                "This view is read by the agency's account, whose token would read other clients' figures. "
                "Connect a service account of your own, or embed the view with the portal's own token."
            ),
        )
    return view.tenant_credential


def _check_reach(credential: Credential, tenant: Tenant, numbers: Collection[str]) -> None:
    others = len(_tenants_of(numbers, tenant))
    if not others:
        return
    logger.warning("access token of credential %s refused: %s other clients", credential.pk, others)
    sentence = ngettext(
        "%(email)s also reads figures of %(number)s other client, so its token is not given out. Use a "
        "service account of your own that reaches your properties alone.",
        "%(email)s also reads figures of %(number)s other clients, so its token is not given out. Use a "
        "service account of your own that reaches your properties alone.",
        others,
    )
    raise _refused("reachesOtherClients", sentence % {"email": credential.email, "number": others})


def _listed(token: str) -> set[str]:
    """The number of every property that Google lists for whoever has this token. Raises GoogleError."""
    accounts = admin.list_account_summaries(Api(settings.GOOGLE_ADMIN_API, token))
    return {each.property.removeprefix("properties/") for account in accounts for each in account.properties}


def _tenants_of(numbers: Collection[str], mine: Tenant) -> set[uuid.UUID]:
    """Other tenants that have any of these properties: in a view, assigned, made for them, or by their own
    credentials."""
    listed, found = sorted(numbers), set()
    with all_tenants(reason="counting whose figures a token of Google's would read"):
        for start in range(0, len(listed), CHUNK):
            for rows in (View, PropertyAssignment, ProvisioningRequest, ReachableProperty):
                having = rows.objects.filter(property_id__in=listed[start : start + CHUNK])
                found |= set(having.exclude(tenant=mine).order_by().values_list("tenant_id", flat=True))
    return found - {None}


def _refused(reason: str, sentence: str) -> V3Error:
    return V3Error(403, reason, sentence)
