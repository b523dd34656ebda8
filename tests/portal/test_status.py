"""The page on what is broken: what stands there, for whom, and that it asks little of the database."""

import datetime
import re
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import Invitation, User
from accounts.tenancy import all_tenants
from dashboards.models import PropertyUse, View
from portal import heartbeat
from portal.models import Closing
from portal.tasks import beat
from provisioning.models import Credential, ProvisioningRequest, WaitingMail
from tests import factories
from tests.conftest import Cast

PAGE = "/admin/status/"
WELL = "Nothing is broken"
DAY = datetime.timedelta(days=1)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def shown(user: User) -> str:
    answer = signed_in(user).get(PAGE)
    assert answer.status_code == 200
    return unescape(re.sub(r"\s+", " ", answer.content.decode()))


def lines(user: User) -> dict[str, list[tuple[str, str]]]:
    """By heading: what is broken and whose."""
    found = {}
    for title, table in re.findall(r"<h2>([^<]*)</h2> <table>(.*?)</table>", shown(user)):
        rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>', table)
        found[title] = [(re.sub("<[^>]*>", "", what), whose) for what, whose in rows]
    return found


def failing(view: View, code: str = "property_forbidden") -> None:
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=view.pk).update(state="failing", last_error_code=code)


@pytest.fixture
def running(db) -> None:
    """tick and worker work."""
    heartbeat.note_tick()
    beat.enqueue()
    DBTaskResult.objects.update(status="SUCCESSFUL", finished_at=timezone.now())


# Who


def test_staff_and_owner_read_it_and_nobody_else(cast: Cast):
    answers = {
        name: signed_in(getattr(cast, name)).get(PAGE, follow=True).status_code
        for name in ("olivia", "dana", "erin", "alice", "bob")
    }
    assert answers == {"olivia": 200, "dana": 200, "erin": 200, "alice": 403, "bob": 403}
    assert Client().get(PAGE).status_code == 302
    assert signed_in(cast.olivia).post(PAGE).status_code == 405


def test_the_index_and_every_page_of_the_admin_lead_there(cast: Cast):
    assert signed_in(cast.dana).get("/admin/").content.decode().count(f'href="{PAGE}"') == 2
    assert signed_in(cast.dana).get("/admin/dashboards/view/").content.decode().count(f'href="{PAGE}"') == 1


@pytest.mark.usefixtures("running")
def test_staff_see_their_clients_troubles_and_no_others(cast: Cast):
    """One thing of each kind, of both clients and of the agency."""
    _break_everything(cast)
    own, other, owners = lines(cast.dana), lines(cast.erin), lines(cast.olivia)
    kinds = {
        "Views without new figures", "Connections to Google", "Requests that stand still",
        "Invitations that were not sent", "Google's allowance nearly used up",
    }  # fmt: skip
    assert (set(own), set(other), set(owners)) == (kinds, kinds, kinds)
    assert {whose for rows in own.values() for _, whose in rows} == {cast.tenant.name}
    assert {whose for rows in other.values() for _, whose in rows} == {cast.other.name}
    assert {whose for rows in owners.values() for _, whose in rows} == {
        cast.tenant.name, cast.other.name, "the agency",
    }  # fmt: skip
    page = shown(cast.dana)
    assert [each for each in ("Rival", "rival", "agency-robot", "tick") if each in page] == []


def _break_everything(cast: Cast) -> None:
    long_ago = timezone.now() - 2 * DAY
    factories.CredentialFactory(email="agency-robot@x.example", state="refused")
    for name, tenant, view in (("acme", cast.tenant, cast.view), ("rival", cast.other, cast.other_view)):
        failing(view)
        factories.CredentialFactory(tenant=tenant, email=f"robot@{name}.example", state="refused")
        wanted = factories.RequestFactory(tenant=tenant, email=f"wants@{name}.example", state="failed")
        invited = factories.invited(f"guest@{name}.example", tenant)
        with all_tenants(reason="a test's set-up"):
            ProvisioningRequest.objects.filter(pk=wanted.pk).update(changed_at=long_ago)
            Invitation.objects.filter(pk=invited.invitation.pk).update(last_sent_at=None)
            PropertyUse.objects.update_or_create(
                property_id=view.property_id, defaults={"quota_left": 0.05, "quota_read_at": timezone.now()}
            )


# What


@pytest.mark.usefixtures("running")
def test_where_nothing_is_broken_one_sentence_says_so(cast: Cast):
    assert lines(cast.olivia) == lines(cast.dana) == {}
    assert (shown(cast.olivia).count(WELL), shown(cast.dana).count(WELL)) == (1, 1)


@pytest.mark.usefixtures("running")
def test_a_view_is_named_many_are_counted_by_client_and_reason(cast: Cast):
    failing(cast.view)
    assert lines(cast.dana) == {"Views without new figures": [(cast.view.name, cast.tenant.name)]}
    for _ in range(3):
        failing(factories.ViewFactory(tenant=cast.tenant))
    failing(factories.ViewFactory(tenant=cast.tenant, name="Other reason"), "not_found")
    assert lines(cast.dana)["Views without new figures"] == [
        ("4 views", cast.tenant.name),
        ("Other reason", cast.tenant.name),
    ]


@pytest.mark.usefixtures("running")
def test_each_line_leads_to_where_it_is_mended(cast: Cast):
    _break_everything(cast)
    client = signed_in(cast.dana)
    links = re.findall(r'<th scope="row"><a href="([^"]+)"', client.get(PAGE).content.decode())
    assert len(links) == 5
    for link in links:
        answer = client.get(unescape(link), follow=True)
        assert (link, answer.status_code, "e=1" in answer.request["QUERY_STRING"]) == (link, 200, False)


@pytest.mark.usefixtures("running")
def test_what_is_over_or_young_is_no_trouble(cast: Cast):
    now = timezone.now()
    with all_tenants(reason="a test's set-up"):
        for state in ("live", "cancelled", "denied", "failed", "started"):
            factories.RequestFactory(tenant=cast.tenant, state=state)
        old = factories.RequestFactory(tenant=cast.tenant, state="failed")
        ProvisioningRequest.objects.filter(pk=old.pk).update(changed_at=now - 30 * DAY)
        ProvisioningRequest.objects.filter(state__in=("live", "cancelled", "denied")).update(
            changed_at=now - 2 * DAY
        )
        PropertyUse.objects.create(
            property_id=cast.view.property_id, quota_left=0.01, quota_read_at=now - DAY
        )
    Closing.objects.create(tenant_id=cast.view.pk, slug="x", name="X", asked_by="olivia")
    assert lines(cast.olivia) == {}


@pytest.mark.usefixtures("running")
def test_views_of_a_paused_client_are_not_broken(cast: Cast):
    failing(cast.view)
    cast.tenant.paused_at = timezone.now()
    cast.tenant.save()
    assert lines(cast.dana) == {}


@pytest.mark.usefixtures("running")
def test_a_consent_whose_time_has_ended_is_broken(cast: Cast):
    factories.CredentialFactory(
        tenant=cast.tenant, kind=Credential.Kind.GRANT, subject="1", client_id="web", state="works",
        email="rita@acme.example", secret_expires_at=timezone.now() - DAY,
    )  # fmt: skip
    assert lines(cast.dana) == {
        "Connections to Google": [("rita@acme.example (feeds 0 views)", cast.tenant.name)]
    }


# The installation


def test_the_owner_reads_of_the_machine_and_staff_do_not(cast: Cast, settings):
    settings.PORTAL_ENCRYPTION_KEYS = {"new": b"n" * 32, **settings.PORTAL_ENCRYPTION_KEYS}
    heartbeat.note_tick()
    beat.enqueue()
    DBTaskResult.objects.update(enqueued_at=timezone.now() - datetime.timedelta(hours=1))
    beat.enqueue()
    newest = DBTaskResult.objects.order_by("-enqueued_at").first()
    DBTaskResult.objects.filter(pk=newest.pk).update(
        status="FAILED",
        finished_at=timezone.now() - datetime.timedelta(hours=1),
        exception_class_path="ValueError",
    )
    Closing.objects.create(tenant_id=cast.view.pk, slug="x", name="Gone & Co", asked_by="olivia")
    Closing.objects.update(asked_at=timezone.now() - 2 * DAY)
    _unsent("marked-old@x.example", timezone.now() - DAY)
    _unsent("on-its-way@x.example", timezone.now())
    assert lines(cast.dana) == {}
    found = lines(cast.olivia)
    assert [what for what, _ in found["This installation"]][:2] == ["Worker", "Tasks wait long"]
    assert found["Tasks that failed in the last seven days"] == [("portal.tasks.beat", "the server")]
    assert found["Mails that did not go out"] == [("A subject (marked-old@x.example)", "the agency")]
    assert found["Clients that are still being closed"] == [("Gone & Co", "Gone & Co")]


def _unsent(to: str, at: datetime.datetime) -> None:
    WaitingMail.objects.create(
        to=to, title="A subject", trouble="away", created_at=at, expires_at=at + 3 * DAY
    )


def test_the_owner_has_the_figures_at_a_glance(cast: Cast):
    page = shown(cast.olivia)
    assert "<dt>Views: not asked yet</dt><dd>2</dd>" in page
    assert "<dt>Regular jobs ran</dt><dd>never</dd>" in page
    assert "At a glance" not in shown(cast.dana)


# How much it asks


def _queries(client: Client, counted) -> int:
    with counted() as found:
        assert client.get(PAGE).status_code == 200
    return len(found)


@pytest.fixture
def counted():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    return lambda: CaptureQueriesContext(connection)


@pytest.mark.usefixtures("running")
@pytest.mark.parametrize("person", ["dana", "olivia"])
def test_it_asks_as_much_for_thirty_as_for_one(cast: Cast, counted, person: str):
    _break_everything(cast)
    client = signed_in(getattr(cast, person))
    client.get(PAGE)
    before = _queries(client, counted)
    for number in range(30):
        failing(factories.ViewFactory(tenant=cast.tenant), f"code{number}")
        factories.CredentialFactory(tenant=cast.tenant, email=f"r{number}@acme.example", state="failing")
    assert _queries(client, counted) == before


@pytest.mark.usefixtures("running")
def test_of_very_many_the_first_are_shown_and_the_list_has_the_rest(cast: Cast):
    for number in range(51):
        failing(factories.ViewFactory(tenant=cast.tenant), f"code{number}")
    page = shown(cast.dana)
    assert page.count('<th scope="row">') == 50
    assert '<a href="/admin/dashboards/view/?state__exact=failing">There are more: see all</a>' in page
