"""The box for a client beside the admin's lists."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories
from tests.conftest import Cast
from tests.dashboards.test_admin import signed_in

VIEWS = "/admin/dashboards/view/"


@pytest.fixture
def owner(cast: Cast) -> Client:
    factories.ViewFactory(tenant=factories.TenantFactory(slug="acme-two", name="Acme Two"), name="Second")
    return signed_in(cast.olivia)


def names(answer) -> list[str]:
    return [each.name for each in answer.context["cl"].result_list]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("acme", ["Whole site"]),  # an address means one client
        ("acm", ["Whole site", "Second"]),
        ("ACME T", ["Second"]),
        ("  two ", ["Second"]),
        ("nobody", []),
        ("", ["Whole site", "Second", "Rival secret view"]),
    ],
)
def test_a_list_is_narrowed_to_a_client(owner: Client, typed: str, found: list[str]):
    assert names(owner.get(VIEWS, {"client": typed})) == found


def test_other_filters_and_the_search_are_kept(owner: Client):
    answer = owner.get(VIEWS, {"client": "acme", "state__exact": "new", "q": "site"})
    page = answer.content.decode()
    kept = [
        '<input type="hidden" name="state__exact" value="new">',
        '<input type="hidden" name="q" value="site">',
    ]
    assert [each for each in kept if each not in page] == []
    assert names(answer) == ["Whole site"]


def test_staff_find_no_client_of_others(cast: Cast):
    answer = signed_in(cast.dana).get(VIEWS, {"client": "rival"})
    assert names(answer) == []
    assert b"Rival secret" not in answer.content


@pytest.mark.parametrize("path", [VIEWS, "/admin/provisioning/credential/", "/admin/dashboards/dashboard/"])
def test_no_list_names_every_client(owner: Client, path: str):
    factories.TenantFactory(name="Named nowhere")
    page = owner.get(path).content
    assert (b'name="client"' in page, b"Named nowhere" in page) == (True, False)


def test_the_list_asks_the_same_among_many_clients(owner: Client):
    with CaptureQueriesContext(connection) as few:
        owner.get(VIEWS, {"client": "a"})
    for _ in range(20):
        factories.ViewFactory()
    with CaptureQueriesContext(connection) as many:
        owner.get(VIEWS, {"client": "a"})
    assert len(many) == len(few)
