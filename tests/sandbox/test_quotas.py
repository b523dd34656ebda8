"""Tokens, slots and budgets, and what is said when they are used up."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from sandbox.quotas import Quotas, report_cost
from sandbox.server import SandboxServer
from tests.sandbox.conftest import SHOP, SITE, Robot, report_body

FULL = {
    "tokensPerDay": {"consumed": 1, "remaining": 199_999},
    "tokensPerHour": {"consumed": 1, "remaining": 39_999},
    "concurrentRequests": {"consumed": 0, "remaining": 10},
    "serverErrorsPerProjectPerHour": {"consumed": 0, "remaining": 10},
    "potentiallyThresholdedRequestsPerHour": {"consumed": 0, "remaining": 120},
    "tokensPerProjectPerHour": {"consumed": 1, "remaining": 13_999},
}


@pytest.mark.parametrize(
    ("days", "dimensions", "metrics", "tokens"), [(30, 1, 1, 1), (365, 1, 1, 7), (30, 9, 10, 4), (1, 0, 1, 1)]
)
def test_cost_of_a_report(days: int, dimensions: int, metrics: int, tokens: int) -> None:
    assert report_cost(days, dimensions, metrics) == tokens


def test_quota_is_told_when_asked(robot: Robot) -> None:
    assert robot.report(SITE, metrics="sessions", returnPropertyQuota=True)["propertyQuota"] == FULL
    assert "propertyQuota" not in robot.report(SITE, metrics="sessions")


def test_realtime_has_buckets_of_its_own(robot: Robot) -> None:
    robot.report(SITE, metrics="sessions")
    body = {"metrics": [{"name": "activeUsers"}], "returnPropertyQuota": True}
    answer = robot.post(f"/v1beta/properties/{SITE}:runRealtimeReport", body).json()
    assert answer["propertyQuota"]["tokensPerDay"] == {"consumed": 1, "remaining": 199_999}


def test_each_property_has_buckets_of_its_own(robot: Robot) -> None:
    robot.report(SHOP, metrics="sessions")
    assert robot.report(SITE, metrics="sessions", returnPropertyQuota=True)["propertyQuota"] == FULL


def test_a_long_report_costs_more(robot: Robot) -> None:
    report = robot.report(SITE, metrics="sessions", days="365daysAgo..yesterday", returnPropertyQuota=True)
    assert report["propertyQuota"]["tokensPerHour"] == {"consumed": 7, "remaining": 39_993}


@pytest.mark.parametrize(
    ("quota", "beginning", "back_after_s"),
    [
        ("tokensPerDay", "Exhausted property tokens per day.", 86_400),
        ("tokensPerHour", "Exhausted property tokens per hour.", 3_600),
        ("tokensPerProjectPerHour", "Exhausted property tokens for a project per hour.", 3_600),
    ],
)
def test_tokens_run_out_and_come_back(
    sandbox: SandboxServer, robots: Any, quota: str, beginning: str, back_after_s: int
) -> None:
    robot = robots()
    robot.control("POST", "quota", {quota: 2})
    assert [robot.report(SITE, metrics="sessions")["rowCount"] for _ in range(2)] == [1, 1]
    status, message = robot.refused(SITE, metrics="sessions")
    assert (status, message.startswith(beginning)) == (429, True)
    sandbox.world.clock.advance(back_after_s)
    assert robots().report(SITE, metrics="sessions")["rowCount"] == 1


def test_days_end_at_midnight_pacific(sandbox: SandboxServer) -> None:
    quotas = Quotas(sandbox.world.clock)
    midnight = 1_800_000_000 - (1_800_000_000 - 8 * 3600) % 86_400  # 00:00 of a winter day in Los Angeles
    sandbox.world.clock.advance(midnight - 60 - time.time())
    quotas.spend("core", SITE, "demo", 5)
    before = quotas.property_quota("core", SITE, "demo", 0, thresholded=False, reports=1)
    sandbox.world.clock.advance(120)
    after = quotas.property_quota("core", SITE, "demo", 0, thresholded=False, reports=1)
    assert [status["tokensPerDay"]["remaining"] for status in (before, after)] == [199_995, 200_000]


def test_thresholded_requests_are_counted(robot: Robot) -> None:
    robot.control("POST", "quota", {"potentiallyThresholdedRequestsPerHour": 1})
    report = robot.report(SITE, dimensions="userGender", metrics="sessions", returnPropertyQuota=True)
    quota = report["propertyQuota"]["potentiallyThresholdedRequestsPerHour"]
    assert quota == {"consumed": 1, "remaining": 0}
    status, message = robot.refused(SITE, dimensions="userGender", metrics="sessions")
    assert (status, message[:53]) == (429, "Exhausted potentially thresholded requests quota. Thi")
    assert robot.report(SITE, metrics="sessions")["rowCount"] == 1


def test_ten_at_once_where_a_batch_counts_its_reports(sandbox: SandboxServer, robots: Any) -> None:
    first, second, third = robots(), robots(), robots()
    first.control("POST", "faults", {"path": "batchRunReports", "delay_ms": 600})
    batch = {"requests": [report_body(metrics="sessions")] * 5}
    path = f"/v1beta/properties/{SITE}:batchRunReports"
    threads = [threading.Thread(target=robot.post, args=(path, batch)) for robot in (first, second)]
    for thread in threads:
        thread.start()
    _wait_until(lambda: sandbox.world.quotas._active[("core", SITE)] == 10)
    status, message = third.refused(SITE, metrics="sessions")
    elsewhere = third.report(SHOP, metrics="sessions", returnPropertyQuota=True)["propertyQuota"]
    for thread in threads:
        thread.join()
    assert (status, message[:36]) == (429, "Exhausted concurrent requests quota.")
    assert elsewhere["concurrentRequests"] == {"consumed": 0, "remaining": 10}
    assert third.report(SITE, metrics="sessions")["rowCount"] == 1


def _wait_until(holds: Any) -> None:
    for _ in range(200):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("never came true")


def test_server_errors_use_up_the_hours_ten(robots: Any, sandbox: SandboxServer) -> None:
    robot = robots()
    robot.control("POST", "faults", {"path": SITE, "status": 503})
    statuses = [robot.refused(SITE, metrics="sessions")[0] for _ in range(12)]
    robot.control("DELETE", "faults")
    assert statuses == [503] * 10 + [429] * 2
    status, message = robot.refused(SITE, metrics="sessions")
    assert (status, message[:30]) == (429, "Exhausted server errors quota ")
    assert robot.report(SHOP, metrics="sessions")["rowCount"] == 1
    sandbox.world.clock.advance(3600)
    assert robots().report(SITE, metrics="sessions")["rowCount"] == 1
