"""The wait for the first visitor: asked of Google at most once in a while, whoever watches."""

from __future__ import annotations

import datetime

import pytest
from django.utils import timezone

from accounts.tenancy import tenant_scope
from dashboards.models import Snapshot
from provisioning import first_hit
from provisioning.models import ProvisioningRequest
from tests.google import Google
from tests.provisioning.journey import Journey
from tests.provisioning.living import change, codes, visits

pytestmark = pytest.mark.django_db
LONG_AGO = datetime.timedelta(hours=5)


def look(journey: Journey, *, at_once: bool = False) -> ProvisioningRequest:
    """Looks as a page does; `at_once` though somebody has asked just now."""
    if at_once:
        change(journey, hit_look_at=timezone.now() - datetime.timedelta(seconds=1))
    row = journey.row()
    with tenant_scope({row.tenant_id}):
        first_hit.look(request=row)
    return row


def asked(google: Google) -> int:
    return len(google.requests(":run"))


def test_without_a_visit_it_goes_on_waiting(live: Journey, google: Google):
    row = look(live)
    assert (row.first_hit_at, row.hit_error, first_hit.is_awaited(row)) == (None, "", True)
    assert asked(google) == 1


def test_the_first_visit_is_seen_and_written_once(live: Journey, google: Google):
    visits(google, live)
    assert look(live).first_hit_at is not None
    again = look(live, at_once=True)
    assert first_hit.is_awaited(again) is False
    assert (codes(live), asked(google)) == (["first_hit"], 1)


def test_who_looks_too_soon_is_told_what_is_known(live: Journey, google: Google):
    look(live)
    visits(google, live)
    assert look(live).first_hit_at is None
    assert asked(google) == 1
    assert look(live, at_once=True).first_hit_at is not None
    assert asked(google) == 2


def test_an_error_is_not_nobody(live: Journey, google: Google):
    google.fail("runRealtimeReport", status=403, count=9)
    row = look(live)
    assert (row.first_hit_at, bool(row.hit_error)) == (None, True)
    assert row.hit_look_at > timezone.now() + first_hit.EVERY
    assert look(live).hit_error == row.hit_error
    google.recover()
    assert look(live, at_once=True).hit_error == ""


def test_a_visit_that_came_and_went_while_nobody_looked_counts(live: Journey, google: Google):
    visits(google, live)
    google.control("POST", "clock", {"advance_s": 2400})
    change(live, created_at=timezone.now() - LONG_AGO)
    assert look(live).first_hit_at is not None
    assert [each["path"].rpartition(":")[2] for each in google.requests(":run")] == [
        "runRealtimeReport", "runReport",
    ]  # fmt: skip


def test_the_grant_asks_where_there_is_no_service_account(live: Journey, google: Google):
    visits(google, live)
    change(live, shared_with="")
    assert look(live).first_hit_at is not None


def test_without_anything_to_ask_with_it_says_so(live: Journey):
    change(live, shared_with="", grant=None)
    assert look(live).hit_error == "invalid_grant"


def test_a_request_without_a_tag_asks_nothing(live: Journey, google: Google):
    change(live, measurement_id="")
    row = look(live)
    assert (first_hit.is_awaited(row), asked(google)) == (False, 0)


def test_the_dashboard_asks_anew_once_somebody_came(live: Journey, google: Google):
    row, later = live.row(), timezone.now() + LONG_AGO
    with tenant_scope({row.tenant_id}):
        Snapshot.objects.create(
            tenant_id=row.tenant_id, view_id=row.view_id, fingerprint="f", fresh_until=later
        )
    visits(google, live)
    look(live)
    with tenant_scope({row.tenant_id}):
        assert Snapshot.objects.get(view_id=row.view_id).fresh_until <= timezone.now()
