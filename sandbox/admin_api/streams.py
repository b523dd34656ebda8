"""Web data streams: create, get, list. A property that was not created here has one, which follows from it.

https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties.dataStreams
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from sandbox import transcoding
from sandbox.access import EDITING, READING
from sandbox.admin_api import messages
from sandbox.admin_api.base import ANY, Methods, Route, check_name, page, time_text
from sandbox.created import Stream
from sandbox.errors import ApiError, invalid
from sandbox.properties import Property
from sandbox.state import digits
from sandbox.wire import Request, Response, json_response
from sandbox.world import World

NAME_LENGTH = 255  # UTF-16 code units
STREAMS_OF_A_PROPERTY = 50


class Streams(Methods):
    def list_all(self, request: Request, property_id: str) -> Response:
        caller = self.reader(request, "ListDataStreams", "pageSize", "pageToken")
        prop = self.property_for(caller, property_id, READING)
        return page(request, "dataStreams", [_json(one) for one in streams_of(self.world, prop)])

    def get(self, request: Request, property_id: str, stream_id: str) -> Response:
        caller = self.reader(request, "GetDataStream")
        prop = self.property_for(caller, property_id, READING)
        return json_response(_json(stream_of(self.world, prop, stream_id)))

    def create(self, request: Request, property_id: str) -> Response:
        caller = self.writer(request, "CreateDataStream")
        asked = transcoding.parse(request.body, messages.DATA_STREAM)
        prop = self.property_for(caller, property_id, EDITING)
        if not asked.get("type"):
            raise invalid("The 'type' field is required but was empty.")
        if asked["type"] != "WEB_DATA_STREAM":
            raise invalid("The sandbox makes web data streams only.")
        name = check_name(asked.get("displayName", ""), "display_name", NAME_LENGTH)
        if "webStreamData" not in asked:
            raise invalid("The 'web_stream_data' field is required for web data streams.")
        uri = _checked_uri(asked["webStreamData"].get("defaultUri", ""))
        if len(streams_of(self.world, prop)) >= STREAMS_OF_A_PROPERTY:
            raise ApiError(429)
        stream = self.world.created.add_stream(prop.id, name, uri, self.world.clock.time())
        return json_response(_json(stream))


def streams_of(world: World, prop: Property) -> list[Stream]:
    """The property's streams, oldest first."""
    made = world.created.streams(prop.id)
    if prop.hits is not None or not prop.domain:
        return made
    number = digits(f"stream of {prop.id}", 10)
    return [Stream(number, prop.id, "Website", f"https://www.{prop.domain}", prop.created), *made]


def stream_of(world: World, prop: Property, stream_id: str) -> Stream:
    """One of the property's streams, or 404."""
    found = next((one for one in streams_of(world, prop) if one.id == stream_id), None)
    if found is None:
        raise ApiError(404)
    return found


def _checked_uri(uri: str) -> str:
    """Empty, or an address with its scheme and host."""
    try:
        parts = urlsplit(uri)
        good = not uri or (parts.scheme in ("http", "https") and bool(parts.hostname))
    except ValueError:
        good = False
    if not good or any(character.isspace() for character in uri):
        raise invalid(f"The value for the 'web_stream_data.default_uri' field was invalid: '{uri}'.")
    return uri


def _json(stream: Stream) -> dict[str, Any]:
    web = {"measurementId": stream.measurement_id}
    return {
        "name": f"properties/{stream.property_id}/dataStreams/{stream.id}",
        "type": "WEB_DATA_STREAM",
        "displayName": stream.display_name,
        "webStreamData": web | ({"defaultUri": stream.default_uri} if stream.default_uri else {}),
        "createTime": time_text(stream.created),
        "updateTime": time_text(stream.created),
    }


def routes(world: World) -> list[Route]:
    api = Streams(world)
    streams = ANY + r"/properties/([^/:]+)/dataStreams"
    return [
        ("GET", streams, api.list_all),
        ("POST", streams, api.create),
        ("GET", streams + r"/([^/:]+)", api.get),
    ]
