"""The family: every kind has a code of its own, words for its reader, and survives a queue."""

import pickle
import re
from datetime import UTC, datetime

import pytest

from google_api import errors
from google_api.errors import ERRORS, GoogleError, sentence_for

KINDS = [
    kind for kind in ERRORS.values() if kind.__module__.startswith(errors.__name__)
]  # other apps add theirs


def test_the_registry_holds_the_whole_family():
    defined = {
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, GoogleError)
    }
    assert set(KINDS) == defined
    assert len({kind.code for kind in defined}) == len(defined)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_what_happened_and_what_to_do(kind):
    error = kind("500")
    assert error.user_message == kind.sentence == sentence_for(kind.code)
    assert re.fullmatch(r"[A-Z].*[.;].*\.", kind.sentence)
    assert re.fullmatch(r"[a-z_]+", kind.code)
    assert [other.code for other in KINDS if other.sentence == kind.sentence] == [kind.code]


def test_a_code_of_another_age_has_the_general_sentence():
    assert sentence_for("no_longer_known") == GoogleError.sentence


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_survives_pickling(kind):
    error = kind("503 UNAVAILABLE", status=503, retry_after=7.0)
    copy = pickle.loads(pickle.dumps(error))
    assert (type(copy), vars(copy), str(copy)) == (kind, vars(error), f"{kind.code}: 503 UNAVAILABLE")


def test_only_what_cannot_get_better_by_itself_is_permanent():
    assert sorted(kind.code for kind in KINDS if not kind.permanent) == [
        "admin_daily_limit",
        "admin_rate_limited",
        "bad_answer",
        "clock_wrong",
        "concurrent_requests",
        "daily_tokens",
        "google_error",
        "hourly_tokens",
        "rate_limited",
        "server_error",
        "server_error_budget",
        "thresholded_requests",
        "unauthenticated",
        "unreachable",
    ]


def test_only_an_invalid_grant_ends_a_credential():
    assert sorted(kind.code for kind in KINDS if issubclass(kind, errors.InvalidGrant)) == [
        "google_account_gone",
        "grant_ended",
        "grant_revoked",
        "invalid_grant",
        "key_refused",
        "service_account_gone",
        "session_expired",
    ]


@pytest.mark.parametrize("kind", [kind for kind in KINDS if issubclass(kind, errors.GrantEnded)])
def test_an_ended_grant_names_its_likeliest_causes(kind):
    assert [cause for cause in kind.causes if not re.fullmatch(r"[A-Z].*\.", cause)] == []
    assert 1 <= len(set(kind.causes)) == len(kind.causes)


def test_a_grant_s_causes_begin_with_the_likeliest():
    assert errors.GrantEnded.causes[:2] == (
        "Access was removed in the Google account's settings.",
        "The OAuth consent screen is in Testing, where Google ends every consent after 7 days.",
    )


@pytest.mark.parametrize("asked", [True, False])
def test_it_is_known_whether_google_was_asked_at_all(asked):
    copy = pickle.loads(pickle.dumps(errors.Unreachable("no connection", asked=asked)))
    assert copy.asked is asked


def test_an_ended_credential_is_described():
    assert errors.KeyRefused("400").description == errors.KeyRefused.sentence


@pytest.mark.parametrize(
    ("kind", "seconds"),
    [
        (errors.Unreachable, None),
        (errors.ServerError, None),
        (errors.RateLimited, 60),
        (errors.AdminRateLimited, 60),
        (errors.ConcurrentRequests, 30),
        (errors.HourlyTokens, 3600),
        (errors.ThresholdedRequests, 3600),
        (errors.ServerErrorBudget, 3600),
    ],
)
def test_a_kind_knows_how_long_to_wait(kind, seconds):
    assert kind("429").retry_after == seconds
    assert kind("429", retry_after=5.0).retry_after == 5.0


def test_daily_tokens_wait_for_midnight_in_california():
    assert 0 < errors.DailyTokens("429").retry_after <= 25 * 3600


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 7, 1, 6, 30, tzinfo=UTC), 0.5),  # 23:30 in summer, UTC-7
        (datetime(2026, 12, 1, 8, 0, tzinfo=UTC), 24),  # midnight itself, UTC-8
        (datetime(2026, 3, 8, 8, 0, tzinfo=UTC), 23),  # the day that loses an hour
        (datetime(2026, 11, 1, 7, 0, tzinfo=UTC), 25),  # the day that gains one
    ],
)
def test_midnight_in_california(now, hours):
    assert errors.seconds_to_midnight_pacific(now) == hours * 3600
