"""Version 3 of the Analytics API, as far as accounts are made and found with it.

https://developers.google.com/analytics/devguides/config/provisioning/v3/reference/
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox import transcoding
from sandbox.codes import is_zone
from sandbox.errors import ApiError
from sandbox.oauth.scopes import ADMIN_SCOPES, PREFIX
from sandbox.properties import Account
from sandbox.state import Bearer, digits
from sandbox.trees import Tree
from sandbox.wire import Request, Response, json_response
from sandbox.world import World

_SCOPES = frozenset({PREFIX + "analytics.provision"})
_NAMED: dict[str, Any] = {"name": "string", "kind": "string", "id": "string"}
_TICKET: dict[str, Any] = {
    "kind": "string",
    "id": "string",
    "account": _NAMED,
    "webproperty": _NAMED | {"websiteUrl": "string"},
    "profile": _NAMED | {"timezone": "string"},
    "redirectUri": "string",
}
_REQUIRED = (("account", "name"), ("webproperty", "name"), ("webproperty", "websiteUrl"), ("profile", "name"))
LARGEST_PAGE = 1000


def refused(status: int, reason: str, message: str, *, location: str = "") -> ApiError:
    """An error as version 3 words it: a reason for programs beside the sentence."""
    where = {"locationType": "header", "location": location} if location else {}
    one = {"domain": "global", "reason": reason, "message": message} | where
    return ApiError(status, message, errors=[one])


class V3Api:
    def __init__(self, world: World) -> None:
        self.world = world

    def create_account_ticket(self, request: Request) -> Response:
        """Of Google's whole resources, a ticket takes the fields that `_TICKET` lists."""
        caller = self._provisioner(request)
        asked = transcoding.parse(request.body, _TICKET)
        _check(asked)
        if not self.world.may_redirect(caller.client_id, asked.get("redirectUri", "")):
            raise refused(400, "invalidParameter", "Invalid value for redirectUri: it is not registered.")
        ticket = self.world.tickets.add(
            caller.email, caller.client_id, "v3", asked, asked["redirectUri"], self.world.clock.time()
        )
        return json_response(asked | {"kind": "analytics#accountTicket", "id": ticket})

    def create_account_tree(self, request: Request) -> Response:
        """For Google's partners alone."""
        self._provisioner(request)
        raise refused(
            403, "insufficientPermissions", "User does not have permission to create account trees."
        )

    def account_summaries(self, request: Request) -> Response:
        caller = self._caller(request, ADMIN_SCOPES)
        accounts = [
            self.world.directory.account(number) for number in self.world.access.accounts(caller.email)
        ]
        start = _positive(request, "start-index", 1)
        size = min(_positive(request, "max-results", LARGEST_PAGE), LARGEST_PAGE)
        items = [_summary(account, self.world.trees.of(account.id)) for account in accounts]
        return json_response(
            {
                "kind": "analytics#accountSummaries",
                "username": caller.email,
                "totalResults": len(items),
                "startIndex": start,
                "itemsPerPage": size,
                "items": items[start - 1 : start - 1 + size],
            }
        )

    def _provisioner(self, request: Request) -> Bearer:
        """The caller, if Google admitted their program's project to the Provisioning API."""
        caller = self._caller(request, _SCOPES)
        client = self.world.clients.find(caller.client_id)
        if client is None or not client.provisioning_v3:
            raise refused(
                403,
                "accessNotConfigured",
                "Access Not Configured. The project has not been admitted to the Provisioning API.",
            )
        return caller

    def _caller(self, request: Request, scopes: frozenset[str]) -> Bearer:
        """Version 3 answers a token of other scopes with 401 where the newer APIs say 403."""
        token = request.bearer_token()
        bearer = self.world.state.bearer(token, self.world.clock.time()) if token else None
        if token is None:
            raise refused(401, "required", "Login Required", location="Authorization")
        if bearer is None:
            raise refused(401, "authError", "Invalid Credentials", location="Authorization")
        if not bearer.scopes & scopes:
            raise refused(401, "insufficientPermissions", "Insufficient Permission", location="Authorization")
        self.world.quotas.admin_request(bearer.email, self.world.project_of(bearer.email))
        return bearer


def _check(asked: Mapping[str, Any]) -> None:
    for part, field in _REQUIRED:
        if not asked.get(part, {}).get(field, "").strip():
            raise refused(400, "required", f"Required field is missing: {part}.{field}")
    if not asked.get("redirectUri"):
        raise refused(400, "required", "Required field is missing: redirectUri")
    zone = asked["profile"].get("timezone", "")
    if zone and not is_zone(zone):
        raise refused(400, "invalidParameter", f"Invalid value for profile.timezone: {zone}")


def _positive(request: Request, name: str, usual: int) -> int:
    text = request.query.get(name, str(usual))
    if not text.isascii() or not text.isdigit() or int(text) < 1:
        raise refused(400, "invalidParameter", f"Invalid value for {name}: {text}")
    return int(text)


def _summary(account: Account, tree: Tree | None) -> dict[str, Any]:
    """An account that has GA4 properties alone shows none here."""
    summary = {"id": account.id, "kind": "analytics#accountSummary", "name": account.display_name}
    return summary | ({"webProperties": [_web_property(tree)]} if tree else {})


def _web_property(tree: Tree) -> dict[str, Any]:
    return {
        "kind": "analytics#webPropertySummary",
        "id": tree.web_property,
        "name": tree.name,
        "internalWebPropertyId": digits(tree.web_property, 9),
        "level": "STANDARD",
        "websiteUrl": tree.website,
        "profiles": [
            {
                "kind": "analytics#profileSummary",
                "id": tree.profile,
                "name": tree.profile_name,
                "type": "WEB",
            }
        ],
    }


def routes(world: World) -> list[tuple[str, str, Any]]:
    api = V3Api(world)
    return [
        ("POST", r"/analytics/v3/provisioning/createAccountTicket", api.create_account_ticket),
        ("POST", r"/analytics/v3/provisioning/createAccountTree", api.create_account_tree),
        ("GET", r"/analytics/v3/management/accountSummaries", api.account_summaries),
    ]
