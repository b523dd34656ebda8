"""Access bindings: who may do what, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.server import SandboxServer
from tests.sandbox.conftest import ROBOT, Robot
from tests.sandbox.writing import AUTH, MARCO, NINA, Owner

VIEWER = ["predefinedRoles/viewer"]


@pytest.fixture
def nina(sandbox: SandboxServer) -> Iterator[Owner]:
    owner = Owner(sandbox)
    yield owner
    owner.session.close()


@pytest.fixture
def place(nina: Owner) -> str:
    """The bindings of a new property of Nina's."""
    return f"/v1alpha/{nina.property()}/accessBindings"


def realtime(robot: Robot, place: str) -> int:
    name = place.split("/")[3]
    body = {"metrics": [{"name": "activeUsers"}]}
    return robot.post(f"/v1beta/properties/{name}:runRealtimeReport", body).status_code


def test_bound_robot_reads_the_property_from_then_on(nina: Owner, place: str, robot: Robot) -> None:
    before = realtime(robot, place)
    made = nina.made(place, {"user": ROBOT, "roles": VIEWER})
    assert (made["user"], made["roles"]) == (ROBOT, VIEWER)
    assert (before, realtime(robot, place)) == (403, 200)
    assert robot.get(f"/v1beta/properties/{place.split('/')[3]}").json()["displayName"] == "Bakery"
    listed = robot.get("/v1beta/accountSummaries").json()["accountSummaries"]
    assert [one["propertySummaries"] for one in listed if one["displayName"] == "Bluebell"] == [
        [
            {
                "property": f"properties/{place.split('/')[3]}",
                "displayName": "Bakery",
                "propertyType": "PROPERTY_TYPE_ORDINARY",
                "parent": next(one["account"] for one in listed if one["displayName"] == "Bluebell"),
            }
        ]
    ]


def test_bindings_are_listed_read_changed_and_deleted(nina: Owner, place: str, robot: Robot) -> None:
    made = nina.made(place, {"user": ROBOT, "roles": VIEWER})
    assert nina.get(place).json() == {"accessBindings": [made]}
    assert nina.get(f"/v1alpha/{made['name']}").json() == made
    changed = nina.patch(f"/v1alpha/{made['name']}", {"roles": ["predefinedRoles/editor"]}).json()
    assert changed == made | {"roles": ["predefinedRoles/editor"]}
    assert nina.ask("DELETE", f"/v1alpha/{made['name']}").json() == {}
    assert (nina.get(place).json(), realtime(robot, place)) == ({}, 403)
    assert nina.told("GET", f"/v1alpha/{made['name']}", None) == (404, "NOT_FOUND")


def test_binding_without_roles_is_gone(nina: Owner, place: str, robot: Robot) -> None:
    made = nina.made(place, {"user": ROBOT, "roles": VIEWER})
    assert nina.patch(f"/v1alpha/{made['name']}", {"roles": []}).json() == {}
    assert realtime(robot, place) == 403


def test_nobody_is_bound_twice(nina: Owner, place: str, key: dict[str, str]) -> None:
    nina.made(place, {"user": ROBOT, "roles": VIEWER})
    assert nina.told("POST", place, {"user": ROBOT.upper(), "roles": VIEWER}) == (409, "ALREADY_EXISTS")


@pytest.mark.parametrize(
    "wrong",
    [
        {"user": "nobody@demo.iam.gserviceaccount.com"},
        {"user": "unknown@somewhere.example"},
        {"user": ""},
        {"roles": []},
        {"roles": ["viewer"]},
        {"roles": ["predefinedRoles/king"]},
        {"role": "x"},
    ],
)
def test_wrong_bindings_are_refused(
    nina: Owner, place: str, key: dict[str, str], wrong: dict[str, Any]
) -> None:
    assert nina.told("POST", place, {"user": ROBOT, "roles": VIEWER} | wrong) == (400, "INVALID_ARGUMENT")


def test_only_administrators_see_and_change_them(sandbox: SandboxServer, nina: Owner, place: str) -> None:
    nina.made(place, {"user": MARCO, "roles": ["predefinedRoles/editor"]})
    marco = Owner(sandbox, MARCO)
    assert marco.told("GET", place, None) == (403, "PERMISSION_DENIED")
    assert marco.told("POST", place, {"user": MARCO, "roles": VIEWER}) == (403, "PERMISSION_DENIED")
    marco.session.close()


@pytest.mark.parametrize(
    ("scope", "read", "write"),
    [
        ("analytics.edit", 403, 403),
        ("analytics.manage.users.readonly", 200, 403),
        ("analytics.manage.users", 200, 200),
    ],
)
def test_scopes_of_bindings(
    sandbox: SandboxServer, nina: Owner, place: str, scope: str, read: int, write: int, key: dict[str, str]
) -> None:
    narrow = Owner(sandbox, NINA, (AUTH + scope,))
    assert narrow.get(place).status_code == read
    assert narrow.post(place, {"user": ROBOT, "roles": VIEWER}).status_code == write
    narrow.session.close()


def test_what_was_granted_from_the_start_is_a_binding_too(sandbox: SandboxServer) -> None:
    marco = Owner(sandbox, MARCO)
    (binding,) = marco.get("/v1alpha/properties/318000030/accessBindings").json()["accessBindings"]
    assert (binding["user"], binding["roles"]) == (MARCO, ["predefinedRoles/admin"])
    marco.session.close()


def test_role_on_the_account_holds_for_all_in_it(sandbox: SandboxServer, nina: Owner) -> None:
    account = nina.account()
    first = nina.property(account)
    nina.made(f"/v1alpha/{account}/accessBindings", {"user": MARCO, "roles": VIEWER})
    second = nina.property(account)
    marco = Owner(sandbox, MARCO)
    assert [marco.get(f"/v1beta/{name}").status_code for name in (first, second)] == [200, 200]
    assert marco.told("PATCH", f"/v1beta/{first}?updateMask=display_name", {"displayName": "x"})[0] == 403
    marco.session.close()


def test_role_on_a_generated_account_holds_for_its_properties(sandbox: SandboxServer) -> None:
    marco, nina = Owner(sandbox, MARCO), Owner(sandbox, NINA)
    account = marco.get("/v1beta/accountSummaries").json()["accountSummaries"][0]["account"]
    marco.made(f"/v1alpha/{account}/accessBindings", {"user": NINA, "roles": VIEWER})
    (summary,) = nina.get("/v1beta/accountSummaries").json()["accountSummaries"]
    assert len(summary["propertySummaries"]) == 3
    for one in (marco, nina):
        one.session.close()


def test_revoked_by_hand(nina: Owner, place: str, robot: Robot) -> None:
    nina.made(place, {"user": ROBOT, "roles": VIEWER})
    number = place.split("/")[3]
    assert nina.control("POST", "revoke", {"email": ROBOT, "property": number}) == {"revoked": 1}
    assert realtime(robot, place) == 403


def test_version_1beta_has_no_bindings(nina: Owner, place: str) -> None:
    assert nina.get(place.replace("v1alpha", "v1beta")).status_code == 404
