"""What is remembered of reports says at any time what reading it anew would say."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.utils import timezone

from accounts.models import Tenant
from dashboards import asked, outlines, snapshots
from dashboards.models import Snapshot, View
from dashboards.planner import Plan
from dashboards.readings import ReportState
from tests import factories
from tests.conftest import Cast
from tests.google import Google


@dataclass
class Asking:
    """A view, and what its usual page asks."""

    view: View
    plan: Plan

    def both(self) -> list[dict[int, ReportState]]:
        """What is remembered of it, and what is read."""
        return [look(self.view, self.plan, usual=True) for look in (outlines.of, snapshots.outlines)]


@pytest.fixture
def asking(cast: Cast, google: Google, in_tenant: Tenant) -> Asking:
    """Everything has come from Google, and is remembered."""
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    made = Asking(cast.view, asked.usual(cast.view).plan)
    snapshots.bring(made.view, made.plan, usual=True)
    made.both()
    return made


def test_what_is_fresh_is_remembered(asking: Asking, django_assert_num_queries: Callable):
    with django_assert_num_queries(2):
        remembered, read = asking.both()
    assert remembered == read
    assert all(state.fetched_at and not state.stale for state in remembered.values())
    assert asking.both()[0] is remembered


def test_what_is_over_is_over_without_anybody_changing_it(asking: Asking, monkeypatch: pytest.MonkeyPatch):
    later = timezone.now() + datetime.timedelta(hours=24)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    remembered, read = asking.both()
    assert remembered == read
    assert any(state.stale for state in remembered.values())


@pytest.mark.parametrize(
    "change",
    [
        {"fetched_at": None},
        {"error_code": "unreachable"},
        {"fresh_until": None},
        {"fetched_at": timezone.now()},
    ],
)
def test_a_change_of_one_row_counts_at_once(asking: Asking, change: dict):
    before = asking.both()[0]
    first = Snapshot.objects.filter(view=asking.view).values("pk")[:1]
    Snapshot.objects.filter(pk__in=first).update(**change)
    remembered, read = asking.both()
    assert remembered == read
    assert remembered != before
