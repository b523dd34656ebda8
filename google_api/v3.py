"""Google Analytics version 3 (Universal Analytics): the Provisioning API as first published.

https://developers.google.com/analytics/devguides/config/provisioning/v3/reference
"""

from __future__ import annotations

from dataclasses import dataclass

from google_api import http
from google_api.admin_writes import ticket_in
from google_api.errors import BadAnswer, NoAccounts
from google_api.http import Api
from google_api.shapes import Json, children, count, text
from google_api.writing_refusals import v3_ticket_error

_MOST = 1000  # accounts to a page, the most that Google gives
_MAX_PAGES = 20


@dataclass(frozen=True)
class V3Profile:
    """What Universal Analytics called a view."""

    id: str  # "123"
    name: str


@dataclass(frozen=True)
class V3WebProperty:
    id: str  # "UA-123-1"
    name: str
    website_url: str
    profiles: tuple[V3Profile, ...]


@dataclass(frozen=True)
class V3Account:
    id: str  # "123"
    name: str
    web_properties: tuple[V3WebProperty, ...]


def create_account_ticket(
    api: Api,
    *,
    account_name: str,
    web_property_name: str,
    website_url: str,
    profile_name: str,
    time_zone: str,
    redirect_uri: str,
) -> str:
    """A ticket that its person turns into the whole tree by accepting Google's terms.

    Raises a `GoogleError`: `ProvisioningNotAdmitted` where Google has not invited the project.
    https://developers.google.com/analytics/devguides/config/provisioning/v3/reference/provisioning/createAccountTicket
    """
    body: Json = {
        "account": {"name": account_name},
        "webproperty": {"name": web_property_name, "websiteUrl": website_url},
        "profile": {"name": profile_name, "timezone": time_zone},
        "redirectUri": redirect_uri,
    }
    path = "/analytics/v3/provisioning/createAccountTicket"
    return http.create(api, path, lambda answer: ticket_in(answer, "id"), body, v3_ticket_error)


def list_account_tree(api: Api) -> tuple[V3Account, ...]:
    """Every account that the person reaches, with its web properties and their profiles; () of somebody
    without Analytics. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/mgmt/v3/mgmtReference/management/accountSummaries/list
    """
    try:
        return _all_accounts(api)
    except NoAccounts:
        return ()


def _all_accounts(api: Api) -> tuple[V3Account, ...]:
    accounts: list[V3Account] = []
    for _ in range(_MAX_PAGES):
        asked = {"max-results": str(_MOST), "start-index": str(len(accounts) + 1)}
        found, total = http.get(api, "/analytics/v3/management/accountSummaries", _page, asked)
        accounts += found
        if not found or len(accounts) >= total:
            return tuple(accounts)
    raise BadAnswer("pages without end")


def _page(answer: Json) -> tuple[list[V3Account], int]:
    return [_account(item) for item in children(answer, "items")], count(answer, "totalResults")


def _account(item: Json) -> V3Account:
    properties = tuple(_web_property(each) for each in children(item, "webProperties"))
    return V3Account(text(item, "id"), text(item, "name"), properties)


def _web_property(item: Json) -> V3WebProperty:
    return V3WebProperty(
        id=text(item, "id"),
        name=text(item, "name"),
        website_url=text(item, "websiteUrl"),
        profiles=tuple(
            V3Profile(text(each, "id"), text(each, "name")) for each in children(item, "profiles")
        ),
    )
