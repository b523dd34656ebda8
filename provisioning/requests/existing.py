"""The way of a customer who has Google Analytics: of the properties that they can read some are chosen, and
each becomes a view.

All run inside the tenant's scope. “Could not be listed” is an error, and never the same as “there are none”.
"""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import transaction

from google_api import admin, errors
from provisioning import credentials, flows, hooks
from provisioning.hooks import Made
from provisioning.models import Credential, ProvisioningRequest, ReachableProperty
from provisioning.requests import record
from provisioning.requests.steps import Step, is_authorised, missing_scopes, next_step, reached

State = ProvisioningRequest.State
Way = ProvisioningRequest.Way


def is_choosing(request: ProvisioningRequest) -> bool:
    """Whether its page of properties is there; that the grant was refused since, the page itself says."""
    covered = request.grant is not None and not missing_scopes(request)
    return request.way == Way.EXISTING and covered and request.view_id is None


def bring_list(*, request: ProvisioningRequest) -> errors.GoogleError | None:
    """Lists what the grant can read, unless that was done since it was given. Returns what went wrong."""
    grant = _grant(request)
    if grant.properties_listed_at and grant.consented_at and grant.properties_listed_at > grant.consented_at:
        return None
    return list_again(request=request)


def list_again(*, request: ProvisioningRequest) -> errors.GoogleError | None:
    """Asks Google anew. Returns what went wrong; then the list from before stays."""
    error = flows.list_properties(credential=_grant(request))
    if error:
        record.noted(request, error.code, detail=error.log_detail)
    return error


def readable(request: ProvisioningRequest) -> list[ReachableProperty]:
    """What the last listing found, by account and name."""
    return list(
        ReachableProperty.objects.filter(credential=request.grant).order_by(
            "account_name", "name", "property_id"
        )
    )


def chosen(request: ProvisioningRequest) -> list[ReachableProperty]:
    """Those that are ticked and can (still) be read."""
    ticked = set(request.chosen_properties)
    return [each for each in readable(request) if each.property_id in ticked]


@transaction.atomic
def choose(*, request: ProvisioningRequest, ticked: Collection[str], shown: Collection[str]) -> None:
    """Of the properties `shown`, those `ticked` are chosen and the others not; what stood on other pages, or
    in another tab, stays."""
    row = ProvisioningRequest.objects.select_for_update().get(pk=request.pk)
    known = {each.property_id for each in readable(request)}
    kept = [each for each in row.chosen_properties if each not in set(shown)]
    request.chosen_properties = sorted({*kept, *(each for each in ticked if each in known)})
    request.save(update_fields=["chosen_properties"])


@transaction.atomic
def use(*, request: ProvisioningRequest, who: str) -> list[Made]:
    """A view of each chosen property, fed by the grant: all of them or, when this is cut off, none. Twice, or
    from two tabs, is once. Empty where nothing is chosen."""
    row = ProvisioningRequest.objects.select_for_update().get(pk=request.pk)
    request.view_id, request.chosen_properties = row.view_id, row.chosen_properties
    wanted = chosen(request)
    if not wanted or request.view_id:
        return []
    made = [_view_of(request, each) for each in wanted]
    names = ", ".join(each.name for each in made)
    record.done(request, State.LIVE, who=who, detail=names, view_id=made[0].id)
    return made


def _view_of(request: ProvisioningRequest, found: ReachableProperty) -> Made:
    """The client's view of it. One that is there stays as it is; where Google refuses what fed it, the grant
    does from now on."""
    grant = _grant(request)
    made = hooks.views().make(
        tenant=request.tenant,
        credential=grant,
        property_id=found.property_id,
        name=found.name[:100],
        time_zone=found.time_zone,
        currency=found.currency,
    )
    ended = Credential.objects.filter(tenant=request.tenant, state=Credential.State.REFUSED)
    for old in ended.exclude(pk=grant.pk):
        hooks.views().feed(tenant=request.tenant, property_id=found.property_id, old=old, new=grant)
    return made


def finds_accounts(*, request: ProvisioningRequest) -> bool:
    """Whether somebody who came for a new account turns out, only now, to have some with properties in them.

    A failure to ask is noted, and neither blocks nor claims that there are none.
    """
    if request.way == Way.EXISTING or request.accounts_found is not None or not is_authorised(request):
        return False
    try:
        found = credentials.call(_grant(request), settings.GOOGLE_ADMIN_API, admin.list_account_summaries)
    except errors.GoogleError as error:
        record.noted(request, error.code, detail=error.log_detail)
        return False
    request.accounts_found = sum(1 for each in found if each.properties)
    request.save(update_fields=["accounts_found"])
    return request.accounts_found > 0


def may_use_existing(request: ProvisioningRequest) -> bool:
    """Whether nothing has been asked of Google yet that a change of mind would leave behind."""
    return request.way != Way.EXISTING and next_step(request) in (Step.AUTHORISE, Step.DETAILS, Step.TICKET)


def offered_accounts(request: ProvisioningRequest) -> int:
    """How many accounts to offer beside going on."""
    return (request.accounts_found or 0) if may_use_existing(request) else 0


def use_existing(*, request: ProvisioningRequest, who: str) -> None:
    """From a new account to one that is there; nothing where it is too late for that."""
    if may_use_existing(request) and not request.account_id:
        _switch(request, Way.EXISTING, who)


def create_instead(*, request: ProvisioningRequest, who: str) -> None:
    """From an account that is there to a new one; nothing where views were made already."""
    if request.way == Way.EXISTING and request.view_id is None:
        _switch(request, Way.DETAILS_FIRST, who)


def _switch(request: ProvisioningRequest, way: str, who: str) -> None:
    request.way = way
    record.done(request, reached(request), detail=way, who=who, way=way)


def _grant(request: ProvisioningRequest) -> Credential:
    if request.grant is None:
        raise errors.InvalidGrant("the grant was removed")
    return request.grant
