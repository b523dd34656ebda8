"""How long answers keep, and how long failures rest."""

from datetime import date, timedelta

import pytest

from dashboards import freshness
from google_api import errors
from google_api.data import DateRange, ReportRequest
from google_api.reports import Quota, QuotaStatus

TODAY = date(2026, 11, 23)


def request(*ends: date) -> ReportRequest:
    ranges = tuple(DateRange(end - timedelta(days=6), end, f"r{i}") for i, end in enumerate(ends))
    return ReportRequest(ranges, (), ("sessions",))


@pytest.mark.parametrize(
    ("end", "expected"),
    [
        (TODAY, timedelta(minutes=15)),
        (TODAY - timedelta(days=1), timedelta(hours=6)),
        (TODAY - timedelta(days=3), timedelta(hours=6)),
        (TODAY - timedelta(days=4), timedelta(days=7)),
        (TODAY - timedelta(days=400), timedelta(days=7)),
    ],
)
def test_how_long_an_answer_is_fresh_follows_from_its_last_day(end, expected):
    assert freshness.fresh_for(request(end), TODAY, None) == expected
    assert freshness.fresh_for(request(end, end - timedelta(days=30)), TODAY, 1.0) == expected


@pytest.mark.parametrize(
    ("left", "factor"), [(None, 1), (1.0, 1), (0.5, 1), (0.49, 2), (0.2, 2), (0.19, 4), (0, 4)]
)
def test_answers_keep_longer_as_the_quota_runs_low(left, factor):
    assert freshness.fresh_for(request(TODAY), TODAY, left) == timedelta(minutes=15) * factor


def quota(day: int, hour: int, project: int) -> Quota:
    other = QuotaStatus(0, 10)
    return Quota(QuotaStatus(1, day), QuotaStatus(1, hour), QuotaStatus(1, project), other, other, other)


@pytest.mark.parametrize(
    ("read", "left"),
    [
        (quota(200_000, 40_000, 14_000), 1.0),
        (quota(100_000, 40_000, 14_000), 0.5),
        (quota(200_000, 40_000, 1_400), 0.1),
        (quota(200_000, 0, 14_000), 0.0),
        (quota(2_000_000, 400_000, 140_000), 1.0),
        (quota(2_000_000, 400_000, 70_000), 0.5),
    ],
)
def test_the_scarcest_bucket_decides(read, left):
    assert freshness.quota_left(read) == left


def test_failures_rest_longer_each_time_up_to_a_quarter_of_an_hour():
    rests = [freshness.retry_after(errors.Unreachable(), failures) for failures in (1, 2, 3, 5, 6, 100)]
    assert [rest.total_seconds() for rest in rests] == [30, 60, 120, 480, 900, 900]


def test_what_google_says_of_the_wait_wins():
    assert freshness.retry_after(errors.HourlyTokens(retry_after=1800), 1) == timedelta(minutes=30)


def test_what_cannot_mend_itself_rests_longest():
    assert freshness.retry_after(errors.PropertyForbidden(), 1) == timedelta(minutes=15)


@pytest.mark.parametrize(
    ("error", "hours"),
    [
        (errors.ServerError("503", retry_after=999_999.0), 1),  # a proxy's idea
        (errors.RateLimited("429", retry_after=999_999.0), 1),
        (errors.HourlyTokens("429"), 1),
    ],
)
def test_no_answer_silences_a_question_for_days(error, hours):
    assert freshness.retry_after(error, 1) == timedelta(hours=hours)


def test_the_days_quota_is_waited_for_all_the_same(monkeypatch):
    monkeypatch.setattr(errors.DailyTokens, "usual_wait", classmethod(lambda cls: 20 * 3600.0))
    assert freshness.retry_after(errors.DailyTokens("429"), 1) == timedelta(hours=20)
