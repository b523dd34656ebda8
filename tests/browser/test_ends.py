"""Each way that a request for Google Analytics can end before its time, and how it is taken up again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.google import GooglePages
from tests.browser.test_provisioning import begin, fill_in, go_on, is_live
from tests.browser.visitor import NewVisitor
from tests.installation import Installation, fetch

LATER = "Google could not do this just now."
EXPIRE = """
from accounts.tenancy import all_tenants
from provisioning.models import ProvisioningRequest
from provisioning.requests import record
with all_tenants(reason="a test's tick finds that a ticket has run out"):
    request = ProvisioningRequest.objects.get(account_name={name!r})
    record.ended(request, "expired", "ticket_expired", who="tick")
"""


@pytest.fixture
def fails(site: Installation):
    """Has Google fail at one path from now on, and at no other."""

    def at(path: str) -> None:
        fetch(f"{site.google}/_sandbox/faults", "DELETE")
        if path:
            fault = {"path": path, "method": "POST", "reason": "rateLimitExceeded"}
            fetch(f"{site.google}/_sandbox/faults", "POST", fault)

    return at


def test_each_step_that_fails_is_taken_up_where_it_failed(visitor: NewVisitor, fails):
    nino = begin(visitor, "Create an account")
    heading = nino.page.get_by_role("heading", level=1)
    google = GooglePages(nino.page)
    fails("provisionAccountTicket$")
    fill_in(nino, "Osteria tenace")
    google.sign_in("tenace@osteria.example")
    google.consent()
    expect(heading).to_have_text(LATER)
    nino.look("provisioning-failed-ticket")
    fails("/v1beta/properties$")
    go_on(nino, "Go on")
    go_on(nino)
    google.answer()
    expect(heading).to_have_text(LATER)
    for path, look in (("/dataStreams$", "stream"), ("/accessBindings$", "share")):
        fails(path)
        go_on(nino, "Go on")
        expect(heading).to_have_text(LATER)
        nino.look(f"provisioning-failed-{look}")
    fails("")
    go_on(nino, "Go on")
    is_live(nino)


def test_what_was_cancelled_or_ran_out_goes_on_where_it_was(visitor: NewVisitor, site: Installation):
    nino = begin(visitor, "Create an account")
    heading = nino.page.get_by_role("heading", level=1)
    google = GooglePages(nino.page)
    fill_in(nino, "Osteria lenta")
    google.sign_in("lenta@osteria.example")
    google.consent()
    expect(nino.page.get_by_role("heading", name=re.compile("Terms of Service"))).to_be_visible()
    nino.page.goto("/provisioning/")
    nino.page.get_by_role("link", name="Go on").first.click()
    go_on(nino, "Cancel this request")
    expect(heading).to_have_text("This request was cancelled.")
    nino.look("provisioning-cancelled")
    go_on(nino, "Go on")
    expect(heading).to_have_text("Your Analytics account is almost there.")
    site.manage("shell", "-v", "0", "-c", EXPIRE.format(name="Osteria lenta"))
    nino.page.reload()
    expect(heading).to_have_text("The page with Google's terms has expired.")
    nino.look("provisioning-expired")
    go_on(nino, "To Google's terms")
    google.answer()
    is_live(nino)


def test_an_organisations_policy_and_another_account(visitor: NewVisitor, site: Installation):
    nino = begin(visitor, "Sign in at Google first")
    google = GooglePages(nino.page)
    ends = {"outcome": "admin_policy_enforced", "email": "policy@osteria.example", "count": 1}
    fetch(f"{site.google}/_sandbox/consent", "POST", ends)
    nino.expected |= {400}
    go_on(nino)
    google.sign_in("policy@osteria.example")
    nino.sees("Error 400: admin_policy_enforced")  # on Google's own page, which leads nowhere
    nino.page.goto("/provisioning/")
    nino.page.get_by_role("link", name="Go on").first.click()
    go_on(nino)
    google.sign_in("free@osteria.example")
    google.consent()
    expect(nino.page.get_by_label("Account name")).to_be_visible()


def test_what_an_installation_needs_is_ticked_off(visitor: NewVisitor):
    olivia = visitor("olivia@northlight.example")
    olivia.page.goto("/admin/google/")
    expect(olivia.page.get_by_role("heading", level=1)).to_have_text("Google set-up")
    olivia.sees("/provisioning/oauth/callback")
    olivia.look("google-setup")
