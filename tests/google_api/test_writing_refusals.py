"""What Google complains of is said in our words, whatever way it writes the name, and in no others."""

import json

import pytest

from google_api import errors
from google_api.refusals import Refusal
from google_api.writing_refusals import details_named, edit_error, ticket_error, users_error, v3_ticket_error

SENT = {
    "displayName": "x",
    "timeZone": "x",
    "currencyCode": "x",
    "regionCode": "x",
    "user": "x",
    "roles": [],
    "webStreamData": {"defaultUri": "x"},
    "redirectUri": "x",
}


def refusal(status, canonical, message, *violated, sent=SENT):
    error = {"code": status, "status": canonical, "message": message}
    if violated:
        violations = [{"field": field, "description": "is invalid"} for field in violated]
        error["details"] = [
            {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": violations}
        ]
    return Refusal(status, {}, json.dumps({"error": error}).encode(), sent=json.dumps(sent))


@pytest.mark.parametrize(
    ("message", "violated", "fields"),
    [
        ("Invalid display name", (), ("display_name",)),
        ("The value for the 'displayName' field was invalid.", (), ("display_name",)),
        ("display_name is too long", (), ("display_name",)),
        ("The time zone is not valid", (), ("time_zone",)),
        ("currency_code must be ISO 4217", (), ("currency_code",)),
        ("Unknown region code", (), ("region_code",)),
        ("x", ("account.region_code",), ("region_code",)),
        ("x", ("property.time_zone", "property.display_name"), ("display_name", "time_zone")),
        ("Invalid time zone", ("property.currencyCode",), ("currency_code",)),
        ("No such user: robot@demo.example", (), ("user",)),
        ("The role is not known", (), ("role",)),
        ("webStreamData.defaultUri is no address", (), ("default_uri",)),
        ("Something new", (), ()),
        ("", (5, None), ()),
    ],
)
def test_the_details_that_google_complains_of(message, violated, fields):
    given = refusal(400, "INVALID_ARGUMENT", message, *violated)
    assert details_named(given) == fields
    made = edit_error(given)
    assert (type(made), made.fields) == (errors.InvalidDetails, fields)
    assert made.reason == (fields[0] if fields else "invalid")


def test_what_was_not_sent_is_not_what_is_wrong():
    message = "The user has too many properties to choose a display name"
    given = refusal(400, "INVALID_ARGUMENT", message, sent={"displayName": "Shop"})
    assert details_named(given) == ("display_name",)


def test_the_log_names_the_details():
    assert edit_error(refusal(400, "INVALID_ARGUMENT", "Bad time zone")).log_detail == (
        "400 INVALID_ARGUMENT invalid time_zone"
    )


def test_retention_of_users_is_no_user():
    sent = {"eventDataRetention": "x", "userDataRetention": "x"}
    given = refusal(400, "INVALID_ARGUMENT", "Invalid value at 'user_data_retention'", sent=sent)
    assert details_named(given) == ("user_data_retention",)


def test_version_3_has_names_of_its_own():
    sent = {"account": {"name": "A"}, "webproperty": {"websiteUrl": "x"}, "profile": {"timezone": "x"}}
    messages = ("Invalid account name", "Invalid websiteUrl", "Invalid value for timezone")
    named = [details_named(refusal(400, "", message, sent=sent)) for message in messages]
    assert named == [("display_name",), ("default_uri",), ("time_zone",)]


def test_a_redirect_address_that_is_not_registered_is_said_as_such():
    given = refusal(400, "INVALID_ARGUMENT", "Invalid redirect URI")
    assert type(ticket_error(given)) is errors.RedirectRefused


@pytest.mark.parametrize(
    "body",
    [b"<html>", b"{}", b'{"error": []}', b'{"error": {"details": 1}}', b'{"error": {"details": [1, {}]}}'],
)
def test_a_refusal_of_the_wrong_shape_names_nothing(body):
    assert details_named(Refusal(400, {}, body)) == ()


@pytest.mark.parametrize("judge", [edit_error, users_error, ticket_error, v3_ticket_error])
@pytest.mark.parametrize(
    ("status", "canonical", "message", "kind"),
    [
        (401, "UNAUTHENTICATED", "x", errors.Unauthenticated),
        (
            403,
            "PERMISSION_DENIED",
            "Request had insufficient authentication scopes.",
            errors.ScopeInsufficient,
        ),
        (404, "NOT_FOUND", "Requested entity was not found.", errors.NotFound),
        (409, "ALREADY_EXISTS", "x", errors.AlreadyExists),
        (429, "RESOURCE_EXHAUSTED", "x", errors.RateLimited),
        (503, "UNAVAILABLE", "x", errors.ServerError),
    ],
)
def test_all_else_is_what_it_is_for_questions(judge, status, canonical, message, kind):
    made = judge(refusal(status, canonical, message))
    assert (type(made), made.status) == (kind, status)
