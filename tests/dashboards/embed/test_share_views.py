"""Links to share: whoever has one reads one view; whoever has none, or an old one, meets the same page."""

import datetime
import re
import uuid

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from accounts.tenancy import all_tenants, tenant_scope
from dashboards.embed import choosing, share_views, sharing, tickets
from dashboards.models import Dashboard, ShareLink, Widget
from tests import factories
from tests.conftest import Cast
from tests.google import Google


@pytest.fixture(autouse=True)
def _fresh_tickets():
    tickets.forget()
    cache.clear()


def made(cast: Cast, **more) -> tuple[ShareLink, str]:
    """A link to alice's view, and its address."""
    with all_tenants(reason="a test's set-up"):
        issued = sharing.make(view=cast.view, made_by="alice@acme.example", **more)
    return issued.link, f"/share/{issued.token.value}/"


def kept(link: ShareLink) -> ShareLink:
    """The link as the database has it."""
    with all_tenants(reason="a test's set-up"):
        return ShareLink.objects.get(pk=link.pk)


def test_whoever_has_the_link_reads_the_view(cast: Cast):
    _, address = made(cast)
    page = Client().get(address)
    assert (page.status_code, b'class="tiles"' in page.content, dict(page.cookies)) == (200, True, {})
    links = re.findall(r'(?:href|action)="(/(?!static)[^"]*)"', page.content.decode())
    assert links == []


def test_it_is_for_nobody_who_searches(cast: Cast):
    _, address = made(cast)
    for each in (address, "/share/nothing/"):
        page = Client().get(each)
        assert page["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert b'<meta name="robots" content="noindex, nofollow">' in page.content
        assert page["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


def test_nor_is_what_its_script_asks_for(cast: Cast, google: Google):
    _, address = made(cast)
    found = {
        f"{each}{part}": Client().get(f"{each}{part}")
        for each in (address, "/share/nothing/")
        for part in ("data.json", "realtime.json")
    }
    assert {answer["X-Robots-Tag"] for answer in found.values()} == {"noindex, nofollow, noarchive"}


@pytest.mark.parametrize("end", ["unknown", "revoked", "run out", "paused"])
def test_a_link_that_leads_nowhere_says_so_in_the_same_words(cast: Cast, end):
    link, address = made(cast)
    with all_tenants(reason="a test's set-up"):
        if end == "revoked":
            sharing.revoke(link=link, by="alice")
        elif end == "run out":
            ShareLink.objects.filter(pk=link.pk).update(expires_at=timezone.now())
        elif end == "paused":
            type(cast.tenant).objects.filter(pk=cast.tenant.pk).update(paused_at=timezone.now())
        elif end == "unknown":
            address = address[:-2] + ("A/" if address[-2] != "A" else "B/")
    page, nothing = Client().get(address), Client().get("/share/nothing/")
    assert (page.status_code, page.content) == (404, nothing.content)
    assert Client().get(f"{address}data.json").status_code == 401
    assert Client().get(f"{address}realtime.json").status_code == 401


def test_openings_are_counted(cast: Cast):
    link, address = made(cast)
    client = Client()
    for ask in (client.get, client.get, client.head):
        ask(address)
    client.get(f"{address}realtime.json")
    found = kept(link)
    assert (found.opened, found.last_opened_at is not None) == (2, True)


def test_its_figures_cost_google_what_the_portals_own_page_costs(cast: Cast, google: Google):
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    _, address = made(cast)
    for _ in range(10):
        found = Client().get(f"{address}data.json?filter=country==Italy&by=month").json()
        if found["complete"]:
            break
    before = len(google.requests("batchRunReports"))
    alice = Client()
    alice.force_login(cast.alice)
    own = alice.get("/clients/acme/views/site/data.json").json()
    assert (found["charts"], len(google.requests("batchRunReports"))) == (own["charts"], before)


@pytest.mark.parametrize(
    "query", ["period=custom", "period=x", "from=2026-01-01&to=2026-01-31&period=custom"]
)
def test_a_period_without_a_name_gets_a_sentence(cast: Cast, query):
    link, address = made(cast)
    page = Client().get(f"{address}?{query}")
    assert (page.status_code, kept(link).opened) == (400, 0)
    assert Client().get(f"{address}data.json?{query}").status_code == 400


def test_a_fixed_period_is_all_there_is(cast: Cast):
    _, address = made(cast, period="2026-10-01/2026-10-31")
    page = Client().get(f"{address}?period=7d&from=2026-11-01&to=2026-11-02").content.decode()
    assert ("1 – 31 Oct 2026" in page, "Last 7 days" in page, 'id="now"' in page) == (True, False, False)
    assert Client().get(f"{address}realtime.json").status_code == 404


# ---- what it shows


def _parts(cast: Cast, *titles: str) -> list[str]:
    """The names behind choices of these labels."""
    with tenant_scope({cast.tenant.pk}):
        values = {label: value for value, label in choosing.options(cast.view)}
        return choosing.names_of([values[title] for title in titles])


def _titles(html: str) -> list[str]:
    return re.findall(r'<h2 id="title-[^"]*"[^>]*>([^<]*)</h2>', html)


def test_what_was_chosen_is_all_that_is_shown_or_answered(cast: Cast, google: Google):
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    _, address = made(cast, widgets=_parts(cast, "Headline figures", "Pages"))
    for _ in range(10):
        found = Client().get(f"{address}data.json").json()
        if found["complete"]:
            break
    page = Client().get(address).content.decode()
    assert (_titles(page), "tile" in page, 'id="lead"' in page, 'id="now"' in page) == (
        ["Pages"], True, False, False,
    )  # fmt: skip
    shown = [_titles(card) for card in found["cards"].values()]
    assert (shown, found["lead"], found["charts"]) == ([["Pages"]], "", {})
    assert Client().get(f"{address}realtime.json").status_code == 404


def test_a_link_with_now_among_its_parts_answers_it(cast: Cast, google: Google):
    factories.store_key(cast.view.agency_credential, google.key("310000001"))
    _, address = made(cast, widgets=["now"])
    assert Client().get(f"{address}realtime.json").status_code == 200


def test_the_line_draws_no_figure_that_was_not_chosen(cast: Cast):
    _, without = made(cast, widgets=_parts(cast, "Visits"))
    _, among = made(cast, widgets=_parts(cast, "Visits", "Headline figures"))
    pages = [Client().get(f"{each}?metric=keyEvents").content.decode() for each in (without, among)]
    assert ["metric=keyEvents" in page for page in pages] == [False, True]


def test_only_dashboards_with_something_chosen_are_there(cast: Cast):
    with tenant_scope({cast.tenant.pk}):
        board = Dashboard.objects.create(tenant=cast.tenant, name="Just one", slug="one")
        widget = Widget.objects.create(
            tenant=cast.tenant, dashboard=board, title="Alone", kind="table", metrics=["sessions"],
            dimensions=["city"],
        )  # fmt: skip
        cast.view.more_dashboards.add(board)
    _, address = made(cast, widgets=[str(widget.pk)])
    page = Client().get(address).content.decode()
    assert (_titles(page), 'aria-label="Dashboards"' in page) == (["Alone"], False)
    first = cast.view.dashboard.slug
    answers = [Client().get(f"{address}?dashboard={slug}").status_code for slug in ("one", first)]
    assert answers == [200, 404]


def test_what_was_chosen_and_is_gone_shows_nothing_instead_of_everything(cast: Cast):
    _, address = made(cast, widgets=[str(uuid.uuid4())])
    page = Client().get(address).content.decode()
    assert (_titles(page), "tile" in page, 'id="lead"' in page) == ([], False, False)


# ---- passwords


def test_a_password_is_asked_for_and_kept_by_the_browser_alone(cast: Cast):
    link, address = made(cast, password="open sesame")
    client = Client()
    assert b'class="tiles"' not in client.get(address).content
    assert client.get(f"{address}data.json").status_code == 401
    answer = client.post(address, {"password": "open sesame"})
    cookie = answer.cookies["unlocked"]
    assert (answer.status_code, answer["Location"]) == (302, address)
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == (address, True, "Lax")
    assert b'class="tiles"' in client.get(address).content
    assert ("open sesame" in kept(link).password, kept(link).opened) == (False, 1)


def test_a_wrong_password_opens_nothing(cast: Cast):
    _, address = made(cast, password="open sesame")
    answer = Client().post(address, {"password": "open"})
    assert (answer.status_code, dict(answer.cookies)) == (403, {})
    assert "That is not the password." in answer.content.decode()


def test_one_links_password_opens_no_other(cast: Cast):
    _, first = made(cast, password="open sesame")
    _, second = made(cast, password="open sesame")
    client = Client()
    note = client.post(first, {"password": "open sesame"}).cookies["unlocked"].value
    client.cookies["unlocked"] = note
    assert b'class="tiles"' in client.get(first).content
    assert b'class="tiles"' not in client.get(second).content


@pytest.mark.parametrize("note", ["", "x", "x:y:z", "a" * 5000])
def test_a_note_of_ones_own_opens_nothing(cast: Cast, note):
    link, _ = made(cast, password="open sesame")
    assert sharing.is_unlocked(link, note) is False


def test_a_note_ends_by_itself(cast: Cast, monkeypatch):
    link, _ = made(cast, password="open sesame")
    note = sharing.note_for(link)
    later = timezone.now().timestamp() + sharing.UNLOCKED_FOR.total_seconds() + 1
    assert sharing.is_unlocked(link, note)
    monkeypatch.setattr("django.core.signing.time.time", lambda: later)
    assert not sharing.is_unlocked(link, note)


def test_passwords_are_not_tried_without_end(cast: Cast, monkeypatch):
    monkeypatch.setattr(share_views, "TRIES_A_MINUTE", 2)
    _, address = made(cast, password="open sesame")
    answers = [Client().post(address, {"password": "x"}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [403, 403, 429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 60
    assert Client().post(address, {"password": "open sesame"}).status_code == 429


def test_a_link_without_a_password_takes_none(cast: Cast):
    _, address = made(cast)
    answer = Client().post(address, {"password": "x"})
    assert (answer.status_code, answer["Location"], dict(answer.cookies)) == (302, address, {})


def test_addresses_are_not_guessed_without_end(cast: Cast, monkeypatch):
    monkeypatch.setattr(share_views, "A_MINUTE", 2)
    assert [Client().get(f"/share/guess-{n}/").status_code for n in range(3)] == [404, 404, 429]


def test_a_link_ends_at_its_time(cast: Cast):
    link, _ = made(cast, expires_at=timezone.now() + datetime.timedelta(hours=1))
    assert link.is_open
    link.expires_at = timezone.now()
    assert not link.is_open
