"""The page of a request that is done: the tag, the wait for a visitor, the mail to a web developer."""

from __future__ import annotations

import html
import re

import pytest
from django.core import mail
from django.test import Client

from dashboards.models import View
from provisioning.requests import tags
from tests.conftest import Cast
from tests.google import Google
from tests.provisioning.journey import NINA, Journey, leads_to, travelling
from tests.provisioning.living import change, codes, visits

pytestmark = pytest.mark.django_db
WAITING = {"hit": "waiting", "words": "Waiting for your first visitor: open your website."}
COME = {"hit": "come", "words": "Your tag works: the first visitor was here."}


def at(journey: Journey, part: str) -> str:
    return f"/provisioning/{journey.pk}/{part}"


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def watch(journey: Journey) -> dict[str, str]:
    return journey.client.get(at(journey, "hit.json")).json()


def watch_line(page: str) -> str:
    return html.unescape(re.search(r'<span role="status">(.*?)</span>', page).group(1))  # type: ignore[union-attr]


def test_page_has_tag_ids_and_the_way_to_google(live: Journey):
    page, row = live.page(), live.row()
    assert html.escape(tags.tag_of(row.measurement_id)) in page
    assert html.escape(tags.asking_tag_of(row.measurement_id)) in page
    facts = re.findall(r"<dd>(.*?)</dd><dd><code>(.*?)</code></dd>", page)
    assert facts == [
        ("Bluebell Bakery", row.account_id),
        ("Bluebell shop", row.property_id),
        ("https://bluebell-bakery.example", row.measurement_id),
    ]
    link = re.search(r'href="([^"]+)" rel="noreferrer"', page).group(1)  # type: ignore[union-attr]
    assert html.unescape(link) == (
        f"{live.google.url}/analytics/web/?authuser=nina%40bluebell-bakery.example"
        f"#/p{row.property_id}/reports/intelligenthome"
    )
    assert NINA in page


def test_what_a_customer_typed_never_becomes_markup(live: Journey):
    change(live, account_name="<script>alert(1)</script>", property_name="<b>bold</b>")
    page = live.page()
    assert "<script>alert(1)" not in page
    assert "<b>bold</b>" not in page


def test_watcher_waits_until_somebody_comes(live: Journey, google: Google):
    assert watch(live) == WAITING
    visits(google, live)
    change(live, hit_look_at=None)
    assert watch(live) == COME
    assert watch_line(live.page()) == COME["words"]


def test_watcher_says_that_google_could_not_be_asked(live: Journey, google: Google):
    google.fail("runRealtimeReport", status=503, count=9)
    assert watch(live)["hit"] == "failed"
    assert watch_line(live.page()) == watch(live)["words"]


def test_button_does_the_same_without_a_script(live: Journey, google: Google):
    answer = live.client.post(at(live, "hit/"), follow=True)
    assert watch_line(answer.content.decode()) == (
        "Nobody yet. Open your website in another window, and check again in a minute."
    )
    visits(google, live)
    change(live, hit_look_at=None)
    answer = live.client.post(at(live, "hit/"), follow=True)
    assert watch_line(answer.content.decode()) == COME["words"]


def test_tag_goes_to_a_web_developer(live: Journey):
    answer = live.client.post(at(live, "send-tag/"), {"email": "dev@studio.example"}, follow=True)
    assert "The tag is on its way to dev@studio.example." in answer.content.decode()
    assert [each.to for each in mail.outbox] == [["dev@studio.example"]]
    assert codes(live) == ["tag_mailed"]


def test_the_address_is_asked_for_again_where_it_is_none(live: Journey):
    answer = live.client.post(at(live, "send-tag/"), {"email": "dev@@studio"})
    page = answer.content.decode()
    assert (answer.status_code, mail.outbox, codes(live)) == (400, [], [])
    assert 'value="dev@@studio"' in page
    assert "<details open>" in page


def test_a_sixth_mail_of_a_day_is_refused_in_words(live: Journey):
    for number in range(6):
        form = {"email": f"dev{number}@studio.example"}
        answer = live.client.post(at(live, "send-tag/"), form, follow=True)
    assert "That is enough mail for today." in answer.content.decode()
    assert len(mail.outbox) == 5


def test_only_who_takes_part_sends_and_watches(live: Journey, cast: Cast):
    for part, form in (("hit/", {}), ("send-tag/", {"email": "dev@studio.example"})):
        assert signed_in(cast.dana).post(at(live, part), form).status_code == 302
        assert signed_in(cast.bob).post(at(live, part), form).status_code == 403
        assert signed_in(cast.charlie).post(at(live, part), form).status_code == 404
        assert signed_in(cast.alice).get(at(live, part)).status_code == 405
    assert len(mail.outbox) == 1
    statuses = [signed_in(who).get(at(live, "hit.json")).status_code for who in (cast.bob, cast.charlie)]
    assert statuses == [403, 404]


def test_v3_shows_the_three_ids_and_neither_tag_nor_dashboard(google: Google, cast: Cast, settings):
    settings.PROVISIONING_API = "v3"
    google.client(provisioning_v3=True)
    with travelling(google, cast.alice) as journey:
        journey.whole()
        page, row = journey.page(), journey.row()
        assert journey.heading() == "Your Analytics account is made."
        assert "no live figures follow" in page
        assert re.findall(r"<dd><code>(.*?)</code></dd>", page) == [
            row.account_id, row.web_property_id, row.profile_id,
        ]  # fmt: skip
        assert "gtag" not in page
        assert "To your dashboard" not in page
        assert journey.client.get(at(journey, "hit.json")).status_code == 404
        assert journey.do("send_tag", {"email": "dev@studio.example"}).status_code == 302
        assert mail.outbox == []


def test_what_goes_wrong_afterwards_takes_nothing_back(live: Journey):
    live.client.get("/provisioning/oauth/callback", {"error": "access_denied", "state": "unknown"})
    live.consent(_again(live), deny=True)
    assert (live.row().state, codes(live)) == ("live", ["consent_denied"])
    assert live.heading() == "Your Analytics is ready."


def _again(journey: Journey) -> str:
    return leads_to(journey.do("authorise"))


# From the tag to figures


def test_dashboard_says_gathering_until_visits_come_and_then_shows_them(
    live: Journey, cast: Cast, google: Google, everything
):
    view = View.objects.select_related("tenant").get(pk=live.row().view_id)
    here = f"/clients/{view.tenant.slug}/views/{view.slug}/"

    def shown(query: str = "", client: Client = live.client) -> str:
        for _ in range(20):
            if client.get(f"{here}data.json{query}").json()["complete"]:
                break
        return client.get(f"{here}{query}").content.decode()

    def lead(page: str) -> str:
        return " ".join(re.sub("<.*?>", "", re.search(r"<h1.*?</h1>", page, re.S).group()).split())  # type: ignore[union-attr]

    for query in ("", "?period=today", "?period=month"):
        page = shown(query)
        assert lead(page) == "The first figures are being gathered."
        assert f'href="/provisioning/{live.pk}/"' in page
    assert f"/provisioning/{live.pk}/" not in shown("", signed_in(cast.bob))
    assert live.client.get(f"{here}realtime.json").json()["people"] == 0

    visits(google, live, 3)
    assert watch(live) == COME
    page = shown()
    assert lead(page) == "The first visits have come."
    assert 'href="?period=today"' in page
    assert lead(shown("?period=today")) == "3 visits so far."
