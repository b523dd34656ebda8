"""The tag by mail: to whom it is asked for, a few times a day, and nobody learns their address."""

from __future__ import annotations

import datetime

import pytest
from django.core import mail
from django.utils import timezone

from accounts.tenancy import all_tenants
from provisioning.models import RequestEvent, WaitingMail
from provisioning.requests import tag_mails
from tests import factories
from tests.conftest import Cast

DEVELOPER = "dev@studio.example"
ALICE = "alice@acme.example"


@pytest.fixture
def done(cast: Cast, in_tenant):
    """A request whose tag is made."""
    return factories.RequestFactory(
        tenant=cast.tenant, user=cast.alice, website="https://acme.example", measurement_id="G-1A2B"
    )


def send(done, to: str = DEVELOPER) -> None:
    tag_mails.send(request=done, to=to, sender=ALICE)


def test_the_mail_has_all_that_is_needed_in_both_forms(done):
    send(done)
    (sent,) = mail.outbox
    (html,) = (str(each.content) for each in sent.alternatives)
    assert (sent.to, sent.reply_to, sent.subject) == (
        [DEVELOPER], [ALICE], "The Google tag for https://acme.example",
    )  # fmt: skip
    assert "<script async src=" in sent.body
    assert "&lt;script async src=" in html
    for text in (sent.body, html):
        assert "G-1A2B" in text
        assert "analytics_storage" in text
        assert "googletagmanager.com/gtag/js?id=G-1A2B" in text


def test_history_says_who_sent_and_not_to_whom(done):
    send(done)
    (event,) = RequestEvent.objects.filter(request=done)
    assert (event.code, event.who, event.detail) == ("tag_mailed", ALICE, "")


def test_a_client_sends_few_a_day(done, cast: Cast):
    other = factories.RequestFactory(tenant=cast.tenant, measurement_id="G-2")
    for each in [done, other] * 2 + [done]:
        send(each)
    with pytest.raises(tag_mails.TooMany):
        send(other)
    assert len(mail.outbox) == tag_mails.MOST_A_DAY
    RequestEvent.objects.update(at=timezone.now() - datetime.timedelta(days=1))
    send(other)
    assert len(mail.outbox) == tag_mails.MOST_A_DAY + 1


def test_what_other_clients_send_counts_for_them(done, cast: Cast):
    with all_tenants(reason="a test's set-up"):
        theirs = factories.RequestFactory(tenant=cast.other, measurement_id="G-3")
        for _ in range(tag_mails.MOST_A_DAY):
            send(theirs)
    send(done)


def test_without_a_mail_server_it_waits(done, no_mail_server):
    send(done)
    assert WaitingMail.objects.count() == 1
