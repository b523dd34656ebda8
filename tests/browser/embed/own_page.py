"""What the portal's own page shows, for pages elsewhere to be held against: its line, figures and tables."""

import datetime
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from tests.browser.visitor import Visitor
from tests.installation import Installation

MAKE = """
from accounts.models import Tenant
from accounts.tenancy import all_tenants
from dashboards.models import Dashboard, View, Widget
FIGURES = [("Visits", "sessions"), ("Users", "totalUsers"), ("Page views", "screenPageViews")]
TABLES = [("Countries", "country", "sessions"), ("Browsers", "browser", "sessions"),
          ("Pages", "pagePath", "screenPageViews")]
with all_tenants(reason="a test's client has a dashboard that shows what its site asks"):
    tenant = Tenant.objects.get(slug="osteria")
    board = Dashboard.objects.create(tenant=tenant, name="What the site asks", slug="asked", position=99)
    made = [dict(title=title, kind="figure", metrics=[metric]) for title, metric in FIGURES]
    made.append(dict(title="By day", kind="line", metrics=["sessions"], dimensions=["date"]))
    made += [dict(title=title, kind="table", metrics=[metric], dimensions=[dimension], limit=100)
             for title, dimension, metric in TABLES]
    for position, each in enumerate(made):
        Widget.objects.create(tenant=tenant, dashboard=board, position=position, **each)
    for view in View.objects.filter(tenant=tenant):
        view.more_dashboards.add(board)
"""
READ = r"""() => {
  const number = (cell) => Number(cell.textContent.replace(/[^\d]/g, ""));
  const all = (found) => [...document.querySelectorAll(found)];
  const named = (found, name, value) => Object.fromEntries(all(found).map((each) => [
    each.querySelector(name).textContent.trim(), value(each),
  ]));
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const row = (each) => [each.querySelector("th").title, number(each.querySelector("td"))];
  return {
    line: charts[document.querySelector(".main[data-card]").dataset.card].series[0].values,
    figures: named(".tile", ".n", (tile) => number(tile.querySelector(".v"))),
    tables: named(".kind-table", "h2", (card) => [...card.querySelectorAll("tbody tr")].map(row)),
  };
}"""


def day(ago: int) -> str:
    """A day of the property's, so many days ago."""
    today = datetime.datetime.now(ZoneInfo("Europe/Rome")).date()
    return (today - datetime.timedelta(days=ago)).isoformat()


def make_board(portal: Installation) -> None:
    """The dashboard that is read here; it asks what pages for Google's library ask."""
    portal.manage("shell", "-v", "0", "-c", MAKE)


@dataclass(frozen=True)
class Shown:
    """The line's values, figures by title, and tables by title as pairs of name and number."""

    line: list[int]
    figures: dict[str, int]
    tables: dict[str, list[list[Any]]]


def read(
    owner: Visitor, start: int, end: int, *, view: str = "site", metric: str = "sessions", only: str = ""
) -> Shown:
    """The page from so many days ago to so many, its line of this metric, narrowed down to `only`."""
    asked = {"dashboard": "asked", "from": day(start), "to": day(end), "metric": metric, "filter": only}
    owner.open(f"/clients/osteria/views/{view}/?{urlencode(asked)}")
    owner.page.reload()  # what a page is made from, and not what it fetched
    return Shown(**owner.page.evaluate(READ))
