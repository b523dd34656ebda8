"""The pages: a wrong address gets a sentence, nothing waits for Google, no widget costs a query."""

import datetime
import json
import re

import pytest
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from accounts.models import Branding, Tenant
from accounts.tenancy import all_tenants
from dashboards import drawn, rendered
from dashboards.models import Dashboard, Snapshot, View, Widget
from tests import factories
from tests.conftest import Cast
from tests.google import Google

PAGE = "/clients/acme/views/site/"


@pytest.fixture
def alice(cast: Cast, google: Google) -> Client:
    """alice's browser; her view's key works."""
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    client = Client()
    client.force_login(cast.alice)
    return client


def warm(alice: Client, query: str = "") -> dict:
    """The page's data, asked for as its script asks: again until it is complete."""
    for _ in range(10):
        answer = alice.get(f"{PAGE}data.json{query}").json()
        if answer.get("complete", True):
            return answer
    raise AssertionError("the page is never complete")


BAD = [
    ("from=2026-10-31&to=2026-10-01", "The first day lies after the last; exchange the two dates."),
    ("from=2026-02-30&to=2026-03-01", "“2026-02-30” is not a date; dates look like 2026-10-31."),
    ("from=2015-08-13&to=2015-09-01", "Google has no data before 14 Aug 2015; choose a later first day."),
    ("from=2016-01-01&to=2026-10-01", "A period can be ten years long at most; choose a shorter one."),
    ("from=2026-10-01", "A period of your own needs both a first and a last day."),
    ("period=fortnight", "“fortnight” is no period we know."),
    ("compare=everything", "“everything” is no comparison we know."),
    ("match=stars", "“stars” is no way to match days we know."),
]


@pytest.mark.parametrize(("query", "sentence"), BAD)
@pytest.mark.parametrize("path", [PAGE, f"{PAGE}data.json"])
def test_a_wrong_address_gets_its_own_sentence(alice: Client, query, sentence, path):
    response = alice.get(f"{path}?{query}")
    assert response.status_code == 400
    said = response.json()["error"] if path.endswith("json") else response.content.decode()
    assert sentence in said


@pytest.mark.parametrize(
    "query",
    [
        "from=9999-12-31&to=9999-12-31",
        "from=0001-01-01&to=0001-01-02",
        "from=2026-10-01T00:00&to=2026-10-02",
        "from=%00&to=%00",
        "period=%00",
        "period[]=7d&period=",
        "filter=" + "x" * 10_000,
        "filter=" + "country==x," * 1_000,
        "filter=country",
        "filter===",
        "filter=country=~(",
        "filter=country=~(a%2B)%2B$",
        "filter=%ff%fe==%ff",
        "filter=country==%00",
        "filter=country==%ed%a0%80",
        "dashboard=nowhere",
        "dashboard=%00",
    ],
)
def test_nothing_in_an_address_breaks_a_page(alice: Client, cast: Cast, query):
    widget = _line_of(cast)
    for path in (PAGE, f"{PAGE}data.json", f"{PAGE}widgets/{widget.pk}.csv"):
        assert alice.get(f"{path}?{query}").status_code in {200, 400, 404, 503}


def test_an_unknown_dimension_in_a_filter_says_so_on_the_page(alice: Client):
    answer = warm(alice, "?filter=noSuchDimension==x")
    assert answer["complete"] is True
    assert "This property has no such dimension" in answer["notices"] + answer["lead"]


def test_a_dashboard_that_the_view_does_not_offer_is_not_there(alice: Client):
    assert alice.get(f"{PAGE}?dashboard=e-commerce").status_code == 404


def test_the_page_itself_never_asks_google(alice: Client, google: Google):
    page = alice.get(PAGE)
    assert page.status_code == 200
    assert 'data-complete="false"' in page.content.decode()
    assert google.requests() == []


def test_all_that_is_seen_comes_with_the_first_answer(alice: Client):
    answers = [alice.get(f"{PAGE}data.json").json() for _ in range(2)]
    assert [(each["seen"], each["complete"]) for each in answers] == [(True, False), (True, True)]


def test_a_warm_page_has_its_figures_in_its_html(alice: Client):
    answer = warm(alice)
    assert answer["complete"] is True
    page = alice.get(PAGE).content.decode()
    assert 'data-complete="true"' in page
    assert answer["figures"].strip() in page
    assert all(html.strip() in page for html in answer["cards"].values())


def test_a_warm_page_costs_at_most_eight_queries_whatever_the_widgets(
    alice: Client, cast: Cast, django_assert_max_num_queries
):
    warm(alice)
    for _ in range(2):  # the first notes in the view's row that it was opened
        alice.get(PAGE)
    with django_assert_max_num_queries(8) as asked:
        alice.get(PAGE)
    assert not [query["sql"] for query in asked if '"answer"' in query["sql"]]


def _newer_answer(cast: Cast) -> None:
    for row in Snapshot.objects.exclude(answer=None):
        text = json.dumps(row.answer).replace("Organic Search", "Organic Something")
        Snapshot.objects.filter(pk=row.pk).update(answer=json.loads(text), fetched_at=timezone.now())


def _failure(cast: Cast) -> None:
    later = timezone.now() + datetime.timedelta(hours=1)
    Snapshot.objects.update(error_code="daily_tokens", retry_at=later, fresh_until=timezone.now())


def _widget_renamed(cast: Cast) -> None:
    widget = Widget.objects.filter(dashboard=cast.view.dashboard, kind="table").first()
    widget.title = "Renamed"
    widget.save()


def _rename(row: Model) -> None:
    row.name = "Renamed"
    row.save()


def _offer_withdrawn(cast: Cast) -> None:
    cast.view.more_dashboards.clear()


def _widget_gone(cast: Cast) -> None:
    Widget.objects.filter(dashboard=cast.view.dashboard, kind="table").first().delete()


def _another_dashboard_offered(cast: Cast) -> None:
    cast.view.more_dashboards.add(Dashboard.objects.get(slug="content", tenant=None))


def _another_view(cast: Cast) -> None:
    factories.ViewFactory(tenant=cast.tenant, slug="shop", name="Shop")


@pytest.mark.parametrize(
    "change",
    [
        _newer_answer,
        _failure,
        _widget_renamed,
        _widget_gone,
        _offer_withdrawn,
        _another_view,
        lambda cast: View.objects.filter(pk=cast.view.pk).update(name="Renamed"),
        lambda cast: View.objects.filter(pk=cast.view.pk).update(filter="country==Italy"),
        lambda cast: _rename(Dashboard.objects.get(pk=cast.view.dashboard_id)),
        lambda cast: Branding(accent="#884400").save(),
        lambda cast: Tenant.objects.filter(pk=cast.tenant.pk).update(name="Renamed"),
    ],
)
def test_a_page_shows_at_once_what_has_changed(alice: Client, cast: Cast, change):
    """Pages are kept as they were rendered; the test compares one with what a new process renders."""
    with all_tenants(reason="a test"):
        _another_dashboard_offered(cast)
    warm(alice)
    before = _main(alice)
    with all_tenants(reason="a test"):
        change(cast)
    kept = _main(alice)
    rendered.forget()
    drawn.forget()
    assert kept == _main(alice)
    assert kept != before


def test_a_kept_page_is_in_the_readers_language(alice: Client):
    warm(alice)
    for language in ("en", "de", "en"):
        page = alice.get(PAGE, headers={"accept-language": language}).content.decode()
        assert f'lang="{language}"' in page


def test_a_kept_page_is_its_readers_own(alice: Client, cast: Cast):
    warm(alice)
    shown = {}
    for person in (cast.alice, cast.bob, cast.dana, cast.olivia):
        reader = Client()
        reader.force_login(person)
        page = reader.get(PAGE).content.decode()
        shown[person.email] = (
            [each.email for each in (cast.alice, cast.bob, cast.dana, cast.olivia) if each.email in page],
            reverse("accounts:people", args=["acme"]) in page,
            reverse("admin:index") in page,
        )
    assert shown == {
        "alice@acme.example": (["alice@acme.example"], True, False),
        "bob@acme.example": (["bob@acme.example"], False, False),
        "dana@northlight.example": (["dana@northlight.example"], True, True),
        "olivia@northlight.example": (["olivia@northlight.example"], True, True),
    }


def test_one_can_sign_out_from_a_kept_page(cast: Cast, alice: Client):
    warm(alice)
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(cast.alice)
    for _ in range(2):
        page = careful.get(PAGE).content.decode()
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    sign_out = reverse("account_logout")
    assert careful.post(sign_out, {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
    assert careful.post(sign_out, {"csrfmiddlewaretoken": token}).status_code == 302
    assert careful.get(PAGE).status_code == 302


def test_a_message_is_told_once(alice: Client, monkeypatch):
    warm(alice)
    alice.get(PAGE)
    request = RequestFactory().get(PAGE)
    told = CookieStorage(request)
    told.add(messages.INFO, "Something happened.")
    response = HttpResponse()
    told.update(response)
    alice.cookies.update(response.cookies)
    pages = [alice.get(PAGE).content.decode() for _ in range(2)]
    assert ["Something happened." in page for page in pages] == [True, False]


def _main(alice: Client) -> str:
    """The page but for what differs each time."""
    return re.sub('name="csrfmiddlewaretoken" value="[^"]+"', "", alice.get(PAGE).content.decode())


def test_what_google_calls_its_pages_is_shown_as_text(alice: Client):
    warm(alice)
    with all_tenants(reason="a test"):
        for row in Snapshot.objects.all():
            text = json.dumps(row.answer)
            for value in ("google", "/", "Organic Search"):
                text = text.replace(json.dumps(value), json.dumps("</script><b onclick=alert(1)>"))
            Snapshot.objects.filter(pk=row.pk).update(answer=json.loads(text))
    page = alice.get(PAGE).content.decode()
    assert "<b onclick" not in page
    assert "&lt;b onclick" in page


def _line_of(cast: Cast) -> Widget:
    with all_tenants(reason="a test"):
        return Widget.objects.get(dashboard=cast.view.dashboard, kind="line")


def test_opening_a_page_is_noted_hourly(alice: Client, cast: Cast):
    alice.get(PAGE)
    with all_tenants(reason="a test"):
        first = View.objects.get(pk=cast.view.pk).last_opened_at
    alice.get(PAGE)
    with all_tenants(reason="a test"):
        assert View.objects.get(pk=cast.view.pk).last_opened_at == first
        View.objects.filter(pk=cast.view.pk).update(last_opened_at=first - datetime.timedelta(hours=2))
    alice.get(PAGE)
    with all_tenants(reason="a test"):
        assert View.objects.get(pk=cast.view.pk).last_opened_at > first - datetime.timedelta(minutes=1)


def test_with_google_down_the_page_stays_up_with_its_time(alice: Client, google: Google):
    warm(alice)
    with all_tenants(reason="a test"):
        Snapshot.objects.update(fresh_until=timezone.now() - datetime.timedelta(minutes=1))
    before = alice.get(PAGE).content.decode()
    assert 'data-complete="false"' in before
    google.fail(":(runReport|batchRunReports)$", status=503)
    after = warm(alice)
    assert after["complete"] is True
    assert after["as_of"] != ""
    assert "Google Analytics has a fault of its own" in after["warnings"]
    assert alice.get(PAGE).status_code == 200


def test_whoever_has_one_view_lands_on_it(alice: Client):
    response = alice.get("/")
    assert (response.status_code, response["Location"]) == (302, PAGE)


def test_a_stranger_lands_on_the_front_page(client: Client, db):
    response = client.get("/")
    assert response.status_code == 200
    assert "Northlight" in response.content.decode()


def test_times_are_the_propertys(alice: Client, monkeypatch):
    """The view's property lives in Rome, an hour ahead of UTC in winter."""
    noon = datetime.datetime(2026, 11, 23, 12, 0, tzinfo=datetime.UTC)
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    assert "13:00" in warm(alice)["as_of"] or "1 p.m." in warm(alice)["as_of"]
