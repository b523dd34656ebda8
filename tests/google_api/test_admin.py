"""The Admin API: every page is read; requests and answers are those of Google's discovery document."""

from datetime import UTC, datetime

import pytest

from google_api import admin, errors
from google_api.admin import Account, AccountSummary, Property, PropertySummary
from tests.discovery import check_request, check_response, match

API = "analyticsadmin.v1beta"
PROPERTY = {
    "name": "properties/12",
    "parent": "accounts/1",
    "propertyType": "PROPERTY_TYPE_ORDINARY",
    "displayName": "Shop",
    "timeZone": "Europe/Berlin",
    "currencyCode": "EUR",
    "serviceLevel": "GOOGLE_ANALYTICS_STANDARD",
    "createTime": "2024-01-01T00:00:00Z",
}
READ = Property(
    "properties/12", "accounts/1", "Shop", "Europe/Berlin", "EUR", "GOOGLE_ANALYTICS_STANDARD", False
)
SUMMARY = {
    "name": "accountSummaries/1",
    "account": "accounts/1",
    "displayName": "Acme",
    "propertySummaries": [
        {
            "property": "properties/12",
            "displayName": "Shop",
            "propertyType": "PROPERTY_TYPE_ORDINARY",
            "parent": "accounts/1",
            "canEdit": True,
        },
        {
            "property": "properties/13",
            "displayName": "Blog",
            "propertyType": "PROPERTY_TYPE_ORDINARY",
            "parent": "accounts/1",
        },
    ],
}


@pytest.fixture(autouse=True)
def _as_google_documents_it(google):
    """Every request of these tests, and every good answer that they saved, against the discovery document."""
    yield
    for asked in google.requests:
        method_id, params = match(API, asked.method, asked.path)
        check_request(API, method_id, None, {**params, **asked.params})


def test_account_summaries_of_all_pages(google, api):
    second = {"name": "accountSummaries/2", "account": "accounts/2", "displayName": "Empty"}
    pages = [{"accountSummaries": [SUMMARY], "nextPageToken": "more"}, {"accountSummaries": [second]}]
    for page in pages:
        check_response(API, "analyticsadmin.accountSummaries.list", page)
        google.answers(page)
    ordinary = "PROPERTY_TYPE_ORDINARY"
    assert admin.list_account_summaries(api) == (
        AccountSummary(
            "accounts/1",
            "Acme",
            (
                PropertySummary("properties/12", "Shop", ordinary, True),
                PropertySummary("properties/13", "Blog", ordinary, False),
            ),
        ),
        AccountSummary("accounts/2", "Empty", ()),
    )
    assert [(asked.path, asked.params) for asked in google.requests] == [
        ("/v1beta/accountSummaries", {"pageSize": "200"}),
        ("/v1beta/accountSummaries", {"pageSize": "200", "pageToken": "more"}),
    ]


def test_a_credential_that_reaches_nothing(google, api):
    google.answers({})
    assert admin.list_account_summaries(api) == ()


def test_properties_of_an_account_repeat_the_filter_on_every_page(google, api):
    google.answers({"properties": [PROPERTY], "nextPageToken": "more"}).answers({"properties": [PROPERTY]})
    assert admin.list_properties(api, "accounts/1") == (READ, READ)
    assert [asked.params for asked in google.requests] == [
        {"filter": "parent:accounts/1", "pageSize": "200"},
        {"filter": "parent:accounts/1", "pageSize": "200", "pageToken": "more"},
    ]


def test_pages_without_end_are_given_up(google, api):
    google.answers({"nextPageToken": "again"})
    with pytest.raises(errors.BadAnswer, match="pages without end"):
        admin.list_account_summaries(api)
    assert len(google.requests) == 100


def test_a_property(google, api):
    check_response(API, "analyticsadmin.properties.get", PROPERTY)
    google.answers(PROPERTY)
    assert admin.get_property(api, "12") == READ
    assert [(asked.path, asked.params) for asked in google.requests] == [("/v1beta/properties/12", {})]


def test_a_property_in_the_trash_can(google, api):
    google.answers({**PROPERTY, "deleteTime": "2026-10-01T00:00:00Z", "expireTime": "2026-11-05T00:00:00Z"})
    assert admin.get_property(api, "12").deleted is True


def test_what_google_leaves_out_is_empty(google, api):
    google.answers({"name": "properties/12"})
    assert admin.get_property(api, "12") == Property("properties/12", "", "", "", "", "", False)


@pytest.mark.parametrize(
    "property_id", ["", "abc", "properties/1", "1/../2", "1?x=1", "١", "1" * 21, "-1", "1\n"]
)
def test_what_is_no_number_is_never_sent(google, api, property_id):
    with pytest.raises(errors.InvalidPropertyId):
        admin.get_property(api, property_id)
    assert google.requests == []


@pytest.mark.parametrize("account", ["1", "accounts/x", "accounts/1&filter=x", "properties/1"])
def test_an_account_is_named_in_full(google, api, account):
    with pytest.raises(ValueError, match="an account is named accounts/<digits>"):
        admin.list_properties(api, account)
    assert google.requests == []


@pytest.mark.parametrize(
    "answer",
    [
        {"accountSummaries": {}},
        {"accountSummaries": ["text"]},
        {"accountSummaries": [{}]},
        {"accountSummaries": [{"account": "1"}]},
        {"accountSummaries": [{**SUMMARY, "displayName": 5}]},
        {"accountSummaries": [{**SUMMARY, "propertySummaries": [{"property": "<script>"}]}]},
        {
            "accountSummaries": [
                {**SUMMARY, "propertySummaries": [{"property": "properties/1", "canEdit": "yes"}]}
            ]
        },
        {"nextPageToken": 5},
    ],
)
def test_an_answer_of_the_wrong_shape_is_a_bad_answer(google, api, answer):
    google.answers(answer)
    with pytest.raises(errors.BadAnswer, match="unexpected"):
        admin.list_account_summaries(api)


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (401, {"status": "UNAUTHENTICATED", "message": "Request had invalid …"}, errors.Unauthenticated),
        (403, {"status": "PERMISSION_DENIED", "message": "The caller does not …"}, errors.PropertyForbidden),
        (404, {"status": "NOT_FOUND", "message": "Requested entity was not found."}, errors.NotFound),
        (403, {"errors": [{"reason": "rateLimitExceeded"}]}, errors.AdminRateLimited),
    ],
)
def test_refusals_are_those_of_the_tables(google, api, status, error, kind):
    google.answers({"error": {"code": status, **error}}, status=status)
    with pytest.raises(errors.GoogleError) as caught:
        admin.get_property(api, "12")
    assert type(caught.value) is kind


ACCOUNT = {
    "name": "accounts/1",
    "displayName": "Bluebell Bakery",
    "regionCode": "GB",
    "createTime": "2026-11-01T10:00:00.123Z",
    "updateTime": "2026-11-01T10:00:00.123Z",
}
BLUEBELL = Account(
    "accounts/1", "Bluebell Bakery", "GB", datetime(2026, 11, 1, 10, 0, 0, 123_000, tzinfo=UTC), False
)


def test_accounts_of_all_pages(google, api):
    for page in ({"accounts": [ACCOUNT], "nextPageToken": "more"}, {"accounts": [ACCOUNT]}):
        check_response(API, "analyticsadmin.accounts.list", page)
        google.answers(page)
    assert admin.list_accounts(api) == (BLUEBELL, BLUEBELL)
    assert [(asked.path, asked.params) for asked in google.requests] == [
        ("/v1beta/accounts", {"pageSize": "200"}),
        ("/v1beta/accounts", {"pageSize": "200", "pageToken": "more"}),
    ]


def test_an_account(google, api):
    google.answers({**ACCOUNT, "deleted": True})
    assert admin.get_account(api, "accounts/1").deleted is True
    assert google.requests[0].path == "/v1beta/accounts/1"


@pytest.mark.parametrize(
    "account", ["", "1", "accounts/", "accounts/1/../2", "accounts/1?x", "accounts/\u0661"]
)
def test_what_is_no_account_is_never_asked_for(google, api, account):
    with pytest.raises(ValueError, match="an account is named accounts/<digits>"):
        admin.get_account(api, account)
    assert google.requests == []


def test_an_account_without_an_age_is_a_bad_answer(google, api):
    google.answers({"name": "accounts/1"})
    with pytest.raises(errors.BadAnswer, match="no createTime"):
        admin.get_account(api, "accounts/1")
