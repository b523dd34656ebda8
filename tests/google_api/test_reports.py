"""Reports: Google's strings become numbers or are refused, and what is stored comes back unchanged."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from google_api import errors
from google_api.reports import (
    Part,
    Quota,
    QuotaStatus,
    Report,
    ReportMetadata,
    Row,
    parse_report,
)

RANGES = ("current", "comparison")


def parsed(answer, *, dimensions=("country",), metrics=("sessions",), ranges=()):
    return parse_report(answer, dimensions, metrics, ranges)


def answer(**changes):
    """A small whole answer to one dimension and one metric."""
    return {
        "dimensionHeaders": [{"name": "country"}],
        "metricHeaders": [{"name": "sessions", "type": "TYPE_INTEGER"}],
        "rows": [row(["France"], ["7"])],
        **changes,
    }


def row(dimensions, metrics):
    return {
        "dimensionValues": [{"value": value} for value in dimensions],
        "metricValues": [{"value": value} for value in metrics],
    }


def test_two_ranges_are_kept_apart(saved):
    report = parsed(saved("two_ranges"), metrics=("sessions", "averageSessionDuration"), ranges=RANGES)
    status = QuotaStatus
    assert report == Report(
        dimensions=("country",),
        metrics=("sessions", "averageSessionDuration"),
        metric_types=("TYPE_INTEGER", "TYPE_SECONDS"),
        parts=(
            Part(
                "current",
                (Row(("France",), (120, 61.375)), Row(("(not set)",), (3, 0.0))),
                (123, 60.90243902439025),
            ),
            Part("comparison", (Row(("France",), (100, 59.5)),), (100, 59.5)),
        ),
        row_count=3,
        metadata=ReportMetadata(currency_code="EUR", time_zone="Europe/Berlin"),
        quota=Quota(
            tokens_per_day=status(1, 199999),
            tokens_per_hour=status(1, 39999),
            tokens_per_project_per_hour=status(1, 13999),
            concurrent_requests=status(0, 10),
            server_errors_per_project_per_hour=status(0, 10),
            potentially_thresholded_requests_per_hour=status(0, 120),
        ),
    )
    assert report.rows == report.rows_of("current") + report.rows_of("comparison")
    assert report.totals_of("comparison") == (100, 59.5)


def test_a_range_without_rows_is_there(saved):
    wire = saved("two_ranges")
    wire["rows"] = wire["rows"][:1]
    wire["totals"] = wire["totals"][:1]
    report = parsed(wire, metrics=("sessions", "averageSessionDuration"), ranges=RANGES)
    assert (report.rows_of("comparison"), report.totals_of("comparison")) == ((), None)
    assert (report.rows_of("nothing"), report.totals_of("nothing")) == ((), None)


def test_a_single_range_answers_to_any_name(saved):
    report = parsed(saved("figures"), dimensions=())
    assert report.rows_of("current") == report.rows_of("") == (Row((), (123,)),)
    assert report.totals_of("complete") == (123,)


def test_an_empty_answer_has_no_rows_and_no_count(saved):
    report = parsed(saved("empty"))
    assert (report.rows, report.row_count, report.totals_of("")) == ((), 0, None)
    assert report.metadata.empty_reason == "NO_DATA"


def test_totals_that_are_nothing_are_none():
    assert parsed(answer(totals=[{}])).totals_of("") is None


def test_everything_that_google_says_about_the_figures(saved):
    report = parsed(saved("labelled"), dimensions=("pageTitle",), metrics=("totalRevenue",))
    assert report.metadata == ReportMetadata(
        currency_code="USD",
        time_zone="America/New_York",
        data_loss_from_other_row=True,
        subject_to_thresholding=True,
        sampled=0.25,
        truncated=("DATA_TRUNCATION_TYPE_DATE_RANGE",),
        restricted_metrics=("totalRevenue",),
    )
    assert (report.row_count, report.quota) == (250, None)
    assert [each.metrics for each in report.rows] == [(1234.5,), (1e-7,)]


def test_metadata_may_be_missing_altogether():
    assert parsed(answer()).metadata == ReportMetadata()


def test_an_empty_sampling_space_is_no_sampling():
    metadata = {"samplingMetadatas": [{"samplesReadCount": "0"}]}
    assert parsed(answer(metadata=metadata)).metadata.sampled is None


def test_a_quota_with_a_part_missing_is_unknown(saved):
    quota = saved("two_ranges")["propertyQuota"]
    quota["tokensPerDay"] = {}
    assert parsed(answer(propertyQuota=quota)).quota.tokens_per_day == QuotaStatus(0, 0)
    del quota["tokensPerDay"]
    assert parsed(answer(propertyQuota=quota)).quota is None


def test_a_report_without_metrics():
    wire = {
        "dimensionHeaders": [{"name": "country"}],
        "rows": [{"dimensionValues": [{"value": "France"}]}],
    }
    assert parsed(wire, metrics=()).rows == (Row(("France",), ()),)


def test_an_empty_dimension_value_is_left_out_by_google():
    wire = answer(rows=[{"dimensionValues": [{}], "metricValues": [{"value": "1"}]}])
    assert parsed(wire).rows == (Row(("",), (1,)),)


def test_what_no_database_can_hold_is_replaced():
    wire = answer(rows=[row(["a\0b\ud800ü"], ["1"])])
    assert parsed(wire).rows == (Row(("a\ufffdb?ü",), (1,)),)


@pytest.mark.parametrize(
    ("kind", "value", "number"),
    [
        ("TYPE_INTEGER", "0", 0),
        ("TYPE_INTEGER", "-12", -12),
        ("TYPE_INTEGER", "12345678901234567890", 12345678901234567890),
        ("TYPE_FLOAT", "0.1", 0.1),
        ("TYPE_FLOAT", "3", 3.0),
        ("TYPE_CURRENCY", "1.5E3", 1500.0),
        ("TYPE_SECONDS", "-2.5e-7", -2.5e-7),
        ("", "1.5", 1.5),
    ],
)
def test_a_number_is_what_its_type_says(kind, value, number):
    wire = answer(metricHeaders=[{"name": "m", "type": kind}], rows=[row(["x"], [value])])
    read = parsed(wire).rows[0].metrics[0]
    assert (read, type(read)) == (number, type(number))


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("TYPE_INTEGER", "1.5"),
        ("TYPE_INTEGER", ""),
        ("TYPE_INTEGER", "1_000"),
        ("TYPE_INTEGER", "1,000"),
        ("TYPE_INTEGER", "١"),
        ("TYPE_INTEGER", " 1"),
        ("TYPE_INTEGER", "9" * 5000),
        ("TYPE_FLOAT", "NaN"),
        ("TYPE_FLOAT", "inf"),
        ("TYPE_FLOAT", "1e999"),
        ("TYPE_FLOAT", "(not set)"),
        ("TYPE_FLOAT", ""),
        ("TYPE_FLOAT", "1_0"),
    ],
)
def test_what_is_no_number_is_a_bad_answer(kind, value):
    wire = answer(metricHeaders=[{"name": "m", "type": kind}], rows=[row(["x"], [value])])
    with pytest.raises(errors.BadAnswer, match="a metric that is no number"):
        parsed(wire)


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"rows": [row([], ["1"])]}, "dimensions"),
        ({"rows": [row(["a", "b"], ["1"])]}, "dimensions"),
        ({"rows": [row(["a"], [])]}, "metrics"),
        ({"rows": [row(["a"], ["1", "2"])]}, "metrics"),
        ({"rows": [{}]}, "metrics"),
        ({"totals": [row(["RESERVED_TOTAL"], [])]}, "metrics"),
        ({"metricHeaders": []}, "metricHeaders"),
        ({"dimensionHeaders": []}, "dimensionHeaders"),
        ({"dimensionHeaders": [{"name": "country"}, {"name": "dateRange"}]}, "dimensionHeaders"),
        ({"rows": {}}, "unexpected rows"),
        ({"rows": [[]]}, "unexpected rows"),
        ({"rows": None}, "unexpected rows"),
        ({"rows": [row([5], ["1"])]}, "unexpected value"),
        ({"rowCount": "many"}, "unexpected rowCount"),
        ({"rowCount": True}, "unexpected rowCount"),
        ({"rowCount": 1.5}, "unexpected rowCount"),
        ({"metadata": []}, "unexpected metadata"),
        ({"metadata": {"subjectToThresholding": "yes"}}, "unexpected subjectToThresholding"),
        ({"propertyQuota": 5}, "unexpected propertyQuota"),
    ],
)
def test_an_answer_of_the_wrong_shape_is_a_bad_answer(changes, complaint):
    with pytest.raises(errors.BadAnswer, match=complaint):
        parsed(answer(**changes))


def test_a_row_of_a_range_that_was_not_asked_for_is_a_bad_answer(saved):
    with pytest.raises(errors.BadAnswer, match="date range"):
        parsed(saved("two_ranges"), metrics=("a", "b"), ranges=("current", "year"))


# The store

numbers = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
words = st.text(max_size=8)
statuses = st.builds(QuotaStatus, st.integers(0, 10**6), st.integers(0, 10**6))


def tuples_of(items, **size):
    return st.lists(items, **size).map(tuple)


metadatas = st.builds(
    ReportMetadata,
    words,
    words,
    st.booleans(),
    st.booleans(),
    st.none() | st.floats(0, 1),
    words,
    tuples_of(words, max_size=2),
    tuples_of(words, max_size=2),
)


@st.composite
def reports(draw):
    dimensions = draw(tuples_of(words, max_size=3))
    metrics = draw(tuples_of(words, max_size=3))
    metric_values = st.tuples(*[numbers for _ in metrics])
    rows = st.builds(Row, st.tuples(*[words for _ in dimensions]), metric_values)
    parts = st.builds(Part, words, tuples_of(rows, max_size=4), st.none() | metric_values)
    return Report(
        dimensions,
        metrics,
        tuple("TYPE_FLOAT" for _ in metrics),
        draw(tuples_of(parts, min_size=1, max_size=2)),
        draw(st.integers(0, 10**6)),
        draw(metadatas),
        draw(st.none() | st.builds(Quota, *[statuses] * 6)),
    )


@given(reports())
def test_a_stored_report_comes_back_unchanged(report):
    kept = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    back = Report.from_dict(kept)
    assert back == report
    assert [[type(number) for number in each.metrics] for each in back.rows] == [
        [type(number) for number in each.metrics] for each in report.rows
    ]


def test_what_is_stored_is_small(saved):
    report = parsed(saved("two_ranges"), metrics=("sessions", "averageSessionDuration"), ranges=RANGES)
    assert report.to_dict() == {
        "dimensions": ["country"],
        "metrics": ["sessions", "averageSessionDuration"],
        "types": ["TYPE_INTEGER", "TYPE_SECONDS"],
        "parts": [
            ["current", [["France", 120, 61.375], ["(not set)", 3, 0.0]], [123, 60.90243902439025]],
            ["comparison", [["France", 100, 59.5]], [100, 59.5]],
        ],
        "count": 3,
        "metadata": {"currency_code": "EUR", "time_zone": "Europe/Berlin"},
        "quota": [[1, 199999], [1, 39999], [1, 13999], [0, 10], [0, 10], [0, 120]],
    }
