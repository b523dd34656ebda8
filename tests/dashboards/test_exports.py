"""A widget as CSV: Google's numbers as they are, and nothing that a spreadsheet would run."""

import csv
import io
import json

import pytest
from django.test import Client

from accounts import spreadsheets
from accounts.tenancy import all_tenants
from dashboards.models import Snapshot, Widget
from tests import factories
from tests.conftest import Cast
from tests.google import Google

PAGE = "/clients/acme/views/site/"


@pytest.fixture
def alice(cast: Cast, google: Google) -> Client:
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    client = Client()
    client.force_login(cast.alice)
    return client


def widget(cast: Cast, title: str, kind: str) -> Widget:
    with all_tenants(reason="a test"):
        return Widget.objects.get(dashboard=cast.view.dashboard, title=title, kind=kind)


def rows(response) -> list[list[str]]:
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("/shop", "/shop"),
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-1", "'-1"),
        ("@sum", "'@sum"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(text, written):
    assert spreadsheets.safe(text) == written


def test_a_table_has_its_rows_numbers_and_the_comparison_beside_them(alice: Client, cast: Cast):
    sources = widget(cast, "Sources", "table")
    table = rows(alice.get(f"{PAGE}widgets/{sources.pk}.csv"))
    assert table[0] == ["sessionSource", "sessions", "sessions (comparison)"]
    assert 1 < len(table) <= 11
    sessions = [int(row[1]) for row in table[1:]]
    assert sessions == sorted(sessions, reverse=True)
    assert all(row[2] == "" or int(row[2]) >= 0 for row in table[1:])


def test_a_line_has_a_row_a_day_beside_the_day_it_is_drawn_against(alice: Client, cast: Cast):
    line = widget(cast, "Visits", "line")
    table = rows(alice.get(f"{PAGE}widgets/{line.pk}.csv?from=2026-10-01&to=2026-10-03"))
    assert table[0] == ["date", "sessions", "date (comparison)", "sessions (comparison)"]
    assert [(row[0], row[2]) for row in table[1:]] == [
        ("20261001", "20260928"),
        ("20261002", "20260929"),
        ("20261003", "20260930"),
    ]


def test_a_figure_has_its_total(alice: Client, cast: Cast):
    figure = widget(cast, "Visits", "figure")
    table = rows(alice.get(f"{PAGE}widgets/{figure.pk}.csv?compare=none"))
    assert table[0] == ["sessions"]
    assert len(table) == 2
    assert int(table[1][0]) > 0


def test_an_export_asks_google_nothing_that_its_page_has_not_asked(alice: Client, cast: Cast, google: Google):
    while not alice.get(f"{PAGE}data.json").json()["complete"]:
        pass
    google.control("DELETE", "requests")
    rows(alice.get(f"{PAGE}widgets/{widget(cast, 'Sources', 'table').pk}.csv"))
    assert google.requests() == []


def test_markup_and_formulas_from_google_stay_text(alice: Client, cast: Cast):
    alice.get(f"{PAGE}data.json")
    with all_tenants(reason="a test"):
        for row in Snapshot.objects.all():
            text = json.dumps(row.answer).replace(json.dumps("google"), json.dumps('=cmd|"/c calc"!A1'))
            Snapshot.objects.filter(pk=row.pk).update(answer=json.loads(text))
    table = rows(alice.get(f"{PAGE}widgets/{widget(cast, 'Sources', 'table').pk}.csv"))
    assert '\'=cmd|"/c calc"!A1' in [row[0] for row in table]


def test_with_no_answer_it_says_why(alice: Client, cast: Cast, google: Google):
    google.fail(":(runReport|batchRunReports)$", status=403)
    response = alice.get(f"{PAGE}widgets/{widget(cast, 'Sources', 'table').pk}.csv")
    assert response.status_code == 503
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().endswith(".")


def test_a_widget_of_a_dashboard_that_the_view_does_not_offer_is_not_there(alice: Client, cast: Cast):
    with all_tenants(reason="a test"):
        foreign = Widget.objects.filter(dashboard__slug="e-commerce").first()
    assert alice.get(f"{PAGE}widgets/{foreign.pk}.csv").status_code == 404
