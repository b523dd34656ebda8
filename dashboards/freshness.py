"""How long an answer counts as fresh, and when a failed question may be asked again. Pure."""

import datetime

from google_api.data import ReportRequest
from google_api.errors import GoogleError
from google_api.reports import Quota

TODAY = datetime.timedelta(minutes=15)
SETTLING = datetime.timedelta(hours=6)  # Google still revises a day for up to three days after it
SETTLED = datetime.timedelta(days=7)
SETTLING_DAYS = 3

LOW_QUOTA = 0.2
SHORT_QUOTA = 0.5

# What a standard property is given; one that has more left is a 360 property with ten times as much.
# https://developers.google.com/analytics/devguides/reporting/data/v1/quotas
STANDARD_TOKENS = {
    "tokens_per_day": 200_000,
    "tokens_per_hour": 40_000,
    "tokens_per_project_per_hour": 14_000,
}
FACTOR_360 = 10

FIRST_RETRY = datetime.timedelta(seconds=30)
LAST_RETRY = datetime.timedelta(minutes=15)
LONGEST_REST = datetime.timedelta(hours=1)  # whatever an answer asks for: a proxy on the way may say a week


def fresh_for(request: ReportRequest, today: datetime.date, quota_left: float | None) -> datetime.timedelta:
    """How long the answer to `request` stays fresh; `quota_left` runs from 0 (none) to 1."""
    days_ago = (today - max(span.end for span in request.date_ranges)).days
    if days_ago <= 0:
        return TODAY * stretch(quota_left)
    return (SETTLING if days_ago <= SETTLING_DAYS else SETTLED) * stretch(quota_left)


def stretch(quota_left: float | None) -> int:
    """By how much answers are kept longer as the property's quota runs low."""
    if quota_left is None or quota_left >= SHORT_QUOTA:
        return 1
    return 2 if quota_left >= LOW_QUOTA else 4


def quota_left(quota: Quota) -> float:
    """What is left of the scarcest of a property's token buckets, 0 to 1."""
    return min(_left(getattr(quota, name).remaining, size) for name, size in STANDARD_TOKENS.items())


def _left(remaining: int, standard: int) -> float:
    size = standard if remaining <= standard else standard * FACTOR_360
    return max(0.0, min(1.0, remaining / size))


def retry_after(error: GoogleError, failures: int) -> datetime.timedelta:
    """How long a question rests after its `failures`-th failure in a row: nothing is asked in a loop."""
    if error.retry_after:
        longest = max(LONGEST_REST, datetime.timedelta(seconds=error.usual_wait() or 0))
        return min(longest, datetime.timedelta(seconds=error.retry_after))
    if error.permanent:
        return LAST_RETRY
    return min(LAST_RETRY, FIRST_RETRY * (1 << min(failures - 1, 10)))
