"""What the Admin API makes and changes: properties, streams, key events, settings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.quotas import ADMIN_WRITES_PER_MINUTE_USER
from sandbox.server import SandboxServer
from tests.sandbox.conftest import READONLY, SITE, Robot
from tests.sandbox.writing import AUTH, MARCO, NINA, PROPERTY, STREAM, Owner

BOOKS = "318000030"


@pytest.fixture
def nina(sandbox: SandboxServer) -> Iterator[Owner]:
    owner = Owner(sandbox)
    yield owner
    owner.session.close()


@pytest.fixture
def marco(sandbox: SandboxServer) -> Iterator[Owner]:
    """Administrator of one generated account."""
    owner = Owner(sandbox, MARCO)
    yield owner
    owner.session.close()


# Properties


@pytest.mark.parametrize("version", ["v1beta", "v1alpha"])
def test_property_is_made_as_asked(nina: Owner, version: str) -> None:
    account = nina.account()
    made = nina.made(f"/{version}/properties", PROPERTY | {"parent": account, "industryCategory": "SHOPPING"})
    assert nina.get(f"/{version}/{made['name']}").json() == made
    assert made.pop("createTime") == made.pop("updateTime")
    name = made.pop("name")
    assert made == PROPERTY | {
        "account": account,
        "parent": account,
        "industryCategory": "SHOPPING",
        "serviceLevel": "GOOGLE_ANALYTICS_STANDARD",
        "propertyType": "PROPERTY_TYPE_ORDINARY",
    }
    listed = nina.get(f"/v1beta/properties?filter=parent:{account}").json()["properties"]
    assert [one["name"] for one in listed] == [name]


def test_new_property_may_be_edited(nina: Owner) -> None:
    name = nina.property()
    (summary,) = nina.get("/v1beta/accountSummaries").json()["accountSummaries"]
    assert summary["propertySummaries"] == [
        {
            "property": name,
            "displayName": "Bakery",
            "propertyType": "PROPERTY_TYPE_ORDINARY",
            "parent": summary["account"],
            "canEdit": True,
        }
    ]


def test_currency_is_dollars_and_industry_is_none_unless_said(nina: Owner) -> None:
    body = {"displayName": "Plain", "timeZone": "America/Los_Angeles", "parent": nina.account()}
    made = nina.made("/v1beta/properties", body)
    assert (made["currencyCode"], "industryCategory" in made) == ("USD", False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"displayName": ""},
        {"displayName": "𝒜" * 50 + "b"},
        {"timeZone": ""},
        {"timeZone": "Europe/Nowhere"},
        {"timeZone": "Factory"},
        {"currencyCode": "EURO"},
        {"industryCategory": "BAKING"},
        {"propertyType": "PROPERTY_TYPE_ROLLUP"},
        {"colour": "red"},
    ],
)
def test_wrong_properties_are_refused(nina: Owner, wrong: dict[str, Any]) -> None:
    body = PROPERTY | {"parent": nina.account()} | wrong
    assert nina.told("POST", "/v1beta/properties", body) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize("parent", ["", "1", "accounts/x", "properties/1"])
def test_words_for_a_wrong_parent(nina: Owner, parent: str) -> None:
    answer = nina.post("/v1beta/properties", PROPERTY | {"parent": parent})
    assert answer.json()["error"]["message"] == (
        "The value for the 'parent' field was invalid but must be in format 'accounts/123'."
    )


def test_account_of_somebody_else_takes_no_property(nina: Owner, marco: Owner) -> None:
    body = PROPERTY | {"parent": marco.account()}
    assert nina.told("POST", "/v1beta/properties", body) == (403, "PERMISSION_DENIED")


def test_property_in_an_account_that_was_there(marco: Owner) -> None:
    account = marco.get("/v1beta/accountSummaries").json()["accountSummaries"][0]["account"]
    name = marco.property(account)
    (summary,) = marco.get("/v1beta/accountSummaries").json()["accountSummaries"]
    assert [one["property"] for one in summary["propertySummaries"]][-1] == name
    assert len(summary["propertySummaries"]) == 4


def test_only_what_the_mask_names_is_changed(nina: Owner) -> None:
    name = nina.property()
    body = {"displayName": "Renamed", "timeZone": "Asia/Tokyo"}
    changed = nina.patch(f"/v1beta/{name}?updateMask=display_name", body).json()
    assert (changed["displayName"], changed["timeZone"]) == ("Renamed", "Europe/London")


@pytest.mark.parametrize(
    ("mask", "body"), [("", {}), ("create_time", {}), ("display_name", {}), ("time_zone", {"timeZone": "x"})]
)
def test_wrong_changes_are_refused(nina: Owner, mask: str, body: dict[str, str]) -> None:
    name = nina.property()
    assert nina.told("PATCH", f"/v1beta/{name}?updateMask={mask}", body) == (400, "INVALID_ARGUMENT")


def test_to_make_needs_the_scope_and_the_role(sandbox: SandboxServer, nina: Owner, robot: Robot) -> None:
    account = nina.account()
    reads = Owner(sandbox, NINA, (READONLY,))
    assert reads.told("POST", "/v1beta/properties", PROPERTY | {"parent": account})[0] == 403
    editor = Robot(sandbox, "robot@demo.iam.gserviceaccount.com", (AUTH + "analytics.edit",))
    assert editor.post(f"/v1beta/properties/{SITE}/dataStreams", STREAM).status_code == 403
    for one in (reads, editor):
        one.session.close()


# Streams


def test_stream_is_made_with_a_measurement_id(nina: Owner) -> None:
    name = nina.property()
    made = nina.made(f"/v1beta/{name}/dataStreams", STREAM)
    measured = made["webStreamData"]["measurementId"]
    assert (measured[:2], len(measured), made["displayName"]) == ("G-", 12, "Website")
    assert made["webStreamData"]["defaultUri"] == "https://www.bluebell.example"
    assert nina.get(f"/v1beta/{name}/dataStreams").json() == {"dataStreams": [made]}
    assert nina.get(f"/v1beta/{made['name']}").json() == made


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "DATA_STREAM_TYPE_UNSPECIFIED"},
        {"displayName": ""},
        {"displayName": "x" * 256},
        {"webStreamData": None},
        {"webStreamData": {"defaultUri": "shop.it"}},
        {"webStreamData": {"defaultUri": "ftp://shop.it"}},
        {"webStreamData": {"defaultUri": "https://[shop"}},
    ],
)
def test_wrong_streams_are_refused(nina: Owner, wrong: dict[str, Any]) -> None:
    path = f"/v1beta/{nina.property()}/dataStreams"
    assert nina.told("POST", path, STREAM | wrong) == (400, "INVALID_ARGUMENT")


def test_absent_stream_is_not_found(nina: Owner) -> None:
    assert nina.told("GET", f"/v1beta/{nina.property()}/dataStreams/1", None) == (404, "NOT_FOUND")


def test_property_that_was_there_has_a_stream(robot: Robot) -> None:
    (stream,) = robot.get(f"/v1beta/properties/{SITE}/dataStreams").json()["dataStreams"]
    assert stream["webStreamData"]["defaultUri"] == "https://www.osteriadanino.example"


# Key events


def test_key_event_is_made_once(nina: Owner) -> None:
    path = f"/v1beta/{nina.property()}/keyEvents"
    event = {"eventName": "order", "countingMethod": "ONCE_PER_SESSION"}
    made = nina.made(path, event | {"defaultValue": {"numericValue": 5, "currencyCode": "GBP"}})
    assert (made["custom"], made["deletable"], made["defaultValue"]["numericValue"]) == (True, True, 5)
    assert [one["eventName"] for one in nina.get(path).json()["keyEvents"]] == ["purchase", "order"]
    assert nina.told("POST", path, event) == (409, "ALREADY_EXISTS")
    assert nina.told("POST", path, event | {"eventName": "purchase"}) == (409, "ALREADY_EXISTS")


@pytest.mark.parametrize(
    "wrong",
    [
        {"eventName": ""},
        {"eventName": "no spaces"},
        {"eventName": "x" * 41},
        {"countingMethod": None},
        {"defaultValue": {"numericValue": 1}},
    ],
)
def test_wrong_key_events_are_refused(nina: Owner, wrong: dict[str, Any]) -> None:
    path = f"/v1beta/{nina.property()}/keyEvents"
    event = {"eventName": "order", "countingMethod": "ONCE_PER_EVENT"}
    assert nina.told("POST", path, event | wrong) == (400, "INVALID_ARGUMENT")


def test_thirty_key_events_are_enough(nina: Owner) -> None:
    path = f"/v1beta/{nina.property()}/keyEvents"
    for number in range(29):
        nina.made(path, {"eventName": f"e{number}", "countingMethod": "ONCE_PER_EVENT"})
    event = {"eventName": "last", "countingMethod": "ONCE_PER_EVENT"}
    assert nina.told("POST", path, event) == (429, "RESOURCE_EXHAUSTED")


# Settings


@pytest.mark.parametrize("version", ["v1beta", "v1alpha"])
def test_data_is_kept_for_longer_when_asked(nina: Owner, version: str) -> None:
    path = f"/{version}/{nina.property()}/dataRetentionSettings"
    before = nina.get(path).json()
    changed = nina.patch(
        f"{path}?updateMask=event_data_retention", {"eventDataRetention": "FOURTEEN_MONTHS"}
    ).json()
    assert before["eventDataRetention"] == "TWO_MONTHS"
    assert changed == before | {"eventDataRetention": "FOURTEEN_MONTHS"} == nina.get(path).json()


@pytest.mark.parametrize("length", ["FIFTY_MONTHS", None, "FOREVER"])
def test_retention_of_a_standard_property(nina: Owner, length: str | None) -> None:
    path = f"/v1beta/{nina.property()}/dataRetentionSettings?updateMask=*"
    body = {"userDataRetention": "TWO_MONTHS", "eventDataRetention": length}
    assert nina.told("PATCH", path, body) == (400, "INVALID_ARGUMENT")


def test_enhanced_measurement_is_switched(nina: Owner) -> None:
    stream = nina.made(f"/v1beta/{nina.property()}/dataStreams", STREAM)["name"]
    path = f"/v1alpha/{stream}/enhancedMeasurementSettings"
    before = nina.get(path).json()
    after = nina.patch(f"{path}?updateMask=scrolls_enabled,form_interactions_enabled", {
        "scrollsEnabled": False, "formInteractionsEnabled": True,
    }).json()  # fmt: skip
    switched = {"scrollsEnabled": True, "formInteractionsEnabled": False}
    assert {name: before.get(name, False) for name in switched} == switched
    assert {name: after.get(name, False) for name in switched} == {
        name: not on for name, on in switched.items()
    }
    assert nina.told("PATCH", f"{path}?updateMask=search_query_parameter", {}) == (400, "INVALID_ARGUMENT")
    assert nina.get(path.replace("v1alpha", "v1beta")).status_code == 404


# Quotas


def test_writes_of_a_minute(sandbox: SandboxServer, nina: Owner) -> None:
    body = PROPERTY | {"parent": nina.account()}
    for _ in range(ADMIN_WRITES_PER_MINUTE_USER - 1):
        sandbox.world.quotas.admin_write(NINA, "elsewhere")
    assert nina.post("/v1beta/properties", body).status_code == 200
    assert nina.told("POST", "/v1beta/properties", body) == (429, "RESOURCE_EXHAUSTED")
    assert nina.get("/v1beta/accounts").status_code == 200
    nina.control("POST", "clock", {"advance_s": 60})
    assert nina.post("/v1beta/properties", body).status_code == 200
