"""What an invitation's mail says, in text and HTML: who asks, to what, until when, and the link."""

import pytest
from django.core import mail
from django.utils.formats import date_format

from accounts import invitation_mail
from accounts.admin_invitations import state_in_words
from accounts.mails import Fate
from accounts.models import Invitation
from tests import factories
from tests.conftest import Cast


@pytest.fixture
def issued(cast: Cast):
    return factories.invited("nora@acme.example", cast.tenant)


def test_it_says_who_asks_to_what_and_until_when(issued, in_tenant):
    assert invitation_mail.send(issued) is Fate.SENT
    message = mail.outbox[0]
    html = message.alternatives[0][0]
    until = date_format(issued.invitation.expires_at, "DATE_FORMAT")
    assert message.to == ["nora@acme.example"]
    assert message.subject == "Northlight invites you to see how Acme is doing"
    for text in (message.body, html):
        needed = ["alice@acme.example", "Northlight", "Acme", until, "hello@northlight.example",
                  f"http://testserver/invitations/{issued.token.value}/"]  # fmt: skip
        assert [word for word in needed if word not in text] == []


def test_names_are_text_in_html_and_unescaped_in_plain(issued, in_tenant, cast: Cast):
    issued.invitation.tenant.name = "Nino & <b>Söhne</b>"
    invitation_mail.send(issued)
    assert "Nino & <b>Söhne</b>" in mail.outbox[0].body
    assert "Nino &amp; &lt;b&gt;Söhne&lt;/b&gt;" in mail.outbox[0].alternatives[0][0]


def test_a_name_with_a_line_break_adds_no_header(issued, in_tenant):
    issued.invitation.tenant.name = "Acme\nBcc: everybody@evil.example"
    invitation_mail.send(issued)
    assert mail.outbox[0].subject.startswith("Northlight invites you to see how Acme Bcc:")
    assert mail.outbox[0].recipients() == ["nora@acme.example"]


def test_logo_and_colour_stand_in_it(issued, in_tenant):
    look = factories.branded()
    invitation_mail.send(issued)
    html = mail.outbox[0].alternatives[0][0]
    assert f'src="http://testserver/logo-{look.logo_digest}"' in html
    assert "background:#0044cc;color:#ffffff" in html


def test_when_it_does_not_go_out_the_invitation_stays_and_says_so(issued, in_tenant, no_mail_server, caplog):
    assert invitation_mail.send(issued) is Fate.WAITING
    row = Invitation.objects.get()
    assert (row.state, row.mail_waits, state_in_words(row)) == (
        "waiting",
        True,
        "its mail waits for the mail server",
    )
    assert issued.token.value not in caplog.text
