"""Every row of Google's error tables, as recorded, and the kind that it becomes."""

import json

import pytest

from google_api import errors
from google_api.refusals import Refusal, api_error

SEE = "To learn more about Property ID, see https://developers.google.com/analytics/…/property-id."
LIST = "For a list of valid dimensions and metrics, see https://developers.google.com/…/api-schema "
DISABLED = (
    "Google Analytics Data API has not been used in project 42 before or it is disabled. Enable it by"
    " visiting https://console.developers.google.com/apis/api/analyticsdata.googleapis.com/overview?project=42"
    " then retry."
)
CONSOLE = "https://console.developers.google.com/apis/api"
ACTIVATION = f"{CONSOLE}/analyticsdata.googleapis.com/overview?project=42"


def refusal(status, canonical="", message="", *, reason="", metadata=None, legacy="", sent="", headers=None):
    error = {"code": status, "message": message}
    if canonical:
        error["status"] = canonical
    if reason:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": kind, "reason": reason, "metadata": metadata or {}}]
    if legacy:
        error["errors"] = [{"message": message, "domain": "usageLimits", "reason": legacy}]
    return Refusal(status, headers or {}, json.dumps({"error": error}).encode(), sent=sent)


INVALID = "INVALID_ARGUMENT"
DENIED = "PERMISSION_DENIED"
EXHAUSTED = "RESOURCE_EXHAUSTED"


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        # rights
        (
            refusal(403, DENIED, f"User does not have sufficient permissions for this property. {SEE}"),
            "property_forbidden",
        ),
        (refusal(403, DENIED, "The caller does not have permission"), "property_forbidden"),
        (refusal(403, DENIED, "Something new"), "property_forbidden"),
        (refusal(403, "", "Insufficient Permission", legacy="insufficientPermissions"), "property_forbidden"),
        (refusal(403, DENIED, "Request had insufficient authentication scopes."), "scope_insufficient"),
        (refusal(403, DENIED, "x", reason="ACCESS_TOKEN_SCOPE_INSUFFICIENT"), "scope_insufficient"),
        (refusal(403, DENIED, "x", reason="SERVICE_DISABLED"), "api_disabled"),
        (refusal(403, DENIED, DISABLED), "api_disabled"),
        (refusal(403, "", "Access Not Configured.", legacy="accessNotConfigured"), "api_disabled"),
        (refusal(403, DENIED, "x", reason="CONSUMER_SUSPENDED"), "forbidden"),
        (refusal(403, DENIED, "x", reason="BILLING_DISABLED"), "forbidden"),
        (refusal(404, "NOT_FOUND", "Requested entity was not found."), "not_found"),
        (refusal(409, "ALREADY_EXISTS", "x"), "already_exists"),
        (refusal(409, "", "x"), "already_exists"),
        (refusal(409, "ABORTED", "x"), "server_error"),
        (
            refusal(
                403, "", "User does not have any Google Analytics account.", legacy="insufficientPermissions"
            ),
            "no_accounts",
        ),
        (refusal(401, "", "Insufficient Permission", legacy="insufficientPermissions"), "scope_insufficient"),
        # signing in
        (refusal(401, "", "Invalid Credentials", legacy="authError"), "unauthenticated"),
        (
            refusal(
                401,
                "",
                "Invalid Credentials",
                legacy="authError",
                headers={"www-authenticate": 'Bearer realm="x", error="insufficient_scope", scope="y"'},
            ),
            "scope_insufficient",
        ),
        (
            refusal(401, "UNAUTHENTICATED", "Request is missing required …", reason="CREDENTIALS_MISSING"),
            "unauthenticated",
        ),
        (
            refusal(401, "UNAUTHENTICATED", "Request had invalid authentication credentials. Expected …"),
            "unauthenticated",
        ),
        (refusal(401, "UNAUTHENTICATED", "x", reason="ACCOUNT_STATE_INVALID"), "invalid_grant"),
        # the status is not what decides
        (
            refusal(403, DENIED, f"Invalid property ID: abc. A numeric Property ID is required. {SEE}"),
            "invalid_property_id",
        ),
        (
            refusal(400, INVALID, f"Invalid property ID: abc. A numeric Property ID is required. {SEE}"),
            "invalid_property_id",
        ),
        (refusal(403, "", "Rate Limit Exceeded", legacy="rateLimitExceeded"), "admin_rate_limited"),
        (refusal(403, "", "User Rate Limit Exceeded", legacy="userRateLimitExceeded"), "admin_rate_limited"),
        (refusal(403, "", "Quota Error", legacy="dailyLimitExceeded"), "admin_daily_limit"),
        (refusal(403, EXHAUSTED, "Quota exceeded."), "rate_limited"),
        (
            refusal(
                429,
                EXHAUSTED,
                "Quota exceeded for quota metric 'Requests' and limit 'Requests per day'",
                reason="RATE_LIMIT_EXCEEDED",
                metadata={"service": "analyticsadmin.googleapis.com"},
            ),
            "admin_daily_limit",
        ),
        (refusal(400, "", "Backend Error", legacy="backendError"), "server_error"),
        # quotas
        (refusal(429, EXHAUSTED, "Exhausted concurrent requests quota. Please …"), "concurrent_requests"),
        (
            refusal(429, EXHAUSTED, "Exhausted concurrent requests quota.", legacy="rateLimitExceeded"),
            "concurrent_requests",
        ),
        (
            refusal(429, EXHAUSTED, "Exhausted property tokens for a project per hour. These …"),
            "hourly_tokens",
        ),
        (refusal(429, EXHAUSTED, "Exhausted property tokens per hour."), "hourly_tokens"),
        (refusal(429, EXHAUSTED, "Exhausted property tokens per day. These …"), "daily_tokens"),
        (refusal(429, EXHAUSTED, "Exhausted property daily tokens."), "daily_tokens"),
        (
            refusal(429, EXHAUSTED, "Exhausted potentially thresholded requests quota. …"),
            "thresholded_requests",
        ),
        (refusal(429, EXHAUSTED, "Exhausted server errors for a project per hour."), "server_error_budget"),
        (refusal(429, EXHAUSTED, "Exhausted property server error quota per hour."), "server_error_budget"),
        (refusal(429, EXHAUSTED, "Something new"), "rate_limited"),
        (
            refusal(
                429,
                EXHAUSTED,
                "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute per user'",
                reason="RATE_LIMIT_EXCEEDED",
                metadata={"service": "analyticsadmin.googleapis.com"},
            ),
            "admin_rate_limited",
        ),
        # faults of Google's
        (refusal(500, "INTERNAL", "Internal error encountered."), "server_error"),
        (refusal(503, "UNAVAILABLE", "The service is currently unavailable."), "server_error"),
        (refusal(504, "DEADLINE_EXCEEDED", "Deadline exceeded"), "server_error"),
        (refusal(418, "", "Something new"), "bad_answer"),
        # the question
        (refusal(400, INVALID, f"Field foo is not a valid dimension. {LIST}"), "unknown_field"),
        (
            refusal(400, INVALID, f"Did you mean city? Field cityy is not a valid dimension. {LIST}"),
            "unknown_field",
        ),
        (refusal(400, INVALID, f"Field foo is not a valid metric.  {LIST}"), "unknown_field"),
        (
            refusal(
                400,
                INVALID,
                "Please remove itemName to make the request compatible for example. The request's dimensions"
                " & metrics are incompatible. To learn more, see https://ga-dev-tools.web.app/ga4/",
            ),
            "incompatible_fields",
        ),
        (refusal(400, INVALID, "Something new"), "invalid_argument"),
        (refusal(400, "FAILED_PRECONDITION", "Something new"), "invalid_argument"),
        (refusal(400, "", ""), "invalid_argument"),
    ],
)
def test_an_answer_of_an_api(given, kind):
    error = api_error(given)
    assert (error.code, error.status) == (kind, given.status)


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ("Requests are limited to 9 dimensions within a nested request. This request is …", "too_many"),
        ("Requests are limited to 4 dateRanges.\n  This request contains 5 dateRanges.", "too_many"),
        ("Batch requests are limited to 5 requests.\n  This batch request contains 6 requests.", "too_many"),
        ("A dateRange is required.", "bad_date"),
        ("Invalid startDate : S. startDate must be YYYY-MM-DD, NdaysAgo, yesterday, or today.", "bad_date"),
        ("start_date must be less than or equal to end_date. start_date = A and end_date = B", "bad_date"),
        ("Found duplicate dimensions: city", "duplicate"),
        ("Duplicate metrics are not allowed. Found duplicate metrics: users", "duplicate"),
        ("Field x exists in OrderBy but is not defined in input Dimensions/Metrics list", "bad_order"),
        ("limit must be positive. The API received limit = -1", "bad_limit"),
        ('Invalid JSON payload received. Unknown name "x": Cannot find field.', "bad_request"),
        ("Requests require dimensions and/or metrics. Most requests include both.", "invalid"),
    ],
)
def test_a_question_that_is_refused_has_a_reason(message, reason):
    error = api_error(refusal(400, INVALID, message))
    assert (type(error), error.reason, error.fields) == (errors.InvalidArgument, reason, ())
    assert error.log_detail == f"400 INVALID_ARGUMENT {reason}"


def test_a_refused_field_is_named_if_we_had_asked_for_it():
    sent = json.dumps({"dimensions": [{"name": "customEvent:shop[1]"}, {"name": "city"}]})
    message = f"Field customEvent:shop[1] is not a valid dimension. {LIST}"
    assert api_error(refusal(400, INVALID, message, sent=sent)).fields == ("customEvent:shop[1]",)
    assert api_error(refusal(400, INVALID, message, sent="{}")).fields == ()


def test_incompatible_fields_are_named_if_we_had_asked_for_them():
    sent = json.dumps({"dimensions": [{"name": "itemName"}], "metrics": [{"name": "sessions"}]})
    message = "Please remove itemName, sessions, other to make the request compatible … are incompatible."
    error = api_error(refusal(400, INVALID, message, sent=sent))
    assert (error.reason, error.fields) == ("incompatible", ("itemName", "sessions"))


@pytest.mark.parametrize(
    ("given", "service", "url"),
    [
        (
            refusal(
                403,
                DENIED,
                "x",
                reason="SERVICE_DISABLED",
                metadata={"service": "analyticsdata.googleapis.com", "consumer": "projects/42"},
            ),
            "analyticsdata.googleapis.com",
            ACTIVATION,
        ),
        (
            refusal(403, DENIED, DISABLED),
            "analyticsdata.googleapis.com",
            ACTIVATION.removesuffix("?project=42"),
        ),
        (
            refusal(
                403,
                DENIED,
                "x",
                reason="SERVICE_DISABLED",
                metadata={
                    "service": "evil.example",
                    "consumer": "projects/x",
                    "activationUrl": "javascript:1",
                },
            ),
            "",
            "",
        ),
    ],
)
def test_a_disabled_api_comes_with_the_link_that_enables_it(given, service, url):
    error = api_error(given)
    assert (error.service, error.activation_url) == (service, url)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (302, "bad_answer"),
        (400, "bad_answer"),
        (401, "unauthenticated"),
        (403, "bad_answer"),
        (404, "bad_answer"),
        (407, "bad_answer"),
        (429, "rate_limited"),
        (500, "server_error"),
        (502, "server_error"),
        (503, "server_error"),
    ],
)
@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><title>Error</title>",
        b"",
        b"[]",
        b'{"error": "text"}',
        b'{"error": null}',
        b"[" * 100_000,
    ],
)
def test_an_answer_without_a_reason_goes_by_its_status(status, kind, body):
    assert api_error(Refusal(status, {}, body)).code == kind


@pytest.mark.parametrize(
    "error",
    [
        {"details": "text", "errors": 1, "message": [], "status": {}},
        {"details": [1, {"reason": 5}], "errors": [None]},
        {"details": [{"reason": "SERVICE_DISABLED", "metadata": 7}]},
    ],
)
def test_an_error_of_the_wrong_shape_is_still_an_error(error):
    assert api_error(Refusal(403, {}, json.dumps({"error": error}).encode())).status == 403


def test_the_log_gets_status_reasons_and_request_id():
    given = refusal(403, DENIED, "x", reason="SERVICE_DISABLED", headers={"x-goog-request-id": "abc-123"})
    assert api_error(given).log_detail == "403 PERMISSION_DENIED SERVICE_DISABLED request-id=abc-123"


def test_what_looks_like_no_reason_does_not_reach_the_log():
    given = refusal(
        403, "<script>", "x", reason="a b", headers={"x-request-id": "a b", "x-goog-request-id": "é"}
    )
    assert api_error(given).log_detail == "403"


@pytest.mark.parametrize(("value", "seconds"), [("7", 7.0), ("soon", 60.0), ("-1", 60.0), ("9" * 9, 60.0)])
def test_retry_after_is_read_if_it_is_a_number_of_seconds(value, seconds):
    assert api_error(refusal(429, EXHAUSTED, "x", headers={"retry-after": value})).retry_after == seconds
