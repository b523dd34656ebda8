"""The URL's periods, their comparisons, neighbours and names."""

from datetime import date, timedelta

import pytest
from django.http import QueryDict
from django.utils import translation
from hypothesis import assume, given
from hypothesis import strategies as st

from dashboards.periods import COMPARE_KEYS, EARLIEST, NAMED, DateSpan, Period, PeriodError, resolve

TODAY = date(2026, 11, 23)  # a Monday


def span(text: str) -> DateSpan | None:
    """ "2026-10-01..2026-10-31" as a span, "" as None."""
    if not text:
        return None
    first, last = text.split("..")
    return DateSpan(date.fromisoformat(first), date.fromisoformat(last))


def days(text: str) -> dict[str, str]:
    first, last = text.split("..")
    return {"from": first, "to": last}


def custom(first: str, last: str, compare: str = "", today: date = TODAY) -> Period:
    return resolve({"from": first, "to": last, "compare": compare}, today)


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


# ---- which days

NAMED_SPANS = {
    "today": "2026-11-23..2026-11-23",
    "yesterday": "2026-11-22..2026-11-22",
    "7d": "2026-11-16..2026-11-22",
    "28d": "2026-10-26..2026-11-22",
    "30d": "2026-10-24..2026-11-22",
    "90d": "2026-08-25..2026-11-22",
    "month": "2026-11-01..2026-11-23",
    "last-month": "2026-10-01..2026-10-31",
    "year": "2026-01-01..2026-11-23",
    "last-year": "2025-01-01..2025-12-31",
}


def test_every_named_period_is_in_the_table():
    assert list(NAMED) == list(NAMED_SPANS)


@pytest.mark.parametrize(("key", "expected"), NAMED_SPANS.items())
def test_named_period_covers_its_days(key, expected):
    assert resolve({"period": key}, TODAY).span == span(expected)


@pytest.mark.parametrize("key", NAMED_SPANS)
def test_only_today_month_and_year_include_today(key):
    assert resolve({"period": key}, TODAY).includes_today == (key in ("today", "month", "year"))


def test_nothing_asked_is_28_days_against_the_28_before():
    period = resolve({}, TODAY)
    assert (period.key, period.compare) == ("28d", "previous")
    assert period == resolve({"period": "28d", "compare": "previous"}, TODAY)


def test_url_parameters_may_come_from_a_request():
    assert resolve(QueryDict("period=7d&compare=none"), TODAY).query == {"period": "7d", "compare": "none"}


def test_unfilled_date_fields_of_a_form_count_as_absent():
    assert resolve({"period": "7d", "from": "", "to": "", "compare": ""}, TODAY).key == "7d"


def test_dates_win_over_a_period_name():
    params = {"period": "7d", "from": "2026-10-01", "to": "2026-10-31"}
    assert resolve(params, TODAY) == custom("2026-10-01", "2026-10-31")


@pytest.mark.parametrize(
    ("today", "key", "expected"),
    [
        (date(2026, 11, 1), "month", "2026-11-01..2026-11-01"),
        (date(2026, 1, 1), "year", "2026-01-01..2026-01-01"),
        (date(2026, 1, 15), "last-month", "2025-12-01..2025-12-31"),
        (date(2024, 3, 31), "last-month", "2024-02-01..2024-02-29"),
        (date(2024, 2, 29), "last-year", "2023-01-01..2023-12-31"),
    ],
)
def test_calendar_periods_at_their_edges(today, key, expected):
    assert resolve({"period": key}, today).span == span(expected)


@pytest.mark.parametrize(
    ("params", "complete"),
    [
        ({"period": "month"}, "2026-11-01..2026-11-22"),
        ({"period": "28d"}, "2026-10-26..2026-11-22"),
        ({"period": "today"}, ""),
        ({"from": "2026-11-20", "to": "2026-11-23"}, "2026-11-20..2026-11-22"),
    ],
)
def test_complete_days_leave_today_out(params, complete):
    assert resolve(params, TODAY).complete == span(complete)


def test_complete_end_of_a_past_period_is_its_end():
    assert resolve({"period": "last-month"}, TODAY).complete_end == date(2026, 10, 31)


@pytest.mark.parametrize(
    ("params", "hourly"),
    [
        ({"period": "today"}, True),
        ({"period": "yesterday"}, True),
        ({"from": "2026-10-05", "to": "2026-10-05"}, True),
        ({"period": "7d"}, False),
        ({"period": "month"}, False),
    ],
)
def test_single_days_are_hourly(params, hourly):
    assert resolve(params, TODAY).hourly is hourly


# ---- what they are compared with


@pytest.mark.parametrize(
    ("key", "previous", "year"),
    [
        ("today", "", ""),
        ("yesterday", "2026-11-21..2026-11-21", "2025-11-22..2025-11-22"),
        ("7d", "2026-11-09..2026-11-15", "2025-11-16..2025-11-22"),
        ("28d", "2026-09-28..2026-10-25", "2025-10-26..2025-11-22"),
        ("30d", "2026-09-24..2026-10-23", "2025-10-24..2025-11-22"),
        ("90d", "2026-05-27..2026-08-24", "2025-08-25..2025-11-22"),
        ("month", "2026-10-01..2026-10-22", "2025-11-01..2025-11-22"),
        ("last-month", "2026-09-01..2026-09-30", "2025-10-01..2025-10-31"),
        ("year", "2025-01-01..2025-11-22", "2025-01-01..2025-11-22"),
        ("last-year", "2024-01-01..2024-12-31", "2024-01-01..2024-12-31"),
    ],
)
def test_comparison_of_every_named_period(key, previous, year):
    def compared(compare):
        return resolve({"period": key, "compare": compare}, TODAY).comparison

    assert compared("previous") == span(previous)
    assert compared("year") == span(year)
    assert compared("none") is None


@pytest.mark.parametrize(
    ("first", "last", "compare", "expected"),
    [
        ("2026-10-01", "2026-10-31", "previous", "2026-08-31..2026-09-30"),
        ("2026-10-01", "2026-10-31", "year", "2025-10-01..2025-10-31"),
        ("2026-11-20", "2026-11-23", "previous", "2026-11-17..2026-11-19"),
        ("2026-11-20", "2026-11-23", "year", "2025-11-20..2025-11-22"),
        ("2026-11-23", "2026-11-23", "previous", ""),
        ("2024-02-29", "2024-02-29", "year", "2023-02-28..2023-02-28"),
        ("2024-02-29", "2025-02-28", "year", "2023-02-28..2024-02-28"),
    ],
)
def test_comparison_of_custom_periods(first, last, compare, expected):
    assert custom(first, last, compare).comparison == span(expected)


@pytest.mark.parametrize(
    ("today", "key", "expected"),
    [
        (date(2026, 3, 31), "month", "2026-02-01..2026-02-28"),  # 30 complete days, clipped to February
        (date(2026, 3, 29), "month", "2026-02-01..2026-02-28"),
        (date(2026, 3, 2), "month", "2026-02-01..2026-02-01"),
        (date(2026, 3, 1), "month", ""),
        (date(2026, 1, 10), "month", "2025-12-01..2025-12-09"),
        (date(2026, 1, 1), "year", ""),
        (date(2024, 3, 1), "year", "2023-01-01..2023-02-28"),
    ],
)
def test_periods_so_far_compare_their_complete_days(today, key, expected):
    assert resolve({"period": key}, today).comparison == span(expected)


@pytest.mark.parametrize(
    ("today", "key", "compare", "expected"),
    [
        (TODAY, "today", "previous", "2026-11-22..2026-11-22"),
        (TODAY, "today", "year", "2025-11-23..2025-11-23"),
        (TODAY, "today", "none", ""),
        (date(2026, 11, 1), "month", "previous", "2026-10-31..2026-10-31"),
        (TODAY, "month", "previous", "2026-10-01..2026-10-22"),
        (TODAY, "28d", "none", ""),
    ],
)
def test_today_by_the_hour_is_drawn_against_another_day(today, key, compare, expected):
    assert resolve({"period": key, "compare": compare}, today).line_comparison == span(expected)


def test_comparison_before_googles_first_day_is_dropped_with_a_note():
    period = custom("2015-08-20", "2015-08-31")
    assert period.comparison is None
    assert period.note == "Nothing to compare with: Google has no data before 14 Aug 2015."


def test_comparison_may_begin_on_googles_first_day():
    period = custom("2015-08-15", "2015-08-15")
    assert (period.comparison, period.note) == (span("2015-08-14..2015-08-14"), "")


def test_years_that_overlap_are_not_compared_with_themselves():
    period = custom("2024-01-01", "2025-06-30", "year")
    assert period.comparison is None
    assert period.note == "Nothing to compare with: a period longer than a year overlaps the year before."


# ---- bad input


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"period": "29d"}, "“29d” is no period we know."),
        ({"period": "x" * 9_999}, "“" + "x" * 40 + "…” is no period we know."),
        ({"compare": "sideways"}, "“sideways” is no comparison we know."),
        ({"period": "custom"}, "A period of your own needs both a first and a last day."),
        ({"from": "2026-10-01"}, "A period of your own needs both a first and a last day."),
        ({"to": "2026-10-01"}, "A period of your own needs both a first and a last day."),
        (
            {"from": "2026-10-02", "to": "2026-10-01"},
            "The first day lies after the last; exchange the two dates.",
        ),
        (
            {"from": "2015-08-13", "to": "2015-09-01"},
            "Google has no data before 14 Aug 2015; choose a later first day.",
        ),
        (
            {"from": "2026-11-01", "to": "2026-11-24"},
            "The last day lies in the future; the latest possible is today, 23 Nov 2026.",
        ),
        (
            {"from": "2016-01-01", "to": "2026-01-01"},
            "A period can be ten years long at most; choose a shorter one.",
        ),
    ],
)
def test_bad_input_has_its_own_sentence(params, sentence):
    with pytest.raises(PeriodError) as caught:
        resolve(params, TODAY)
    assert caught.value.sentence == sentence


@pytest.mark.parametrize(
    "text", ["2026-02-30", "20261001", "2026-W40-1", "٢٠٢٦-10-01", "0000-01-01", "today", "2026-10-01 "]
)
def test_only_dates_are_dates(text):
    with pytest.raises(PeriodError) as caught:
        custom(text, "2026-10-31")
    assert caught.value.sentence == f"“{text}” is not a date; dates look like 2026-10-31."


def test_ten_years_to_the_day_are_allowed():
    assert custom("2016-01-01", "2025-12-31").span.days == 3653


def test_a_custom_period_may_end_today():
    assert custom("2026-11-01", "2026-11-23").includes_today


# ---- arrows


@pytest.mark.parametrize(
    ("params", "previous", "following"),
    [
        ({"period": "today"}, {"period": "yesterday"}, None),
        ({"period": "yesterday"}, days("2026-11-21..2026-11-21"), {"period": "today"}),
        ({"period": "7d"}, days("2026-11-09..2026-11-15"), None),
        ({"period": "28d"}, days("2026-09-28..2026-10-25"), None),
        (days("2026-09-28..2026-10-25"), days("2026-08-31..2026-09-27"), {"period": "28d"}),
        ({"period": "month"}, {"period": "last-month"}, None),
        ({"period": "last-month"}, days("2026-09-01..2026-09-30"), {"period": "month"}),
        (days("2026-09-01..2026-09-30"), days("2026-08-01..2026-08-31"), {"period": "last-month"}),
        ({"period": "year"}, {"period": "last-year"}, None),
        ({"period": "last-year"}, days("2024-01-01..2024-12-31"), {"period": "year"}),
        (days("2015-08-20..2015-08-31"), None, days("2015-09-01..2015-09-12")),
        (days("2015-09-01..2015-09-30"), None, days("2015-10-01..2015-10-31")),
    ],
)
def test_arrows_lead_to_the_neighbouring_period(params, previous, following):
    period = resolve(params, TODAY)
    assert (period.previous, period.next) == (previous, following)


def test_arrows_keep_the_comparison():
    period = resolve({"period": "yesterday", "compare": "year"}, TODAY)
    assert period.next == {"period": "today", "compare": "year"}


# ---- words


@pytest.mark.parametrize(
    ("params", "label"),
    [
        ({"period": "today"}, "Today"),
        ({"period": "yesterday"}, "Yesterday"),
        ({"period": "7d"}, "Last 7 days"),
        ({"period": "28d"}, "Last 28 days"),
        ({"period": "30d"}, "Last 30 days"),
        ({"period": "90d"}, "Last 90 days"),
        ({"period": "month"}, "November 2026 so far"),
        ({"period": "last-month"}, "October 2026"),
        ({"period": "year"}, "2026 so far"),
        ({"period": "last-year"}, "2025"),
        ({"from": "2026-10-01", "to": "2026-10-31"}, "1 – 31 Oct 2026"),
        ({"from": "2025-12-20", "to": "2026-01-03"}, "20 Dec 2025 – 3 Jan 2026"),
        ({"from": "2026-10-05", "to": "2026-10-05"}, "5 Oct 2026"),
    ],
)
def test_label(params, label):
    assert resolve(params, TODAY).label() == label


def test_dates_are_localised():
    with translation.override("de"):
        assert custom("2026-10-01", "2026-12-31", today=date(2027, 1, 1)).label() == "1 Okt – 31 Dez 2026"


@pytest.mark.parametrize(
    ("params", "label"),
    [
        ({"period": "28d"}, "the 28 days before"),
        ({"period": "yesterday"}, "the day before"),
        ({"period": "today"}, "the day before"),
        ({"period": "today", "compare": "year"}, "the same day last year"),
        ({"period": "month"}, "the same days of the month before"),
        ({"period": "last-month"}, "the month before"),
        ({"period": "year"}, "the same days of the year before"),
        ({"period": "last-year"}, "the year before"),
        ({"period": "28d", "compare": "year"}, "the same days last year"),
        ({"period": "last-year", "compare": "year"}, "the same days a year earlier"),
        ({"period": "28d", "compare": "none"}, ""),
        ({"from": "2026-11-20", "to": "2026-11-23"}, "the 3 days before"),
        ({"from": "2020-01-01", "to": "2022-12-31"}, "the 1,096 days before"),
    ],
)
def test_comparison_label(params, label):
    assert resolve(params, TODAY).comparison_label() == label


def test_label_of_the_first_of_the_month_names_the_day_it_is_drawn_against():
    assert resolve({"period": "month"}, date(2026, 11, 1)).comparison_label() == "the day before"


# ---- what holds for all periods


@st.composite
def periods(draw) -> Period:
    today = draw(st.dates(date(2018, 1, 1), date(2035, 12, 31)))
    compare = draw(st.sampled_from(COMPARE_KEYS))
    if draw(st.booleans()):
        return resolve({"period": draw(st.sampled_from(list(NAMED))), "compare": compare}, today)
    first = draw(st.dates(max(EARLIEST, today - timedelta(days=3000)), today))
    last = draw(st.dates(first, today))
    return custom(first.isoformat(), last.isoformat(), compare, today)


def is_calendar(period: Period) -> bool:
    """A whole month or year, or one so far: what arrows step through by the calendar."""
    after = period.end + timedelta(days=1)
    whole = period.start.day == 1 and after.day == 1
    return period.key in ("month", "last-month", "year", "last-year") or whole


@given(periods())
def test_a_period_is_in_order_and_not_in_the_future(period):
    assert EARLIEST <= period.start <= period.end <= period.today


@given(periods())
def test_a_comparison_lies_before_the_period_and_is_as_long(period):
    assume(period.comparison)
    assert EARLIEST <= period.comparison.start <= period.comparison.end < period.start
    calendar = is_calendar(period) or period.compare == "year"
    slack = 3 if calendar else 0  # months differ by three days at most, years by one
    assert abs(period.comparison.days - period.complete.days) <= slack


@given(periods())
def test_a_line_is_compared_with_what_its_totals_are_unless_nothing_is_complete(period):
    if period.complete:
        assert period.line_comparison == period.comparison
    elif period.compare == "none":
        assert period.line_comparison is None
    else:
        assert period.line_comparison.days == 1


@given(periods())
def test_the_query_reproduces_the_period(period):
    assert resolve(period.query, period.today) == period


@given(periods())
def test_the_previous_period_ends_where_this_one_begins(period):
    assume(period.previous)
    before = resolve(period.previous, period.today)
    assert before.end == period.start - timedelta(days=1)
    assert before.compare == period.compare


@given(periods())
def test_the_next_of_the_previous_is_this_again(period):
    assume(period.previous)
    before = resolve(period.previous, period.today)
    assume(is_calendar(before) == is_calendar(period))  # days that happen to be a month step as that month
    after = resolve(before.next, period.today)
    assert (after.span, after.compare) == (period.span, period.compare)


@given(periods())
def test_the_next_period_never_reaches_beyond_today(period):
    assume(period.next)
    after = resolve(period.next, period.today)
    assert period.end < after.start <= after.end <= period.today


# ---- weekdays matched


@pytest.mark.parametrize(
    ("params", "start", "end", "label"),
    [
        ({"period": "28d"}, date(2026, 9, 28), date(2026, 10, 25), "the 28 days before"),
        ({"period": "30d"}, date(2026, 9, 19), date(2026, 10, 18), "the same weekdays before"),
        ({"period": "yesterday"}, date(2026, 11, 15), date(2026, 11, 15), "the same weekday before"),
        ({"period": "last-month"}, date(2026, 8, 27), date(2026, 9, 26), "the same weekdays before"),
        (
            {"period": "7d", "compare": "year"},
            date(2025, 11, 17),
            date(2025, 11, 23),
            "the same weekdays a year earlier",
        ),
    ],
)
def test_weekdays_are_matched_where_wanted(params, start, end, label):
    period = resolve({**params, "match": "weekday"}, date(2026, 11, 23))
    assert (period.comparison, period.comparison_label()) == (DateSpan(start, end), label)
    assert period.query["match"] == "weekday"


@given(
    st.dates(date(2017, 1, 1), date(2026, 11, 20)), st.integers(0, 400), st.sampled_from(["previous", "year"])
)
def test_matched_days_never_overlap_and_begin_on_the_same_weekday(start, days, compare):
    today = date(2026, 11, 23)
    end = min(start + timedelta(days=days), today)
    params = {"from": start.isoformat(), "to": end.isoformat(), "compare": compare, "match": "weekday"}
    found = resolve(params, today)
    if found.comparison:
        assert found.comparison.end < found.start
        assert found.comparison.start.weekday() == found.start.weekday()
        assert found.complete is not None
        assert found.comparison.days == found.complete.days


def test_today_is_drawn_against_the_same_weekday():
    period = resolve({"period": "today", "match": "weekday"}, date(2026, 11, 23))
    assert period.line_comparison == DateSpan(date(2026, 11, 16), date(2026, 11, 16))
