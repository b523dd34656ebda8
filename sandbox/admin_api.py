"""The Analytics Admin API v1beta, as far as reading goes.

https://developers.google.com/analytics/devguides/config/admin/v1/rest
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.errors import ApiError, invalid
from sandbox.oauth import ADMIN_SCOPES
from sandbox.properties import Account, Property
from sandbox.state import Bearer
from sandbox.wire import Request, Response, json_response
from sandbox.world import World

SERVICE = "analyticsadmin.googleapis.com"
_METHOD = "google.analytics.admin.v1beta.AnalyticsAdminService."
_PARENT = re.compile(r"(?:parent|ancestor):accounts/(\d+)")
_DIGITS = re.compile(r"\d{1,18}")
TRASH_DAYS = 35


class AdminApi:
    def __init__(self, world: World) -> None:
        self.world = world

    def _caller(self, request: Request, method: str) -> Bearer:
        caller = self.world.tokens.check(
            request, service=SERVICE, method=_METHOD + method, scopes=ADMIN_SCOPES
        )
        self.world.quotas.admin_request(caller.email, self.world.project_of(caller.email))
        return caller

    # Methods

    def list_account_summaries(self, request: Request) -> Response:
        caller = self._caller(request, "ListAccountSummaries")
        _known_parameters(request, "pageSize", "pageToken")
        mine = self._visible(caller)
        summaries = [self._summary(account, mine) for account in self._accounts(mine)]
        return _page(request, "accountSummaries", summaries)

    def list_accounts(self, request: Request) -> Response:
        caller = self._caller(request, "ListAccounts")
        _known_parameters(request, "pageSize", "pageToken", "showDeleted")
        return _page(
            request, "accounts", [_account(account) for account in self._accounts(self._visible(caller))]
        )

    def get_account(self, request: Request, account_id: str) -> Response:
        caller = self._caller(request, "GetAccount")
        _known_parameters(request)
        self._check_account(caller, account_id)
        return json_response(_account(self.world.directory.account(account_id)))

    def list_properties(self, request: Request) -> Response:
        caller = self._caller(request, "ListProperties")
        _known_parameters(request, "filter", "pageSize", "pageToken", "showDeleted")
        parent = _PARENT.fullmatch(request.query.get("filter", ""))
        if parent is None:
            raise invalid(_filter_complaint(request.query.get("filter", "")))
        self._check_account(caller, parent.group(1))
        deleted = request.query.get("showDeleted") == "true"
        mine = [p for p in self._visible(caller, trashed=deleted) if p.account == parent.group(1)]
        return _page(request, "properties", [self._property(prop) for prop in mine])

    def get_property(self, request: Request, property_id: str) -> Response:
        caller = self._caller(request, "GetProperty")
        _known_parameters(request)
        if not _DIGITS.fullmatch(property_id) or property_id not in self.world.state.grants(caller.email):
            raise ApiError(403)
        return json_response(self._property(self.world.directory.property(property_id)))

    # What a caller sees

    def _visible(self, caller: Bearer, *, trashed: bool = False) -> list[Property]:
        numbers = sorted(self.world.state.grants(caller.email), key=int)
        properties = [self.world.directory.property(number) for number in numbers]
        return [p for p in properties if trashed or self.world.state.trashed_at(p.id) is None]

    def _accounts(self, mine: Sequence[Property]) -> list[Account]:
        return [
            self.world.directory.account(number) for number in dict.fromkeys(prop.account for prop in mine)
        ]

    def _check_account(self, caller: Bearer, account_id: str) -> None:
        if account_id not in {prop.account for prop in self._visible(caller, trashed=True)}:
            raise ApiError(403)

    # Resources

    def _summary(self, account: Account, mine: Sequence[Property]) -> dict[str, Any]:
        return {
            "name": f"accountSummaries/{account.id}",
            "account": f"accounts/{account.id}",
            "displayName": account.display_name,
            "propertySummaries": [_property_summary(prop) for prop in mine if prop.account == account.id],
        }

    def _property(self, prop: Property) -> dict[str, Any]:
        value = {
            "name": f"properties/{prop.id}",
            "account": f"accounts/{prop.account}",
            "parent": f"accounts/{prop.account}",
            "displayName": prop.display_name,
            "industryCategory": "SHOPPING" if prop.is_shop else "OTHER",
            "timeZone": prop.place.time_zone,
            "currencyCode": prop.place.currency,
            "serviceLevel": "GOOGLE_ANALYTICS_STANDARD",
            "propertyType": "PROPERTY_TYPE_ORDINARY",
            "createTime": _time(prop.created),
            "updateTime": _time(prop.created),
        }
        trashed = self.world.state.trashed_at(prop.id)
        if trashed is not None:
            deleted = datetime.fromtimestamp(trashed, UTC)
            value |= {"deleteTime": _time(deleted), "expireTime": _time(deleted + timedelta(days=TRASH_DAYS))}
        return value


def _property_summary(prop: Property) -> dict[str, Any]:
    return {
        "property": f"properties/{prop.id}",
        "displayName": prop.display_name,
        "propertyType": "PROPERTY_TYPE_ORDINARY",
        "parent": f"accounts/{prop.account}",
    }


def _account(account: Account) -> dict[str, Any]:
    return {
        "name": f"accounts/{account.id}",
        "displayName": account.display_name,
        "regionCode": account.region_code,
        "createTime": _time(account.created),
        "updateTime": _time(account.created),
    }


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _filter_complaint(text: str) -> str:
    if not text:
        return "The 'filter' field is required but was empty."
    return (
        "The value for the 'filter' field was invalid but must be in format 'parent:accounts/123', "
        "'parent:properties/123', 'ancestor:accounts/123' or 'firebase_project:project-id'."
    )


_SYSTEM = frozenset(
    {
        *("alt", "key", "prettyPrint", "fields", "quotaUser", "access_token", "oauth_token", "callback"),
        *("uploadType", "upload_protocol", "$.xgafv"),
    }
)


def _known_parameters(request: Request, *names: str) -> None:
    for name in request.query:
        if name not in _SYSTEM and name not in names:
            raise invalid(
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                f"Field '{name}' could not be found in request message."
            )


def _page(request: Request, key: str, items: Sequence[dict[str, Any]]) -> Response:
    """One page: 50 unless asked, 200 at most; the token names where the next begins, and for what size."""
    size = _page_size(request.query.get("pageSize", "0"))
    start = _page_start(request.query.get("pageToken", ""), key)
    body: dict[str, Any] = {key: list(items[start : start + size])} if items[start : start + size] else {}
    if start + size < len(items):
        body["nextPageToken"] = (
            base64.urlsafe_b64encode(f"{key}:{start + size}".encode()).decode().rstrip("=")
        )
    return json_response(body)


def _page_size(text: str) -> int:
    try:
        size = int(text)
    except ValueError as error:
        raise invalid(f"Invalid value at 'page_size' (TYPE_INT32), \"{text}\"") from error
    if size < 0:
        raise invalid("The value for the 'page_size' field must not be negative.")
    return min(size or 50, 200)


def _page_start(token: str, key: str) -> int:
    if not token:
        return 0
    try:
        name, _, start = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().partition(":")
        if name == key:
            return int(start)
    except ValueError:
        pass
    raise invalid("The value for the 'page_token' field was invalid.")


def routes(api: AdminApi) -> list[tuple[str, str, Callable[..., Response]]]:
    """(method, path, handler); groups of the path are the handler's further arguments."""
    return [
        ("GET", r"/v1beta/accountSummaries", api.list_account_summaries),
        ("GET", r"/v1beta/accounts", api.list_accounts),
        ("GET", r"/v1beta/accounts/([^/:]+)", api.get_account),
        ("GET", r"/v1beta/properties", api.list_properties),
        ("GET", r"/v1beta/properties/([^/:]+)", api.get_property),
    ]
