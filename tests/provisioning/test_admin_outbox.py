"""The owner's list of unsent mails: to whom, since when and why, never what they say; and sent now."""

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django_tasks_db.models import DBTaskResult

from accounts import mails
from provisioning import admin_outbox
from provisioning.models import WaitingMail
from provisioning.requests import mails as request_mails
from tests import factories
from tests.accounts.stepping import sign_in
from tests.conftest import Cast
from tests.provisioning.outbox.test_backend import letter

LIST = "/admin/provisioning/waitingmail/"


@pytest.fixture
def kept(cast: Cast, no_mail_server) -> list[WaitingMail]:
    for name in "abc":
        mails.sent(letter(f"{name}@acme.example"))
    return list(WaitingMail.objects.order_by("to"))


@pytest.fixture
def owner(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.olivia)
    return client


def told(answer) -> list[str]:
    return [str(each) for each in answer.context["messages"]]


def choose(client: Client, *rows: WaitingMail):
    asked = {"action": "send_now", "_selected_action": [each.pk for each in rows]}
    return client.post(LIST, asked, follow=True)


def test_it_says_to_whom_and_why_and_not_what_it_says(owner: Client, kept):
    page = owner.get(LIST).content.decode()
    one = owner.get(f"{LIST}{kept[0].pk}/change/").content.decode()
    for text in (page, one):
        words = ["a@acme.example", "Für Sie 🎈", "The mail server does not answer.", "waits"]
        assert [each for each in words if each not in text] == []
        assert [each for each in ("marked-link", kept[0].sealed_mail) if each in text] == []


def test_others_do_not_see_it(cast: Cast, kept):
    for person, status in ((cast.dana, 403), (cast.alice, 302)):
        client = Client()
        client.force_login(person)
        answers = [client.get(LIST).status_code, choose_only(client, kept[0])]
        assert answers == [status, status]
    assert (mail.outbox, WaitingMail.objects.count()) == ([], 3)


def choose_only(client: Client, row: WaitingMail) -> int:
    return client.post(LIST, {"action": "send_now", "_selected_action": [row.pk]}).status_code


def test_what_is_chosen_is_sent_now(owner: Client, kept, settings):
    settings.DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    WaitingMail.objects.filter(pk=kept[1].pk).update(state="refused", trouble="address")
    assert told(choose(owner, *kept[:2])) == ["2 mails went out."]
    assert sorted(each.to for each in mail.outbox) == [["a@acme.example"], ["b@acme.example"]]
    assert [each.to for each in WaitingMail.objects.all()] == ["c@acme.example"]


def test_while_the_mail_server_is_away_it_is_said(owner: Client, kept):
    assert told(choose(owner, *kept)) == ["3 did not go out: the list says why."]
    assert set(WaitingMail.objects.values_list("tries", flat=True)) == {2}


def test_more_than_somebody_waits_for_go_to_the_worker(owner: Client, kept, settings, monkeypatch):
    settings.DELIVERY_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    monkeypatch.setattr(admin_outbox, "AT_ONCE", 1)
    assert told(choose(owner, *kept)) == ["1 mail went out.", "2 are sent in the background."]
    queued = [each.task_path for each in DBTaskResult.objects.all()]
    assert queued == ["provisioning.outbox.sending.send_due"]


def test_it_cannot_be_written_or_changed(owner: Client, kept):
    assert owner.get(f"{LIST}add/").status_code == 403
    owner.post(f"{LIST}{kept[0].pk}/change/", {"to": "evil@evil.example", "sealed_mail": "x"})
    kept[0].refresh_from_db()
    assert kept[0].to == "a@acme.example"


def test_absent_is_404(owner: Client, db):
    address = reverse("admin:provisioning_waitingmail_change", args=["00000000-0000-4000-8000-000000000000"])
    assert owner.get(address).status_code == 404


def test_a_code_is_in_no_list(cast: Cast, owner: Client, no_mail_server, monkeypatch):
    cache.clear()
    monkeypatch.setattr(
        "allauth.account.adapter.DefaultAccountAdapter.generate_login_code", lambda self: "MRKD77"
    )
    monkeypatch.setattr("accounts.views.security.generate_user_code", lambda: "MRKD77")
    Client().post("/accounts/login/code/", {"email": "bob@acme.example"})
    client, _ = sign_in(cast.alice)
    client.post("/accounts/security/by-mail/", {"send": "yes"})
    issued = factories.prepared("nina@acme.example", cast.tenant)
    request_mails.send_code(request=issued.request, code="MRKD77", google_email="x@y.example")
    assert [each.title for each in WaitingMail.objects.all()] == ["A code"] * 3
    page = owner.get(LIST).content.decode()
    assert "MRKD77" not in page + str(list(WaitingMail.objects.values()))
