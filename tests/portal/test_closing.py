"""Closing a client: its grants end without darkening anybody else, its data goes, its people lose access; cut
off anywhere it goes on.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts import asking_again, invitation_mail
from accounts.models import AuditEntry, Membership, Tenant, User
from accounts.tenancy import all_tenants
from dashboards import fields
from dashboards import tasks as dashboard_tasks
from dashboards.embed import keys, sharing
from dashboards.models import Dashboard, PropertyUse, Snapshot, View
from portal import tasks, upkeep
from portal.closing import flows, removal
from portal.closing import google as at_google
from portal.models import Closing
from provisioning import credentials
from provisioning.models import Credential, ProvisioningRequest, WaitingMail
from provisioning.requests import tag_mails
from tests import factories
from tests.conftest import Cast
from tests.consenting import Visitor
from tests.google import Google
from tests.provisioning.connecting import connect

NINA = "nina@bluebell-bakery.example"
MARKED = "Marked-name-of-acme"


@pytest.fixture
def visitor(google: Google) -> Iterator[Visitor]:
    found = Visitor(google.url)
    yield found
    found.close()


@pytest.fixture
def furnished(cast: Cast) -> Cast:
    """alice's client with a row of nearly everything, each with a mark in it."""
    with all_tenants(reason="a test's set-up"):
        own = factories.CredentialFactory(tenant=cast.tenant, name=MARKED)
        board = Dashboard.objects.create(tenant=cast.tenant, name=MARKED, slug="own")
        view = factories.ViewFactory(
            tenant=cast.tenant, slug="own", name=MARKED, agency_credential=None, tenant_credential=own,
            dashboard=board, property_id="310000009",
        )  # fmt: skip
        for number in range(3):
            Snapshot.objects.create(tenant=cast.tenant, view=view, fingerprint=f"{MARKED} {number}")
        Snapshot.objects.create(tenant=cast.other, view=cast.other_view, fingerprint="theirs")
        factories.invited(f"{MARKED}@acme.example", cast.tenant)
        factories.prepared(f"{MARKED}@acme.example", cast.tenant, details={"account_name": MARKED})
        keys.make(tenant=cast.tenant, name=MARKED, made_by="alice")
        sharing.make(view=view, made_by="alice", name=MARKED)
        PropertyUse.objects.create(property_id="310000009")
        PropertyUse.objects.create(property_id="310000001")
        cache.set(fields._key("310000009"), (((MARKED, MARKED),), ()))
        LogEntry.objects.log_actions(cast.olivia.pk, [view], CHANGE, MARKED)
        LogEntry.objects.log_actions(cast.olivia.pk, [cast.tenant], CHANGE, MARKED)
        dashboard_tasks.refresh_view.enqueue(str(cast.tenant.pk), str(view.pk))
        dashboard_tasks.refresh_view.enqueue(str(cast.other.pk), str(cast.other_view.pk))
    return cast


def closed(cast: Cast, *, by: str = "olivia@northlight.example") -> Closing:
    """Asked for, and done as far as it can be."""
    with all_tenants(reason="a test"):
        closing = flows.begin(tenant=cast.tenant, by=by)
    tasks.close.func(str(closing.pk))
    closing.refresh_from_db()
    return closing


def everything_but(*tables: str) -> str:
    with connection.cursor() as cursor:
        rows = []
        for table in set(connection.introspection.table_names(cursor)) - set(tables):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += [f"{table}: {row!r}" for row in cursor.fetchall()]
    return "\n".join(rows)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_nothing_of_the_client_is_left_anywhere_but_that_it_was_closed(furnished: Cast):
    tenant = furnished.tenant.pk
    closing = closed(furnished)
    with all_tenants(reason="a test looks"):
        left = [
            (model._meta.label, model._base_manager.filter(tenant=tenant).count())
            for model in removal.owned_models()
        ]
    text = everything_but("portal_closing", "accounts_auditentry")
    marks = (MARKED, str(tenant), tenant.hex, f"'{furnished.tenant.slug}'")
    assert [count for _label, count in left] == [0] * len(left)
    assert [line for line in text.splitlines() for mark in marks if mark in line] == []
    assert fields.known("310000009") is None
    assert (closing.slug, closing.asked_by) == ("acme", "olivia@northlight.example")
    assert (closing.finished_at is not None, closing.look_again_at) == (True, None)
    assert closing.removed["dashboards.Snapshot"] == 3
    assert closing.removed["accounts.Membership"] == 2


def test_no_mail_of_the_client_goes_out_any_more(furnished: Cast, no_mail_server: None):
    with all_tenants(reason="a test's set-up"):
        request = ProvisioningRequest.objects.get(tenant=furnished.tenant)
        request.measurement_id = "G-ABC1234567"
        tag_mails.send(request=request, to="developer@agency.example", sender="alice@acme.example")
        invitation_mail.send(factories.invited("new@acme.example", furnished.tenant))
        invitation_mail.send(factories.invited("new@rival.example", furnished.other))
    waited = set(WaitingMail.objects.values_list("to", flat=True))
    closed(furnished)
    assert waited == {"new@acme.example", "new@rival.example", "developer@agency.example"}
    assert list(WaitingMail.objects.values_list("to", flat=True)) == ["new@rival.example"]


def test_nothing_of_anybody_else_goes(furnished: Cast):
    def rival() -> str:
        with connection.cursor() as cursor:
            tables = sorted(connection.introspection.table_names(cursor))
        mine = (furnished.other.pk.hex, str(furnished.other.pk))
        lines = everything_but(*(each for each in tables if each == "portal_closing")).splitlines()
        return "\n".join(sorted(line for line in lines if any(mark in line for mark in mine)))

    before = rival()
    closed(furnished)
    with all_tenants(reason="a test looks"):
        assert (rival() == before, Tenant.objects.count(), View.objects.count()) == (True, 1, 1)
    assert Dashboard._base_manager.filter(tenant=None, slug="overview").exists()
    assert set(PropertyUse.objects.values_list("property_id", flat=True)) == {"310000001"}
    assert signed_in(furnished.charlie).get("/clients/rival/views/site/").status_code == 200


def test_the_models_that_go_are_all_that_belong_to_a_tenant():
    named = {
        model
        for model in apps.get_models()
        if any(field.name == "tenant" and field.is_relation for field in model._meta.fields)
        and not model._meta.proxy
    }
    assert set(removal.owned_models()) == named


def test_people_without_another_client_lose_access_and_others_keep_theirs(furnished: Cast):
    with all_tenants(reason="a test's set-up"):
        Membership.objects.create(tenant=furnished.other, user=furnished.bob, role="viewer")
        Membership.objects.create(tenant=furnished.tenant, user=furnished.dana, role="viewer")
    alice, bob, dana = (signed_in(each) for each in (furnished.alice, furnished.bob, furnished.dana))
    closed(furnished)
    assert [alice.get("/").status_code, alice.get("/clients/acme/").status_code] == [200, 302]
    assert not User.objects.get(pk=furnished.alice.pk).is_active
    assert [client.get("/clients/acme/").status_code for client in (bob, dana)] == [404, 404]
    assert bob.get("/clients/rival/").status_code == 200
    active = User.objects.filter(is_active=True).values_list("email", flat=True)
    people = (furnished.bob, furnished.charlie, furnished.dana, furnished.erin, furnished.olivia)
    assert set(active) == {each.email for each in people}


def test_its_people_are_out_before_anything_is_done(furnished: Cast):
    with all_tenants(reason="a test"):
        flows.begin(tenant=furnished.tenant, by="olivia@northlight.example")
    assert signed_in(furnished.alice).get("/clients/acme/").status_code == 403


def test_its_google_account_is_disconnected_at_google(cast: Cast, google: Google, visitor: Visitor):
    connect(visitor, NINA, cast.tenant, cast.alice)
    closing = closed(cast)
    assert (len(google.requests("/revoke")), closing.ended_at_google) == (1, [NINA])
    assert Credential._base_manager.filter(kind="grant").count() == 0


@pytest.mark.parametrize("whose", ["other", None])
def test_an_account_that_feeds_another_client_or_the_agency_goes_on(
    cast: Cast, google: Google, visitor: Visitor, whose: str | None
):
    kept = connect(visitor, NINA, getattr(cast, whose) if whose else None, cast.charlie)
    connect(visitor, NINA, cast.tenant, cast.alice)
    closing = closed(cast)
    assert (google.requests("/revoke"), closing.kept_for_others) == ([], [NINA])
    with all_tenants(reason="a test looks"):
        assert [each.pk for each in Credential.objects.filter(kind="grant")] == [kept.pk]
        credentials.sign_in(kept)
        kept.refresh_from_db()
    assert kept.state == "works"


def test_google_being_away_delays_the_end_and_loses_nothing(cast: Cast, google: Google, visitor: Visitor):
    connect(visitor, NINA, cast.tenant, cast.alice)
    google.fail("/revoke", status=503)
    closing = closed(cast)
    with all_tenants(reason="a test looks"):
        assert (Tenant.objects.filter(pk=cast.tenant.pk).exists(), closing.finished_at) == (True, None)
        assert View.objects.filter(tenant=cast.tenant).count() == 0
    google.recover()
    tasks.close.func(str(closing.pk))  # too early: nobody asks again yet
    closing.refresh_from_db()
    assert closing.finished_at is None
    Closing.objects.update(look_again_at=timezone.now())
    tasks.close.func(str(closing.pk))
    closing.refresh_from_db()
    assert (closing.finished_at is not None, closing.ended_at_google) == (True, [NINA])


def test_after_a_day_the_token_is_forgotten_and_that_it_may_live_is_told(
    cast: Cast, google: Google, visitor: Visitor
):
    connect(visitor, NINA, cast.tenant, cast.alice)
    google.fail("/revoke", status=503)
    closing = closed(cast)
    long_ago = timezone.now() - at_google.PATIENCE - datetime.timedelta(minutes=1)
    Closing.objects.update(asked_at=long_ago, look_again_at=timezone.now())
    tasks.close.func(str(closing.pk))
    closing.refresh_from_db()
    assert (closing.finished_at is not None, closing.not_ended) == (True, [NINA])
    assert Credential._base_manager.filter(kind="grant").count() == 0


def test_a_grant_whose_secret_is_damaged_stops_nothing(cast: Cast, google: Google, visitor: Visitor):
    grant = connect(visitor, NINA, cast.tenant, cast.alice)
    Credential._base_manager.filter(pk=grant.pk).update(sealed_secret="v1:test:AAAA")
    closing = closed(cast)
    assert (closing.finished_at is not None, closing.not_ended) == (True, [NINA])


STEPS = ["remove_figures", "remove_views", "forget_asides", "remove_rest"]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
def test_cut_off_at_any_step_tick_has_it_gone_on_with(
    furnished: Cast, monkeypatch: pytest.MonkeyPatch, step: str, when: str
):
    class Killed(BaseException):
        pass

    whole = getattr(removal, step)

    def cut(tenant: Tenant) -> Any:
        if when == "after":
            whole(tenant)
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(removal, step, cut)
        with pytest.raises(Killed):
            closed(furnished)
    closing = Closing.objects.get()
    assert closing.finished_at is None
    Closing.objects.update(look_again_at=timezone.now())
    DBTaskResult.objects.all().delete()
    upkeep.go_on_closing()
    task = DBTaskResult.objects.get(task_path=tasks.close.module_path)
    tasks.close.func(*task.args_kwargs["args"])
    closing.refresh_from_db()
    assert closing.finished_at is not None
    assert not Tenant._base_manager.filter(pk=furnished.tenant.pk).exists()


def test_the_record_keeps_that_it_was_closed_by_whom_and_what_became_of_it(furnished: Cast):
    closing = closed(furnished)
    tasks.close.func(str(closing.pk))
    with all_tenants(reason="a test looks"):
        found = AuditEntry.objects.filter(kind="client.closed").order_by("pk")
        told = [(each.who, each.tenant_name, each.details["step"]) for each in found]
        assert told == [("olivia@northlight.example", "Acme", step) for step in ("begun", "done")]
        assert found[1].details["removed"]["accounts.Membership"] == 2


def test_closed_twice_it_is_one_closing(furnished: Cast):
    with all_tenants(reason="a test"):
        first = flows.begin(tenant=furnished.tenant, by="olivia@northlight.example")
        again = flows.begin(tenant=furnished.tenant, by="another@northlight.example")
    assert (first.pk, again.asked_by) == (again.pk, "olivia@northlight.example")
    assert [flows.take(closing=first), flows.take(closing=again)] == [True, False]
    Closing.objects.update(look_again_at=timezone.now())
    for _time in range(2):
        tasks.close.func(str(first.pk))
    assert Closing.objects.exclude(finished_at=None).count() == 1


# ---- the admin's page


def url(cast: Cast) -> str:
    return reverse("admin:accounts_tenant_close", args=[cast.tenant.pk])


def text_of(answer: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.mark.parametrize(
    ("person", "status"),
    [("olivia", 200), ("dana", 403), ("erin", 404), ("alice", 302), ("charlie", 302)],
)
def test_only_the_agencys_owner_gets_there(cast: Cast, person: str, status: int):
    client = signed_in(getattr(cast, person))
    assert client.get(url(cast)).status_code == status
    assert client.post(url(cast), {"typed": "acme"}).status_code == (302 if person == "olivia" else status)
    assert Closing.objects.count() == (1 if person == "olivia" else 0)


def test_whoever_did_not_show_lately_who_they_are_is_asked_first(cast: Cast):
    client = signed_in(cast.olivia)
    session = client.session
    session[asking_again.SHOWN_AT] = 0
    session.save()
    for answer in (client.get(url(cast)), client.post(url(cast), {"typed": "acme"})):
        assert (answer.status_code, "reauthenticate" in answer.headers["Location"]) == (302, True)
    assert Closing.objects.count() == 0


def test_a_client_that_is_not_there_is_404_and_a_wrong_verb_405(cast: Cast):
    client = signed_in(cast.olivia)
    absent = url(cast).replace(str(cast.tenant.pk), "00000000-0000-0000-0000-000000000000")
    assert (client.get(absent).status_code, client.put(url(cast)).status_code) == (404, 405)


def test_the_page_says_what_goes(furnished: Cast):
    text = text_of(signed_in(furnished.olivia).get(url(furnished)))
    assert "Close Acme" in text
    assert "Views: 2" in text
    assert "Members: 2" in text


@pytest.mark.parametrize("typed", ["", "Acme", "rival", "acme2"])
def test_another_address_closes_nothing(cast: Cast, typed: str):
    answer = signed_in(cast.olivia).post(url(cast), {"typed": typed})
    assert (answer.status_code, Closing.objects.count()) == (200, 0)


def test_typed_it_is_queued_and_done_by_the_worker(furnished: Cast):
    answer = signed_in(furnished.olivia).post(url(furnished), {"typed": "acme"}, follow=True)
    assert [str(each) for each in answer.context["messages"]] == [
        "Acme is closed. Its people have no access any more; its data is being deleted."
    ]
    task = DBTaskResult.objects.ready().get(task_path=tasks.close.module_path)
    tasks.close.func(*task.args_kwargs["args"])
    assert Closing.objects.get().finished_at is not None
    assert signed_in(furnished.olivia).get(url(furnished)).status_code == 404


def test_a_client_is_not_deleted_by_the_back_door(cast: Cast):
    client = signed_in(cast.olivia)
    gone = reverse("admin:accounts_tenant_delete", args=[cast.tenant.pk])
    assert client.post(gone, {"post": "yes"}).status_code == 403
    page = client.get(reverse("admin:accounts_tenant_changelist")).content.decode()
    assert "delete_selected" not in page


def test_what_is_told_of_a_closing_is_text(furnished: Cast):
    closing = closed(furnished)
    assert [field for field in Closing._meta.get_fields() if field.is_relation] == []
    assert json.loads(json.dumps(closing.removed)) == closing.removed
