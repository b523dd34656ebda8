"""Google Analytics Admin API, what is read: which accounts and properties a credential reaches.

https://developers.google.com/analytics/devguides/config/admin/v1/rest
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from google_api import http
from google_api.errors import BadAnswer, InvalidPropertyId
from google_api.http import Api
from google_api.pages import all_pages
from google_api.shapes import Json, children, flag, moment, text


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


@dataclass(frozen=True)
class Account:
    name: str  # "accounts/1"
    display_name: str
    region_code: str  # CLDR, "DE"; "" where nobody gave one
    create_time: datetime  # aware
    deleted: bool  # in the trash can


def list_account_summaries(api: Api) -> tuple[AccountSummary, ...]:
    """Every account that the credential reaches, with its properties. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/accountSummaries/list
    """
    return all_pages(api, "/v1beta/accountSummaries", "accountSummaries", _account_summary)


def list_properties(api: Api, account: str) -> tuple[Property, ...]:
    """The properties of `account` ("accounts/1") that are not in the trash can. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties/list
    """
    asked = {"filter": f"parent:{account_name(account)}"}
    return all_pages(api, "/v1beta/properties", "properties", read_property, asked)


def list_accounts(api: Api) -> tuple[Account, ...]:
    """The accounts that the credential reaches and that are not in the trash can, those without a property
    among them. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/accounts/list
    """
    return all_pages(api, "/v1beta/accounts", "accounts", _account)


def get_account(api: Api, account: str) -> Account:
    """The account "accounts/1", in the trash can or not. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/accounts/get
    """
    return http.get(api, f"/v1beta/{account_name(account)}", _account)


def get_property(api: Api, property_id: str) -> Property:
    """The property of the number `property_id`, in the trash can or not. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties/get
    """
    return http.get(api, f"/v1beta/{property_name(property_id)}", read_property)


def account_name(account: str) -> str:
    """`account` if it is of the form "accounts/1". Raises `ValueError`, so that nothing else ever becomes
    part of an address.
    """
    if not re.fullmatch(r"accounts/[0-9]{1,20}", account):
        raise ValueError("an account is named accounts/<digits>")
    return account


def property_name(property_id: str) -> str:
    """ "properties/2" of "2". Raises `InvalidPropertyId`, so that nothing else ever becomes part of an
    address.
    """
    if not re.fullmatch(r"[0-9]{1,20}", property_id):
        raise InvalidPropertyId("not sent", reason="property_id")
    return f"properties/{property_id}"


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


def read_property(item: Json) -> Property:
    """A property as Google answers it. Raises `BadAnswer`."""
    return Property(
        name=_required(item, "name"),
        parent=text(item, "parent"),
        display_name=text(item, "displayName"),
        time_zone=text(item, "timeZone"),
        currency_code=text(item, "currencyCode"),
        service_level=text(item, "serviceLevel"),
        deleted=bool(text(item, "deleteTime")),
    )


def _account(item: Json) -> Account:
    created = moment(item, "createTime")
    if created is None:
        raise BadAnswer("no createTime")
    return Account(
        name=_required(item, "name"),
        display_name=text(item, "displayName"),
        region_code=text(item, "regionCode"),
        create_time=created,
        deleted=flag(item, "deleted"),
    )


def _required(item: Json, key: str) -> str:
    """A resource's name, which Google never leaves out."""
    name = text(item, key)
    if not re.fullmatch(r"(accounts|properties)/[0-9]{1,20}", name):
        raise BadAnswer(f"unexpected {key}")
    return name
