"""A client's owner brings colleagues in, by mail: somebody new, somebody known, and somebody by a code."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import requests
from playwright.sync_api import expect

from tests.browser.visitor import NewVisitor, Visitor
from tests.installation import PASSWORD, Installation

NINO, SAM = "nino@osteria.example", "sam@marlow.example"


def last_mail(site: Installation, to: str) -> EmailMessage:
    files = sorted((site.folder / "mail").iterdir(), key=lambda file: file.stat().st_mtime_ns)
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    return [mail for mail in mails if mail["To"] == to][-1]


def text(mail: EmailMessage) -> str:
    body = mail.get_body(["plain"])
    assert body
    return str(body.get_content())


def link(site: Installation, to: str) -> str:
    return re.findall(rf"{re.escape(site.url)}/invitations/\S+", text(last_mail(site, to)))[0]


def invite(owner: Visitor, email: str) -> None:
    owner.page.goto("/clients/osteria/people/")
    owner.page.get_by_label("E-mail address").fill(email)
    owner.page.get_by_role("button", name="Send the invitation").click()
    owner.sees(f"An invitation went to {email}.")


def test_somebody_new_comes_in_from_the_mail(visitor: NewVisitor, site: Installation):
    nino = visitor(NINO)
    nino.page.goto("/clients/osteria/")
    nino.page.locator(".person summary").click()
    nino.page.get_by_role("link", name=re.compile("^People of ")).click()
    nino.look("people")
    invite(nino, "maria@osteria.example")
    nino.look("people-invited")

    address = link(site, "maria@osteria.example")
    for _ in range(2):
        assert requests.get(address, timeout=10).status_code == 200  # a mail scanner's visit
    maria = visitor()
    maria.page.goto(address)
    maria.look("invitation")
    maria.page.get_by_label("Choose a password").fill("short")
    maria.page.get_by_role("button", name="Accept and sign in").click()
    maria.sees("This password is too short. It must contain at least 10 characters.")
    maria.look("invitation-refused")
    maria.page.get_by_label("Choose a password").fill("a password of my own")
    maria.page.get_by_role("button", name="Accept and sign in").click()
    expect(maria.page).to_have_url(re.compile(rf"^{re.escape(site.url)}/(clients/osteria/.*)?$"))
    maria.page.goto(address)
    maria.sees("This invitation has been accepted.")
    maria.look("invitation-accepted")


def test_somebody_known_signs_in_and_accepts_with_one_click(visitor: NewVisitor, site: Installation):
    invite(visitor(NINO), SAM)
    address = link(site, SAM)
    sam = visitor()
    sam.page.goto(address)
    sam.look("invitation-known")
    sam.page.get_by_role("link", name="Sign in", exact=True).click()
    sam.page.get_by_label("Email").fill(SAM)
    sam.page.get_by_label("Password").fill(PASSWORD)
    sam.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(sam.page).to_have_url(address)
    sam.page.get_by_role("button", name="Accept").click()
    sam.page.goto("/clients/osteria/")
    expect(sam.page.locator("h1")).to_be_visible()

    other = visitor(NINO)
    invite(other, "somebody@osteria.example")
    other.page.goto(link(site, "somebody@osteria.example"))
    other.sees("This invitation is for another address.")
    other.look("invitation-other")

    other.page.goto("/clients/osteria/people/")
    other.page.get_by_role("button", name=f"Make {SAM} an owner").click()
    other.sees(f"{SAM} is now: owner.")
    sam.page.goto("/clients/osteria/people/")
    sam.look("people-owners")
    other.page.get_by_role("button", name=f"Remove {SAM}").click()
    other.sees(f"{SAM} does not see")
    sam.expected.add(404)
    sam.page.goto("/clients/osteria/")
    sam.sees("There is nothing at this address.")


def test_withdrawn_the_link_says_so(visitor: NewVisitor, site: Installation):
    nino = visitor(NINO)
    invite(nino, "late@osteria.example")
    nino.page.get_by_role("button", name="Withdraw the invitation of late@osteria.example").click()
    nino.sees("Its links open nothing any more.")
    late = visitor()
    late.page.goto(link(site, "late@osteria.example"))
    late.sees("This invitation was taken back.")
    late.look("invitation-withdrawn")


def test_a_code_by_mail_instead_of_a_password(visitor: NewVisitor, site: Installation):
    email = "coder@osteria.example"
    site.add_person(email, "viewer", "osteria")
    person = visitor()
    person.page.goto("/clients/osteria/")
    person.page.get_by_role("link", name="Sign in with a code by mail instead").click()
    person.look("code")
    person.page.get_by_label("Email").fill(email)
    person.page.get_by_role("button", name="Send me a code").click()
    person.look("code-enter")
    person.page.get_by_label("Code").fill(str(last_mail(site, email)["Subject"]).split()[0])
    person.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(person.page).to_have_url(f"{site.url}/clients/osteria/")
