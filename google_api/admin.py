"""Google Analytics Admin API: which accounts and properties a credential reaches.

https://developers.google.com/analytics/devguides/config/admin/v1/rest
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from google_api import http
from google_api.errors import BadAnswer, InvalidPropertyId
from google_api.http import Api
from google_api.shapes import Json, children, flag, text

T = TypeVar("T")

_PAGE_SIZE = "200"  # the most that Google gives
_MAX_PAGES = 100  # 20,000 accounts; a list without end is a fault of Google's


@dataclass(frozen=True)
class PropertySummary:
    property: str  # "properties/2"
    display_name: str
    property_type: str  # "PROPERTY_TYPE_ORDINARY", "…_SUBPROPERTY", "…_ROLLUP"
    can_edit: bool


@dataclass(frozen=True)
class AccountSummary:
    account: str  # "accounts/1"
    display_name: str
    properties: tuple[PropertySummary, ...]


@dataclass(frozen=True)
class Property:
    name: str  # "properties/2"
    parent: str  # "accounts/1", or "properties/3" for a subproperty
    display_name: str
    time_zone: str  # IANA, "Europe/Berlin"
    currency_code: str  # ISO 4217, "EUR"
    service_level: str  # "GOOGLE_ANALYTICS_STANDARD" or "GOOGLE_ANALYTICS_360"
    deleted: bool  # in the trash can


def list_account_summaries(api: Api) -> tuple[AccountSummary, ...]:
    """Every account that the credential reaches, with its properties. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/accountSummaries/list
    """
    return _all_pages(api, "/v1beta/accountSummaries", _account_summaries, {})


def list_properties(api: Api, account: str) -> tuple[Property, ...]:
    """The properties of `account` ("accounts/1") that are not in the trash can. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties/list
    """
    if not re.fullmatch(r"accounts/[0-9]{1,20}", account):
        raise ValueError("an account is named accounts/<digits>")
    return _all_pages(api, "/v1beta/properties", _properties, {"filter": f"parent:{account}"})


def get_property(api: Api, property_id: str) -> Property:
    """The property of the number `property_id`, in the trash can or not. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties/get
    """
    return http.get(api, f"/v1beta/{property_name(property_id)}", _property)


def property_name(property_id: str) -> str:
    """ "properties/2" of "2". Raises `InvalidPropertyId`, so that nothing else ever becomes part of an
    address.
    """
    if not re.fullmatch(r"[0-9]{1,20}", property_id):
        raise InvalidPropertyId("not sent", reason="property_id")
    return f"properties/{property_id}"


@dataclass(frozen=True)
class _Page(Generic[T]):
    items: tuple[T, ...]
    next_token: str


def _all_pages(
    api: Api, path: str, read: Callable[[Json], _Page[T]], params: dict[str, str]
) -> tuple[T, ...]:
    """Every page of a list; Google wants all parameters again beside the token."""
    items: list[T] = []
    asked = {**params, "pageSize": _PAGE_SIZE}
    for _ in range(_MAX_PAGES):
        page = http.get(api, path, read, asked)
        items += page.items
        if not page.next_token:
            return tuple(items)
        asked["pageToken"] = page.next_token
    raise BadAnswer("pages without end")


def _account_summaries(page: Json) -> _Page[AccountSummary]:
    items = tuple(_account_summary(item) for item in children(page, "accountSummaries"))
    return _Page(items, text(page, "nextPageToken"))


def _properties(page: Json) -> _Page[Property]:
    items = tuple(_property(item) for item in children(page, "properties"))
    return _Page(items, text(page, "nextPageToken"))


def _account_summary(item: Json) -> AccountSummary:
    return AccountSummary(
        account=_required(item, "account"),
        display_name=text(item, "displayName"),
        properties=tuple(_property_summary(summary) for summary in children(item, "propertySummaries")),
    )


def _property_summary(item: Json) -> PropertySummary:
    return PropertySummary(
        property=_required(item, "property"),
        display_name=text(item, "displayName"),
        property_type=text(item, "propertyType"),
        can_edit=flag(item, "canEdit"),
    )


def _property(item: Json) -> Property:
    return Property(
        name=_required(item, "name"),
        parent=text(item, "parent"),
        display_name=text(item, "displayName"),
        time_zone=text(item, "timeZone"),
        currency_code=text(item, "currencyCode"),
        service_level=text(item, "serviceLevel"),
        deleted=bool(text(item, "deleteTime")),
    )


def _required(item: Json, key: str) -> str:
    """A resource's name, which Google never leaves out."""
    name = text(item, key)
    if not re.fullmatch(r"(accounts|properties)/[0-9]{1,20}", name):
        raise BadAnswer(f"unexpected {key}")
    return name
