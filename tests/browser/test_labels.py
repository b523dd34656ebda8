"""What Google says of its figures stands beside them: estimated, withheld, put together, not over."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import NewVisitor
from tests.installation import Installation

NINO = "nino@osteria.example"
SITE = "/clients/osteria/views/site/"
DAYS = "?from=2026-08-03&to=2026-08-09"

SAMPLED = "Estimated by Google from 41\u00a0% of the data."
WITHHELD = "Google withholds small numbers here, so that nobody can be recognised."
TOGETHER = "There are more rows than Google keeps; the rest is put together as “(other)”."
NOT_OVER = "Today is not over, so changes are measured over the complete days before it."

# The stand-in reads all of a property's data; what Google says of large ones is written into stored answers.
LABELLED = """
from django.utils import timezone
from accounts.tenancy import all_tenants
from dashboards.models import Snapshot
with all_tenants(reason="a test"):
    for row in Snapshot.objects.filter(view__tenant__slug="osteria").exclude(answer=None):
        said = {"sampled": 0.41}
        if row.answer["dimensions"] == ["pagePath"]:
            said |= {"subject_to_thresholding": True, "data_loss_from_other_row": True}
        row.answer["metadata"] |= said
        row.fetched_at = timezone.now()
        row.save(update_fields=["answer", "fetched_at"])
"""
FORGOTTEN = """
from accounts.tenancy import all_tenants
from dashboards.models import Snapshot
with all_tenants(reason="a test"):
    Snapshot.objects.filter(view__tenant__slug="osteria").delete()
"""


@pytest.fixture
def labelled(visitor: NewVisitor, site: Installation) -> Iterator[Page]:
    """A page whose answers Google made of a part of the data."""
    nino = visitor(NINO).open(SITE + DAYS)
    site.manage("shell", "-v", "0", "-c", LABELLED)
    nino.page.reload()
    nino.sees_everything()
    nino.look("labels")
    yield nino.page
    site.manage("shell", "-v", "0", "-c", FORGOTTEN)


def labels(page: Page, title: str) -> list[str]:
    """The remarks in a card's foot."""
    return page.get_by_label(title, exact=True).locator(".label:visible").all_text_contents()


def test_each_card_says_what_holds_for_its_own_figures(labelled: Page):
    expect(labelled.locator("#notices")).to_have_text(SAMPLED)
    assert labels(labelled, "Pages") == [SAMPLED, WITHHELD, TOGETHER]
    assert labels(labelled, "Devices") == [SAMPLED]


@pytest.mark.parametrize(("last", "said"), [(0, NOT_OVER), (1, "")])
def test_a_day_that_is_not_over_is_said_only_where_there_is_one(visitor: NewVisitor, last: int, said: str):
    today = datetime.now(ZoneInfo("Europe/Rome")).date()
    first, end = today - timedelta(days=4), today - timedelta(days=last)
    nino = visitor(NINO).open(f"{SITE}?from={first}&to={end}")
    expect(nino.page.locator("#notices")).to_have_text(said)
