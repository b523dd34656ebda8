"""Key events: create, list. Every property has Google's own from the start.

https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties.keyEvents
"""

from __future__ import annotations

import re
from typing import Any

from sandbox import transcoding
from sandbox.access import EDITING, READING
from sandbox.admin_api import messages
from sandbox.admin_api.base import ANY, Methods, Route, page, time_text
from sandbox.codes import CURRENCIES
from sandbox.errors import ApiError, already_exists, invalid
from sandbox.properties import Property
from sandbox.state import digits
from sandbox.wire import Request, Response, json_response
from sandbox.world import World

MOST = 30  # of a standard property
_EVENT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
_OWN = ("purchase",)
_OF_SITES = ("generate_lead", "sign_up")  # what the visitors of generated sites achieve


class KeyEvents(Methods):
    def list_all(self, request: Request, property_id: str) -> Response:
        caller = self.reader(request, "ListKeyEvents", "pageSize", "pageToken")
        prop = self.property_for(caller, property_id, READING)
        return page(request, "keyEvents", self._of(prop))

    def create(self, request: Request, property_id: str) -> Response:
        caller = self.writer(request, "CreateKeyEvent")
        asked = transcoding.parse(request.body, messages.KEY_EVENT)
        prop = self.property_for(caller, property_id, EDITING)
        name = _checked_event(asked.get("eventName", ""))
        if not asked.get("countingMethod"):
            raise invalid("The 'counting_method' field is required but was empty.")
        known = self._of(prop)
        if name in {one["eventName"] for one in known}:
            raise already_exists(f"A key event named '{name}' already exists in this property.")
        if len(known) >= MOST:
            raise ApiError(429)
        event = _key_event(prop, name, asked["countingMethod"], time_text(self.world.clock.now()))
        event |= {"custom": True, "deletable": True} | _default_value(asked)
        self.world.documents.put(event["name"], event)
        return json_response(event)

    def _of(self, prop: Property) -> list[dict[str, Any]]:
        names = _OWN + (_OF_SITES if prop.hits is None and not prop.is_shop else ())
        own = [_key_event(prop, name, "ONCE_PER_EVENT", time_text(prop.created)) for name in names]
        return [*own, *self.world.documents.below(f"properties/{prop.id}/keyEvents")]


def _key_event(prop: Property, name: str, counting: str, created: str) -> dict[str, Any]:
    return {
        "name": f"properties/{prop.id}/keyEvents/{digits(f'{prop.id} {name}', 10)}",
        "eventName": name,
        "countingMethod": counting,
        "createTime": created,
    }


def _checked_event(name: str) -> str:
    if not name:
        raise invalid("The 'event_name' field is required but was empty.")
    if not _EVENT.fullmatch(name):
        raise invalid(f"The value for the 'event_name' field was invalid: '{name}'.")
    return name


def _default_value(asked: dict[str, Any]) -> dict[str, Any]:
    value = asked.get("defaultValue")
    if value is None:
        return {}
    if value.get("currencyCode") not in CURRENCIES or "numericValue" not in value:
        raise invalid(
            "The value for the 'default_value' field was invalid: it needs a number and a currency."
        )
    return {"defaultValue": value}


def routes(world: World) -> list[Route]:
    api = KeyEvents(world)
    events = ANY + r"/properties/([^/:]+)/keyEvents"
    return [("GET", events, api.list_all), ("POST", events, api.create)]
