"""Google Analytics Admin API, what is made: an account's ticket, a property, its stream, access to it.

Nothing here is repeated unless Google surely did nothing: whoever is told of a fault looks with the lists
whether the thing is there before making it again. What can be set afterwards stands in `admin_settings`.

https://developers.google.com/analytics/devguides/config/admin/v1/rest
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from google_api import admin, http
from google_api.admin_settings import (
    DataRetention,
    EnhancedMeasurement,
    KeyEvent,
    create_key_event,
    get_data_retention,
    get_enhanced_measurement,
    list_key_events,
    update_data_retention,
    update_enhanced_measurement,
)
from google_api.errors import BadAnswer
from google_api.http import Api
from google_api.pages import all_pages
from google_api.shapes import Json, child, text, texts
from google_api.writing_refusals import edit_error, ticket_error, users_error

__all__ = [
    "VIEWER",
    "AccessBinding",
    "DataRetention",
    "EnhancedMeasurement",
    "KeyEvent",
    "WebStream",
    "create_access_binding",
    "create_key_event",
    "create_property",
    "create_web_stream",
    "get_data_retention",
    "get_enhanced_measurement",
    "list_access_bindings",
    "list_key_events",
    "list_web_streams",
    "provision_account_ticket",
    "reports_url",
    "terms_url",
    "update_data_retention",
    "update_enhanced_measurement",
]

VIEWER = "predefinedRoles/viewer"
_WEB = "WEB_DATA_STREAM"
_TICKET = re.compile(r"[\x21-\x7e]{1,500}")  # Google says nothing of its form
_STREAM = re.compile(r"properties/[0-9]{1,20}/dataStreams/([0-9]{1,20})")
_BINDING = re.compile(r"properties/[0-9]{1,20}/accessBindings/[A-Za-z0-9_-]{1,100}")
_MEASUREMENT = re.compile(r"(G-[A-Z0-9]{1,20})?")  # it becomes a part of the tag that people paste


@dataclass(frozen=True)
class WebStream:
    name: str  # "properties/2/dataStreams/3"
    stream_id: str  # "3"
    display_name: str
    default_uri: str  # "https://shop.example"
    measurement_id: str  # "G-1A2BCD345E"


@dataclass(frozen=True)
class AccessBinding:
    name: str  # "properties/2/accessBindings/5"
    user: str  # an e-mail address, a service account's too
    roles: tuple[str, ...]  # "predefinedRoles/viewer"


# The account


def provision_account_ticket(api: Api, *, display_name: str, region_code: str = "", redirect_uri: str) -> str:
    """A ticket that its person turns into an account by accepting Google's terms (`terms_url`).

    Raises a `GoogleError`: `AccountsForbidden`, `InvalidDetails`, `RedirectRefused`.
    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/accounts/provisionAccountTicket
    """
    account = _without_blanks({"displayName": display_name, "regionCode": region_code})
    body: Json = {"account": account, "redirectUri": redirect_uri}
    path = "/v1beta/accounts:provisionAccountTicket"
    return http.create(api, path, lambda answer: ticket_in(answer, "accountTicketId"), body, ticket_error)


def ticket_in(answer: Json, key: str) -> str:
    """The ticket's id. Raises `BadAnswer`."""
    ticket = text(answer, key)
    if not _TICKET.fullmatch(ticket):
        raise BadAnswer(f"200 without {key}", status=200)
    return ticket


def terms_url(tos_uri: str, ticket: str, authuser: str = "") -> str:
    """Where the ticket's person accepts Google's terms.

    Without `authuser`, an e-mail address, Google opens it as the browser's first account, whose the ticket
    need not be.

    https://developers.google.com/analytics/devguides/config/admin/v1/account-provisioning
    """
    query = {"provisioningSignup": "false", **({"authuser": authuser} if authuser else {})}
    return f"{tos_uri.rstrip('/')}/?{urlencode(query)}#/termsofservice/{quote(ticket, safe='')}"


def reports_url(tos_uri: str, property_id: str, authuser: str = "") -> str:
    """Where a person reads the property's reports at Google; `tos_uri` is where Google Analytics lives."""
    query = f"?{urlencode({'authuser': authuser})}" if authuser else ""
    number = admin.property_name(property_id).removeprefix("properties/")
    return f"{tos_uri.rstrip('/')}/{query}#/p{number}/reports/intelligenthome"


# The property and its stream


def create_property(
    api: Api,
    *,
    account: str,
    display_name: str,
    time_zone: str,
    currency_code: str = "",
    industry_category: str = "",
) -> admin.Property:
    """A new property of `account` ("accounts/1"). Raises a `GoogleError`: `EditForbidden`, `InvalidDetails`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties/create
    """
    details = {
        "displayName": display_name,
        "timeZone": time_zone,
        "currencyCode": currency_code,
        "industryCategory": industry_category,
    }
    body: Json = {"parent": admin.account_name(account), **_without_blanks(details)}
    return http.create(api, "/v1beta/properties", admin.read_property, body, edit_error)


def list_web_streams(api: Api, property_id: str) -> tuple[WebStream, ...]:
    """The property's streams of websites, those of apps left out. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties.dataStreams/list
    """
    streams = all_pages(api, _streams(property_id), "dataStreams", _web_stream_or_none)
    return tuple(stream for stream in streams if stream is not None)


def create_web_stream(api: Api, property_id: str, *, display_name: str, default_uri: str) -> WebStream:
    """A new stream, whose measurement id goes into the website's tag. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties.dataStreams/create
    """
    body: Json = {"type": _WEB, "displayName": display_name, "webStreamData": {"defaultUri": default_uri}}
    return http.create(api, _streams(property_id), _web_stream, body, edit_error)


def _streams(property_id: str) -> str:
    return f"/v1beta/{admin.property_name(property_id)}/dataStreams"


def _web_stream_or_none(item: Json) -> WebStream | None:
    return _web_stream(item) if text(item, "type") == _WEB else None


def _web_stream(item: Json) -> WebStream:
    name, web = text(item, "name"), child(item, "webStreamData")
    found, measurement_id = _STREAM.fullmatch(name), text(web, "measurementId")
    if found is None:
        raise BadAnswer("unexpected name")
    if not _MEASUREMENT.fullmatch(measurement_id):
        raise BadAnswer("unexpected measurementId")
    return WebStream(name, found[1], text(item, "displayName"), text(web, "defaultUri"), measurement_id)


# Access


def list_access_bindings(api: Api, property_id: str) -> tuple[AccessBinding, ...]:
    """Who was given access to the property itself; who has it through the account is not among them.

    Raises a `GoogleError`: `ManageUsersForbidden`.
    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1alpha/properties.accessBindings/list
    """
    return all_pages(api, _bindings(property_id), "accessBindings", _binding, judge=users_error)


def create_access_binding(api: Api, property_id: str, *, user: str, role: str = VIEWER) -> AccessBinding:
    """Gives the e-mail address `user`, a service account's too, access to the property.

    Raises a `GoogleError`: `ManageUsersForbidden`, `AlreadyExists`, `InvalidDetails` for an address that
    Google does not know.
    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1alpha/properties.accessBindings/create
    """
    body: Json = {"user": user, "roles": [role]}
    return http.create(api, _bindings(property_id), _binding, body, users_error)


def _bindings(property_id: str) -> str:
    return f"/v1alpha/{admin.property_name(property_id)}/accessBindings"


def _binding(item: Json) -> AccessBinding:
    name = text(item, "name")
    if not _BINDING.fullmatch(name):
        raise BadAnswer("unexpected name")
    return AccessBinding(name, text(item, "user"), texts(item, "roles"))


def _without_blanks(details: dict[str, str]) -> Json:
    return {name: value for name, value in details.items() if value}
