"""Deleting what is ticked in a list: asked once, however many there are."""

import pytest
from django.contrib.admin.models import DELETION, LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from accounts import admin_deletion, bulk, tasks
from accounts.models import Tenant, User
from dashboards.models import Dashboard, View, Widget
from tests import factories
from tests.conftest import Cast

VIEWS = "/admin/dashboards/view/"
CLIENTS = "/admin/accounts/tenant/"
DASHBOARDS = "/admin/dashboards/dashboard/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def owner(cast: Cast) -> Client:
    return signed_in(cast.olivia)


@pytest.fixture
def staff(cast: Cast) -> Client:
    return signed_in(cast.dana)


def told(answer) -> list[str]:
    return [str(each) for each in answer.context["messages"]]


def chosen(*rows, **more: object) -> dict[str, object]:
    return {"action": "delete_selected", "_selected_action": [str(each.pk) for each in rows], **more}


def confirmed(client: Client, url: str, *rows, **more: object):
    """Ticked, and agreed to on the page that asks."""
    asked = client.post(url, chosen(*rows, **more))
    hidden: dict[str, object] = {}
    for name, value in asked.context["hidden"]:
        hidden.setdefault(name, []).append(value)  # type: ignore[attr-defined]
    return client.post(url, hidden, follow=True)


def test_the_question_names_some_and_counts_what_goes_along(cast: Cast, owner: Client, everything):
    board = Dashboard.objects.create(tenant=cast.tenant, name="Own", slug="own")
    for title in ("One", "Two"):
        Widget.objects.create(
            tenant=cast.tenant, dashboard=board, title=title, kind="figure", metrics=["sessions"]
        )
    context = owner.post(DASHBOARDS, chosen(board)).context
    assert (context["title"], context["listed"], context["more"]) == ("Delete 1 dashboard?", ["Own"], 0)
    assert dict(context["along"]) == {"Widgets": 2}
    assert Dashboard.objects.filter(pk=board.pk).exists()


def test_of_many_ten_are_named(cast: Cast, owner: Client, everything):
    rows = factories.ViewFactory.create_batch(30, tenant=cast.tenant)
    context = owner.post(VIEWS, chosen(*rows)).context
    assert (len(context["listed"]), context["more"]) == (10, 20)


def test_agreed_to_they_are_gone_and_the_history_says_so(cast: Cast, staff: Client, everything):
    rows = factories.ViewFactory.create_batch(2, tenant=cast.tenant)
    assert told(confirmed(staff, VIEWS, *rows)) == ["Deleted: 2 views."]
    assert set(View.objects.all()) == {cast.view, cast.other_view}
    entries = LogEntry.objects.filter(action_flag=DELETION, user=cast.dana)
    assert {each.object_id for each in entries} == {str(each.pk) for each in rows}


def test_views_of_other_clients_stay(cast: Cast, staff: Client, everything):
    confirmed(staff, VIEWS, cast.view, cast.other_view)
    assert list(View.objects.all()) == [cast.other_view]


def test_clients_are_closed_and_not_deleted(cast: Cast, owner: Client, everything):
    owner.post(CLIENTS, chosen(cast.tenant, confirmed="1"))
    assert Tenant.objects.filter(pk=cast.tenant.pk).exists()


def test_staff_delete_no_clients_and_no_shared_dashboards(cast: Cast, staff: Client, everything):
    before = Tenant.objects.count(), Dashboard.objects.count()
    staff.post(CLIENTS, chosen(cast.tenant, confirmed="1"))
    staff.post(DASHBOARDS, chosen(*Dashboard.objects.all(), confirmed=str(before[1])))
    assert (Tenant.objects.count(), Dashboard.objects.count()) == before


def test_it_asks_again_where_there_are_others_by_now(cast: Cast, owner: Client, everything):
    every = chosen(cast.view, select_across="1", index="0")
    asked = dict(owner.post(VIEWS, every).context["hidden"])
    assert (asked["select_across"], asked["confirmed"]) == ("1", "2")
    factories.ViewFactory(tenant=cast.tenant)
    again = owner.post(VIEWS, {**every, "confirmed": "2"})
    assert (again.context["title"], View.objects.count()) == ("Delete 3 views?", 3)
    owner.post(VIEWS, {**every, "confirmed": "3"})
    assert View.objects.count() == 0


@pytest.mark.parametrize("is_known_before", [True, False])
def test_what_is_in_use_stays_and_the_others_go(
    cast: Cast, owner: Client, everything, monkeypatch, is_known_before: bool
):
    if not is_known_before:  # somebody begins to use it between the look and the deletion
        monkeypatch.setattr(bulk, "_held", lambda model, ids: set())
    free = Dashboard.objects.create(tenant=cast.tenant, name="Free", slug="free")
    answer = confirmed(owner, DASHBOARDS, free, cast.view.dashboard)
    assert told(answer) == ["Deleted: 1 dashboard.", "1 is in use and stays."]
    assert Dashboard.objects.filter(pk__in=[free.pk, cast.view.dashboard_id]).get() == cast.view.dashboard
    entries = LogEntry.objects.filter(action_flag=DELETION)
    assert [each.object_repr for each in entries] == ["Free"]


def test_what_does_not_fit_into_one_request_goes_in_the_background(
    cast: Cast, owner: Client, everything, monkeypatch
):
    monkeypatch.setattr(admin_deletion, "AT_ONCE", 3)
    monkeypatch.setattr(tasks, "DELETED_AT_ONCE", 4)
    rows = factories.ViewFactory.create_batch(10, tenant=cast.tenant)
    assert told(confirmed(owner, VIEWS, *rows)) == [
        "Deleted: 3 views.",
        "7 views more are deleted in the background. This can take a few minutes.",
    ]
    queued = DBTaskResult.objects.filter(task_path=tasks.delete_rows.module_path)
    assert sorted(len(each.args_kwargs["kwargs"]["ids"]) for each in queued) == [3, 4]
    for _ in range(2):  # a worker may take a task up twice
        for each in queued:
            tasks.delete_rows.func(**each.args_kwargs["kwargs"])
    assert set(View.objects.all()) == {cast.view, cast.other_view}
    assert LogEntry.objects.filter(action_flag=DELETION).count() == 10


def test_the_question_costs_no_more_for_thirty_than_for_three(cast: Cast, owner: Client, everything):
    def asked(rows) -> int:
        with CaptureQueriesContext(connection) as queries:
            owner.post(CLIENTS, chosen(*rows))
        return len(queries)

    rows = factories.TenantFactory.create_batch(33)
    assert asked(rows[:3]) == asked(rows[3:])


def test_a_dashboard_in_use_names_some_views_that_keep_it(cast: Cast, owner: Client, everything):
    factories.ViewFactory.create_batch(30, tenant=cast.tenant, dashboard=cast.view.dashboard)
    url = f"{DASHBOARDS}{cast.view.dashboard_id}/delete/"
    named = owner.get(url).context["protected"]
    count = View.objects.filter(dashboard=cast.view.dashboard).count()
    assert (len(named), named[-1]) == (21, f"and {count - 20} more")
