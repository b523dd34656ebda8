"""Properties: get, list, create, patch."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox import transcoding
from sandbox.access import EDITING, READING
from sandbox.admin_api import messages
from sandbox.admin_api.base import ANY, Methods, Route, check_name, masked, page, time_text
from sandbox.codes import CURRENCIES, is_zone
from sandbox.errors import ApiError, invalid
from sandbox.properties import Property
from sandbox.state import Bearer
from sandbox.wire import Request, Response, json_response
from sandbox.world import World

TRASH_DAYS = 35
NAME_LENGTH = 100  # UTF-16 code units
_FILTER = re.compile(r"(?:parent|ancestor):accounts/(\d{1,18})")
_PARENT = re.compile(r"accounts/(\d{1,18})")
_CHANGEABLE = ("displayName", "timeZone", "currencyCode", "industryCategory")


class Properties(Methods):
    def list_all(self, request: Request) -> Response:
        caller = self.reader(request, "ListProperties", "filter", "pageSize", "pageToken", "showDeleted")
        parent = _FILTER.fullmatch(request.query.get("filter", ""))
        if parent is None:
            raise invalid(_filter_complaint(request.query.get("filter", "")))
        if parent.group(1) not in self.world.access.accounts(caller.email):
            raise ApiError(403)
        found = self._in(caller, parent.group(1), trashed=request.query.get("showDeleted") == "true")
        return page(request, "properties", [self._json(prop) for prop in found])

    def get(self, request: Request, property_id: str) -> Response:
        caller = self.reader(request, "GetProperty")
        return json_response(self._json(self.property_for(caller, property_id, READING)))

    def create(self, request: Request) -> Response:
        """https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties/create"""
        caller = self.writer(request, "CreateProperty")
        asked = transcoding.parse(request.body, messages.PROPERTY)
        parent = _PARENT.fullmatch(asked.get("parent", ""))
        if parent is None:
            raise invalid(
                "The value for the 'parent' field was invalid but must be in format 'accounts/123'."
            )
        if not self.world.access.on_account(caller.email, parent.group(1)) & EDITING:
            raise ApiError(403)
        if asked.get("propertyType") not in (None, "PROPERTY_TYPE_ORDINARY"):
            raise invalid("The value for the 'property_type' field was invalid.")
        number = self.world.created.add_property(
            parent.group(1), *_checked(asked), now=self.world.clock.time()
        )
        self._own(caller, number)
        return json_response(self._json(self.world.directory.property(number)))

    def patch(self, request: Request, property_id: str) -> Response:
        caller = self.writer(request, "UpdateProperty", "updateMask")
        asked = transcoding.parse(request.body, messages.PROPERTY)
        prop = self.property_for(caller, property_id, EDITING)
        changes = {name: asked.get(name) for name in masked(request, _CHANGEABLE)}
        if prop.hits is None:
            raise invalid("The sandbox changes only properties that were created in it.")
        before = {name: self._json(prop).get(name) for name in _CHANGEABLE}
        self.world.created.change_property(prop.id, *_checked(before | changes), now=self.world.clock.time())
        return json_response(self._json(self.world.directory.property(prop.id)))

    def _in(self, caller: Bearer, account_id: str, *, trashed: bool) -> list[Property]:
        numbers = sorted(self.world.access.properties(caller.email), key=int)
        found = [self.world.directory.property(number) for number in numbers]
        return [
            prop
            for prop in found
            if prop.account == account_id and (trashed or self.world.state.trashed_at(prop.id) is None)
        ]

    def _own(self, caller: Bearer, property_id: str) -> None:
        """Whoever may not edit the whole account by a role on it gets one on what they made."""
        if not self.world.access.on_property(caller.email, property_id) & EDITING:
            self.world.access.bind(f"properties/{property_id}", caller.email, frozenset({"admin"}))

    def _json(self, prop: Property) -> dict[str, Any]:
        value = {
            "name": f"properties/{prop.id}",
            "account": f"accounts/{prop.account}",
            "parent": f"accounts/{prop.account}",
            "displayName": prop.display_name,
            "timeZone": prop.place.time_zone,
            "currencyCode": prop.place.currency,
            "serviceLevel": "GOOGLE_ANALYTICS_STANDARD",
            "propertyType": "PROPERTY_TYPE_ORDINARY",
            "createTime": time_text(prop.created),
            "updateTime": time_text(prop.updated or prop.created),
        }
        if prop.industry_category:
            value["industryCategory"] = prop.industry_category
        trashed = self.world.state.trashed_at(prop.id)
        if trashed is not None:
            deleted = datetime.fromtimestamp(trashed, UTC)
            expires = deleted + timedelta(days=TRASH_DAYS)
            value |= {"deleteTime": time_text(deleted), "expireTime": time_text(expires)}
        return value


def _checked(asked: Mapping[str, Any]) -> tuple[str, str, str, str]:
    """(name, zone, currency, industry) within Google's limits. Dollars unless said otherwise."""
    name = check_name(asked.get("displayName") or "", "display_name", NAME_LENGTH)
    zone = asked.get("timeZone") or ""
    if not zone:
        raise invalid("The 'time_zone' field is required but was empty.")
    if not is_zone(zone):
        raise invalid(f"The value for the 'time_zone' field was invalid: '{zone}' is no IANA time zone.")
    currency = asked.get("currencyCode") or "USD"
    if currency not in CURRENCIES:
        raise invalid(
            f"The value for the 'currency_code' field was invalid: '{currency}' is no ISO 4217 currency."
        )
    return name, zone, currency, asked.get("industryCategory") or ""


def _filter_complaint(text: str) -> str:
    if not text:
        return "The 'filter' field is required but was empty."
    return (
        "The value for the 'filter' field was invalid but must be in format 'parent:accounts/123', "
        "'parent:properties/123', 'ancestor:accounts/123' or 'firebase_project:project-id'."
    )


def routes(world: World) -> list[Route]:
    api = Properties(world)
    return [
        ("GET", ANY + r"/properties", api.list_all),
        ("POST", ANY + r"/properties", api.create),
        ("GET", ANY + r"/properties/([^/:]+)", api.get),
        ("PATCH", ANY + r"/properties/([^/:]+)", api.patch),
    ]
