"""A page without figures says why, what to do and whom to ask; one with old figures says so at once."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser import looks
from tests.browser.visitor import NewVisitor
from tests.installation import Installation, fetch

NINO, OLIVIA = "nino@osteria.example", "olivia@northlight.example"
SITE = "/clients/osteria/views/site/"
JANUARY = f"{SITE}?from=2026-01-01&to=2026-01-31"  # no midnight makes another period of it

STANDING = """
from datetime import date, timedelta
from django.utils import timezone
from accounts.tenancy import all_tenants
from dashboards.models import Summary
night = timezone.localdate() - timedelta(days=1)
with all_tenants(reason="a test"):
    Summary.objects.filter(view__tenant__slug="osteria").update(
        next_at=timezone.now() + timedelta(days=9), until=night, standing={standing}, last_data_on={last})
"""
OLD = """
from datetime import timedelta
from django.utils import timezone
from accounts.tenancy import all_tenants
from dashboards.models import Snapshot
past = timezone.now() - timedelta(days=3)
with all_tenants(reason="a test"):
    answered = Snapshot.objects.filter(view__tenant__slug="osteria").exclude(fetched_at=None)
    answered.update(fetched_at=past, fresh_until=past)
"""
FORGET = """
from accounts.tenancy import all_tenants
from dashboards.models import Snapshot
with all_tenants(reason="a test"):
    Snapshot.objects.filter(view__tenant__slug="osteria").exclude(error_code="").delete()
"""
GONE = {"path": "310000001:(runReport|batchRunReports)", "drop": True}
REFUSED = {"path": "310000001:(runReport|batchRunReports)", "status": 403, "reason": "PERMISSION_DENIED"}
NOTHING = "filter=country%3D%3DNowhere"


@pytest.fixture(autouse=True)
def _forgotten(site: Installation) -> Iterator[None]:
    """What fails here is still at rest when the next test begins: it is dropped."""
    yield
    fetch(f"{site.google}/_sandbox/faults", "DELETE")
    site.manage("shell", "-v", "0", "-c", FORGET)


@pytest.fixture
def standing(site: Installation) -> Iterator:
    """Writes what the night found out about the view; afterwards it stands as usual."""

    def write(standing: str, last: str = "None") -> None:
        text = STANDING.format(standing=f"Summary.Standing.{standing}", last=last)
        site.manage("shell", "-v", "0", "-c", text)

    yield write
    write("USUAL", "night")


def heading(page: Page) -> str:
    """The sentence at the top."""
    return (page.locator("h1").text_content() or "").strip()


def is_bare(page: Page) -> bool:
    """Whether nothing but the sentence is there."""
    return page.locator(".tile:visible, .card:visible, canvas:visible, .live:visible").count() == 0


def test_a_client_without_access_reads_whom_to_ask(visitor: NewVisitor, site: Installation):
    fetch(f"{site.google}/_sandbox/faults", "POST", REFUSED)
    nino = visitor(NINO).open(f"{SITE}?from=2025-03-01&to=2025-03-31")
    assert heading(nino.page) == "Northlight has lost its access to this property's figures."
    assert is_bare(nino.page)
    expect(nino.page.locator(".whom a")).to_have_attribute("href", "mailto:hello@northlight.example")
    nino.look("no-access")


def test_staff_without_access_are_led_to_where_it_is_mended(visitor: NewVisitor, site: Installation):
    fetch(f"{site.google}/_sandbox/faults", "POST", REFUSED)
    olivia = visitor(OLIVIA).open(f"{SITE}?from=2025-04-01&to=2025-04-30")
    olivia.sees("add its e-mail address to the property as a viewer")
    olivia.look("no-access-staff")
    olivia.page.get_by_role("link", name="Open this view in the administration").click()
    expect(olivia.page).to_have_url(re.compile(r"/admin/dashboards/view/[0-9a-f-]+/change/"))


def test_a_page_that_google_did_not_answer_can_be_tried_again(visitor: NewVisitor, site: Installation):
    fetch(f"{site.google}/_sandbox/faults", "POST", GONE)
    nino = visitor(NINO).open(f"{SITE}?from=2025-05-01&to=2025-05-31")
    assert (heading(nino.page), is_bare(nino.page)) == ("Google does not answer right now.", True)
    expect(nino.page.get_by_role("link", name="Try again")).to_be_visible()


def test_nothing_behind_a_filter_leads_to_taking_it_off(visitor: NewVisitor):
    nino = visitor(NINO).open(f"{SITE}?{NOTHING}")
    assert heading(nino.page) == "Nothing fits in this period."
    nino.look("nothing-fits")
    nino.page.get_by_role("link", name="Take the filters off").click()
    nino.sees_everything()
    assert "visits" in heading(nino.page)


def test_a_stopped_view_leads_to_its_last_days(visitor: NewVisitor, standing):
    standing("STOPPED", "date(2026, 1, 31)")
    nino = visitor(NINO).open(f"{SITE}?{NOTHING}")
    assert heading(nino.page) == "Nothing has been counted since 31 Jan 2026."
    nino.look("stopped")
    nino.page.get_by_role("link", name="Show the last days with figures").click()
    expect(nino.page).to_have_url(re.compile("from=2026-01-04&to=2026-01-31"))


@pytest.mark.parametrize("javascript", [True, False])
def test_old_figures_say_so_on_the_first_screen_of_a_phone(
    visitor: NewVisitor, site: Installation, javascript: bool
):
    visitor(NINO).open(JANUARY)
    site.manage("shell", "-v", "0", "-c", OLD)
    fetch(f"{site.google}/_sandbox/faults", "POST", GONE)
    visitor(NINO).open(JANUARY)
    nino = visitor(NINO, javascript=javascript)
    nino.page.set_viewport_size(looks.PHONE)
    nino.page.goto(JANUARY)
    warning = nino.page.locator("#warnings .bad")
    expect(warning).to_have_text(re.compile(r"^Some figures are from \d+ \w+, \d\d:\d\d\."))
    expect(warning).to_be_in_viewport(ratio=1)
    expect(nino.page.locator(".tile").nth(1)).to_be_in_viewport(ratio=1)
