"""Invitations in the admin: read, sent again and withdrawn, one or many; made and changed nowhere here."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import admin_invitations, invitations, tasks
from accounts.models import Invitation, User
from accounts.tenancy import all_tenants
from tests import factories
from tests.conftest import Cast
from tests.walk.pages import Page

LIST = "/admin/accounts/invitation/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def told(answer) -> list[str]:
    return [str(each) for each in answer.context["messages"]]


def at(row: Invitation, page: str) -> str:
    return reverse(f"admin:accounts_invitation_{page}", args=[row.pk])


@pytest.fixture
def staff(cast: Cast) -> Client:
    return signed_in(cast.dana)


@pytest.fixture
def owner(cast: Cast) -> Client:
    return signed_in(cast.olivia)


@pytest.fixture
def rows(cast: Cast) -> dict[str, Invitation]:
    """Three of alice's client and one of the other, sent an hour ago."""
    made = {
        "nora": factories.invited("nora@acme.example", cast.tenant).invitation,
        "otto": factories.invited("otto@acme.example", cast.tenant, "owner").invitation,
        "pia": factories.invited("pia@acme.example", cast.tenant).invitation,
        "rita": factories.invited("rita@rival.example", cast.other).invitation,
    }
    with all_tenants(reason="a test lets time pass"):
        invitations.withdraw(invitation=made["pia"])
        an_hour_ago = made["nora"].created_at - datetime.timedelta(hours=1)
        Invitation.objects.update(last_sent_at=an_hour_ago)
    return made


def choose(client: Client, action: str, *rows: Invitation):
    data = {"action": action, "_selected_action": [str(each.pk) for each in rows]}
    return client.post(LIST, data, follow=True)


def test_staff_see_those_of_their_clients_and_the_owner_all(staff: Client, owner: Client, rows):
    found = {
        person: sorted(each.email for each in client.get(LIST).context["cl"].result_list)
        for person, client in (("staff", staff), ("owner", owner))
    }
    mine = ["nora@acme.example", "otto@acme.example", "pia@acme.example"]
    assert found == {"staff": mine, "owner": [*mine, "rita@rival.example"]}
    assert b"Rival secret" not in staff.get(LIST).content


def test_by_state_and_by_words(owner: Client, rows):
    def found(**query: str) -> list[str]:
        return sorted(each.email[:4] for each in owner.get(LIST, query).context["cl"].result_list)

    assert found(state="withdrawn") == ["pia@"]
    assert found(state="waiting") == ["nora", "otto", "rita"]
    assert found(q="rival") == ["rita"]
    assert found(q="acme", state="waiting") == ["nora", "otto"]


def test_the_list_asks_the_same_for_four_and_for_thirty(
    owner: Client, rows, cast: Cast, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        owner.get(LIST)
    for number in range(30):
        factories.invited(f"guest{number}@acme.example", cast.tenant)
    with django_assert_num_queries(len(queries)):
        owner.get(LIST)


def test_one_is_sent_again_and_withdrawn_by_post_alone(staff: Client, rows):
    resend, withdraw = at(rows["nora"], "resend"), at(rows["nora"], "withdraw")
    assert [staff.get(url).status_code for url in (resend, withdraw)] == [405, 405]
    assert told(staff.post(resend, follow=True)) == ["An invitation went to nora@acme.example."]
    assert told(staff.post(resend, follow=True)) == ["A mail went out a moment ago."]
    assert told(staff.post(withdraw, follow=True)) == ["Withdrawn. Its links open nothing any more."]
    assert told(staff.post(resend, follow=True)) == ["This invitation has been accepted or withdrawn."]
    assert [each.to for each in mail.outbox] == [["nora@acme.example"]]


@pytest.mark.parametrize("page", ["change", "resend", "withdraw"])
def test_those_of_other_clients_are_not_there(staff: Client, owner: Client, rows, page: str):
    url = at(rows["rita"], page)
    assert (staff.post(url).status_code, mail.outbox) == (404, [])
    assert owner.post(url).status_code == 302


def test_none_is_made_or_changed_here(owner: Client, rows):
    assert owner.get(f"{LIST}add/").status_code == 403
    owner.post(at(rows["nora"], "change"), {"email": "mallory@evil.example", "role": "owner"})
    rows["nora"].refresh_from_db()
    assert (rows["nora"].email, rows["nora"].role) == ("nora@acme.example", "viewer")


def test_many_are_sent_again_at_once_but_none_of_other_clients_or_answered(staff: Client, rows):
    answer = choose(staff, "send_again", *rows.values())
    assert told(answer) == ["2 invitations were sent again."]
    assert sorted(each.to[0] for each in mail.outbox) == ["nora@acme.example", "otto@acme.example"]


def test_what_does_not_fit_into_one_request_is_sent_in_the_background(
    owner: Client, rows, cast: Cast, monkeypatch
):
    monkeypatch.setattr(admin_invitations, "AT_ONCE", 2)
    assert told(choose(owner, "send_again", *rows.values())) == [
        "2 invitations were sent again.",
        "1 more is sent in the background.",
    ]
    assert len(mail.outbox) == 2
    run_queued(tasks.send_invitations)
    assert sorted(each.to[0][:4] for each in mail.outbox) == ["nora", "otto", "rita"]
    assert set(history().values()) == {("Sent again.", "Sent again.", "Sent again.")}


def test_whoever_is_chosen_twice_gets_one_mail_from_the_background(owner: Client, rows, monkeypatch):
    monkeypatch.setattr(admin_invitations, "AT_ONCE", 0)
    for _ in range(2):
        choose(owner, "send_again", rows["nora"])
    with all_tenants(reason="a test lets time pass"):
        Invitation.objects.update(last_sent_at=timezone.now() - datetime.timedelta(hours=2))
    run_queued(tasks.send_invitations)
    assert [each.to for each in mail.outbox] == [["nora@acme.example"]]


def test_the_background_says_in_the_list_that_the_mail_server_did_not_answer(
    owner: Client, rows, monkeypatch, no_mail_server
):
    monkeypatch.setattr(admin_invitations, "AT_ONCE", 0)
    choose(owner, "send_again", rows["nora"], rows["pia"])
    run_queued(tasks.send_invitations)
    with all_tenants(reason="a test"):
        assert [each.email for each in Invitation.objects.filter(mail_waits=True)] == ["nora@acme.example"]


def run_queued(task) -> None:
    """Does what the worker would."""
    for queued in DBTaskResult.objects.filter(task_path=task.module_path):
        task.func(*queued.args_kwargs["args"], **queued.args_kwargs["kwargs"])


def history() -> dict[int, tuple[str, ...]]:
    """What the admin's history says, by who did it."""
    found: dict[int, tuple[str, ...]] = {}
    for entry in LogEntry.objects.order_by("pk"):
        found[entry.user_id] = (*found.get(entry.user_id, ()), entry.get_change_message())
    return found


def test_a_mail_server_that_does_not_answer_loses_nothing(owner: Client, rows, no_mail_server):
    answer = choose(owner, "send_again", *rows.values())
    assert told(answer) == [
        "The mail server does not answer. 3 are kept, and go out as soon as it does.",
    ]
    with all_tenants(reason="a test"):
        assert Invitation.objects.filter(mail_waits=True).count() == 3


def test_many_are_withdrawn_at_once(staff: Client, rows):
    assert told(choose(staff, "take_back", *rows.values())) == ["2 invitations were withdrawn."]
    assert LogEntry.objects.count() == 2
    states = {name: Invitation._base_manager.get(pk=row.pk).state for name, row in rows.items()}
    assert states == {"nora": "withdrawn", "otto": "withdrawn", "pia": "withdrawn", "rita": "waiting"}


def test_the_clients_page_lists_those_without_an_answer(staff: Client, rows, cast: Cast):
    page = staff.get(reverse("admin:accounts_tenant_change", args=[cast.tenant.pk])).content.decode()
    found = [email for email in ("nora@", "otto@", "pia@", "rita@") if email in page]
    assert found == ["nora@", "otto@"]


def test_a_clients_page_that_is_refused_says_what_was_answered_meanwhile(owner: Client, rows, cast: Cast):
    address = reverse("admin:accounts_tenant_change", args=[cast.tenant.pk])
    page = Page(owner.get(address).content.decode(), address)
    sent = next(form for form in page.forms if "slug" in form.names).fields
    with all_tenants(reason="a test's set-up"):
        shown_first = Invitation.objects.get(pk=dict(sent)["-2-0-id"])
        Invitation.objects.filter(pk=shown_first.pk).update(accepted_at=timezone.now())
    answer = owner.post(address, dict(sent) | {"slug": "a/b"})
    assert answer.status_code == 200
    assert "answered or withdrawn meanwhile" in answer.content.decode()
