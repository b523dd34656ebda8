"""What must be said beside the figures."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboards import notices, periods
from dashboards.notices import Notice
from dashboards.readings import ReportState
from google_api.reports import ReportMetadata

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
YESTERDAY = NOW - timedelta(days=1)


@pytest.mark.parametrize(
    ("metadata", "texts"),
    [
        (ReportMetadata(), ()),
        (ReportMetadata(sampled=0.45), ("Estimated by Google from 45\xa0% of the data.",)),
        (
            ReportMetadata(subject_to_thresholding=True),
            ("Google withholds small numbers here, so that nobody can be recognised.",),
        ),
        (
            ReportMetadata(data_loss_from_other_row=True),
            ("There are more rows than Google keeps; the rest is put together as “(other)”.",),
        ),
        (
            ReportMetadata(truncated=("DATA_TRUNCATION_TYPE_DATE_RANGE",)),
            ("Google keeps these details for a limited time only; earlier days are missing.",),
        ),
        (
            ReportMetadata(restricted_metrics=("totalRevenue",)),
            ("The connection may not read costs or revenue, so these show as nothing.",),
        ),
    ],
)
def test_what_google_says_of_a_report_is_told(metadata, texts):
    assert notices.of_report(metadata) == texts


def test_fresh_answers_for_complete_days_need_no_remark(period):
    assert notices.of_period(period) == ()


def test_a_day_that_is_not_over_is_told(period):
    found = notices.of_period(periods.resolve({"period": "month"}, TODAY))
    text = "Today is not over, so changes are measured over the complete days before it."
    assert found == (Notice("info", text),)


def test_a_missing_comparison_is_explained():
    asked = {"from": "2015-08-14", "to": "2015-08-20"}
    found = notices.of_period(periods.resolve(asked, TODAY))
    text = "Nothing to compare with: Google has no data before 14 Aug 2015."
    assert found == (Notice("info", text),)


def test_an_answer_that_could_not_be_renewed_is_told_once_with_the_oldest_time(report):
    old = ReportState(report((), (), []), YESTERDAY, error="server_error")
    newer = ReportState(report((), (), []), NOW, error="server_error")
    assert notices.not_renewed([newer, old, ReportState(error="not_found")]) == {"server_error": YESTERDAY}
    assert notices.old_text("server_error", YESTERDAY, NOW) == (
        "Some figures are from 22 Nov, 09:30. Google Analytics has a fault of its own at the moment. "
        "It will be tried again."
    )


def test_the_oldest_answer_dates_the_page(report):
    answer = report((), (), [])
    states = [ReportState(answer, NOW), ReportState(answer, YESTERDAY), ReportState(waiting=True)]
    assert notices.as_of(states, NOW) == "As of 22 Nov, 09:30"


def test_a_page_without_answers_has_no_date():
    assert notices.as_of([ReportState(waiting=True)], NOW) == ""


@pytest.mark.parametrize(
    ("zone", "text"), [("Europe/Rome", "10:30 today"), ("America/New_York", "04:30 today")]
)
def test_times_are_told_in_the_zone_of_the_page(zone, text):
    assert notices.time_text(NOW, NOW.astimezone(ZoneInfo(zone))) == text
