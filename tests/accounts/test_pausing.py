"""A paused client's people are told so; whoever works for it still looks; nothing is fetched for it."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Tenant, User
from accounts.tenancy import all_tenants
from dashboards import tasks, upkeep
from dashboards.flows import note_opened
from dashboards.lists import queue
from tests import factories
from tests.conftest import Cast

PAGES = ["/clients/acme/", "/clients/acme/views/site/", "/clients/acme/people/"]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def paused(tenant: Tenant) -> None:
    with all_tenants(reason="a test"):
        Tenant.objects.filter(pk=tenant.pk).update(paused_at=timezone.now())


def opened(tenant: Tenant) -> None:
    with all_tenants(reason="a test"):
        Tenant.objects.filter(pk=tenant.pk).update(paused_at=None)


@pytest.mark.parametrize("path", PAGES)
def test_members_are_told_and_resumed_they_are_in_again(cast: Cast, path: str):
    alice = signed_in(cast.alice)
    paused(cast.tenant)
    answer = alice.get(path)
    assert (answer.status_code, [each.name for each in answer.templates][0]) == (403, "accounts/paused.html")
    assert b"The pages of Acme are paused." in answer.content
    assert b"hello@northlight.example" in answer.content
    opened(cast.tenant)
    assert alice.get(path).status_code == 200


@pytest.mark.parametrize(
    ("person", "status"), [("bob", 403), ("dana", 200), ("olivia", 200), ("charlie", 404), ("erin", 404)]
)
def test_who_works_for_it_looks_and_who_is_outside_learns_nothing(cast: Cast, person: str, status: int):
    paused(cast.tenant)
    answer = signed_in(getattr(cast, person)).get(PAGES[1])
    assert (answer.status_code, b"paused" in answer.content) == (status, status == 403)


def test_scripts_are_told_in_a_sentence(cast: Cast):
    paused(cast.tenant)
    answer = signed_in(cast.alice).get("/clients/acme/views/site/data.json")
    assert (answer.status_code, answer.json()) == (
        403, {"error": "These pages are paused. Your agency can open them."},
    )  # fmt: skip


def test_the_first_page_tells_who_has_nothing_else_and_leaves_it_out_for_others(cast: Cast):
    alice = signed_in(cast.alice)
    paused(cast.tenant)
    answer = alice.get("/", follow=True)
    assert (answer.status_code, b"The pages of Acme are paused." in answer.content) == (403, True)
    factories.person("alice@acme.example", "viewer", cast.other)
    with all_tenants(reason="a test"):
        queue.queue_summaries()
    assert alice.get("/").url == "/clients/rival/views/site/"


def test_nothing_is_fetched_for_it(cast: Cast, monkeypatch):
    with all_tenants(reason="a test"):
        note_opened(view=cast.view)
        note_opened(view=cast.other_view)
    paused(cast.tenant)
    assert (upkeep.queue_refreshes(), queue.queue_summaries()) == (1, 1)
    fetched = []
    monkeypatch.setattr(tasks.flows, "refresh", lambda *, view: fetched.append(view))
    for view in (cast.view, cast.other_view):
        tasks.refresh_view.func(str(view.tenant_id), str(view.pk))
    assert fetched == [cast.other_view]
