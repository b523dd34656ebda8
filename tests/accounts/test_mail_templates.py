"""Whatever Google, a client or staff may supply is text in mails: in each template, as every variable."""

from __future__ import annotations

from collections.abc import Iterator
from email.header import decode_header, make_header
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import allauth
import pytest
from django.conf import settings as project
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template, render_to_string

from accounts import mails
from accounts.adapter import AccountAdapter

MARK = (
    "<x-mark onload='go()'>\"'& onload=go \r\nBcc: everybody@evil.example\n\u2028\u2029\x85"
    "\u202eevil\u2066 👩\u200d👧 <!--"
)
TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
TEMPLATES = (Path(project.BASE_DIR) / "templates", Path(allauth.__file__).parent / "templates")
ENDING = "_message.txt"
NAMES = sorted(
    {
        str(path.relative_to(root)).removesuffix(ENDING)
        for root in TEMPLATES
        for path in root.rglob(f"email/*{ENDING}")
        if not path.name.startswith("base_")
    }
)
CONSTANTS = ("True", "False", "None")


class Marked:
    """Marked in whatever way a template looks at it."""

    def __getitem__(self, name: Any) -> Marked:
        return Marked()

    def __iter__(self) -> Iterator[Marked]:
        return iter([self])

    def __str__(self) -> str:
        return MARK


class Everything(dict[str, Any]):
    """A context in which every name is known, and marked."""

    def __contains__(self, name: object) -> bool:
        return name not in CONSTANTS

    def __missing__(self, name: str) -> Any:
        return Marked()


def rendered(name: str) -> str:
    return str(get_template(name).template.render(Context(Everything())))


def html_of(name: str, text: str) -> str:
    """Its own, or the frame that the portal gives to those without."""
    try:
        return rendered(f"{name}_message.html")
    except TemplateDoesNotExist:
        return render_to_string("accounts/email/framed.html", {"text": text})


class Parsed(HTMLParser):
    """Every tag and every attribute that a mail's HTML has."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(name for name, _value in attrs)}

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.found.add("comment")


def test_a_mark_that_is_not_escaped_would_be_found():
    assert {"x-mark", "onload"} <= Parsed(f"<p>{MARK}</p>").found
    assert "onload" in Parsed(f'<a href="{MARK}">').found


def test_every_mail_is_looked_at():
    ours = {name for name in NAMES if name.startswith(("accounts/", "provisioning/", "admin/"))}
    assert {"accounts/email/invitation", "provisioning/email/tag", "provisioning/email/ended"} <= ours
    assert "account/email/login_code" in NAMES
    assert len(NAMES) > 25


@pytest.mark.parametrize("name", NAMES)
def test_in_html_it_is_text(name: str, db):
    parsed = Parsed(html_of(name, rendered(name + ENDING).strip()))
    assert parsed.found & {"x-mark", "onload", "comment"} == set()
    assert {"p", "body"} & parsed.found


@pytest.mark.parametrize("name", NAMES)
def test_in_plain_text_it_stands_as_it_is(name: str, db):
    text = rendered(name + ENDING)
    assert [each for each in ("&lt;", "&#x27;", "&quot;", "&amp;") if each in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_no_header_comes_of_it_and_the_order_of_letters_stays(name: str, db, monkeypatch):
    usual = render_to_string

    def marked(template: str, context: Any = None, *args: Any, **kwargs: Any) -> str:
        framed = template.endswith("framed.html")
        return usual(template, context) if framed else rendered(template)

    monkeypatch.setattr(mails, "render_to_string", marked)
    monkeypatch.setattr("allauth.account.adapter.render_to_string", marked)
    monkeypatch.setattr("accounts.adapter.render_to_string", marked)
    if name.startswith(("account/", "mfa/", "socialaccount/")):
        written = AccountAdapter().render_mail(name, "nora@acme.example", {})
    else:
        try:
            written = mails.written(name, "nora@acme.example", {})
        except TemplateDoesNotExist:  # sent by the adapter, in the frame
            written = AccountAdapter().render_mail(name, "nora@acme.example", {})
    mails.sent(written)
    (sent,) = mail.outbox
    message = sent.message()
    assert set(message.keys()) == {
        "Content-Type", "MIME-Version", "Subject", "From", "To", "Date", "Message-ID",
    }  # fmt: skip
    assert sent.recipients() == ["nora@acme.example"]
    subject = str(make_header(decode_header(message["Subject"])))
    texts = [subject, sent.body, *(part for part, _kind in sent.alternatives)]
    assert [each for each in "\r\n\x85\u2028\u2029" if each in subject] == []
    assert [each for each in TURNING if each in "".join(texts)] == []
    assert ("👩\u200d👧" in subject) == ("👩" in subject)
    assert Parsed(str(sent.alternatives[0][0])).found & {"x-mark", "onload", "comment"} == set()


def test_a_strange_address_to_answer_is_left_out():
    written = EmailMultiAlternatives("s", "b", to=["nora@acme.example"])
    for address, kept in (("alice@acme.example", ["alice@acme.example"]), (MARK, []), ("", [])):
        mails.answer_to(written, address)
        assert written.reply_to == kept
