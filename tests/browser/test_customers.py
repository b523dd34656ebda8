"""Customers come by a link, sign in by nothing but Google, and leave with a dashboard; somebody else at the
link shows first that the mailbox agrees."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import expect

from tests.browser.google import GooglePages
from tests.browser.test_invitations import last_mail, text
from tests.browser.visitor import NewVisitor, Visitor
from tests.installation import PASSWORD, Installation

DETAILS = {
    "account_name": "Trattoria",
    "property_name": "Trattoria",
    "website": "https://trattoria.example",
    "view_name": "The site",
    "time_zone": "Europe/Rome",
}
PREPARE = """
from accounts.models import Tenant
from accounts.tenancy import all_tenants
from provisioning.requests import mails, preparing
with all_tenants(reason="a test's set-up"):
    tenant = Tenant.objects.get(slug="osteria")
    by = "olivia@northlight.example"
    mails.invite(preparing.prepare(tenant=tenant, way="details_first", prepared_by=by, **{known!r}))
"""


def invite(site: Installation, email: str, **known: Any) -> str:
    """Staff prepare a request; the address in the customer's mail."""
    known = {"email": email, "details": DETAILS, "skips_form": True} | known
    site.manage("shell", "-v0", "-c", PREPARE.format(known=known))
    return re.findall(rf"{re.escape(site.url)}/provisioning/invite/\S+", text(last_mail(site, email)))[0]


def at_google(visitor: NewVisitor, address: str, email: str) -> tuple[Visitor, GooglePages]:
    """Somebody opens the link, begins, and consents at Google."""
    guest = visitor()
    guest.page.goto(address)
    guest.look(f"customer-link-{email.partition('@')[0]}")
    guest.page.get_by_role("button", name="Begin").click()
    google = GooglePages(guest.page)
    google.sign_in(email)
    google.consent()
    return guest, google


def heading(guest: Visitor, words: str) -> None:
    expect(guest.page.get_by_role("heading", level=1)).to_have_text(words)


def test_from_the_mail_to_a_dashboard_and_in_again_by_google(visitor: NewVisitor, site: Installation):
    maria = "maria@trattoria.example"
    guest, google = at_google(visitor, invite(site, maria), maria)
    google.answer()
    heading(guest, "Your Analytics is ready.")
    guest.page.goto("/accounts/google/")
    heading(guest, "How you sign in")
    guest.look("sign-in-methods")

    again = visitor()
    again.page.goto("/accounts/login/")
    again.look("sign-in-with-google")
    again.page.get_by_role("button", name="Sign in with Google").click()
    google = GooglePages(again.page)
    google.sign_in(maria)
    google.consent()
    expect(again.page).to_have_url(re.compile(rf"^{re.escape(site.url)}/(clients/osteria/.*)?$"))


def test_at_another_address_a_code_from_the_invited_mailbox_is_needed(
    visitor: NewVisitor, site: Installation
):
    guest, google = at_google(visitor, invite(site, "boss@trattoria.example"), "web@studio.example")
    heading(guest, "Two addresses: are both yours?")
    guest.look("customer-code")
    guest.page.get_by_role("button", name="Send a code to boss@trattoria.example").click()
    guest.page.get_by_label("Code").fill("WRONG-ONE")
    guest.page.get_by_role("button", name="Go on").click()
    guest.sees("That is not the code, or it is too old.")
    guest.look("customer-code-wrong")
    code = str(last_mail(site, "boss@trattoria.example")["Subject"]).split()[0]
    guest.page.get_by_label("Code").fill(code)
    guest.page.get_by_role("button", name="Go on").click()
    google.answer()
    heading(guest, "Your Analytics is ready.")


def test_who_has_an_account_signs_in_to_it_and_goes_on(visitor: NewVisitor, site: Installation):
    site.add_person("luca@trattoria.example", "viewer", "marlow")
    guest, google = at_google(visitor, invite(site, "luca@trattoria.example"), "luca@trattoria.example")
    heading(guest, "You have an account here already.")
    guest.look("customer-known")
    guest.page.get_by_role("link", name="Sign in", exact=True).click()
    guest.page.get_by_label("Email").fill("luca@trattoria.example")
    guest.page.get_by_label("Password").fill(PASSWORD)
    guest.page.get_by_role("button", name="Sign in", exact=True).click()
    google.answer()
    heading(guest, "Your Analytics is ready.")
