"""What tick does for requests: finds the lost, takes up what was cut off, reminds, tells staff."""

import datetime
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.tenancy import all_tenants
from google_api import errors
from provisioning import upkeep
from provisioning.models import ProvisioningRequest, WaitingMail
from provisioning.requests import record
from tests import factories
from tests.conftest import Cast
from tests.google import Google
from tests.provisioning.journey import Journey, travelling
from tests.provisioning.living import change, codes, visits

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
ALICE = "alice@acme.example"


@pytest.fixture
def work(monkeypatch):
    """The worker, run until its queue is empty; a test's transaction must not be closed under it."""
    monkeypatch.setattr("django_tasks_db.management.commands.db_worker.close_old_connections", lambda: None)
    return lambda: call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)


@pytest.fixture
def journey(google: Google, cast: Cast):
    with travelling(google, cast.alice) as made:
        yield made


def later(journey: Journey | None = None, by: datetime.timedelta = DAY, **columns) -> None:
    """So much time goes by, as far as requests can tell."""
    past = timezone.now() - by - datetime.timedelta(minutes=1)
    with all_tenants(reason="a test's clock"):
        ProvisioningRequest.objects.update(**{"changed_at": past, **columns})


def due(**columns) -> None:
    """The next try is due."""
    with all_tenants(reason="a test's clock"):
        ProvisioningRequest.objects.update(look_again_at=timezone.now(), **columns)


def at_terms(journey: Journey) -> str:
    journey.start()
    return journey.until_terms()


def requests() -> list[ProvisioningRequest]:
    with all_tenants(reason="a test looks"):
        return list(ProvisioningRequest.objects.all())


# Customers who did not come back from the terms


def test_an_account_whose_owner_did_not_come_back_is_found_and_made_live(journey: Journey, work):
    journey.terms(at_terms(journey))
    assert upkeep.go_on() == 0
    due()
    assert (upkeep.go_on(), upkeep.go_on()) == (1, 0)
    work()
    assert (journey.row().state, journey.row().measurement_id[:2]) == ("live", "G-")


def test_while_the_terms_are_not_answered_the_pauses_grow(journey: Journey, work):
    at_terms(journey)
    pauses = []
    for _ in range(7):
        due()
        upkeep.go_on()
        pauses.append(round((journey.row().look_again_at - timezone.now()).total_seconds() / 60))
        work()
    assert pauses == [2, 5, 15, 30, 60, 60, 60]
    assert (journey.row().state, journey.row().looks) == ("ticketed", 7)


def test_after_a_day_it_is_given_up_and_a_late_customer_still_found(journey: Journey, work):
    address = at_terms(journey)
    with all_tenants(reason="a test's clock"):
        journey.row().tickets.update(created_at=timezone.now() - DAY)
    due()
    upkeep.go_on()
    work()
    assert (journey.row().state, journey.row().reason, journey.row().look_again_at) == (
        "expired", "ticket_expired", None,
    )  # fmt: skip
    journey.terms(address)
    journey.do("advance")
    assert journey.row().state == "live"


def test_a_failure_to_look_changes_nothing_and_is_noted(journey: Journey, google: Google, work):
    at_terms(journey)
    google.fail("accountSummaries", status=503, count=20)
    due()
    upkeep.go_on()
    work()
    assert (journey.row().state, journey.history()[-1][1]) == ("ticketed", "server_error")


def test_a_fault_of_googles_own_may_have_made_the_account_nevertheless(journey: Journey, work):
    address = at_terms(journey)
    journey.terms(address, "walk_away")
    ticket = address.rpartition("/")[2]
    journey.client.get("/provisioning/tos/callback", {"accountTicketId": ticket, "error": "backend_error"})
    assert journey.row().reason == "backend_error"
    due()
    upkeep.go_on()
    work()
    assert journey.row().state == "live"


def test_declined_terms_are_left_alone(journey: Journey):
    journey.back(journey.terms(at_terms(journey), "decline"))
    due()
    assert upkeep.go_on() == 0


def test_a_paused_clients_requests_rest(journey: Journey, cast: Cast):
    journey.terms(at_terms(journey))
    due()
    with all_tenants(reason="a test's set-up"):
        cast.tenant.paused_at = timezone.now()
        cast.tenant.save()
    assert upkeep.go_on() == 0


# Steps of ours


def cut_off(journey: Journey, google: Google, **fault) -> None:
    """The terms are accepted and the customer is back, but the property cannot be made."""
    back = journey.terms(at_terms(journey))
    google.fail("/v1beta/properties$", count=20, **fault)
    journey.back(back)
    google.recover()


def test_a_failure_that_may_pass_is_tried_again(journey: Journey, google: Google, work):
    cut_off(journey, google, status=503)
    assert (journey.row().state, upkeep.go_on()) == ("failed", 0)
    later(by=upkeep.LEFT_ALONE)
    assert upkeep.go_on() == 1
    work()
    assert journey.row().state == "live"
    made = [each for each in google.requests("/v1beta/properties") if each["method"] == "POST"]
    assert len([each for each in made if each["status"] == 200 and each["path"].endswith("/properties")]) == 1


def test_what_was_killed_is_taken_up_again(journey: Journey, google: Google, work):
    cut_off(journey, google, status=503)
    later(by=upkeep.LEFT_ALONE, state="accepted", reason="")
    assert upkeep.go_on() == 1
    work()
    assert journey.row().state == "live"


def test_a_failure_for_good_waits_for_somebody(journey: Journey, google: Google):
    cut_off(journey, google, status=403, reason="PERMISSION_DENIED")
    assert (journey.row().state, errors.ERRORS[journey.row().reason].permanent) == ("failed", True)
    later(by=upkeep.LEFT_ALONE)
    assert upkeep.go_on() == 0


def test_it_is_not_tried_for_ever(journey: Journey, google: Google):
    cut_off(journey, google, status=503)
    later(by=upkeep.LEFT_ALONE, looks=upkeep.MOST_TRIES)
    assert upkeep.go_on() == 0


def test_somebody_at_work_is_not_disturbed(journey: Journey, google: Google):
    cut_off(journey, google, status=503)
    later(by=upkeep.LEFT_ALONE, working_until=timezone.now() + datetime.timedelta(seconds=60))
    assert upkeep.go_on() == 0


# Reminders


def link_in(message) -> str:
    return re.search(r"http://testserver(/provisioning/invite/\S+)", message.body).group(1)


def test_a_customer_who_stopped_is_reminded_once_with_a_link_to_go_on(cast: Cast, work):
    issued = factories.prepared("nina@bluebell.example", cast.tenant)
    assert upkeep.remind() == 0
    later()
    assert (upkeep.remind(), upkeep.remind()) == (1, 0)
    work()
    (message,) = mail.outbox
    assert (message.to, message.subject) == (
        ["nina@bluebell.example"],
        "Google Analytics for Acme is waiting for you",
    )
    client = Client()
    assert client.get(link_in(message)).status_code == 200
    client.post(link_in(message))
    assert client.get(f"/provisioning/{issued.request.pk}/").status_code == 200
    later()
    assert upkeep.remind() == 0


@pytest.mark.parametrize("state", ["live", "cancelled", "denied"])
def test_nobody_is_reminded_of_what_is_over(cast: Cast, state: str):
    factories.prepared("nina@bluebell.example", cast.tenant)
    later(state=state)
    assert upkeep.remind() == 0


def test_nobody_is_reminded_of_what_is_ours_to_do(journey: Journey, google: Google):
    cut_off(journey, google, status=503)
    later()
    assert upkeep.remind() == 0


def test_nobody_is_reminded_of_what_is_long_ago(cast: Cast):
    factories.prepared("nina@bluebell.example", cast.tenant)
    later(by=upkeep.LATELY)
    assert upkeep.remind() == 0


def test_staff_need_no_reminder_of_their_own(cast: Cast):
    factories.RequestFactory(tenant=cast.tenant, user=cast.dana, email=cast.dana.email)
    later()
    assert upkeep.remind() == 0


def test_a_reminder_that_could_not_go_waits_and_is_not_made_twice(cast: Cast, work, no_mail_server):
    factories.prepared("nina@bluebell.example", cast.tenant)
    later()
    upkeep.remind()
    work()
    assert (WaitingMail.objects.count(), upkeep.remind()) == (1, 0)


# News for staff


def test_staff_of_the_client_are_told_once_when_it_is_live(journey: Journey, work):
    journey.whole()
    assert (upkeep.tell_staff(), upkeep.tell_staff()) == (1, 0)
    work()
    (message,) = mail.outbox
    assert (message.to, message.subject) == (
        ["dana@northlight.example"],
        "Acme: Google Analytics is set up",
    )
    assert f"http://testserver/provisioning/{journey.pk}/" in message.body
    later()
    assert upkeep.tell_staff() == 0


def test_without_assigned_staff_the_agencys_owners_are_told(cast: Cast, work):
    lonely = factories.TenantFactory(name="Lonely")
    factories.prepared("nina@bluebell.example", lonely)
    later()
    upkeep.tell_staff()
    work()
    assert [message.to for message in mail.outbox] == [["olivia@northlight.example"]]


def test_staff_are_told_when_it_stalls_and_again_when_it_is_live(cast: Cast, work):
    factories.prepared("nina@bluebell.example", cast.tenant)
    assert upkeep.tell_staff() == 0
    later()
    assert (upkeep.tell_staff(), upkeep.tell_staff()) == (1, 0)
    later(by=datetime.timedelta(0), state="live")
    assert upkeep.tell_staff() == 1
    work()
    assert [message.subject for message in mail.outbox] == [
        "Acme: Google Analytics is stuck",
        "Acme: Google Analytics is set up",
    ]


def test_what_failed_for_good_is_told_after_an_hour_with_its_reason(cast: Cast, work):
    issued = factories.prepared("nina@bluebell.example", cast.tenant)
    with all_tenants(reason="a test's set-up"):
        record.ended(issued.request, "failed", "account_limit")
    assert upkeep.tell_staff() == 0
    later(by=upkeep.FAILED_AFTER)
    assert upkeep.tell_staff() == 1
    work()
    assert "This Google account has reached its limit of Analytics accounts." in mail.outbox[0].body


def test_an_old_protocols_request_is_live_once_accepted(cast: Cast, work):
    factories.prepared("nina@bluebell.example", cast.tenant)
    later(by=datetime.timedelta(0), state="accepted", protocol="v3", account_id="5")
    upkeep.tell_staff()
    work()
    assert [message.subject for message in mail.outbox] == ["Acme: Google Analytics is set up"]


def test_a_task_holds_ids_alone(cast: Cast):
    issued = factories.prepared("nina@bluebell.example", cast.tenant)
    later()
    upkeep.remind()
    task = DBTaskResult.objects.get()
    assert task.args_kwargs == {"args": [str(cast.tenant.pk), str(issued.request.pk)], "kwargs": {}}


def test_a_request_that_is_gone_is_no_error(cast: Cast, work):
    factories.prepared("nina@bluebell.example", cast.tenant)
    later()
    upkeep.remind()
    with all_tenants(reason="a test's set-up"):
        ProvisioningRequest.objects.all().delete()
    work()
    assert (DBTaskResult.objects.get().status, mail.outbox) == ("SUCCESSFUL", [])


# The first visitor of a new property


def test_the_first_visitor_is_noticed_though_nobody_watches(live: Journey, google: Google, work):
    visits(google, live)
    assert upkeep.watch() == 0  # its owner has just left the page that watches
    change(live, created_at=timezone.now() - datetime.timedelta(hours=2), hit_look_at=None)
    assert (upkeep.watch(), upkeep.watch()) == (1, 0)
    work()
    assert (live.row().first_hit_at is None, codes(live)) == (False, ["first_hit"])


def test_what_nobody_visits_is_looked_at_once_an_hour_and_not_for_ever(live: Journey, google: Google, work):
    for hours, times in ((2, 1), (3, 1), (24 * 20, 0)):
        cache.clear()
        past = timezone.now() - datetime.timedelta(hours=hours)
        change(live, created_at=past, hit_look_at=past)
        assert upkeep.watch() == times
        work()
    assert live.row().first_hit_at is None
