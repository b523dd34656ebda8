"""What can be set of a property: all of it is sent, under the names that Google's documents have."""

import json
from dataclasses import replace

import pytest

from google_api import admin_settings, errors
from google_api.admin_settings import DataRetention, EnhancedMeasurement, KeyEvent
from tests.discovery import check_request, check_response, match

RETENTION = {
    "name": "properties/12/dataRetentionSettings",
    "eventDataRetention": "TWO_MONTHS",
    "userDataRetention": "FOURTEEN_MONTHS",
    "resetUserDataOnNewActivity": True,
}
ENHANCED = {
    "name": "properties/12/dataStreams/3/enhancedMeasurementSettings",
    "streamEnabled": True,
    "scrollsEnabled": True,
    "outboundClicksEnabled": True,
    "siteSearchEnabled": True,
    "videoEngagementEnabled": True,
    "fileDownloadsEnabled": True,
    "pageChangesEnabled": True,
    "searchQueryParameter": "q,s,search",
}
MEASURED = EnhancedMeasurement(True, True, True, True, True, True, True, False, "q,s,search", "")
KEY_EVENT = {
    "name": "properties/12/keyEvents/7",
    "eventName": "purchase",
    "countingMethod": "ONCE_PER_EVENT",
    "createTime": "2026-11-01T00:00:00Z",
    "deletable": True,
}
PURCHASE = KeyEvent("properties/12/keyEvents/7", "purchase", "ONCE_PER_EVENT", True)


@pytest.fixture(autouse=True)
def _as_google_documents_it(google):
    """Every request of these tests, and its answer, against the discovery document of its version."""
    yield
    for asked in google.requests:
        document = f"analyticsadmin.{asked.path.split('/')[1]}"
        method_id, params = match(document, asked.method, asked.path)
        check_request(
            document, method_id, json.loads(asked.body) if asked.body else None, {**params, **asked.params}
        )


def test_retention(google, api):
    check_response("analyticsadmin.v1beta", "analyticsadmin.properties.getDataRetentionSettings", RETENTION)
    google.answers(RETENTION)
    assert admin_settings.get_data_retention(api, "12") == DataRetention(
        "TWO_MONTHS", "FOURTEEN_MONTHS", True
    )
    assert google.requests[0].path == "/v1beta/properties/12/dataRetentionSettings"


def test_retention_is_set(google, api):
    google.answers({**RETENTION, "eventDataRetention": "FOURTEEN_MONTHS"})
    wanted = DataRetention("FOURTEEN_MONTHS", "FOURTEEN_MONTHS", True)
    assert admin_settings.update_data_retention(api, "12", wanted) == wanted
    (asked,) = google.requests
    assert (asked.method, asked.path) == ("PATCH", "/v1beta/properties/12/dataRetentionSettings")
    assert asked.params == {
        "updateMask": "event_data_retention,user_data_retention,reset_user_data_on_new_activity"
    }
    assert asked.json == {
        "eventDataRetention": "FOURTEEN_MONTHS",
        "userDataRetention": "FOURTEEN_MONTHS",
        "resetUserDataOnNewActivity": True,
    }


def test_setting_is_tried_again_as_it_may_be_done_twice(google, api, pauses):
    google.answers(b"<html>", status=503).answers(RETENTION)
    admin_settings.update_data_retention(api, "12", DataRetention("TWO_MONTHS", "FOURTEEN_MONTHS", True))
    assert (len(google.requests), len(pauses)) == (2, 1)


def test_enhanced_measurement(google, api):
    document, method = "analyticsadmin.v1alpha", "getEnhancedMeasurementSettings"
    check_response(document, f"analyticsadmin.properties.dataStreams.{method}", ENHANCED)
    google.answers(ENHANCED)
    assert admin_settings.get_enhanced_measurement(api, "12", "3") == MEASURED
    path = "/v1alpha/properties/12/dataStreams/3/enhancedMeasurementSettings"
    assert google.requests[0].path == path


def test_enhanced_measurement_is_set_as_a_whole(google, api):
    google.answers({**ENHANCED, "scrollsEnabled": False})
    wanted = replace(MEASURED, scrolls_enabled=False)
    assert admin_settings.update_enhanced_measurement(api, "12", "3", wanted) == wanted
    (asked,) = google.requests
    assert asked.method == "PATCH"
    assert asked.params["updateMask"].split(",") == [
        "stream_enabled",
        "scrolls_enabled",
        "outbound_clicks_enabled",
        "site_search_enabled",
        "video_engagement_enabled",
        "file_downloads_enabled",
        "page_changes_enabled",
        "form_interactions_enabled",
        "search_query_parameter",
        "uri_query_parameter",
    ]
    sent = {name: value for name, value in ENHANCED.items() if name != "name"}
    assert asked.json == {
        **sent,
        "scrollsEnabled": False,
        "formInteractionsEnabled": False,
        "uriQueryParameter": "",
    }


@pytest.mark.parametrize("stream_id", ["", "x", "3/../4", "٣"])
def test_a_stream_is_named_by_digits(google, api, stream_id):
    with pytest.raises(ValueError, match="a stream's id has digits only"):
        admin_settings.get_enhanced_measurement(api, "12", stream_id)
    assert google.requests == []


def test_key_events_of_all_pages(google, api):
    for page in ({"keyEvents": [KEY_EVENT], "nextPageToken": "more"}, {"keyEvents": [KEY_EVENT]}):
        check_response("analyticsadmin.v1beta", "analyticsadmin.properties.keyEvents.list", page)
        google.answers(page)
    assert admin_settings.list_key_events(api, "12") == (PURCHASE, PURCHASE)


def test_a_key_event_is_made(google, api):
    google.answers(KEY_EVENT)
    assert admin_settings.create_key_event(api, "12", event_name="purchase") == PURCHASE
    (asked,) = google.requests
    assert (asked.method, asked.path) == ("POST", "/v1beta/properties/12/keyEvents")
    assert asked.json == {"eventName": "purchase", "countingMethod": "ONCE_PER_EVENT"}


@pytest.mark.parametrize(
    "call",
    [
        lambda api: admin_settings.update_data_retention(
            api, "12", DataRetention("TWO_MONTHS", "TWO_MONTHS", True)
        ),
        lambda api: admin_settings.update_enhanced_measurement(api, "12", "3", MEASURED),
    ],
)
def test_who_may_not_set_it_is_told(google, api, call):
    google.answers({"error": {"code": 403, "status": "PERMISSION_DENIED", "message": "x"}}, status=403)
    with pytest.raises(errors.EditForbidden):
        call(api)
