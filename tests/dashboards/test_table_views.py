"""The page with all rows of a widget."""

import pytest
from django.test import Client

from accounts.tenancy import all_tenants
from dashboards.models import Widget
from tests import factories
from tests.conftest import Cast
from tests.google import Google

VIEW = "/clients/acme/views/site/"


@pytest.fixture
def alice(cast: Cast, google: Google) -> Client:
    """alice's browser; her view's key works."""
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    client = Client()
    client.force_login(cast.alice)
    return client


def address(cast: Cast, **which: str) -> str:
    """Where a widget's rows are."""
    with all_tenants(reason="a test"):
        return f"{VIEW}widgets/{cast.view.dashboard.widgets.get(**which).pk}/"


def test_a_cold_page_waits_for_nothing(alice: Client, cast: Cast, google: Google):
    page = alice.get(address(cast, title="Pages")).content.decode()
    assert ('data-complete="false"' in page, google.requests()) == (True, [])


def test_all_rows_come_in_one_report_and_its_comparison(alice: Client, cast: Cast, google: Google):
    where = address(cast, title="Cities")
    answer = alice.get(f"{where}data.json").json()
    assert answer["complete"] is True
    asked = [call for call in google.requests() if "Report" in call["path"]]
    assert [len(call["body"]["requests"]) for call in asked] == [2]
    page = alice.get(where).content.decode()
    assert answer["cards"].popitem()[1].strip() in page


def test_a_row_leads_to_the_dashboard_filtered_by_it(alice: Client, cast: Cast):
    where = address(cast, title="Countries")
    alice.get(f"{where}data.json?period=7d")
    page = alice.get(f"{where}?period=7d&q=ital").content.decode()
    assert f'href="{VIEW}?period=7d&amp;filter=country%3D%3DItaly"' in page
    assert "Australia" not in page


def test_its_csv_has_all_rows(alice: Client, cast: Cast):
    where = address(cast, title="Cities")
    few = alice.get(f"{where[:-1]}.csv").content.decode().splitlines()
    all_ = alice.get(f"{where[:-1]}.csv?rows=all").content.decode().splitlines()
    assert len(few) == 8
    assert len(all_) > 8
    assert all_[:8] == few


@pytest.mark.parametrize("kind", ["figure", "line"])
def test_what_has_no_rows_has_no_page(alice: Client, cast: Cast, kind):
    with all_tenants(reason="a test"):
        widget = Widget.objects.filter(dashboard=cast.view.dashboard, kind=kind).first()
    assert alice.get(f"{VIEW}widgets/{widget.pk}/").status_code == 404


@pytest.mark.parametrize("query", ["period=fortnight", "filter=country", "from=2026-10-01"])
def test_a_wrong_address_gets_its_own_sentence(alice: Client, cast: Cast, query):
    where = address(cast, title="Cities")
    assert alice.get(f"{where}?{query}").status_code == 400
    assert alice.get(f"{where}data.json?{query}").status_code == 400
