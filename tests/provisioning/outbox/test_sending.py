"""What tick and worker do with mails that wait, when they give up, and who hears of it."""

import datetime

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import invitation_mail, invitations, mails
from accounts.mails import Marks
from accounts.models import AuditEntry, Invitation
from accounts.tenancy import all_tenants
from provisioning.models import WaitingMail
from provisioning.outbox import flows, sending
from provisioning.requests import mails as request_mails
from tests import factories
from tests.conftest import Cast
from tests.mail_server import MailServer
from tests.provisioning.outbox.test_backend import letter, make_due, waits


def age(by: datetime.timedelta) -> None:
    """As if all mails had waited so much longer."""
    for row in WaitingMail.objects.all():
        row.created_at, row.expires_at = row.created_at - by, row.expires_at - by
        row.ended_at = row.ended_at and row.ended_at - by
        row.save()


def not_reached() -> list[str]:
    with all_tenants(reason="a test looks"):
        return list(AuditEntry.objects.filter(kind="people.not_reached").values_list("target", flat=True))


def test_tick_asks_the_worker_once_for_what_is_due(db, no_mail_server):
    mails.sent(letter())
    asked = [sending.queue()]
    make_due()
    asked += [sending.queue(), sending.queue()]
    assert (asked, [each.task_path for each in DBTaskResult.objects.all()]) == (
        [0, 1, 0],
        ["provisioning.outbox.sending.send_due"],
    )


def test_the_worker_sends_all_that_is_due_over_one_connection(db, server: MailServer):
    server.says["MAIL"] = "451 later"
    for name in "abc":
        mails.sent(letter(f"{name}@acme.example"))
    server.says.clear()
    server.calls = 0
    make_due()
    sending.send_due.func()
    assert (server.calls, len(server.taken), waits(), sending.waiting()) == (1, 3, [], 0)


def test_while_the_mail_server_is_away_all_wait_on(db, server: MailServer, settings):
    server.says["MAIL"] = "451 later"
    for name in "abc":
        mails.sent(letter(f"{name}@acme.example"))
    settings.EMAIL_PORT = 9
    make_due()
    assert (sending.send(), waits()) == (0, [("waiting", "away", 2)] * 3)


def test_one_that_hangs_up_is_not_asked_for_each(db, server: MailServer):
    server.says["MAIL"] = "451 later"
    for name in "abc":
        mails.sent(letter(f"{name}@acme.example"))
    server.says, server.calls = {"EHLO": "hang up"}, 0
    make_due()
    assert (sending.send(), server.calls) == (0, 1)
    assert waits() == [("waiting", "away", 2), ("waiting", "busy", 1), ("waiting", "busy", 1)]


def test_after_five_days_it_is_given_up_and_said(cast: Cast, no_mail_server, caplog):
    mails.sent(letter())
    age(datetime.timedelta(days=4, hours=23))
    assert sending.give_up() == 0
    age(datetime.timedelta(hours=2))
    assert (sending.give_up(), sending.give_up()) == (1, 0)
    assert (waits(), not_reached()) == ([("given_up", "away", 1)], ["nora@acme.example"])
    assert ("is not tried any more: away" in caplog.text, sending.lost(), sending.waiting()) == (True, 1, 0)
    age(sending.SHOWN_FOR + datetime.timedelta(hours=1))
    assert (sending.give_up(), waits()) == (1, [])


def test_a_code_that_has_run_out_is_nobodys_concern(cast: Cast, no_mail_server):
    mails.sent(letter(marks=Marks(title="A code", good_for=datetime.timedelta(minutes=15))))
    make_due()
    age(datetime.timedelta(minutes=16))
    assert (sending.send(), sending.give_up(), waits(), not_reached()) == (0, 1, [], [])


def test_one_that_cannot_be_opened_stops_no_other(cast: Cast, server: MailServer):
    server.says["MAIL"] = "451 later"
    mails.sent(letter("a@acme.example"))
    mails.sent(letter("b@acme.example"))
    server.says.clear()
    WaitingMail.objects.filter(to="a@acme.example").update(sealed_mail="v1:test:damaged")
    make_due()
    assert sending.send() == 1
    assert ([each["To"] for each in server.taken], waits()) == (
        ["b@acme.example"],
        [("given_up", "unreadable", 0 + 1)],
    )


@pytest.fixture
def invited(cast: Cast, no_mail_server) -> Invitation:
    issued = factories.invited("nora@acme.example", cast.tenant)
    with all_tenants(reason="a test's set-up"):
        invitation_mail.send(issued)
    return Invitation._base_manager.get()


def test_an_invitation_that_goes_out_late_says_so_no_more(invited, server: MailServer):
    make_due()
    assert (invited.mail_waits, sending.send()) == (True, 1)
    invited.refresh_from_db()
    assert (invited.mail_waits, invited.last_sent_at is None) == (False, False)


def test_an_invitation_that_is_refused_later_says_so(invited, server: MailServer):
    server.says["RCPT"] = "550 nobody here"
    make_due()
    assert sending.send() == 0
    invited.refresh_from_db()
    assert (invited.mail_waits, invited.last_sent_at, not_reached()) == (False, None, ["nora@acme.example"])


def test_an_invitation_that_is_taken_back_is_not_sent(invited, server: MailServer):
    with all_tenants(reason="a test"):
        invitations.withdraw(invitation=invited)
    make_due()
    assert (sending.send(), server.taken, waits()) == (0, [], [])


def test_a_request_whose_link_is_refused_says_so_in_its_history(cast: Cast, server: MailServer):
    issued = factories.prepared("nina@acme.example", cast.tenant)
    server.says["MAIL"] = "451 later"
    with all_tenants(reason="a test"):
        request_mails.invite(issued)
        server.says = {"RCPT": "550 nobody here"}
        make_due()
        sending.send()
        assert issued.request.events.last().code == "mail_refused"


def test_staff_who_mended_it_have_it_sent_again(cast: Cast, server: MailServer):
    server.says["MAIL"] = "451 later"
    mails.sent(letter())
    server.says = {"RCPT": "550 relaying denied"}
    make_due()
    sending.send()
    assert waits() == [("refused", "address", 1)]
    server.says.clear()
    rows = list(WaitingMail.objects.all())
    flows.try_again(mails=rows)
    assert (sending.send(WaitingMail.objects.all()), waits()) == (1, [])


def test_a_run_that_takes_long_leaves_the_rest_to_the_next(db, server: MailServer, monkeypatch):
    server.says["MAIL"] = "451 later"
    mails.sent(letter())
    server.says.clear()
    make_due()
    monkeypatch.setattr(sending, "AT_MOST_SECONDS", -1)
    assert (sending.send(), server.taken, sending.waiting()) == (0, [], 1)


def test_it_is_only_sent_by_whoever_has_the_lease(db, server: MailServer):
    server.says["MAIL"] = "451 later"
    mails.sent(letter())
    server.says.clear()
    make_due()
    due = list(sending._due())
    WaitingMail.objects.update(leased_until=timezone.now() + flows.LEASE)
    assert (sending.send(due), server.taken, sending.send()) == (0, [], 0)
