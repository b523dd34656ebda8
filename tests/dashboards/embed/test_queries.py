"""Pages' queries come from the snapshots: Google hears each question once, and its failures end nothing."""

import datetime
import gzip
import threading
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.tenancy import all_tenants
from dashboards import quota, snapshots
from dashboards.embed import gathering, keys, rates, tokens
from dashboards.models import PropertyUse, Snapshot, View
from tests import factories
from tests.conftest import Cast
from tests.dashboards.embed.conftest import SHOP, Page

NINE = [
    {"metrics": "ga:sessions", "dimensions": f"ga:{name}"}
    for name in (
        *("date", "country", "city", "browser", "source"),
        *("medium", "deviceCategory", "operatingSystem", "userType"),
    )
]
DAYS = {"metrics": "ga:sessions", "dimensions": "ga:date"}


def age(seconds: int = 3600) -> None:
    """Makes all answers old."""
    then = timezone.now() - datetime.timedelta(seconds=seconds)
    with all_tenants(reason="a test lets time pass"):
        Snapshot.objects.update(fresh_until=then, fetched_at=then)


def statuses(response) -> list[int]:
    return [each["status"] for each in response.json()["answers"]]


# ---- once


def test_nine_charts_cost_two_calls_and_the_next_visitor_none(page: Page):
    assert statuses(page.post(*NINE)) == [200] * 9
    assert page.calls() == ["batchRunReports"] * 2
    assert page.post(*NINE).content == page.post(*NINE).content
    assert len(page.calls()) == 2


def test_an_answer_among_many_is_the_one_that_is_asked_alone(page: Page):
    together = [each["body"] for each in page.post(*NINE).json()["answers"]]
    assert [page.body(**query) for query in NINE] == together
    assert len(page.calls()) == 2


def test_one_bad_query_spoils_no_other(page: Page):
    response = page.post(DAYS, {"metrics": "ga:exits"}, {"metrics": "ga:nothing"}, {**DAYS, "ids": "ga:1"})
    assert (response.status_code, statuses(response)) == (200, [200, 400, 400, 403])


def test_what_google_does_not_know_is_a_400_and_is_not_asked_again(page: Page):
    expected = (
        400,
        "invalidParameter",
        "metrics",
        "This property has no dimension or metric of this name: ga:nothing",
    )
    assert [page.refusal(metrics="ga:nothing") for _ in range(2)] == [expected] * 2
    assert page.calls() == ["runReport"]


def test_fields_that_do_not_go_together_are_a_400(page: Page):
    assert page.refusal(metrics="itemRevenue", dimensions="ga:eventLabel") == (
        400,
        "badRequest",
        "",
        "Selected dimensions and metrics cannot be queried together.",
    )


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_charts_that_ask_one_by_one_at_once_go_together(page: Page, monkeypatch):
    """The moment lasts here until all have come, and no longer."""
    come = threading.Semaphore(0)

    def wait(_seconds: float) -> None:
        for _ in NINE:
            assert come.acquire(timeout=20)

    bring = gathering.bring

    def counted(view, requests) -> None:
        come.release()
        bring(view, requests)

    monkeypatch.setattr(gathering, "time", SimpleNamespace(sleep=wait))
    monkeypatch.setattr(gathering, "bring", counted)
    bodies: list[dict] = []

    def ask(query: dict[str, str]) -> None:
        try:
            bodies.append(Page(Client(), page.token, page.view, page.google).body(**query))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask, args=[query]) for query in NINE]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert [each["kind"] for each in bodies] == ["analytics#gaData"] * 9
    assert page.calls() == ["batchRunReports"] * 2


def test_a_warm_answer_takes_two_queries(page: Page, django_assert_num_queries):
    for _ in range(2):  # the first has it fetched, the second reads it
        page.get(**DAYS)
    with django_assert_num_queries(2):
        assert page.get(**DAYS).status_code == 200


# ---- old answers


def test_an_old_answer_is_given_at_once_and_then_renewed(page: Page):
    page.get(**DAYS)
    age()
    old = page.body(**DAYS)["dataLastRefreshed"]
    new = page.body(**DAYS)["dataLastRefreshed"]
    assert int(new) >= int(old) + 3600
    assert len(page.calls()) == 2


def test_an_old_answer_stays_while_google_fails(page: Page):
    rows = page.body(**DAYS)["rows"]
    age()
    page.google.fail(":runReport", status=503, reason="UNAVAILABLE", count=100)
    assert [page.body(**DAYS)["rows"] for _ in range(3)] == [rows] * 3


def test_without_one_a_failure_is_a_503_that_says_nothing_of_why(page: Page):
    page.google.fail(":runReport", status=503, reason="UNAVAILABLE", count=100)
    response = page.get(**DAYS)
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert response.json() == {
        "error": {
            "code": 503,
            "message": "The figures cannot be fetched right now. Try again in a moment.",
            "errors": [
                {
                    "domain": "global",
                    "reason": "backendError",
                    "message": "The figures cannot be fetched right now. Try again in a moment.",
                }
            ],
        }
    }


def test_a_credential_that_was_replaced_counts_at_once(page: Page):
    page.get(**DAYS)
    page.google.control("POST", "revoke", {"email": "robot@demo.iam.gserviceaccount.com"})
    assert page.get(metrics="ga:users").status_code == 503
    with all_tenants(reason="a test's set-up"):
        view = View.objects.get(pk=page.view.pk)
        view.agency_credential = factories.store_key(
            factories.CredentialFactory(),
            page.google.key("310000001", email="new@demo.iam.gserviceaccount.com"),
        )
        view.save()
    assert page.get(metrics="ga:newUsers").status_code == 200


# ---- what changed counts at once


def test_a_changed_filter_changes_the_answer(page: Page):
    before = page.body(metrics="ga:sessions")["totalsForAllResults"]
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=page.view.pk).update(filter="country==Italy")
    after = page.body(metrics="ga:sessions")["totalsForAllResults"]
    assert int(after["ga:sessions"]) < int(before["ga:sessions"])
    italy = page.body(metrics="ga:sessions", filters="ga:country==Italy")["totalsForAllResults"]
    assert after == italy


def test_a_revoked_key_ends_its_tokens_at_once(page: Page, issued: keys.Issued):
    assert [page.get(**DAYS).status_code for _ in range(3)] == [200] * 3
    with all_tenants(reason="a test's set-up"):
        type(issued.key).objects.filter(pk=issued.key.pk).update(revoked_at=timezone.now())
    assert page.get(**DAYS).status_code == 401


def test_a_site_that_is_listed_no_more_is_refused_at_once(page: Page):
    assert [page.get(**DAYS).status_code for _ in range(3)] == [200] * 3
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=page.view.pk).update(origins=[])
    assert page.get(**DAYS).status_code == 401


def test_an_old_view_id_that_staff_entered_finds_the_view(page: Page):
    assert page.get(**DAYS, ids="ga:12345678").status_code == 403
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=page.view.pk).update(ua_view_id="12345678")
    body = page.body(**DAYS, ids="ga:12345678")
    assert (body["query"]["ids"], body["profileInfo"]["profileId"]) == ("ga:12345678", "12345678")


def test_a_name_of_the_sites_own_is_asked_as_staff_entered_it(page: Page):
    assert page.refusal(metrics="ga:sessions", dimensions="ga:eventCategory")[0] == 400
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=page.view.pk).update(ua_map={"eventCategory": "deviceCategory"})
    body = page.body(metrics="ga:sessions", dimensions="ga:eventCategory", sort="-ga:sessions")
    same = page.body(metrics="ga:sessions", dimensions="ga:deviceCategory", sort="-ga:sessions")
    assert body["rows"] == same["rows"]


# ---- limits


def test_a_storm_of_queries_on_one_token_ends_in_429_and_others_go_on(shop: Cast, page: Page, monkeypatch):
    monkeypatch.setattr(rates.REQUESTS_OF_TOKEN, "limit", 3)
    monkeypatch.setattr(rates.REQUESTS_OF_TOKEN, "step", 1)
    monkeypatch.setattr(rates, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))
    found = [page.get(**DAYS) for _ in range(5)]
    assert [each.status_code for each in found] == [200, 200, 200, 429, 429]
    assert found[-1]["Retry-After"] == "60"
    assert found[-1]["Access-Control-Allow-Origin"] == "*"
    assert found[-1].json()["error"]["errors"][0]["reason"] == "rateLimitExceeded"
    assert other_page(shop, page).get(**DAYS).status_code == 200


def other_page(shop: Cast, page: Page) -> Page:
    """A page of the other client's."""
    factories.store_key(
        shop.other_view.agency_credential,
        page.google.key("310000001", email="other@demo.iam.gserviceaccount.com"),
    )
    with all_tenants(reason="a test's set-up"):
        key = keys.make(tenant=shop.other, name="Other", made_by="charlie@rival.example").key
    token = tokens.issue(key=key, views=[shop.other_view], origin=SHOP, ttl=600)[0]
    return Page(Client(), token, shop.other_view, page.google)


def test_new_questions_are_fewer_than_old_ones(page: Page, monkeypatch):
    monkeypatch.setattr(rates.QUESTIONS_OF_TOKEN, "limit", 2)
    monkeypatch.setattr(rates, "time", SimpleNamespace(time=lambda: 1_800_000_000.0))
    assert statuses(page.post(*NINE[:2])) == [200, 200]
    answers = page.post(*NINE[:3]).json()["answers"]
    assert [(each["status"], each.get("retry_after")) for each in answers] == [
        (200, None),
        (200, None),
        (429, 60),
    ]
    assert page.get(**NINE[0]).status_code == 200


def test_too_many_queries_at_once_are_refused(page: Page):
    assert page.post(*[DAYS] * 51).status_code == 400
    assert page.post().status_code == 400


def test_with_little_quota_left_nothing_new_is_asked(page: Page):
    PropertyUse.objects.create(
        property_id="310000001", quota_left=0.1, quota={}, quota_read_at=timezone.now()
    )
    assert quota.is_low("310000001")
    assert page.refusal(**DAYS)[:2] == (403, "quotaExceeded")
    assert page.calls() == []


# ---- the address


@pytest.mark.parametrize("path", ["/embed/query", "/embed/realtime", "/embed/summaries"])
def test_pages_elsewhere_can_read_refusals(path, db):
    response = Client().get(path)
    assert (response.status_code, response["Access-Control-Allow-Origin"]) == (401, "*")
    assert "Access-Control-Allow-Credentials" not in response
    assert response.json()["error"]["code"] == 401


@pytest.mark.parametrize("path", ["/embed/query", "/embed/realtime", "/embed/summaries"])
def test_a_preflight_needs_no_token(path, db):
    response = Client().options(path, headers={"origin": SHOP, "access-control-request-method": "POST"})
    assert response.status_code == 204
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Access-Control-Allow-Headers"] == "authorization, content-type"
    assert response["Access-Control-Max-Age"] == "7200"


def test_a_wrong_verb_is_answered_405_in_version_3s_shape(page: Page):
    response = page.client.put("/embed/query", headers=page.headers())
    assert (response.status_code, response["Allow"]) == (405, "GET, POST, OPTIONS")
    assert response.json()["error"]["errors"][0]["reason"] == "httpMethodNotAllowed"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"\xff", "application/json"),
        (b'{"queries": 3}', "application/json"),
        (b'{"queries": [3]}', "application/json"),
        (b"[" * 100_000, "application/json"),
    ],
)
def test_a_body_that_is_none_is_refused(body, content_type, page: Page):
    response = page.client.post("/embed/query", body, content_type=content_type, headers=page.headers())
    assert (response.status_code, response.json()["error"]["errors"][0]["reason"]) == (400, "badRequest")


def test_one_query_may_be_sent_as_a_form_or_as_json(page: Page):
    asked = {"ids": f"ga:{page.view.embed_id}", **DAYS}
    expected = page.body(**DAYS)
    form = page.client.post("/embed/query", asked, headers=page.headers())
    as_json = page.client.post("/embed/query", asked, content_type="application/json", headers=page.headers())
    # Not as a form of several parts: version 3 knew none.
    assert (form.status_code, as_json.json()) == (400, expected)


def test_nothing_on_the_way_keeps_an_answer_and_no_cookie_is_set(page: Page):
    response = page.get(**DAYS)
    assert (response["Cache-Control"], dict(response.cookies)) == ("no-store", {})


def test_every_view_of_another_client_is_refused_like_one_that_is_not_there(shop: Cast, page: Page):
    theirs = page.refusal(**DAYS, ids=f"ga:{shop.other_view.embed_id}")
    assert theirs == page.refusal(**DAYS, ids="ga:999")
    assert theirs[:2] == (403, "insufficientPermissions")


def test_the_same_question_of_two_views_is_two_snapshots(shop: Cast, page: Page):
    page.get(**DAYS)
    other_page(shop, page).get(**DAYS)
    with all_tenants(reason="a test counts"):
        assert Snapshot.objects.values("view").distinct().count() == 2


def test_a_lost_answer_is_fetched_anew(page: Page):
    rows = page.body(**DAYS)["rows"]
    with all_tenants(reason="a test's set-up"):
        snapshots.prune(datetime.timedelta(0))
    assert page.body(**DAYS)["rows"] == rows
    assert len(page.calls()) == 2


def test_a_goal_is_the_key_event_that_staff_entered_for_it(page: Page):
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=page.view.pk).update(ua_map={"goal1": "generate_lead"})
    body = page.body(metrics="ga:goal1Completions,ga:goal1ConversionRate,ga:sessions")
    leads = page.body(metrics="ga:totalEvents", filters="ga:eventLabel==generate_lead")
    visits = page.body(metrics="ga:sessions", filters="ga:eventLabel==generate_lead")
    count, rate, sessions = body["rows"][0]
    assert [each["dataType"] for each in body["columnHeaders"]] == ["INTEGER", "PERCENT", "INTEGER"]
    assert count == leads["rows"][0][0]
    assert int(count) > 0
    assert round(float(rate), 6) == round(100 * int(visits["rows"][0][0]) / int(sessions), 6)


def test_an_answer_is_compressed_once_for_all_who_take_it_so(page: Page):
    plain = page.get(**DAYS)
    asked = {"ids": f"ga:{page.view.embed_id}", **DAYS}
    packed = page.client.get("/embed/query", asked, headers=page.headers() | {"accept-encoding": "gzip"})
    assert (packed["Content-Encoding"], "Content-Encoding" in plain) == ("gzip", False)
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed["Vary"]
    assert "Accept-Encoding" in plain["Vary"]
