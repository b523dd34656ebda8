"""Version 3: the ticket carries what version 3 takes, and a project that is not admitted is told so."""

import json

import pytest

from google_api import errors, v3
from google_api.v3 import V3Account, V3Profile, V3WebProperty
from tests.discovery import check_request, check_response, match
from tests.google_api.fake_google import drop

API = "analytics.v3"
PREFIX = "/analytics/v3"
BACK = "https://portal.example/provisioning/tos/callback"
SENT = {
    "account": {"name": "Bluebell Bakery"},
    "webproperty": {"name": "Shop", "websiteUrl": "https://bluebell.example"},
    "profile": {"name": "All", "timezone": "Europe/London"},
    "redirectUri": BACK,
}


@pytest.fixture(autouse=True)
def _as_google_documents_it(google):
    yield
    for asked in google.requests:
        method_id, params = match(API, asked.method, asked.path.removeprefix(PREFIX))
        check_request(
            API, method_id, json.loads(asked.body) if asked.body else None, {**params, **asked.params}
        )


def ticket(api):
    return v3.create_account_ticket(
        api,
        account_name="Bluebell Bakery",
        web_property_name="Shop",
        website_url="https://bluebell.example",
        profile_name="All",
        time_zone="Europe/London",
        redirect_uri=BACK,
    )


def error_of(call, api):
    with pytest.raises(errors.GoogleError) as caught:
        call(api)
    return caught.value


def test_a_ticket_for_the_whole_tree(google, api):
    answer = {**SENT, "id": "8d2f-1", "kind": "analytics#accountTicket"}
    check_response(API, "analytics.provisioning.createAccountTicket", answer)
    google.answers(answer)
    assert ticket(api) == "8d2f-1"
    (asked,) = google.requests
    assert (asked.method, asked.path) == ("POST", "/analytics/v3/provisioning/createAccountTicket")
    assert asked.json == SENT


def test_an_answer_without_a_ticket_is_a_bad_answer(google, api):
    google.answers(SENT)
    assert type(error_of(ticket, api)) is errors.BadAnswer


def test_a_ticket_that_may_have_been_made_is_not_asked_for_again(google, api, pauses):
    google.does(drop)
    assert (type(error_of(ticket, api)), len(google.requests), pauses) == (errors.Unreachable, 1, [])


def refused(google, status, message, reason, domain="global", **headers):
    listed = [{"domain": domain, "reason": reason, "message": message}]
    body = {"error": {"errors": listed, "code": status, "message": message}}
    google.answers(body, status=status, **headers)


@pytest.mark.parametrize(
    ("status", "message", "reason", "kind"),
    [
        (403, "Access Not Configured.", "accessNotConfigured", errors.ProvisioningNotAdmitted),
        (403, "Insufficient Permission", "insufficientPermissions", errors.ProvisioningNotAdmitted),
        (403, "Forbidden", "forbidden", errors.ProvisioningNotAdmitted),
        (403, "Something new", "somethingNew", errors.ProvisioningNotAdmitted),
        (
            403,
            "Google Analytics API has not been used in project 42 before or it is disabled. Enable it by"
            " visiting https://console.developers.google.com/apis/api/analytics.googleapis.com/overview?project=42",
            "accessNotConfigured",
            errors.ApiDisabled,
        ),
        (
            403,
            "Request had insufficient authentication scopes.",
            "insufficientPermissions",
            errors.ScopeInsufficient,
        ),
        (403, "User Rate Limit Exceeded", "userRateLimitExceeded", errors.AdminRateLimited),
        (403, "Quota Error", "dailyLimitExceeded", errors.AdminDailyLimit),
        (401, "Invalid Credentials", "authError", errors.Unauthenticated),
        (400, "Invalid value for timezone", "invalidParameter", errors.InvalidDetails),
        (400, "Invalid redirectUri", "badRequest", errors.RedirectRefused),
        (500, "Internal Error", "internalServerError", errors.ServerError),
        (503, "Backend Error", "backendError", errors.ServerError),
    ],
)
def test_a_refused_ticket(google, api, status, message, reason, kind):
    refused(google, status, message, reason)
    error = error_of(ticket, api)
    assert (type(error), error.status) == (kind, status)


def test_a_wrong_scope_is_told_apart_from_a_stale_token_by_its_header(google, api):
    refused(
        google,
        401,
        "Invalid Credentials",
        "authError",
        WWW_Authenticate='Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="x"',
    )
    assert type(error_of(ticket, api)) is errors.ScopeInsufficient
    assert type(error_of(v3.list_account_tree, api)) is errors.ScopeInsufficient


SUMMARY = {
    "id": "123",
    "kind": "analytics#accountSummary",
    "name": "Bluebell Bakery",
    "webProperties": [
        {
            "id": "UA-123-1",
            "kind": "analytics#webPropertySummary",
            "name": "Shop",
            "websiteUrl": "https://bluebell.example",
            "profiles": [{"id": "9", "kind": "analytics#profileSummary", "name": "All", "type": "WEB"}],
        }
    ],
}
TREE = V3Account(
    "123",
    "Bluebell Bakery",
    (V3WebProperty("UA-123-1", "Shop", "https://bluebell.example", (V3Profile("9", "All"),)),),
)


def test_the_tree_of_accounts_on_all_pages(google, api):
    empty = {"id": "124", "name": "Empty"}
    for items in ([SUMMARY, empty], [SUMMARY]):
        page = {"kind": "analytics#accountSummaries", "totalResults": 3, "items": items}
        check_response(API, "analytics.management.accountSummaries.list", page)
        google.answers(page)
    assert v3.list_account_tree(api) == (TREE, V3Account("124", "Empty", ()), TREE)
    path = "/analytics/v3/management/accountSummaries"
    assert [(asked.path, asked.params) for asked in google.requests] == [
        (path, {"max-results": "1000", "start-index": "1"}),
        (path, {"max-results": "1000", "start-index": "3"}),
    ]


@pytest.mark.parametrize("answer", [{}, {"totalResults": 0, "items": []}, {"totalResults": 5, "items": []}])
def test_nobody_s_accounts(google, api, answer):
    google.answers(answer)
    assert v3.list_account_tree(api) == ()
    assert len(google.requests) == 1


def test_pages_without_end_are_given_up(google, api):
    google.answers({"totalResults": 10**6, "items": [SUMMARY]})
    assert error_of(v3.list_account_tree, api).log_detail == "pages without end"
    assert len(google.requests) == 20


def test_accounts_that_cannot_be_listed_are_not_taken_for_none(google, api):
    refused(google, 403, "Insufficient Permission", "insufficientPermissions")
    assert type(error_of(v3.list_account_tree, api)) is errors.PropertyForbidden


def test_who_has_no_analytics_has_no_accounts(google, api):
    refused(google, 403, "User does not have any Google Analytics account.", "insufficientPermissions")
    assert v3.list_account_tree(api) == ()
