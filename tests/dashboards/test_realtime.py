"""People here now: one question a minute for all readers, and never the whole for a part."""

import datetime

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.tenancy import all_tenants, tenant_scope
from dashboards import realtime
from dashboards.models import View
from tests import factories
from tests.conftest import Cast
from tests.google import Google

URL = "/clients/acme/views/site/realtime.json"
CALL = ":runRealtimeReport"


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()


@pytest.fixture
def alice(cast: Cast, google: Google) -> Client:
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    client = Client()
    client.force_login(cast.alice)
    return client


def save_filter(cast: Cast, text: str) -> None:
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=cast.view.pk).update(filter=text)


def test_it_is_googles_number_in_words(alice: Client, google: Google):
    answer = alice.get(URL).json()
    assert answer["people"] >= 0
    assert answer["absent"] == ""
    assert answer["text"] in {
        f"{answer['people']} people here in the last 30 minutes",
        "1 person here in the last 30 minutes",
        "Nobody here in the last 30 minutes",
    }


def test_nobody_is_no_number():
    texts = [realtime.Now(people=count).text for count in (0, 1, 2)]
    assert [text.partition(" here")[0] for text in texts] == ["Nobody", "1 person", "2 people"]


def test_many_readers_cost_one_question_a_minute(alice: Client, google: Google):
    first = alice.get(URL).json()
    assert alice.get(URL).json() == first
    assert len(google.requests(CALL)) == 1


def test_while_another_asks_there_is_no_number_yet(alice: Client, cast: Cast, google: Google):
    cache.add(f"{realtime._key(cast.view, None)}:asking", True, 20)
    assert alice.get(URL).json() == {"people": None, "text": "", "absent": ""}
    assert google.requests(CALL) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("hostName==shop.example", "Site"),
        ("pagePath=^/a;country==Italy", "Page"),
        ("sessionSource==google,sessionMedium==cpc", "Medium, Source"),
    ],
)
def test_a_filter_that_live_data_does_not_know_leaves_no_number_and_says_why(
    alice: Client, cast: Cast, google: Google, text, name
):
    save_filter(cast, text)
    answer = alice.get(URL).json()
    assert answer["people"] is None
    assert answer["absent"] == f"Who is here now cannot be shown: Google does not know it by {name}."
    assert google.requests(CALL) == []


def test_the_addresss_filters_count_as_the_saved_ones_do(alice: Client, cast: Cast, google: Google):
    save_filter(cast, "country==Italy")
    whole = alice.get(f"{URL}?filter=deviceCategory==mobile").json()
    assert whole["people"] is not None
    sent = google.requests(CALL)[0]["body"]["dimensionFilter"]
    names = [each["filter"]["fieldName"] for each in sent["andGroup"]["expressions"]]
    assert sorted(names) == ["country", "deviceCategory"]
    assert alice.get(f"{URL}?filter=hostName==x").json()["people"] is None


def test_a_title_goes_by_its_realtime_name(alice: Client, google: Google):
    alice.get(f"{URL}?filter=pageTitle=@Menu")
    sent = google.requests(CALL)[0]["body"]["dimensionFilter"]
    assert sent["filter"]["fieldName"] == "unifiedScreenName"


def test_when_google_fails_there_is_no_number_and_nothing_is_asked_in_a_loop(alice: Client, google: Google):
    google.fail(":runRealtimeReport$", status=403)
    answer = alice.get(URL).json()
    assert answer == {"people": None, "text": "", "absent": "There is no live number right now."}
    alice.get(URL)
    assert len(google.requests(CALL)) == 1


def test_a_bad_filter_gets_its_sentence(alice: Client):
    response = alice.get(f"{URL}?filter=country")
    assert response.status_code == 400
    assert response.json()["error"].endswith(".")


def test_two_views_of_one_property_share_no_answer(cast: Cast):
    with tenant_scope({cast.tenant.pk}):
        assert realtime._key(cast.view, None) != realtime._key(cast.other_view, None)


def test_the_answer_lives_shorter_than_pages_wait():
    assert datetime.timedelta(seconds=realtime.FRESH_SECONDS) < datetime.timedelta(minutes=1)
