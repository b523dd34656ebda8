"""Google sees each question once; what it fails to answer does not take down what is known (invariant 7)."""

import datetime
import json
import uuid
from collections import Counter

import pytest
from django.utils import timezone

from accounts.tenancy import all_tenants, tenant_scope
from dashboards import asked, quota, snapshots
from dashboards.models import PropertyUse, RequestSlots, Snapshot, View
from dashboards.planner import WidgetSpec, plan
from google_api import errors
from provisioning import flows
from provisioning.models import Credential
from tests import factories
from tests.conftest import Cast
from tests.google import Google

REPORTS = "/v1beta/properties/310000001:"


@pytest.fixture
def view(cast: Cast, google: Google):
    """alice's view, fed by a key that the stand-in knows, in her client's scope."""
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    with tenant_scope({cast.tenant.pk}):
        yield View.objects.for_page().get(pk=cast.view.pk)


def bring(view: View) -> dict[int, snapshots.ReportState]:
    question = asked.usual(view)
    snapshots.bring(view, question.plan, usual=True)
    return snapshots.states(view, question.plan, usual=True)


def kinds(google: Google) -> Counter[str]:
    return Counter(each["path"].rpartition(":")[2] for each in google.requests(REPORTS))


def grow_stale() -> None:
    Snapshot.objects.update(fresh_until=timezone.now() - datetime.timedelta(seconds=1))


def test_a_cold_page_asks_its_reports_once_in_batches_of_five(view, google):
    question = asked.usual(view)
    found = bring(view)
    calls = google.requests(REPORTS)
    asked_reports = [json.dumps(each, sort_keys=True) for call in calls for each in _reports(call)]
    assert len(asked_reports) == len(set(asked_reports)) == len(question.plan.reports)
    assert len(calls) == -(-len(question.plan.reports) // 5)
    assert not any(state.waiting or state.stale or state.error for state in found.values())
    assert len(google.requests("/token")) == 1


def _reports(call: dict) -> list[dict]:
    body = call["body"] if isinstance(call["body"], dict) else json.loads(call["body"])
    return body.get("requests", [body])


def test_a_warm_page_asks_nothing(view, google):
    bring(view)
    google.control("DELETE", "requests")
    bring(view)
    assert google.requests() == []


def test_a_stale_answer_stays_up_while_it_is_asked_again(view, google):
    bring(view)
    grow_stale()
    question = asked.usual(view)
    found = snapshots.states(view, question.plan, usual=True)
    assert all(state.stale and state.report for state in found.values())
    google.control("DELETE", "requests")
    assert not any(state.stale for state in bring(view).values())
    assert sum(kinds(google).values()) == -(-len(question.plan.reports) // 5)


def test_what_another_process_is_asking_is_not_asked_again(view, google):
    question = asked.usual(view)
    claimed = snapshots._claim(view, snapshots.questions(view, question.plan), uuid.uuid4())
    assert len(claimed) == len(question.plan.reports)
    snapshots.bring(view, question.plan, usual=True)
    assert google.requests(REPORTS) == []
    found = snapshots.states(view, question.plan, usual=True)
    assert all(state.waiting for state in found.values())


def test_a_page_is_served_in_rounds_of_what_google_takes_at_once(view, google):
    plan = asked.usual(view).plan
    shares = []
    while snapshots.bring_some(view, plan, usual=True):
        found = snapshots.states(view, plan, usual=True)
        shares.append([index for index, state in found.items() if not state.waiting])
    assert shares == [
        list(range(min(end, len(plan.reports)))) for end in range(10, len(plan.reports) + 10, 10)
    ]
    assert len(google.requests(REPORTS)) == -(-len(plan.reports) // 5)


def test_while_somebody_asks_what_comes_first_nobody_asks_what_comes_after(view, google):
    plan = asked.usual(view).plan
    asking = snapshots.questions(view, plan)
    first = snapshots._claim(view, asking, uuid.uuid4(), 10)
    assert first == asking[:10]
    assert snapshots.bring_some(view, plan, usual=True) is False
    assert google.requests(REPORTS) == []
    Snapshot.objects.filter(fingerprint__in=[each.fingerprint for each in first[:3]]).update(
        lease=None, leased_until=None
    )
    assert snapshots.bring_some(view, plan, usual=True) is True
    found = snapshots.states(view, plan, usual=True)
    assert [index for index, state in found.items() if not state.waiting] == [0, 1, 2]


def test_whoever_finds_googles_slots_taken_holds_nothing(view, google):
    plan = asked.usual(view).plan
    assert quota.take_slots(view.property_id, 10) is not None
    assert snapshots.bring_some(view, plan, usual=True) is False
    assert google.requests(REPORTS) == []
    assert not Snapshot.objects.exclude(lease=None).exists()


def test_what_stops_one_round_stops_them_all(view, google):
    google.fail(":batchRunReports$", status=403)
    plan = asked.usual(view).plan
    snapshots.bring_some(view, plan, usual=True)
    assert len(google.requests(REPORTS)) <= 2
    found = snapshots.states(view, plan, usual=True)
    assert {state.error for state in found.values()} == {"property_forbidden"}
    assert snapshots.bring_some(view, plan, usual=True) is False


def test_the_lease_of_a_process_that_died_runs_out(view, google):
    question = asked.usual(view)
    snapshots._claim(view, snapshots.questions(view, question.plan), uuid.uuid4())
    Snapshot.objects.update(leased_until=timezone.now() - datetime.timedelta(seconds=1))
    assert not any(state.waiting for state in bring(view).values())


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ({"status": 500}, "server_error"),
        ({"status": 503}, "server_error"),
        ({"status": 502, "body": "html"}, "server_error"),
        ({"status": 403}, "property_forbidden"),
        ({"status": 403, "reason": "SERVICE_DISABLED"}, "api_disabled"),
        ({"status": 404}, "not_found"),
        ({"status": 429, "reason": "concurrent"}, "concurrent_requests"),
        ({"status": 429, "reason": "hourly tokens"}, "hourly_tokens"),
        ({"body": "html"}, "bad_answer"),
        ({"body": "half"}, "bad_answer"),
        ({"drop": True}, "unreachable"),
    ],
)
def test_when_google_fails_the_last_answer_stays_and_nothing_is_asked_in_a_loop(view, google, fault, code):
    bring(view)
    grow_stale()
    google.fail(":(runReport|batchRunReports)$", **fault)
    found = bring(view)
    assert {state.error for state in found.values()} == {code}
    assert all(state.report and state.fetched_at for state in found.values())
    google.control("DELETE", "requests")
    for _ in range(3):
        bring(view)
    assert google.requests(REPORTS) == []
    view.refresh_from_db()
    assert (view.state, view.last_error_code) == ("failing", code)


def test_with_nothing_known_a_failure_is_said_and_rests(view, google):
    google.fail(":(runReport|batchRunReports)$", status=403)
    found = bring(view)
    assert {(state.report, state.error, state.waiting) for state in found.values()} == {
        (None, "property_forbidden", False)
    }
    google.recover()
    snapshots.forgive(view)
    assert not any(state.error for state in bring(view).values())
    view.refresh_from_db()
    assert (view.state, view.last_error_code) == ("works", "")


def test_a_server_error_is_retried_twice_at_most(view, google):
    google.fail(":(runReport|batchRunReports)$", status=503)
    bring(view)
    per_batch = Counter(str(call["body"]) for call in google.requests(REPORTS))
    assert max(per_batch.values()) <= 3


def test_one_bad_report_spoils_no_other(view, google):
    widgets = [
        WidgetSpec("good", "Good", "table", ("sessions",), ("country",)),
        WidgetSpec("bad", "Bad", "table", ("sessions",), ("noSuchField",)),
        WidgetSpec("figure", "Figure", "figure", ("sessions",)),
    ]
    planned = plan(widgets, asked.usual(view).period, None)
    snapshots.bring(view, planned, usual=True)
    found = snapshots.states(view, planned, usual=True)
    errors_by_widget = {key: found[each.current.report].error for key, each in planned.answers.items()}
    assert errors_by_widget == {"good": "", "bad": "unknown_field", "figure": ""}
    view.refresh_from_db()
    assert view.state == "works"


def test_a_token_that_google_refuses_is_replaced_once(view, google):
    bring(view)
    grow_stale()
    google.control("POST", "expire", {"email": view.credential.email})
    google.control("DELETE", "requests")
    assert not any(state.error for state in bring(view).values())
    assert len(google.requests("/token")) == 1


def test_a_google_that_refuses_every_token_is_asked_twice_and_no_more(view, google):
    google.fail(":(runReport|batchRunReports)$", status=401)
    found = bring(view)
    assert {state.error for state in found.values()} == {"unauthenticated"}
    assert len(google.requests("/token")) == 2


def test_a_deleted_key_is_said_and_the_credential_shows_it(view, google):
    google.control("POST", "revoke", {"email": view.credential.email})
    found = bring(view)
    assert {state.error for state in found.values()} == {"key_refused"}
    credential = Credential.objects.get(pk=view.credential.pk)
    assert (credential.state, credential.last_error_code) == ("refused", "key_refused")
    google.control("DELETE", "requests")
    bring(view)
    assert google.requests() == []


def test_the_quota_is_read_and_low_quota_answers_only_what_everybody_asks(view, google):
    bring(view)
    use = PropertyUse.objects.get(pk="310000001")
    assert 0.9 < use.quota_left <= 1
    PropertyUse.objects.update(quota_left=0.1)
    google.control("DELETE", "requests")
    rare = plan([WidgetSpec("x", "X", "figure", ("sessions",))], asked.usual(view).period, {"f": 1})
    snapshots.bring(view, rare, usual=False)
    assert google.requests() == []
    assert snapshots.states(view, rare, usual=False)[0].error == "quota_low"
    grow_stale()
    bring(view)
    assert google.requests(REPORTS) != []


def test_a_property_has_ten_concurrent_requests_across_all_processes(db):
    first, second = quota.take_slots("1", 5), quota.take_slots("1", 5)
    assert first is not None
    assert second is not None
    assert quota.take_slots("1", 1) is None
    assert quota.take_slots("2", 5) is not None
    quota.free_slots(first)
    assert quota.take_slots("1", 5) is not None


def test_slots_of_a_process_that_died_come_back(db):
    quota.take_slots("1", 10)
    RequestSlots.objects.update(until=timezone.now() - datetime.timedelta(seconds=1))
    assert quota.take_slots("1", 10) is not None


def test_old_snapshots_are_pruned(view, google):
    bring(view)
    count = Snapshot.objects.count()
    assert snapshots.prune(datetime.timedelta(days=30)) == 0
    Snapshot.objects.update(last_used_at=timezone.now() - datetime.timedelta(days=31))
    assert snapshots.prune(datetime.timedelta(days=30)) == count


def test_every_failure_has_a_sentence():
    for code, error in errors.ERRORS.items():
        assert errors.sentence_for(code) == error.sentence
        assert error.sentence.endswith(".")


def test_no_call_under_way_shows_its_token():
    call = snapshots._Call(batch=[], slots=RequestSlots(count=1), token="ya29.secret")  # noqa: S106
    assert "ya29.secret" not in repr(call)


def test_a_stale_page_waits_for_nothing_that_low_quota_keeps_from_being_asked(view, google):
    from django.http import QueryDict

    question = asked.read(view, QueryDict("period=7d"))
    snapshots.bring(view, question.plan, usual=False)
    grow_stale()
    PropertyUse.objects.update(quota_left=0.1, quota_read_at=timezone.now())
    found = snapshots.states(view, question.plan, usual=False)
    assert {(bool(state.report), state.stale, state.error) for state in found.values()} == {
        (True, False, "quota_low")
    }


@pytest.mark.parametrize(("usual", "state"), [(True, "failing"), (False, "new")])
def test_a_visitors_own_filter_does_not_make_a_view_fail(view, google, usual, state):
    google.fail(":(batchR|r)unReports?$", reason="incompatible")
    snapshots.bring(view, asked.usual(view).plan, usual=usual)
    view.refresh_from_db(fields=["state"])
    assert view.state == state


def test_many_failures_fit_their_column(view, google):
    google.fail(":batchRunReports$", status=429)
    bring(view)
    Snapshot.objects.update(failures=snapshots.MOST_FAILURES, retry_at=None)
    bring(view)
    assert set(Snapshot.objects.values_list("failures", flat=True)) == {snapshots.MOST_FAILURES}


def test_a_slow_answer_keeps_its_lease(view, google, monkeypatch):
    question = asked.usual(view)
    monkeypatch.setattr(snapshots, "LEASE", datetime.timedelta(seconds=0.5))
    monkeypatch.setattr(snapshots, "RENEW_SECONDS", 0.1)
    seen: list[bool] = []
    keep = snapshots._Errand._keep

    def look_and_keep(self, batch, outcomes):
        held = Snapshot.objects.filter(lease=self.lease, leased_until__gt=timezone.now())
        seen.append(held.exists())
        keep(self, batch, outcomes)

    monkeypatch.setattr(snapshots._Errand, "_keep", look_and_keep)
    google.fail(":batchRunReports$", delay_ms=1200)
    snapshots.bring(view, question.plan, usual=True)
    assert set(seen) == {True}


def test_after_another_key_nothing_rests_that_had_failed(view, google):
    google.fail("/token", reason="invalid_grant")
    assert {state.error for state in bring(view).values()} == {"key_refused"}
    google.recover()
    assert {state.error for state in bring(view).values()} == {"key_refused"}
    with all_tenants(reason="a test's set-up"):
        key = google.key("310000001", email=view.agency_credential.email)
        flows.replace_key(credential=view.agency_credential, key=key)
    assert {state.error for state in bring(view).values()} == {""}
