"""Google Analytics Admin API, what can be set of a property: retention, enhanced measurement, key events.

https://developers.google.com/analytics/devguides/config/admin/v1/rest
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from google_api import http
from google_api.admin import property_name
from google_api.errors import BadAnswer
from google_api.http import Api
from google_api.pages import all_pages
from google_api.shapes import Json, flag, text
from google_api.writing_refusals import edit_error

_STREAM_ID = re.compile(r"[0-9]{1,20}")
_KEY_EVENT = re.compile(r"properties/[0-9]{1,20}/keyEvents/[A-Za-z0-9_-]{1,100}")
_WORD = re.compile(r"[A-Z_]{1,60}")


@dataclass(frozen=True)
class DataRetention:
    """How long Google keeps data of single visitors and events; reports' sums stay for ever.

    Both are "TWO_MONTHS" or "FOURTEEN_MONTHS"; on Analytics 360 events may stay longer.
    """

    event: str
    user: str
    reset_on_new_activity: bool


@dataclass(frozen=True)
class EnhancedMeasurement:
    """What Google's tag measures of a website by itself, while `stream_enabled`."""

    stream_enabled: bool
    scrolls_enabled: bool
    outbound_clicks_enabled: bool
    site_search_enabled: bool
    video_engagement_enabled: bool
    file_downloads_enabled: bool
    page_changes_enabled: bool
    form_interactions_enabled: bool
    search_query_parameter: str  # "q,s,search,query,keyword"; Google takes no empty one
    uri_query_parameter: str


@dataclass(frozen=True)
class KeyEvent:
    name: str  # "properties/2/keyEvents/7"
    event_name: str  # "purchase"
    counting_method: str  # "ONCE_PER_EVENT", "ONCE_PER_SESSION"
    deletable: bool


def get_data_retention(api: Api, property_id: str) -> DataRetention:
    """Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties/getDataRetentionSettings
    """
    return http.get(api, _retention(property_id), _data_retention)


def update_data_retention(api: Api, property_id: str, settings: DataRetention) -> DataRetention:
    """Sets all three. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties/updateDataRetentionSettings
    """
    body: Json = {
        "eventDataRetention": settings.event,
        "userDataRetention": settings.user,
        "resetUserDataOnNewActivity": settings.reset_on_new_activity,
    }
    mask = ("event_data_retention", "user_data_retention", "reset_user_data_on_new_activity")
    return http.patch(api, _retention(property_id), _data_retention, body, mask, edit_error)


def _retention(property_id: str) -> str:
    return f"/v1beta/{property_name(property_id)}/dataRetentionSettings"


def _data_retention(answer: Json) -> DataRetention:
    return DataRetention(
        event=_duration(answer, "eventDataRetention"),
        user=_duration(answer, "userDataRetention"),
        reset_on_new_activity=flag(answer, "resetUserDataOnNewActivity"),
    )


def _duration(answer: Json, key: str) -> str:
    """One of Google's words, which it never leaves out."""
    word = text(answer, key)
    if not _WORD.fullmatch(word):
        raise BadAnswer(f"unexpected {key}")
    return word


def get_enhanced_measurement(api: Api, property_id: str, stream_id: str) -> EnhancedMeasurement:
    """Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1alpha/properties.dataStreams/getEnhancedMeasurementSettings
    """
    return http.get(api, _enhanced(property_id, stream_id), _enhanced_measurement)


def update_enhanced_measurement(
    api: Api, property_id: str, stream_id: str, settings: EnhancedMeasurement
) -> EnhancedMeasurement:
    """Sets them all: read them, change some, send them. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1alpha/properties.dataStreams/updateEnhancedMeasurementSettings
    """
    names = [each.name for each in fields(EnhancedMeasurement)]
    body: Json = {_camel(name): getattr(settings, name) for name in names}
    path = _enhanced(property_id, stream_id)
    return http.patch(api, path, _enhanced_measurement, body, names, edit_error)


def _enhanced(property_id: str, stream_id: str) -> str:
    if not _STREAM_ID.fullmatch(stream_id):
        raise ValueError("a stream's id has digits only")
    return f"/v1alpha/{property_name(property_id)}/dataStreams/{stream_id}/enhancedMeasurementSettings"


def _enhanced_measurement(answer: Json) -> EnhancedMeasurement:
    return EnhancedMeasurement(
        stream_enabled=flag(answer, "streamEnabled"),
        scrolls_enabled=flag(answer, "scrollsEnabled"),
        outbound_clicks_enabled=flag(answer, "outboundClicksEnabled"),
        site_search_enabled=flag(answer, "siteSearchEnabled"),
        video_engagement_enabled=flag(answer, "videoEngagementEnabled"),
        file_downloads_enabled=flag(answer, "fileDownloadsEnabled"),
        page_changes_enabled=flag(answer, "pageChangesEnabled"),
        form_interactions_enabled=flag(answer, "formInteractionsEnabled"),
        search_query_parameter=text(answer, "searchQueryParameter"),
        uri_query_parameter=text(answer, "uriQueryParameter"),
    )


def _camel(name: str) -> str:
    """The name that JSON has for a field of ours: "streamEnabled" for "stream_enabled"."""
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)


def list_key_events(api: Api, property_id: str) -> tuple[KeyEvent, ...]:
    """The property's key events; Google makes some by itself ("purchase"). Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties.keyEvents/list
    """
    return all_pages(api, _key_events(property_id), "keyEvents", _key_event)


def create_key_event(
    api: Api, property_id: str, *, event_name: str, counting_method: str = "ONCE_PER_EVENT"
) -> KeyEvent:
    """Makes `event_name` a key event, whether such events came yet or not. Raises a `GoogleError`.

    https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/properties.keyEvents/create
    """
    body: Json = {"eventName": event_name, "countingMethod": counting_method}
    return http.create(api, _key_events(property_id), _key_event, body, edit_error)


def _key_events(property_id: str) -> str:
    return f"/v1beta/{property_name(property_id)}/keyEvents"


def _key_event(item: Json) -> KeyEvent:
    name = text(item, "name")
    if not _KEY_EVENT.fullmatch(name):
        raise BadAnswer("unexpected name")
    return KeyEvent(
        name=name,
        event_name=text(item, "eventName"),
        counting_method=text(item, "countingMethod"),
        deletable=flag(item, "deletable"),
    )
