"""Accounts and their summaries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.access import EDITING
from sandbox.admin_api.base import ANY, DIGITS, Methods, Route, page, time_text
from sandbox.errors import ApiError
from sandbox.properties import Account, Property
from sandbox.state import Bearer
from sandbox.wire import Request, Response, json_response
from sandbox.world import World


class Accounts(Methods):
    def list_summaries(self, request: Request) -> Response:
        caller = self.reader(request, "ListAccountSummaries", "pageSize", "pageToken")
        roles = self.world.access.properties(caller.email)
        numbers = [number for number in sorted(roles, key=int) if self.world.state.trashed_at(number) is None]
        mine = [(self.world.directory.property(number), bool(roles[number] & EDITING)) for number in numbers]
        summaries = [_summary(account, mine) for account in self._of(caller)]
        return page(request, "accountSummaries", summaries)

    def list_all(self, request: Request) -> Response:
        caller = self.reader(request, "ListAccounts", "pageSize", "pageToken", "showDeleted")
        return page(request, "accounts", [_account(account) for account in self._of(caller)])

    def get(self, request: Request, account_id: str) -> Response:
        caller = self.reader(request, "GetAccount")
        if not DIGITS.fullmatch(account_id) or account_id not in self.world.access.accounts(caller.email):
            raise ApiError(403)
        return json_response(_account(self.world.directory.account(account_id)))

    def _of(self, caller: Bearer) -> Sequence[Account]:
        """The caller's accounts. One whose every property is in the trash is listed all the same."""
        return [self.world.directory.account(number) for number in self.world.access.accounts(caller.email)]


def _summary(account: Account, mine: Sequence[tuple[Property, bool]]) -> dict[str, Any]:
    summary: dict[str, Any] = {
        "name": f"accountSummaries/{account.id}",
        "account": f"accounts/{account.id}",
        "displayName": account.display_name,
    }
    properties = [_property_summary(prop, edits) for prop, edits in mine if prop.account == account.id]
    return summary | ({"propertySummaries": properties} if properties else {})


def _property_summary(prop: Property, edits: bool) -> dict[str, Any]:
    summary: dict[str, Any] = {
        "property": f"properties/{prop.id}",
        "displayName": prop.display_name,
        "propertyType": "PROPERTY_TYPE_ORDINARY",
        "parent": f"accounts/{prop.account}",
    }
    return summary | ({"canEdit": True} if edits else {})


def _account(account: Account) -> dict[str, Any]:
    value = {
        "name": f"accounts/{account.id}",
        "displayName": account.display_name,
        "createTime": time_text(account.created),
        "updateTime": time_text(account.created),
    }
    return value | ({"regionCode": account.region_code} if account.region_code else {})


def routes(world: World) -> list[Route]:
    api = Accounts(world)
    return [
        ("GET", ANY + r"/accountSummaries", api.list_summaries),
        ("GET", ANY + r"/accounts", api.list_all),
        ("GET", ANY + r"/accounts/([^/:]+)", api.get),
    ]
