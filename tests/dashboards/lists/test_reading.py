"""One report a night: asked once, kept, and on a bad night what was there stays."""

import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from accounts.tenancy import tenant_scope
from dashboards import quota
from dashboards.lists import reading
from dashboards.models import PropertyUse, RequestSlots, Summary, View
from dashboards.tasks import read_summary
from google_api import errors
from google_api.reports import Part, Report, ReportMetadata, Row
from provisioning.models import Credential
from tests import factories
from tests.conftest import Cast
from tests.google import Google

S = Summary.Standing
REPORTS = ":runReport"


@pytest.fixture
def view(cast: Cast, google: Google) -> View:
    """alice's view; its key works."""
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    return cast.view


@pytest.fixture
def at(monkeypatch):
    """Sets the clock of the portal."""

    def set_to(moment: datetime.datetime) -> datetime.datetime:
        monkeypatch.setattr(timezone, "now", lambda: moment)
        return moment

    return set_to


def read(view: View) -> Summary:
    read_summary.func(str(view.tenant_id), str(view.pk))
    return stored(view)


def stored(view: View) -> Summary:
    with tenant_scope({view.tenant_id}):
        return Summary.objects.get(view=view)


def make_due(view: View) -> None:
    with tenant_scope({view.tenant_id}):
        Summary.objects.filter(view=view).update(next_at=timezone.now())


def test_a_night_is_one_report_and_its_totals_are_googles(view, google):
    row = read(view)
    assert [each["path"] for each in google.requests(REPORTS)] == ["/v1beta/properties/310000001:runReport"]
    assert (row.standing, row.error_code, row.failures) == (S.USUAL, "", 0)
    assert row.until == view.today - datetime.timedelta(days=1) == row.last_data_on
    assert (len(row.daily), row.moved) == (56, row.visits - row.visits_before)
    assert (sum(row.daily[28:]), sum(row.daily[:28])) == (row.visits, row.visits_before)
    assert row.visits > 0
    assert row.next_at > timezone.now()


def test_a_saved_filter_narrows_the_report_down(view):
    whole = read(view).visits
    with tenant_scope({view.tenant_id}):
        View.objects.filter(pk=view.pk).update(filter="country==Italy")
    make_due(view)
    assert 0 < read(view).visits < whole


def test_a_second_task_of_the_same_night_asks_nothing(view, google):
    first = read(view)
    assert read(view).fetched_at == first.fetched_at
    assert len(google.requests(REPORTS)) == 1


def test_a_task_for_a_view_that_is_gone_ends_well(view):
    with tenant_scope({view.tenant_id}):
        key = str(view.pk)
        view.delete()
    read_summary.func(str(view.tenant_id), key)


def test_the_view_and_its_credential_have_worked(view):
    read(view)
    with tenant_scope({view.tenant_id}):
        row = View.objects.get(pk=view.pk)
        assert (row.state, row.last_error_code) == (View.State.WORKS, "")
        assert Credential.objects.get(pk=view.agency_credential_id).state == Credential.State.WORKS
    assert PropertyUse.objects.get(pk="310000001").quota_left is not None
    assert RequestSlots.objects.count() == 0


def test_a_fault_that_may_pass_keeps_the_figures_and_is_tried_again_soon(view, google, at):
    before = read(view)
    at(before.next_at)
    google.fail(REPORTS, status=503)
    row = read(view)
    assert (row.standing, row.visits, row.until) == (before.standing, before.visits, before.until)
    assert (row.error_code, row.failures) == ("server_error", 1)
    assert datetime.timedelta() < row.next_at - timezone.now() <= datetime.timedelta(minutes=15)


def test_a_fault_that_stays_is_shown_as_one(view, google):
    google.fail(REPORTS, status=503)
    standings = []
    for _ in range(reading.FAILING_FROM):
        make_due(view)
        standings.append(read(view).standing)
    assert standings == [S.GATHERING, S.GATHERING, S.FAILING]


def test_a_refusal_is_shown_at_once_and_what_follows_mends_it(view, google, cast):
    google.fail(REPORTS, status=403, reason="PERMISSION_DENIED", count=1)
    row = read(view)
    assert (row.standing, row.error_code) == (S.FAILING, "property_forbidden")
    make_due(view)
    row = read(view)
    assert (row.standing, row.error_code, row.failures, row.failed_at) == (S.USUAL, "", 0, None)


def test_what_asking_again_cannot_mend_is_asked_less_and_less():
    refused = errors.PropertyForbidden("no")
    rests = [reading.rest_after(refused, failures) for failures in (1, 2, 3, 30)]
    minutes = datetime.timedelta(minutes=15)
    assert rests == [minutes, 2 * minutes, 4 * minutes, reading.LONGEST_REST]


def test_on_low_quota_nothing_is_asked_until_the_next_night(view, google):
    PropertyUse.objects.create(property_id="310000001", quota_left=0.1, quota_read_at=timezone.now())
    row = read(view)
    assert google.requests(REPORTS) == []
    assert (row.standing, row.error_code, row.until) == (S.GATHERING, "", None)
    assert row.next_at > timezone.now()
    assert row.next_at.astimezone(ZoneInfo("Europe/Rome")).hour == 3


def test_where_no_concurrent_request_is_free_the_patience_has_an_end(view, google, monkeypatch):
    monkeypatch.setattr(reading, "SLOT_PATIENCE_SECONDS", 0.1)
    held = quota.take_slots("310000001", quota.CONCURRENT_REQUESTS)
    row = read(view)
    assert google.requests(REPORTS) == []
    assert (row.standing, row.error_code) == (S.GATHERING, "concurrent_requests")
    quota.free_slots(held)
    make_due(view)
    assert read(view).standing == S.USUAL


NIGHTS = [
    ("Europe/Rome", "2026-11-23T02:30", "2026-11-22"),
    ("Pacific/Auckland", "2026-11-22T14:30", "2026-11-22"),
    ("America/Los_Angeles", "2026-11-23T11:30", "2026-11-22"),
    ("Europe/Rome", "2026-10-25T02:30", "2026-10-24"),
]


@pytest.mark.parametrize(("zone", "now", "until"), NIGHTS)
def test_the_last_day_is_the_propertys_yesterday(view, at, monkeypatch, zone, now, until):
    with tenant_scope({view.tenant_id}):
        View.objects.filter(pk=view.pk).update(time_zone=zone)
    moment = at(datetime.datetime.fromisoformat(now).replace(tzinfo=datetime.UTC))
    asked = []

    def answer(api, property_id, request):
        asked.append([(str(each.start), str(each.end)) for each in request.date_ranges])
        return _report(())

    monkeypatch.setattr(reading.credentials, "call", lambda credential, url, ask: ask(None))
    monkeypatch.setattr(reading.data, "run_report", answer)
    with tenant_scope({view.tenant_id}):
        Summary.objects.filter(view=view).update(next_at=moment)
    row = read(view)
    end = datetime.date.fromisoformat(until)
    days = datetime.timedelta(days=28)
    day = datetime.timedelta(days=1)
    assert asked == [[(str(end - days + day), str(end)), (str(end - 2 * days + day), str(end - days))]]
    assert (str(row.until), row.standing) == (until, S.EMPTY)


def _report(rows, totals=None) -> Report:
    parts = (Part("now", tuple(rows), totals), Part("before", (), None))
    return Report(("date",), ("sessions",), ("TYPE_INTEGER",), parts, len(rows), ReportMetadata(), None)


def test_days_without_a_total_are_no_answer():
    report = _report([Row(("20261122",), (5,))])
    with pytest.raises(errors.BadAnswer):
        reading.figures_of(report, datetime.date(2026, 11, 23))


def test_days_that_google_leaves_out_are_zero():
    report = _report([Row(("20261120",), (5,))], totals=(5,))
    found = reading.figures_of(report, datetime.date(2026, 11, 23))
    assert (found.visits, found.before, found.daily[-4:]) == (5, 0, (0, 5, 0, 0))
