"""Accounts and properties, as the caller may see them."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.server import SandboxServer
from tests.sandbox.conftest import SHOP, SITE, Robot

OSTERIA = {
    "name": "properties/310000001",
    "account": "accounts/103333333",
    "parent": "accounts/103333333",
    "displayName": "Osteria da Nino",
    "industryCategory": "OTHER",
    "timeZone": "Europe/Rome",
    "currencyCode": "EUR",
    "serviceLevel": "GOOGLE_ANALYTICS_STANDARD",
    "propertyType": "PROPERTY_TYPE_ORDINARY",
}


@pytest.fixture
def reader(sandbox: SandboxServer, robots: Any) -> Robot:
    """Reads seven properties of three accounts, made on the spot."""
    email = "reader@many.iam.gserviceaccount.com"
    sandbox.world.state.add_service_account(email)
    sandbox.world.state.grant(email, [str(number) for number in (1200, 1201, 1202, 1203, 1204, 1208, 1206)])
    found: Robot = robots(email)
    return found


def test_summaries_list_accounts_with_the_callers_properties(reader: Robot) -> None:
    answer = reader.get("/v1beta/accountSummaries").json()
    found = {
        s["account"]: [p["property"] for p in s["propertySummaries"]] for s in answer["accountSummaries"]
    }
    assert found == {
        "accounts/400": ["properties/1200", "properties/1201", "properties/1202"],
        "accounts/401": ["properties/1203", "properties/1204"],
        "accounts/402": ["properties/1206", "properties/1208"],
    }


def test_pages_of_summaries_join_to_the_whole(reader: Robot) -> None:
    first = reader.get("/v1beta/accountSummaries?pageSize=2").json()
    second = reader.get(f"/v1beta/accountSummaries?pageSize=2&pageToken={first['nextPageToken']}").json()
    whole = reader.get("/v1beta/accountSummaries").json()
    assert len(first["accountSummaries"]) == 2
    assert first["accountSummaries"] + second["accountSummaries"] == whole["accountSummaries"]
    assert ("nextPageToken" in second, "nextPageToken" in whole) == (False, False)


@pytest.mark.parametrize("query", ["pageToken=zzz", "pageSize=-1", "pageSize=x", "nothing=1"])
def test_bad_paging_is_refused(reader: Robot, query: str) -> None:
    assert reader.get(f"/v1beta/accountSummaries?{query}").status_code == 400


def test_a_caller_without_properties_gets_nothing(sandbox: SandboxServer, robots: Any) -> None:
    sandbox.world.state.add_service_account("lonely@many.iam.gserviceaccount.com")
    lonely = robots("lonely@many.iam.gserviceaccount.com")
    assert lonely.get("/v1beta/accountSummaries").json() == {}
    assert lonely.get("/v1beta/accounts").json() == {}


def test_property_in_full(robot: Robot) -> None:
    answer = robot.get(f"/v1beta/properties/{SITE}").json()
    times = (answer.pop("createTime"), answer.pop("updateTime"))
    assert answer == OSTERIA
    assert times[0] == times[1]


def test_the_shop_is_in_london(robot: Robot) -> None:
    answer = robot.get(f"/v1beta/properties/{SHOP}").json()
    found = [answer[name] for name in ("displayName", "timeZone", "currencyCode", "industryCategory")]
    assert found == ["Marlow Cycles", "Europe/London", "GBP", "SHOPPING"]


def test_recorded_property_in_full(robot: Robot) -> None:
    answer = robot.get("/v1beta/properties/500000001").json()
    assert [answer[name] for name in ("displayName", "timeZone", "currencyCode")] == [
        "Small",
        "America/New_York",
        "USD",
    ]


def test_properties_by_account(reader: Robot) -> None:
    answer = reader.get("/v1beta/properties?filter=parent:accounts/401").json()
    assert [prop["name"] for prop in answer["properties"]] == ["properties/1203", "properties/1204"]


@pytest.mark.parametrize(
    ("filter_text", "status"),
    [("", 400), ("parent:properties/1", 400), ("name:x", 400), ("parent:accounts/7", 403)],
)
def test_filter_must_be_an_account_of_the_callers(reader: Robot, filter_text: str, status: int) -> None:
    assert reader.get(f"/v1beta/properties?filter={filter_text}").status_code == status


def test_account_by_name(reader: Robot) -> None:
    answer = reader.get("/v1beta/accounts/401").json()
    listed = reader.get("/v1beta/accounts").json()["accounts"]
    assert answer == listed[1]
    assert reader.get("/v1beta/accounts/400").json()["name"] == "accounts/400"


@pytest.mark.parametrize("path", ["properties/1205", "properties/abc", "accounts/7", "accounts/abc"])
def test_what_is_not_the_callers_is_forbidden(reader: Robot, path: str) -> None:
    answer = reader.get(f"/v1beta/{path}")
    assert answer.json() == {
        "error": {
            "code": 403,
            "message": "The caller does not have permission",
            "status": "PERMISSION_DENIED",
        }
    }


def test_trash_leaves_the_summaries_and_shows_when_asked(reader: Robot) -> None:
    reader.control("POST", "trash", {"property": "1203"})
    summaries = reader.get("/v1beta/accountSummaries").json()["accountSummaries"]
    assert [p["property"] for p in summaries[1]["propertySummaries"]] == ["properties/1204"]
    listed = reader.get("/v1beta/properties?filter=parent:accounts/401&showDeleted=true").json()["properties"]
    assert ["deleteTime" in prop for prop in listed] == [True, False]
    assert "expireTime" in reader.get("/v1beta/properties/1203").json()


def test_six_hundred_calls_a_minute(sandbox: SandboxServer, reader: Robot) -> None:
    for _ in range(599):
        sandbox.world.quotas.admin_request("reader@many.iam.gserviceaccount.com", "many")
    assert reader.get("/v1beta/accounts").status_code == 200
    error = reader.get("/v1beta/accounts").json()["error"]
    assert (error["code"], error["details"][0]["reason"]) == (429, "RATE_LIMIT_EXCEEDED")
    reader.control("POST", "clock", {"advance_s": 60})
    assert reader.get("/v1beta/accounts").status_code == 200
