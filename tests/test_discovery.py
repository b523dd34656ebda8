"""The checker itself: it takes what Google's documents take, and names the place of what they do not."""

import re

import pytest

from tests.discovery import NotGoogles, check, check_request, check_response, document, match, methods

DATA = "analyticsdata.v1beta"
ADMIN = "analyticsadmin.v1beta"
RUN = "analyticsdata.properties.runReport"
PROPERTY = {"property": "properties/1"}


def test_a_whole_request_passes():
    body = {
        "dateRanges": [{"startDate": "2026-10-01", "endDate": "2026-10-31", "name": "current"}],
        "dimensions": [{"name": "date"}],
        "metrics": [{"name": "sessions"}],
        "dimensionFilter": {"filter": {"fieldName": "country", "stringFilter": {"value": "France"}}},
        "orderBys": [{"desc": True, "metric": {"metricName": "sessions"}}],
        "limit": "10000",
        "returnPropertyQuota": True,
    }
    check_request(DATA, RUN, body, PROPERTY)


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ({"dimension": []}, "$.dimension: is no key of RunReportRequest"),
        ({"limit": 10}, "$.limit: 10 is no string int64"),
        ({"limit": "ten"}, "$.limit: 'ten' is no string int64"),
        ({"limit": str(2**63)}, f"$.limit: '{2**63}' is no string int64"),
        ({"keepEmptyRows": "true"}, "$.keepEmptyRows: 'true' is no boolean"),
        ({"metrics": {"name": "sessions"}}, "$.metrics: {'name': 'sessions'} is no list"),
        ({"metrics": [{"name": 1}]}, "$.metrics[0].name: 1 is no string"),
        (
            {"metricAggregations": ["SUM"]},
            "$.metricAggregations[0]: 'SUM' is none of"
            " ['METRIC_AGGREGATION_UNSPECIFIED', 'TOTAL', 'MINIMUM', 'MAXIMUM', 'COUNT']",
        ),
        (
            {"dimensionFilter": {"andGroup": {"expressions": []}, "orGroup": {"expressions": []}}},
            "$.dimensionFilter: FilterExpression needs exactly one of its alternatives,"
            " has ['andGroup', 'orGroup']",
        ),
        (
            {"orderBys": [{"desc": True}]},
            "$.orderBys[0]: OrderBy needs exactly one of its alternatives, has []",
        ),
        (None, "$: None is no object"),
    ],
)
def test_a_bad_request_is_named_by_its_place(body, complaint):
    with pytest.raises(NotGoogles, match=f"^{re.escape(complaint)}$"):
        check_request(DATA, RUN, body, PROPERTY)


@pytest.mark.parametrize(
    ("params", "complaint"),
    [
        ({}, "?property: is required"),
        ({"property": "1"}, "?property: '1' does not match ^properties/[^/]+$"),
        ({**PROPERTY, "pageSize": "5"}, f"?pageSize: is no parameter of {RUN}"),
    ],
)
def test_parameters_are_checked(params, complaint):
    with pytest.raises(NotGoogles, match=f"^{re.escape(complaint)}$"):
        check_request(DATA, RUN, {}, params)


def test_query_parameters_have_types():
    check_request(ADMIN, "analyticsadmin.accountSummaries.list", None, {"pageSize": "200", "pageToken": "x"})
    with pytest.raises(NotGoogles, match="pageSize: 'many' is no integer"):
        check_request(ADMIN, "analyticsadmin.accountSummaries.list", None, {"pageSize": "many"})


def test_a_get_takes_no_body():
    with pytest.raises(NotGoogles, match="takes no body"):
        check_request(ADMIN, "analyticsadmin.properties.get", {}, {"name": "properties/1"})


def test_what_only_google_sets_may_not_be_sent_but_comes_back():
    body = {
        "displayName": "Shop",
        "parent": "accounts/1",
        "timeZone": "Etc/UTC",
        "createTime": "2026-01-01T00:00:00Z",
    }
    check(ADMIN, "GoogleAnalyticsAdminV1betaProperty", body)
    with pytest.raises(NotGoogles, match="createTime: is only ever set by Google"):
        check_request(ADMIN, "analyticsadmin.properties.create", body, {})


def test_responses_are_checked():
    row = {"dimensionValues": [{"value": "a"}], "metricValues": [{"value": "1"}]}
    check_response(DATA, RUN, {"rows": [row], "rowCount": 1, "kind": "analyticsData#runReport"})
    with pytest.raises(NotGoogles, match=r"^\$\.rowCount: '1' is no integer int32$"):
        check_response(DATA, RUN, {"rowCount": "1"})
    with pytest.raises(NotGoogles, match=r"^\$\.rowCount: True is no integer int32$"):
        check_response(DATA, RUN, {"rowCount": True})


@pytest.mark.parametrize("time", ["2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T00:00:00", 1])
def test_times_must_be_times(time):
    with pytest.raises(NotGoogles):
        check(ADMIN, "GoogleAnalyticsAdminV1betaProperty", {"createTime": time})


def test_unknown_names_are_errors_not_passes():
    with pytest.raises(NotGoogles, match="has no schema Nothing"):
        check(DATA, "Nothing", {})
    with pytest.raises(NotGoogles, match="has no method analyticsdata.nothing"):
        check_response(DATA, "analyticsdata.nothing", {})


@pytest.mark.parametrize(
    ("api", "verb", "path", "found"),
    [
        (DATA, "POST", "/v1beta/properties/12:runReport", (RUN, {"property": "properties/12"})),
        (
            DATA,
            "GET",
            "/v1beta/properties/12/metadata",
            ("analyticsdata.properties.getMetadata", {"name": "properties/12/metadata"}),
        ),
        (ADMIN, "GET", "/v1beta/properties", ("analyticsadmin.properties.list", {})),
        (ADMIN, "GET", "/v1beta/properties/12", ("analyticsadmin.properties.get", {"name": "properties/12"})),
        (ADMIN, "GET", "/v1beta/accountSummaries", ("analyticsadmin.accountSummaries.list", {})),
    ],
)
def test_a_path_leads_to_its_method(api, verb, path, found):
    assert match(api, verb, path) == found


def test_a_wrong_verb_leads_nowhere():
    with pytest.raises(NotGoogles, match="no method for GET"):
        match(DATA, "GET", "/v1beta/properties/12:runReport")


@pytest.mark.parametrize("api", [DATA, ADMIN, "analyticsadmin.v1alpha", "analytics.v3"])
def test_every_document_can_be_read(api):
    assert all(method_id.startswith(document(api)["name"]) for method_id in methods(api))
