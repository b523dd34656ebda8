"""Too much: 429 and some 403."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from google_api.errors.base import GoogleError, gettext_noop

_MINUTE = 60.0
_HOUR = 3600.0


class RateLimited(GoogleError):
    code = "rate_limited"
    sentence = gettext_noop(
        "Google Analytics is being asked too often. It will be asked again in a few minutes."
    )

    @classmethod
    def usual_wait(cls) -> float | None:
        return _MINUTE


class ConcurrentRequests(RateLimited):
    """More than 10 questions (50 on Analytics 360) to one property at once."""

    code = "concurrent_requests"
    sentence = gettext_noop(
        "Google Analytics is answering too many questions about this property at once. It will be asked "
        "again in half a minute."
    )

    @classmethod
    def usual_wait(cls) -> float | None:
        return 30.0


class HourlyTokens(RateLimited):
    """The property's tokens of this hour, or this project's part of them, are spent; they come back within
    the hour.
    """

    code = "hourly_tokens"
    sentence = gettext_noop(
        "Google Analytics gives no more answers about this property in this hour. New figures come within an "
        "hour."
    )

    @classmethod
    def usual_wait(cls) -> float | None:
        return _HOUR


class DailyTokens(RateLimited):
    """The property's tokens of this day are spent. Google's day ends at midnight in California."""

    code = "daily_tokens"
    sentence = gettext_noop(
        "Google Analytics gives no more answers about this property today. New figures come after midnight "
        "in California."
    )

    @classmethod
    def usual_wait(cls) -> float | None:
        return seconds_to_midnight_pacific(datetime.now(UTC))


class ThresholdedRequests(RateLimited):
    """More than 120 questions an hour with dimensions that could identify people."""

    code = "thresholded_requests"
    sentence = gettext_noop(
        "Google Analytics limits questions about age, gender, interests and audiences, and this hour's are "
        "used up. New figures come within an hour."
    )

    @classmethod
    def usual_wait(cls) -> float | None:
        return _HOUR


class ServerErrorBudget(RateLimited):
    """Ten 500s and 503s in an hour: Google blocks the project for this property."""

    code = "server_error_budget"
    sentence = gettext_noop(
        "Google Analytics failed too often for this property and pauses its answers. New figures come within "
        "an hour."
    )

    @classmethod
    def usual_wait(cls) -> float | None:
        return _HOUR


class AdminRateLimited(RateLimited):
    """The Admin API's requests per minute, or the project's of the day."""

    code = "admin_rate_limited"
    sentence = gettext_noop(
        "Google Analytics is being asked for accounts and properties too often. Try again in a minute."
    )


class AdminDailyLimit(RateLimited):
    """The project's requests of the day to the Admin API or to version 3."""

    code = "admin_daily_limit"
    sentence = gettext_noop(
        "This portal has asked Google for accounts and properties as often as a day allows. It goes on after "
        "midnight in California."
    )

    @classmethod
    def usual_wait(cls) -> float | None:
        return seconds_to_midnight_pacific(datetime.now(UTC))


def seconds_to_midnight_pacific(now: datetime) -> float:
    """Seconds from `now` (aware) until Google's daily quotas start afresh."""
    pacific = ZoneInfo("America/Los_Angeles")
    tomorrow = now.astimezone(pacific).date() + timedelta(days=1)
    # In UTC, as a difference within one zone would ignore the hour that comes or goes in spring and autumn.
    return (datetime.combine(tomorrow, time(), pacific).astimezone(UTC) - now.astimezone(UTC)).total_seconds()
