"""The journal and the levers."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
import requests

from sandbox.journal import KEPT, Journal, hashed
from sandbox.server import SandboxServer
from sandbox.wire import Request
from tests.sandbox.conftest import ROBOT, SITE, Robot, report_body


def journal(robot: Robot, query: str = "") -> list[dict[str, object]]:
    entries: list[dict[str, object]] = robot.control("GET", f"requests{query}")["requests"]
    return entries


def test_journal_tells_each_request(robot: Robot) -> None:
    body = report_body(metrics="sessions")
    robot.post(f"/v1beta/properties/{SITE}:runReport?prettyPrint=false", body)
    (entry,) = journal(robot)
    took, when = entry.pop("duration_ms"), entry.pop("time")
    entry.pop("id")
    assert entry == {
        "method": "POST",
        "path": f"/v1beta/properties/{SITE}:runReport",
        "query": {"prettyPrint": "false"},
        "authorization": f"Bearer {hashed(robot.token)}",
        "body": body,
        "status": 200,
    }
    assert isinstance(took, float)
    assert took >= 0
    assert datetime.fromisoformat(str(when)).utcoffset() is not None


def test_no_secret_is_kept(sandbox: SandboxServer, robot: Robot, key: dict[str, str]) -> None:
    secret = "very-secret-value"
    form = {"grant_type": "x", "assertion": secret, "client_secret": secret, "refresh_token": secret}
    requests.post(f"{sandbox.url}/token", data=form, params={"access_token": secret}, timeout=5)
    robot.get(f"/v1beta/accounts?access_token={secret}")
    text = json.dumps(journal(robot))
    assert (secret in text, robot.token in text) == (False, False)
    assert text.count(hashed(secret)) == 5


def test_failures_and_cuts_are_told(robot: Robot) -> None:
    robot.get("/v1beta/nothing")
    robot.control("POST", "faults", {"path": "accounts", "drop": True})
    with pytest.raises(requests.ConnectionError):
        robot.get("/v1beta/accounts")
    assert [entry["status"] for entry in journal(robot)] == [404, 0]


def test_journal_is_narrowed_and_forgotten(robot: Robot) -> None:
    robot.get("/v1beta/accounts")
    robot.get("/v1beta/accountSummaries")
    assert [entry["path"] for entry in journal(robot, "?path=Summaries")] == ["/v1beta/accountSummaries"]
    first = journal(robot)[0]["id"]
    assert [entry["path"] for entry in journal(robot, f"?since={first}")] == ["/v1beta/accountSummaries"]
    robot.control("DELETE", "requests")
    assert journal(robot) == []


def test_journal_is_bounded() -> None:
    found = Journal()
    for number in range(KEPT + 5):
        found.add(Request("GET", f"/{number}", {}, {}, b""), 200, 0.001)
    entries = found.entries()
    assert (len(entries), entries[0]["path"]) == (KEPT, "/5")


def test_body_that_is_no_json_is_text() -> None:
    found = Journal()
    found.add(Request("POST", "/", {}, {}, b"{nonsense"), 400, 0)
    assert found.entries()[0]["body"] == "{nonsense"


def test_reset_forgets_all_but_keys_and_grants(
    sandbox: SandboxServer, robot: Robot, key: dict[str, str]
) -> None:
    robot.control("POST", "faults", {"path": "x", "status": 500})
    robot.control("POST", "revoke", {"email": ROBOT, "property": SITE})
    robot.control("POST", "revoke", {"email": ROBOT, "account": True})
    robot.control("POST", "trash", {"property": SITE})
    robot.control("POST", "clock", {"advance_s": 1000})
    robot.control("POST", "reset")
    state = sandbox.world.state
    assert robot.control("GET", "faults") == {"faults": []}
    assert journal(robot) == []
    assert (SITE in state.grants(ROBOT), state.trashed_at(SITE), sandbox.world.clock.advanced) == (
        True,
        None,
        0,
    )
    assert key["private_key_id"] in {key_id for key_id, _ in state.public_keys(ROBOT)}
    assert state.service_account(ROBOT) is not None
    assert robot.get("/v1beta/accounts").status_code == 401  # tokens are forgotten too


def test_clock_says_what_time_it_is(robot: Robot) -> None:
    before = datetime.fromisoformat(robot.control("POST", "clock", {})["now"])
    after = datetime.fromisoformat(robot.control("POST", "clock", {"advance_s": 3600})["now"])
    assert 3600 <= (after - before).total_seconds() < 3610


@pytest.mark.parametrize("name", ["revoke", "expire"])
def test_whom_must_be_said(robot: Robot, name: str) -> None:
    assert robot.post(f"/_sandbox/{name}", {}).status_code == 400
