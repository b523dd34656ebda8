"""What a page remembers of client, reader, views and look counts for nothing as soon as any of it changes."""

import re
from collections.abc import Callable

import pytest
from django.http import Http404
from django.test import Client
from django.utils import timezone

from accounts.access import tenant_for
from accounts.models import Branding, Membership, Tenant, User
from accounts.tenancy import all_tenants, tenant_scope
from dashboards.access import view_among
from dashboards.models import Summary, View
from tests import factories
from tests.conftest import Cast

PAGE = "/clients/acme/views/site/"


@pytest.fixture
def bob(cast: Cast) -> Client:
    """His browser, in which the page was open twice: by then everything is remembered."""
    client = Client()
    client.force_login(cast.bob)
    assert [client.get(PAGE).status_code for _ in range(2)] == [200, 200]
    return client


def _hidden(cast: Cast) -> None:
    Membership._base_manager.filter(user=cast.bob).update(all_views=False)


def _moved(cast: Cast) -> None:
    Membership._base_manager.filter(user=cast.bob).update(tenant=cast.other)


TAKEN: list[tuple[Callable[[Cast], object], int]] = [
    (lambda cast: Membership._base_manager.filter(user=cast.bob).delete(), 404),
    (_moved, 404),
    (_hidden, 404),
    (lambda cast: User.objects.filter(pk=cast.bob.pk).update(is_active=False), 302),
    (lambda cast: Tenant.objects.filter(pk=cast.tenant.pk).update(paused_at=timezone.now()), 403),
    (lambda cast: Tenant.objects.filter(pk=cast.tenant.pk).update(slug="acme-ltd"), 404),
    (lambda cast: View.objects.filter(pk=cast.view.pk).update(slug="shop"), 404),
    (lambda cast: View.objects.filter(pk=cast.view.pk).delete(), 404),
]


@pytest.mark.parametrize(("taken", "status"), TAKEN)
def test_what_is_taken_away_is_gone_at_the_next_request(cast: Cast, bob: Client, taken, status):
    with all_tenants(reason="a test"):
        taken(cast)
    assert bob.get(PAGE).status_code == status


CHANGED: list[tuple[Callable[[Cast], object], str]] = [
    (lambda cast: Tenant.objects.filter(pk=cast.tenant.pk).update(name="Acme Limited"), "Acme Limited"),
    (lambda cast: View.objects.filter(pk=cast.view.pk).update(name="Everything"), "Everything"),
    (
        lambda cast: factories.ViewFactory(tenant=cast.tenant, slug="blog", name="The blog"),
        "/clients/acme/views/blog/",
    ),
    (lambda cast: Membership._base_manager.filter(user=cast.bob).update(role="owner"), "acme/people/"),
    (lambda cast: factories.branded("#0044cc"), "/brand-"),
]


@pytest.mark.parametrize(("changed", "words"), CHANGED)
def test_what_changes_shows_at_the_next_request(cast: Cast, bob: Client, changed, words):
    assert words not in bob.get(PAGE).content.decode()
    with all_tenants(reason="a test"):
        changed(cast)
    assert words in bob.get(PAGE).content.decode()


def test_the_agencys_look_changes_and_can_be_taken_off_again(cast: Cast, bob: Client):
    factories.branded("#0044cc")
    seen = [bob.get(PAGE).content.decode()]
    for change in ({"accent": "#aa0000"}, {"logo_digest": "another"}):
        Branding.objects.update(**change)
        seen.append(bob.get(PAGE).content.decode())
    assert [len(set(re.findall(pattern, "".join(seen)))) for pattern in (r"brand-\w+\.css", r"logo-\w+")] == [
        2,
        2,
    ]
    Branding.objects.all().delete()
    assert "brand-" not in bob.get(PAGE).content.decode()


def test_readers_of_chosen_views_get_their_own(cast: Cast, bob: Client):
    with all_tenants(reason="a test's set-up"):
        blog = factories.ViewFactory(tenant=cast.tenant, slug="blog", name="The blog")
        bea = factories.person("bea@acme.example", "viewer", cast.tenant)
        Membership.objects.filter(user=bea).update(all_views=False)
        blog.shown_to.set(Membership.objects.filter(user=bea))
    browser = Client()
    browser.force_login(bea)
    blogs = "/clients/acme/views/blog/"
    assert [browser.get(path).status_code for path in (PAGE, blogs, PAGE, blogs)] == [404, 200, 404, 200]
    assert PAGE not in browser.get(blogs).content.decode()
    assert blogs in bob.get(PAGE).content.decode()
    with all_tenants(reason="a test's change"):
        blog.shown_to.set(Membership.objects.none())
    assert browser.get(blogs).status_code == 404


def test_what_one_request_does_to_its_copy_no_other_sees(cast: Cast):
    tenant = tenant_for(cast.bob, "acme")
    tenant.name = "typed into a form"
    again = tenant_for(cast.bob, "acme")
    assert again.name == "Acme"
    with tenant_scope({tenant.pk}):
        view, views = view_among(cast.bob, again, "site")
        view.name = "typed into a form"
        view, views = view_among(cast.bob, again, "site")
        assert (view.name, [each.name for each in views]) == ("Whole site", ["Whole site"])


def test_a_summary_is_as_new_as_its_view(cast: Cast):
    with tenant_scope({cast.tenant.pk}):
        for visits in (0, 7):
            Summary.objects.filter(view=cast.view).update(visits=visits)
            view, _ = view_among(cast.bob, tenant_for(cast.bob, "acme"), "site")
            assert view.summary.visits == visits


def test_whoever_is_blocked_reaches_nothing(cast: Cast):
    assert tenant_for(cast.bob, "acme") == cast.tenant
    cast.bob.is_active = False
    with pytest.raises(Http404):
        tenant_for(cast.bob, "acme")
