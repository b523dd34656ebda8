"""From a person's grant to the agency's service account: it is invited to the properties that the grant reads
for views, and reads them from then on. All run inside the tenant's scope.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from django.conf import settings

from accounts import audit, tracing
from google_api import admin, admin_writes, errors
from google_api.http import Api
from provisioning import assignments, credentials, hooks
from provisioning.models import Credential
from provisioning.requests.steps import guest

AT_ONCE = 5
"""Properties asked about at the same time: a person waits."""


@dataclass(frozen=True)
class Outcome:
    """The numbers of the properties that the service account reads now, and why it does not the others."""

    moved: list[str]
    left: dict[str, errors.GoogleError]


def properties_of(grant: Credential) -> list[str]:
    """What the grant reads for views."""
    return hooks.views().properties_fed_by(credential=grant)


def is_offered_for(grant: Credential) -> bool:
    """Whether there is a service account to hand over to, and something to hand over."""
    return grant.tenant_id is not None and guest() is not None and bool(properties_of(grant))


def invite(*, api: Api, robot: Credential, properties: Sequence[str]) -> dict[str, errors.GoogleError]:
    """Gives the service account access to each property, as the person whose Api this is. One that has it
    keeps it. Returns what was refused."""

    def one(property_id: str) -> errors.GoogleError | None:
        try:
            _invite(api, robot.email, property_id)
        except errors.GoogleError as error:
            return error
        return None

    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        answers = zip(properties, pool.map(tracing.carried(one), properties), strict=True)
        return {number: error for number, error in answers if error}


def _invite(api: Api, email: str, property_id: str) -> None:
    there = admin_writes.list_access_bindings(api, property_id)
    if not any(each.user.lower() == email.lower() for each in there):
        with suppress(errors.AlreadyExists):
            admin_writes.create_access_binding(api, property_id, user=email)


def move(*, grant: Credential, robot: Credential) -> Outcome:
    """The views of each property that the service account turns out to read are fed by it from now on."""
    refused = _unreadable(robot, properties_of(grant))
    moved = [each for each in properties_of(grant) if each not in refused]
    tenant = grant.tenant
    if tenant is None:
        raise ValueError("a grant of the agency's is handed over to nobody")
    assignments.assign(credential=robot, pairs=[(each, tenant.pk) for each in moved])
    for each in moved:
        hooks.views().feed(tenant=tenant, property_id=each, old=grant, new=robot)
    facts = {"to": robot.email, "properties": moved, "left": list(refused)}
    audit.record("google.handed_over", tenant=tenant, target=grant.email, details=facts)
    return Outcome(moved, refused)


def _unreadable(robot: Credential, properties: Sequence[str]) -> dict[str, errors.GoogleError]:
    refused: dict[str, errors.GoogleError] = {}
    for each in properties:
        try:
            credentials.call(robot, settings.GOOGLE_ADMIN_API, partial(admin.get_property, property_id=each))
        except errors.GoogleError as error:
            refused[each] = error
    return refused


def with_grant(*, grant: Credential, robot: Credential) -> Outcome:
    """Invites with a grant that may manage users, and moves. Raises GoogleError where it does not sign in."""
    api = Api(settings.GOOGLE_ADMIN_API, credentials.access_token(grant))
    return with_api(api=api, grant=grant, robot=robot)


def with_api(*, api: Api, grant: Credential, robot: Credential) -> Outcome:
    """The same with whoever's Api: the person at Google need not be the one who gave the grant."""
    refused = invite(api=api, robot=robot, properties=properties_of(grant))
    done = move(grant=grant, robot=robot)
    return Outcome(done.moved, {number: refused.get(number, error) for number, error in done.left.items()})
