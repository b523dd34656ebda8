"""What becomes of a mail when the mail server takes it, is away, refuses, is mute, or hangs up half-way."""

import datetime
from typing import Any

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.db import transaction
from django.utils import timezone

from accounts import mails
from accounts.mails import Fate, Marks
from accounts.models import AuditEntry
from accounts.tenancy import all_tenants
from provisioning.models import WaitingMail
from provisioning.outbox import flows, sending
from tests.conftest import Cast
from tests.mail_server import HANG_UP, MailServer

NORA = "nora@acme.example"


def letter(to: str = NORA, marks: Marks | None = None) -> EmailMultiAlternatives:
    mail = EmailMultiAlternatives("Für Sie 🎈", "https://marked-link/ – täglich", to=[to])
    mail.attach_alternative("<p>https://marked-link/</p>", "text/html")
    mails.mark(mail, marks or Marks())
    return mail


def waits() -> list[tuple[str, str, int]]:
    return list(WaitingMail.objects.order_by("created_at").values_list("state", "trouble", "tries"))


def make_due() -> None:
    """As if the time for the next try had come."""
    WaitingMail.objects.update(try_at=timezone.now() - datetime.timedelta(seconds=1))


def lease_over() -> None:
    """As if whoever had it in hand had died long ago."""
    WaitingMail.objects.update(leased_until=timezone.now() - datetime.timedelta(seconds=1))


def test_what_is_taken_leaves_nothing(db, server: MailServer):
    assert mails.sent(letter()) is Fate.SENT
    assert ([each["To"] for each in server.taken], waits()) == ([NORA], [])
    assert server.ids[0].endswith("@testserver>")


def same(first, second) -> bool:
    """Header by header and part by part; the boundary between parts alone is drawn anew."""
    heads = [[(k, v) for k, v in each.items() if k != "Content-Type"] for each in (first, second)]
    bodies = [[part.get_payload(decode=True) for part in each.walk()] for each in (first, second)]
    return heads[0] == heads[1] and bodies[0] == bodies[1]


def test_killed_between_sending_and_crossing_out_it_goes_out_once_more_as_the_same_mail(
    db, server: MailServer, monkeypatch
):
    class Killed(BaseException):
        pass

    def die(self: WaitingMail) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(WaitingMail, "delete", die)
        with pytest.raises(Killed):
            mails.sent(letter())
    assert sending.send() == 0  # somebody may still have it in hand
    lease_over()
    assert (sending.send(), sending.send()) == (1, 0)
    assert (len(server.taken), same(*server.taken), waits()) == (2, True, [])


def test_the_first_try_and_a_later_one_are_the_same_mail(db, server: MailServer):
    server.says["."] = HANG_UP  # it has it, and we do not know
    assert mails.sent(letter()) is Fate.WAITING
    assert waits() == [("waiting", "away", 1)]
    server.says.clear()
    make_due()
    assert sending.send() == 1
    assert (len(server.taken), len(set(server.ids)), same(*server.taken)) == (2, 1, True)


@pytest.mark.parametrize(
    ("command", "reply", "trouble"),
    [
        ("EHLO", HANG_UP, "away"),
        ("MAIL", "451 later", "busy"),
        ("MAIL", "550 not you", "sender"),
        ("RCPT", "450 greylisted", "busy"),
        ("DATA", "421 closing", "busy"),
        (".", "452 full", "busy"),
        (".", HANG_UP, "away"),
    ],
)
def test_what_may_pass_waits(command: str, reply: str, trouble: str, db, server: MailServer):
    server.says[command] = reply
    assert mails.sent(letter()) is Fate.WAITING
    assert waits() == [("waiting", trouble, 1)]


@pytest.mark.parametrize("command", ["RCPT", "."])
def test_what_is_refused_for_good_is_told_and_does_not_wait(command: str, cast: Cast, server: MailServer):
    server.says[command] = "550 nobody here: marked-link"
    assert mails.sent(letter()) is Fate.REFUSED
    assert waits() == []
    with all_tenants(reason="a test looks"):
        assert [each.target for each in AuditEntry.objects.filter(kind="people.not_reached")] == [NORA]


def test_one_that_says_nothing_is_waited_for_once(db, server: MailServer, settings):
    settings.EMAIL_TIMEOUT = 0.2
    server.greets = False
    with get_connection() as connection:
        assert connection.send_messages([letter(), letter("otto@acme.example")]) == 0
    assert (server.calls, waits()) == (1, [("waiting", "away", 1)] * 2)


def test_without_a_mail_server_one_try_is_made_for_many(db, no_mail_server):
    with get_connection() as connection:
        assert connection.send_messages([letter() for _ in range(3)]) == 0
    assert waits() == [("waiting", "away", 1)] * 3


def test_an_address_that_is_refused_keeps_nobody_elses_mail(db, server: MailServer):
    server.says["MAIL"] = "451 later"
    for name in "abc":
        mails.sent(letter(f"{name}@acme.example"))
    server.says = {"RCPT": "550 nobody here"}
    make_due()
    assert (sending.send(), [state for state, *_rest in waits()]) == (0, ["refused"] * 3)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_inside_a_transaction_it_goes_out_when_that_has_succeeded(server: MailServer):
    with transaction.atomic():
        assert mails.sent(letter()) is Fate.SENT
        assert server.taken == []
    assert (len(server.taken), waits()) == (1, [])


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_a_transaction_that_failed_nothing_goes_out(server: MailServer):
    with pytest.raises(ZeroDivisionError):
        _send_and_fail()
    assert (server.calls, waits()) == (0, [])


def _send_and_fail() -> None:
    with transaction.atomic():
        mails.sent(letter())
        raise ZeroDivisionError


def test_of_several_about_the_same_the_newest_alone_waits(db, no_mail_server):
    for _ in range(3):
        mails.sent(letter(marks=Marks(about="invitation:1")))
    mails.sent(letter(marks=Marks(about="invitation:2")))
    assert sorted(WaitingMail.objects.values_list("about", flat=True)) == ["invitation:1", "invitation:2"]
    mails.take_back("invitation:1")
    assert [each.about for each in WaitingMail.objects.all()] == ["invitation:2"]


def test_the_database_shows_nothing_of_what_it_says(db, no_mail_server):
    mails.sent(letter(marks=Marks(title="A code")))
    row = WaitingMail.objects.values().get()
    assert (row["title"], "marked-link" in str(row), "Für Sie" in str(row)) == ("A code", False, False)
    assert row["sealed_mail"].startswith("v1:test:")


def test_the_log_shows_nothing_of_what_it_says(db, server: MailServer, caplog):
    server.says["."] = "554 spam: https://marked-link/ Für Sie"
    mails.sent(letter())
    assert ("SMTPDataError [554]" in caplog.text, "marked-link" in caplog.text) == (True, False)


def test_a_mail_that_cannot_be_written_down_is_not_kept(db, server: MailServer):
    mail = EmailMessage("A\nBcc: everybody@evil.example", "x", to=[NORA])
    with pytest.raises(ValueError, match="Header values"):
        mails.sent(mail)
    assert (waits(), server.taken) == ([], [])


def test_pauses_grow(db, no_mail_server):
    mails.sent(letter())
    found: list[int] = []
    for _ in range(9):
        row = WaitingMail.objects.get()
        found.append(round((row.try_at - timezone.now()).total_seconds() / 60))
        make_due()
        sending.send()
    assert found == [1, 2, 5, 10, 20, 30, 60, 60, 60]
    assert datetime.timedelta(days=4) < flows.KEPT_FOR


def test_a_lease_is_one_senders(db, no_mail_server):
    mails.sent(letter())
    row: Any = WaitingMail.objects.get()
    assert [flows.claim(mail=row) for _ in range(2)] == [True, False]
    lease_over()
    assert flows.claim(mail=row)
