"""The Data API's quotas per property, and the Admin API's requests per minute.

Standard properties' numbers of 2026. Core and Realtime have buckets of their own, of equal size.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.clock import Clock
from sandbox.errors import ApiError, admin_rate_limited

PER_DAY = 200_000
PER_HOUR = 40_000
PER_PROJECT_HOUR = 14_000
CONCURRENT = 10
SERVER_ERRORS = 10
THRESHOLDED = 120
ADMIN_PER_MINUTE_PROJECT = 1_200
ADMIN_PER_MINUTE_USER = 600
ADMIN_WRITES_PER_MINUTE_PROJECT = 600
ADMIN_WRITES_PER_MINUTE_USER = 180
_PACIFIC = ZoneInfo("America/Los_Angeles")
_LEARN = "To learn more, see https://developers.google.com/analytics/devguides/reporting/data/v1/quotas"
_IN_AN_HOUR = f"These quota tokens will return in under an hour. {_LEARN}"
_REFRESH = f"This quota will refresh in under an hour. {_LEARN}"
EXHAUSTED = {
    "concurrent": f"Exhausted concurrent requests quota. Please send fewer requests concurrently. {_LEARN}",
    "project hourly tokens": f"Exhausted property tokens for a project per hour. {_IN_AN_HOUR}",
    "hourly tokens": f"Exhausted property tokens per hour. {_IN_AN_HOUR}",
    "daily tokens": "Exhausted property tokens per day. These quota tokens will return in under 24 hours. "
    + _LEARN,
    "thresholded": f"Exhausted potentially thresholded requests quota. {_REFRESH}",
    "server errors": f"Exhausted server errors quota for a project per hour. {_REFRESH}",
}


def exhausted(which: str) -> ApiError:
    """429 in the words of that quota."""
    return ApiError(429, EXHAUSTED[which])


def report_cost(days: int, dimensions: int, metrics: int) -> int:
    """Tokens of one report: 1 for a narrow one of 30 days, 7 over 365, 4 for nine by ten over 30 days."""
    return max(1, round(days / 52 + dimensions * metrics / 26))


class Quotas:
    """What is used up. Buckets are named by their window, so a new window starts empty by itself."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        with self._lock:
            self._used: dict[tuple[str, ...], int] = defaultdict(int)
            self._active: dict[tuple[str, str], int] = defaultdict(int)
            self._limits: dict[str, int] = {}

    def set_limit(self, name: str, limit: int) -> None:
        """For tests: another size of `tokensPerDay`, `tokensPerHour` and so on."""
        self._limits[name] = limit

    def _day(self) -> str:
        return datetime.fromtimestamp(self._clock.time(), _PACIFIC).strftime("%Y%m%d")

    def _hour(self) -> str:
        return str(int(self._clock.time() // 3600))

    def _buckets(
        self, api: str, property_id: str, project: str
    ) -> dict[str, tuple[tuple[str, ...], int, str]]:
        """Google's name of the quota -> (bucket, limit, which 429)."""
        day, hour = self._day(), self._hour()
        of = self._limits.get
        return {
            "tokensPerDay": (("day", day, api, property_id), of("tokensPerDay", PER_DAY), "daily tokens"),
            "tokensPerHour": (
                ("hour", hour, api, property_id),
                of("tokensPerHour", PER_HOUR),
                "hourly tokens",
            ),
            "serverErrorsPerProjectPerHour": (
                ("errors", hour, api, property_id, project),
                of("serverErrorsPerProjectPerHour", SERVER_ERRORS),
                "server errors",
            ),
            "potentiallyThresholdedRequestsPerHour": (
                ("thresholded", hour, api, property_id),
                of("potentiallyThresholdedRequestsPerHour", THRESHOLDED),
                "thresholded",
            ),
            "tokensPerProjectPerHour": (
                ("project", hour, api, property_id, project),
                of("tokensPerProjectPerHour", PER_PROJECT_HOUR),
                "project hourly tokens",
            ),
        }

    def check_server_errors(self, api: str, property_id: str, project: str) -> None:
        """429 once a project has met ten server errors on a property within the hour."""
        bucket, limit, which = self._buckets(api, property_id, project)["serverErrorsPerProjectPerHour"]
        if self._used[bucket] >= limit:
            raise exhausted(which)

    def count_server_error(self, api: str, property_id: str, project: str) -> None:
        with self._lock:
            self._used[self._buckets(api, property_id, project)["serverErrorsPerProjectPerHour"][0]] += 1

    def spend(
        self, api: str, property_id: str, project: str, tokens: int, *, thresholded: bool = False
    ) -> None:
        """Take a report's tokens, or 429 when one of the buckets is empty."""
        buckets = self._buckets(api, property_id, project)
        costs = dict.fromkeys(("tokensPerDay", "tokensPerHour", "tokensPerProjectPerHour"), tokens)
        if thresholded:
            costs["potentiallyThresholdedRequestsPerHour"] = 1
        with self._lock:
            for name in costs:
                bucket, limit, which = buckets[name]
                if self._used[bucket] >= limit:
                    raise exhausted(which)
            for name, cost in costs.items():
                self._used[buckets[name][0]] += cost

    def property_quota(
        self, api: str, property_id: str, project: str, tokens: int, *, thresholded: bool, reports: int
    ) -> dict[str, dict[str, int]]:
        """`propertyQuota`: what this report took, and what is left."""
        consumed = defaultdict(int)
        for name in ("tokensPerDay", "tokensPerHour", "tokensPerProjectPerHour"):
            consumed[name] = tokens
        consumed["potentiallyThresholdedRequestsPerHour"] = int(thresholded)
        status = {
            name: {"consumed": consumed[name], "remaining": max(0, limit - self._used[bucket])}
            for name, (bucket, limit, _) in self._buckets(api, property_id, project).items()
        }
        others = max(0, self._active[(api, property_id)] - reports)
        status["concurrentRequests"] = {"consumed": 0, "remaining": max(0, self._concurrent() - others)}
        return status

    def _concurrent(self) -> int:
        return self._limits.get("concurrentRequests", CONCURRENT)

    @contextmanager
    def slots(self, api: str, property_id: str, reports: int) -> Iterator[None]:
        """Hold as many of the property's ten slots as the request has reports, or 429."""
        key = (api, property_id)
        with self._lock:
            if self._active[key] + reports > self._concurrent():
                raise exhausted("concurrent")
            self._active[key] += reports
        try:
            yield
        finally:
            with self._lock:
                self._active[key] = max(0, self._active[key] - reports)

    def admin_request(self, email: str, project: str) -> None:
        """Count a call of the Admin API, or refuse it."""
        self._admin("", email, ADMIN_PER_MINUTE_USER, project, ADMIN_PER_MINUTE_PROJECT)

    def admin_write(self, email: str, project: str) -> None:
        """Count a call that changes something, beside being a call, or refuse it."""
        self._admin(" writes", email, ADMIN_WRITES_PER_MINUTE_USER, project, ADMIN_WRITES_PER_MINUTE_PROJECT)

    def _admin(self, what: str, email: str, per_user: int, project: str, per_project: int) -> None:
        minute = str(int(self._clock.time() // 60))
        limits = {
            (f"admin user{what}", minute, email): per_user,
            (f"admin project{what}", minute, project): per_project,
        }
        with self._lock:
            if any(self._used[bucket] >= limit for bucket, limit in limits.items()):
                raise admin_rate_limited(429)
            for bucket in limits:
                self._used[bucket] += 1
