"""What is made through the Admin API: as Google's documents want it, and never twice."""

import json

import pytest

from google_api import admin_writes, errors
from google_api.admin import Property
from google_api.admin_writes import AccessBinding, WebStream, terms_url
from tests.discovery import check_request, check_response, match
from tests.google_api.fake_google import drop, half_a_body

BETA = "analyticsadmin.v1beta"
ALPHA = "analyticsadmin.v1alpha"
BACK = "https://portal.example/provisioning/tos/callback"
STREAM = {
    "name": "properties/12/dataStreams/3",
    "type": "WEB_DATA_STREAM",
    "displayName": "Shop",
    "webStreamData": {"defaultUri": "https://shop.example", "measurementId": "G-1A2BCD345E"},
    "createTime": "2026-11-01T00:00:00Z",
}
WEB = WebStream("properties/12/dataStreams/3", "3", "Shop", "https://shop.example", "G-1A2BCD345E")
APP = {
    "name": "properties/12/dataStreams/4",
    "type": "IOS_APP_DATA_STREAM",
    "displayName": "App",
    "iosAppStreamData": {"bundleId": "example.shop"},
}
PROPERTY = {
    "name": "properties/12",
    "parent": "accounts/1",
    "propertyType": "PROPERTY_TYPE_ORDINARY",
    "displayName": "Shop",
    "timeZone": "Europe/Berlin",
    "currencyCode": "EUR",
    "serviceLevel": "GOOGLE_ANALYTICS_STANDARD",
    "createTime": "2026-11-01T00:00:00Z",
}
ROBOT = "robot@demo.iam.gserviceaccount.com"
BINDING = {"name": "properties/12/accessBindings/5", "user": ROBOT, "roles": ["predefinedRoles/viewer"]}
CREATIONS = {
    "ticket": lambda api: admin_writes.provision_account_ticket(api, display_name="A", redirect_uri=BACK),
    "property": lambda api: admin_writes.create_property(
        api, account="accounts/1", display_name="Shop", time_zone="Europe/Berlin"
    ),
    "stream": lambda api: admin_writes.create_web_stream(
        api, "12", display_name="Shop", default_uri="https://shop.example"
    ),
    "binding": lambda api: admin_writes.create_access_binding(api, "12", user=ROBOT),
    "key event": lambda api: admin_writes.create_key_event(api, "12", event_name="purchase"),
}


@pytest.fixture(autouse=True)
def _as_google_documents_it(google):
    """Every request of these tests against the discovery document of its version."""
    yield
    for asked in google.requests:
        document = BETA if asked.path.startswith("/v1beta/") else ALPHA
        method_id, params = match(document, asked.method, asked.path)
        body = json.loads(asked.body) if asked.body else None
        check_request(document, method_id, body, {**params, **asked.params})


def answers(google, document, method_id, *pages):
    for page in pages:
        check_response(document, method_id, page)
        google.answers(page)


def error_of(call, api):
    with pytest.raises(errors.GoogleError) as caught:
        call(api)
    return caught.value


# The account


def test_a_ticket_for_an_account(google, api):
    answers(google, BETA, "analyticsadmin.accounts.provisionAccountTicket", {"accountTicketId": "AQ-1_x"})
    ticket = admin_writes.provision_account_ticket(
        api, display_name="Bluebell Bakery", region_code="GB", redirect_uri=BACK
    )
    assert ticket == "AQ-1_x"
    (asked,) = google.requests
    assert (asked.method, asked.path) == ("POST", "/v1beta/accounts:provisionAccountTicket")
    assert asked.json == {
        "account": {"displayName": "Bluebell Bakery", "regionCode": "GB"},
        "redirectUri": BACK,
    }


def test_a_ticket_without_a_country(google, api):
    google.answers({"accountTicketId": "AQ-1"})
    CREATIONS["ticket"](api)
    assert google.requests[0].json["account"] == {"displayName": "A"}


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"accountTicketId": ""},
        {"accountTicketId": "a b"},
        {"accountTicketId": "é"},
        {"accountTicketId": 5},
    ],
)
def test_an_answer_without_a_ticket_is_a_bad_answer(google, api, answer):
    google.answers(answer)
    assert type(error_of(CREATIONS["ticket"], api)) is errors.BadAnswer


def test_the_terms_are_opened_as_the_ticket_s_person():
    tos = "https://analytics.google.com/analytics/web/"
    plain = f"{tos}?provisioningSignup=false#/termsofservice/AQ-1_x"
    assert [terms_url(tos, "AQ-1_x"), terms_url(tos.rstrip("/"), "AQ-1_x")] == [plain, plain]
    assert (
        terms_url(tos, "a/b?c#d&e", "nina+ga@bluebell.example")
        == f"{tos}?provisioningSignup=false&authuser=nina%2Bga%40bluebell.example"
        "#/termsofservice/a%2Fb%3Fc%23d%26e"
    )


# The property and its stream


def test_a_property(google, api):
    answers(google, BETA, "analyticsadmin.properties.create", PROPERTY)
    made = admin_writes.create_property(
        api,
        account="accounts/1",
        display_name="Shop",
        time_zone="Europe/Berlin",
        currency_code="EUR",
        industry_category="SHOPPING",
    )
    assert made == Property(
        "properties/12", "accounts/1", "Shop", "Europe/Berlin", "EUR", "GOOGLE_ANALYTICS_STANDARD", False
    )
    (asked,) = google.requests
    assert (asked.method, asked.path) == ("POST", "/v1beta/properties")
    assert asked.json == {
        "parent": "accounts/1",
        "displayName": "Shop",
        "timeZone": "Europe/Berlin",
        "currencyCode": "EUR",
        "industryCategory": "SHOPPING",
    }


def test_what_nobody_chose_of_a_property_is_left_to_google(google, api):
    google.answers(PROPERTY)
    CREATIONS["property"](api)
    assert google.requests[0].json == {
        "parent": "accounts/1",
        "displayName": "Shop",
        "timeZone": "Europe/Berlin",
    }


def test_a_property_belongs_to_an_account(google, api):
    with pytest.raises(ValueError, match="an account is named accounts/<digits>"):
        admin_writes.create_property(api, account="1", display_name="Shop", time_zone="UTC")
    assert google.requests == []


def test_a_stream_with_its_measurement_id(google, api):
    answers(google, BETA, "analyticsadmin.properties.dataStreams.create", STREAM)
    assert CREATIONS["stream"](api) == WEB
    (asked,) = google.requests
    assert (asked.method, asked.path) == ("POST", "/v1beta/properties/12/dataStreams")
    assert asked.json == {
        "type": "WEB_DATA_STREAM",
        "displayName": "Shop",
        "webStreamData": {"defaultUri": "https://shop.example"},
    }


def test_streams_of_websites_on_all_pages(google, api):
    pages = [{"dataStreams": [APP, STREAM], "nextPageToken": "more"}, {"dataStreams": [STREAM]}]
    answers(google, BETA, "analyticsadmin.properties.dataStreams.list", *pages)
    assert admin_writes.list_web_streams(api, "12") == (WEB, WEB)
    assert [(asked.method, asked.path, asked.params) for asked in google.requests] == [
        ("GET", "/v1beta/properties/12/dataStreams", {"pageSize": "200"}),
        ("GET", "/v1beta/properties/12/dataStreams", {"pageSize": "200", "pageToken": "more"}),
    ]


def test_a_property_without_streams(google, api):
    google.answers({})
    assert admin_writes.list_web_streams(api, "12") == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"name": ""},
        {"name": "properties/12/dataStreams/../4"},
        {"webStreamData": {"measurementId": "G-1');alert(1);//"}},
        {"webStreamData": {"measurementId": "g-1a"}},
        {"webStreamData": []},
    ],
)
def test_a_stream_of_the_wrong_shape_is_a_bad_answer(google, api, changed):
    google.answers({**STREAM, **changed})
    assert type(error_of(CREATIONS["stream"], api)) is errors.BadAnswer


# Access


def test_access_is_given_to_a_service_account(google, api):
    answers(google, ALPHA, "analyticsadmin.properties.accessBindings.create", BINDING)
    assert CREATIONS["binding"](api) == AccessBinding(
        "properties/12/accessBindings/5", ROBOT, ("predefinedRoles/viewer",)
    )
    (asked,) = google.requests
    assert (asked.method, asked.path) == ("POST", "/v1alpha/properties/12/accessBindings")
    assert asked.json == {"user": ROBOT, "roles": ["predefinedRoles/viewer"]}


def test_who_has_access(google, api):
    pages = [{"accessBindings": [BINDING], "nextPageToken": "more"}, {}]
    answers(google, ALPHA, "analyticsadmin.properties.accessBindings.list", *pages)
    found = admin_writes.list_access_bindings(api, "12")
    assert found == (AccessBinding("properties/12/accessBindings/5", ROBOT, ("predefinedRoles/viewer",)),)
    assert [asked.path for asked in google.requests] == ["/v1alpha/properties/12/accessBindings"] * 2


# Refusals and faults


def refused(google, code, status, message="x", **more):
    google.answers({"error": {"code": code, "status": status, "message": message, **more}}, status=code)


@pytest.mark.parametrize(
    ("creation", "kind"),
    [
        ("ticket", errors.AccountsForbidden),
        ("property", errors.EditForbidden),
        ("stream", errors.EditForbidden),
        ("binding", errors.ManageUsersForbidden),
        ("key event", errors.EditForbidden),
    ],
)
def test_who_may_not_make_it_is_told_what_is_missing(google, api, creation, kind):
    refused(google, 403, "PERMISSION_DENIED", "The caller does not have permission")
    error = error_of(CREATIONS[creation], api)
    assert (type(error), error.log_detail, error.status) == (kind, "403 PERMISSION_DENIED", 403)


def test_who_may_not_see_access_is_told_what_is_missing(google, api):
    refused(google, 403, "PERMISSION_DENIED", "The caller does not have permission")
    error = error_of(lambda api: admin_writes.list_access_bindings(api, "12"), api)
    assert type(error) is errors.ManageUsersForbidden


@pytest.mark.parametrize("creation", CREATIONS)
def test_what_is_there_already_is_said(google, api, creation):
    refused(google, 409, "ALREADY_EXISTS")
    assert type(error_of(CREATIONS[creation], api)) is errors.AlreadyExists


@pytest.mark.parametrize("creation", CREATIONS)
@pytest.mark.parametrize(
    "fault",
    [
        lambda google: google.answers(b"<html>", status=500),
        lambda google: google.answers({"error": {"code": 503, "status": "UNAVAILABLE"}}, status=503),
        lambda google: google.answers(b"<html>", status=502),
        lambda google: google.answers(b"<html>"),
        lambda google: google.does(drop),
        lambda google: google.does(half_a_body),
    ],
    ids=["500", "503", "502", "html", "drop", "half a body"],
)
def test_what_may_have_been_made_is_not_made_again(google, api, pauses, creation, fault):
    fault(google)
    error = error_of(CREATIONS[creation], api)
    assert (error.permanent, len(google.requests), pauses) == (False, 1, [])
