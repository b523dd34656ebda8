"""Our own steps of a request, each of them one thing made at Google.

Before anything is made it is looked for: an earlier try may have made it and died before it could say so.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from google_api import admin, admin_writes, errors
from google_api.http import Api
from provisioning import assignments, hooks
from provisioning.models import Credential, ProvisioningRequest
from provisioning.requests import record
from provisioning.requests.calls import ask
from provisioning.requests.lease import turn
from provisioning.requests.steps import OURS, Step, guest, next_step

State = ProvisioningRequest.State
BUDGET_SECONDS = 20.0
"""A person waits for the page: what is not done by then, the page asks for again, or tick does."""


def advance(*, request: ProvisioningRequest) -> None:
    """Does the steps that are ours until one is not, or one fails; any number of times, from anywhere.

    Runs inside the tenant's scope.
    """
    with turn(request) as is_mine:
        until = time.monotonic() + BUDGET_SECONDS
        while is_mine and time.monotonic() < until and (step := next_step(request)) in OURS:
            if not _try(request, WORK[step]):
                return


def _try(request: ProvisioningRequest, work: Callable[[ProvisioningRequest], None]) -> bool:
    try:
        work(request)
    except errors.GoogleError as error:
        record.failed(request, error)
        return False
    return True


def _make_property(request: ProvisioningRequest) -> None:
    account = f"accounts/{request.account_id}"

    def make(api: Api) -> admin.Property:
        there = [each for each in admin.list_properties(api, account) if not each.deleted]
        mine = next((each for each in there if each.display_name == request.property_name), None)
        return mine or admin_writes.create_property(
            api,
            account=account,
            display_name=request.property_name,
            time_zone=request.time_zone,
            currency_code=request.currency,
            industry_category=request.industry,
        )

    made = ask(request, make)
    number = made.name.removeprefix("properties/")
    record.done(request, State.PROPERTY, detail=number, property_id=number)


def _make_stream(request: ProvisioningRequest) -> None:
    def make(api: Api) -> admin_writes.WebStream:
        there = admin_writes.list_web_streams(api, request.property_id)
        mine = next((each for each in there if _same_site(each.default_uri, request.website)), None)
        return mine or admin_writes.create_web_stream(
            api, request.property_id, display_name=request.property_name, default_uri=request.website
        )

    made = ask(request, make)
    facts = {"stream_id": made.stream_id, "measurement_id": made.measurement_id}
    record.done(request, State.STREAM, detail=made.measurement_id, **facts)


def _same_site(one: str, other: str) -> bool:
    return one.rstrip("/").lower() == other.rstrip("/").lower()


def _share(request: ProvisioningRequest) -> None:
    robot = guest()
    if robot is None:
        record.done(request, State.STREAM, detail="no service account", is_sharing_skipped=True)
        return

    def invite(api: Api) -> None:
        there = admin_writes.list_access_bindings(api, request.property_id)
        if not any(each.user.lower() == robot.email.lower() for each in there):
            admin_writes.create_access_binding(api, request.property_id, user=robot.email)

    ask(request, invite)
    record.done(request, State.SHARED, detail=robot.email, shared_with=robot.email)


def _make_view(request: ProvisioningRequest) -> None:
    """Fed by the service account where the property was shared with it, else by the grant."""
    source = source_of(request)
    made = hooks.views().make(
        tenant=request.tenant,
        credential=source,
        property_id=request.property_id,
        name=request.view_name,
        time_zone=request.time_zone,
        currency=request.currency or "USD",
    )
    if source.tenant_id is None:
        assignments.assign(credential=source, pairs=[(request.property_id, request.tenant_id)])
    record.done(request, State.LIVE, detail=made.name, view_id=made.id)


def source_of(request: ProvisioningRequest) -> Credential:
    """What its figures are read with. Raises GoogleError where nothing is left."""
    robots = Credential.objects.filter(tenant=None, kind=Credential.Kind.SERVICE_ACCOUNT)
    robot = robots.filter(email=request.shared_with).first() if request.shared_with else None
    source = robot or request.grant
    if source is None:
        raise errors.InvalidGrant("neither service account nor grant")
    return source


WORK: dict[Step, Callable[[ProvisioningRequest], None]] = {
    Step.PROPERTY: _make_property,
    Step.STREAM: _make_stream,
    Step.SHARE: _share,
    Step.VIEW: _make_view,
}
