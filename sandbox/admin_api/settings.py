"""Settings of a property and of a stream: how long data is kept, and what is measured without further code.

https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1alpha
"""

from __future__ import annotations

from typing import Any

from sandbox import transcoding
from sandbox.access import EDITING, READING, Roles
from sandbox.admin_api import messages
from sandbox.admin_api.base import ANY, Methods, Route, masked, utf16_length
from sandbox.admin_api.streams import stream_of
from sandbox.errors import invalid
from sandbox.state import Bearer
from sandbox.wire import Request, Response, json_response
from sandbox.world import World

PARAMETER_LENGTH = 1024
_STANDARD = ("TWO_MONTHS", "FOURTEEN_MONTHS")  # longer ones are for Analytics 360
_RETENTION: dict[str, Any] = {
    "eventDataRetention": "TWO_MONTHS",
    "userDataRetention": "TWO_MONTHS",
    "resetUserDataOnNewActivity": True,
}
_ENHANCED: dict[str, Any] = dict.fromkeys(messages.ENHANCED_SWITCHES, True) | {
    "formInteractionsEnabled": False,
    "searchQueryParameter": "q,s,search,query,keyword",
    "uriQueryParameter": "",
}


class Settings(Methods):
    def get_retention(self, request: Request, property_id: str) -> Response:
        caller = self.reader(request, "GetDataRetentionSettings")
        return self._answer(self._retention_name(caller, property_id, READING), _RETENTION)

    def patch_retention(self, request: Request, property_id: str) -> Response:
        caller = self.writer(request, "UpdateDataRetentionSettings", "updateMask")
        asked = transcoding.parse(request.body, messages.DATA_RETENTION)
        name = self._retention_name(caller, property_id, EDITING)
        changed = self._changed(request, name, _RETENTION, asked)
        for field in ("eventDataRetention", "userDataRetention"):
            if changed[field] not in _STANDARD:
                raise invalid(f"The value for the '{_snake(field)}' field was invalid for this property.")
        self.world.documents.put(name, changed)
        return self._answer(name, _RETENTION)

    def get_enhanced(self, request: Request, property_id: str, stream_id: str) -> Response:
        caller = self.reader(request, "GetEnhancedMeasurementSettings")
        return self._answer(self._enhanced_name(caller, property_id, stream_id, READING), _ENHANCED)

    def patch_enhanced(self, request: Request, property_id: str, stream_id: str) -> Response:
        caller = self.writer(request, "UpdateEnhancedMeasurementSettings", "updateMask")
        asked = transcoding.parse(request.body, messages.ENHANCED_MEASUREMENT)
        name = self._enhanced_name(caller, property_id, stream_id, EDITING)
        changed = self._changed(request, name, _ENHANCED, asked)
        if not changed["searchQueryParameter"]:
            raise invalid("The 'search_query_parameter' field is required but was empty.")
        for field in ("searchQueryParameter", "uriQueryParameter"):
            if utf16_length(changed[field] or "") > PARAMETER_LENGTH:
                raise invalid(f"The value for the '{_snake(field)}' field was invalid: it is too long.")
        self.world.documents.put(name, changed)
        return self._answer(name, _ENHANCED)

    def _retention_name(self, caller: Bearer, property_id: str, roles: Roles) -> str:
        return f"properties/{self.property_for(caller, property_id, roles).id}/dataRetentionSettings"

    def _enhanced_name(self, caller: Bearer, property_id: str, stream_id: str, roles: Roles) -> str:
        stream = stream_of(self.world, self.property_for(caller, property_id, roles), stream_id)
        return f"properties/{stream.property_id}/dataStreams/{stream.id}/enhancedMeasurementSettings"

    def _changed(
        self, request: Request, name: str, defaults: dict[str, Any], asked: dict[str, Any]
    ) -> dict[str, Any]:
        """What is in force, with the fields of the mask as asked. A field that was not sent is its type's
        zero.
        """
        now = defaults | (self.world.documents.get(name) or {})
        return now | {field: asked.get(field, type(now[field])()) for field in masked(request, defaults)}

    def _answer(self, name: str, defaults: dict[str, Any]) -> Response:
        value = defaults | (self.world.documents.get(name) or {})
        return json_response({"name": name} | {field: held for field, held in value.items() if held})


def _snake(camel: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in camel)


def routes(world: World) -> list[Route]:
    api = Settings(world)
    retention = ANY + r"/properties/([^/:]+)/dataRetentionSettings"
    enhanced = r"/v1alpha/properties/([^/:]+)/dataStreams/([^/:]+)/enhancedMeasurementSettings"
    return [
        ("GET", retention, api.get_retention),
        ("PATCH", retention, api.patch_retention),
        ("GET", enhanced, api.get_enhanced),
        ("PATCH", enhanced, api.patch_enhanced),
    ]
