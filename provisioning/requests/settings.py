"""What may be set of a property that was made here, now or later: how long Google keeps data, what its tag
measures by itself, which events count as results. Each as often as one likes: what is set already stays.

All of it stands at Google alone and is read from there each time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from google_api import admin_settings, errors, scopes
from google_api.http import Api
from provisioning.models import Credential, ProvisioningRequest
from provisioning.requests import record
from provisioning.requests.calls import ask

T = TypeVar("T")
CHANGED = "settings_changed"
RETENTIONS = ("TWO_MONTHS", "FOURTEEN_MONTHS")
SUGGESTED = ("purchase", "generate_lead", "sign_up")
"""Google's own names for what most sites want: https://support.google.com/analytics/answer/9267735"""

RESERVED = ("_", "firebase_", "ga_", "google_", "gtag.")
_EVENT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")


@dataclass(frozen=True)
class Part(Generic[T]):
    """What stands at Google, or why it could not be read."""

    value: T | None = None
    error: errors.GoogleError | None = None


@dataclass(frozen=True)
class Settings:
    """The three, each read for itself."""

    retention: Part[admin_settings.DataRetention]
    measurement: Part[admin_settings.EnhancedMeasurement]
    key_events: Part[tuple[str, ...]]


def has_any(request: ProvisioningRequest) -> bool:
    """Whether the property was made here, so that there is something to set."""
    return bool(request.property_id and request.stream_id)


def may_change(request: ProvisioningRequest) -> bool:
    """Whether the customer's permission to edit is (still) there."""
    grant = request.grant
    if grant is None or grant.state == Credential.State.REFUSED:
        return False
    return scopes.ANALYTICS_EDIT in grant.granted


def read(request: ProvisioningRequest) -> Settings:
    """All three from Google. Raises nothing."""
    number = request.property_id
    retention = _part(request, lambda api: admin_settings.get_data_retention(api, number))
    return Settings(
        retention,
        _unless(retention.error, lambda: _part(request, lambda api: _measurement(api, request))),
        _unless(retention.error, lambda: _part(request, lambda api: _names(api, number))),
    )


def _part(request: ProvisioningRequest, question: Callable[[Api], T]) -> Part[T]:
    try:
        return Part(ask(request, question))
    except errors.GoogleError as error:
        return Part(error=error)


def _unless(error: errors.GoogleError | None, then: Callable[[], Part[T]]) -> Part[T]:
    """Where Google did not answer the first question, a person does not wait for it to be silent again."""
    silent = isinstance(error, errors.Unreachable | errors.SignInRefused)
    return Part(error=error) if silent else then()


def _measurement(api: Api, request: ProvisioningRequest) -> admin_settings.EnhancedMeasurement:
    return admin_settings.get_enhanced_measurement(api, request.property_id, request.stream_id)


def _names(api: Api, number: str) -> tuple[str, ...]:
    return tuple(sorted(each.event_name for each in admin_settings.list_key_events(api, number)))


def keep_for(*, request: ProvisioningRequest, retention: str, who: str) -> None:
    """Google keeps data of single visitors for so long: one of RETENTIONS. Raises GoogleError."""

    def change(api: Api) -> admin_settings.DataRetention:
        known = admin_settings.get_data_retention(api, request.property_id)
        settings = replace(known, event=retention, user=retention)
        return admin_settings.update_data_retention(api, request.property_id, settings)

    ask(request, change)
    record.noted(request, CHANGED, detail=f"data retention {retention}", who=who)


def measure(*, request: ProvisioningRequest, is_on: bool, who: str) -> None:
    """Whether Google's tag measures scrolls, downloads and the like by itself. Raises GoogleError."""

    def change(api: Api) -> None:
        known = _measurement(api, request)
        settings = replace(known, stream_enabled=is_on)
        admin_settings.update_enhanced_measurement(api, request.property_id, request.stream_id, settings)

    ask(request, change)
    record.noted(request, CHANGED, detail=f"enhanced measurement {'on' if is_on else 'off'}", who=who)


def count_as_results(*, request: ProvisioningRequest, names: Iterable[str], who: str) -> list[str]:
    """Makes key events of those names that are none yet; which these were. Raises GoogleError."""
    made: list[str] = []

    def create(api: Api) -> None:
        known = set(_names(api, request.property_id))
        for name in dict.fromkeys(names):
            if name not in known and _create(api, request.property_id, name):
                made.append(name)

    try:
        ask(request, create)
    finally:
        if made:
            record.noted(request, CHANGED, detail=f"key events {', '.join(made)}", who=who)
    return made


def _create(api: Api, number: str, name: str) -> bool:
    """False where another tab was first."""
    try:
        admin_settings.create_key_event(api, number, event_name=name)
    except errors.AlreadyExists:
        return False
    return True


def event_name_of(typed: str) -> str:
    """A name that Google takes for an event. Raises ValueError.

    https://support.google.com/analytics/answer/13316687
    """
    name = typed.strip()
    if not _EVENT.fullmatch(name) or name.lower().startswith(RESERVED):
        raise ValueError("not the name of an event")
    return name
