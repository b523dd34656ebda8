"""The lists: everybody finds their own views and nobody else's, in the order they ask for."""

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, StaffAssignment, Tenant, User
from accounts.tenancy import all_tenants
from dashboards.lists import listing
from dashboards.models import Summary, View
from tests import factories
from tests.conftest import Cast
from tests.google import Google

S = Summary.Standing
HEADS = re.compile(r'<th scope="row"><a href="([^"]+)">([^<]*)</a>(?:<span>([^<]*)</span>)?')


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def names(user: User, address: str = "/") -> list[tuple[str, str]]:
    """The heads of the rows a person finds."""
    page = browser(user).get(address).content.decode()
    return [(title, detail) for _, title, detail in HEADS.findall(page)]


def know(view: View, standing: Summary.Standing, visits: int = 0, before: int = 0) -> View:
    """What a night might have left of a view."""
    yesterday = view.today - datetime.timedelta(days=1)
    with all_tenants(reason="a test's set-up"):
        Summary.objects.filter(view=view).update(
            standing=standing, visits=visits, visits_before=before, moved=visits - before,
            daily=[before // 28] * 28 + [visits // 28] * 28, until=yesterday, last_data_on=yesterday,
        )  # fmt: skip
    return view


@pytest.fixture
def shop(cast: Cast) -> View:
    """A second view of alice's client."""
    return factories.ViewFactory(tenant=cast.tenant, slug="shop", name="Shop")


@pytest.fixture
def carol(cast: Cast, shop: View) -> User:
    """Views chosen views of alice's client: the shop, and a blog."""
    blog = factories.ViewFactory(tenant=cast.tenant, slug="blog", name="Blog")
    carol = factories.person("carol@acme.example", "viewer", cast.tenant)
    with all_tenants(reason="a test's set-up"):
        membership = Membership.objects.get(user=carol)
        Membership.objects.filter(user=carol).update(all_views=False)
        shop.shown_to.add(membership)
        blog.shown_to.add(membership)
    return carol


def test_a_member_finds_all_views_of_the_client(cast: Cast, shop):
    expected = [("Shop", ""), ("Whole site", "")]
    assert [sorted(names(user)) for user in (cast.alice, cast.bob)] == [expected, expected]
    assert sorted(names(cast.alice, "/clients/acme/")) == expected


def test_a_viewer_of_chosen_views_finds_those(cast: Cast, carol):
    expected = [("Blog", ""), ("Shop", "")]
    assert sorted(names(carol)) == expected
    assert sorted(names(carol, "/clients/acme/")) == expected


def test_a_viewer_of_chosen_views_here_sees_all_there(cast: Cast, carol):
    with all_tenants(reason="a test's set-up"):
        Membership.objects.create(tenant=cast.other, user=carol)
    assert sorted(names(carol)) == [
        ("Acme", "Blog"),
        ("Acme", "Shop"),
        ("Rival secret name", "Rival secret view"),
    ]


def test_staff_who_also_view_a_client_see_all_of_it(cast: Cast, carol):
    with all_tenants(reason="a test's set-up"):
        User.objects.filter(pk=carol.pk).update(is_staff=True)
        StaffAssignment.objects.create(tenant=cast.tenant, user=carol)
    carol.refresh_from_db()
    assert len(names(carol)) == 3


def test_whoever_has_one_view_lands_on_it(cast: Cast, shop):
    response = browser(cast.charlie).get("/")
    assert (response.status_code, response["Location"]) == (302, "/clients/rival/views/site/")


def test_staff_find_the_views_of_their_clients_by_client(cast: Cast, shop):
    assert sorted(names(cast.dana)) == [("Acme", "Shop"), ("Acme", "Whole site")]
    assert names(cast.erin) == [("Rival secret name", "Rival secret view")]


def test_the_agencys_owner_finds_everything(cast: Cast, shop):
    assert sorted(names(cast.olivia)) == [
        ("Acme", "Shop"),
        ("Acme", "Whole site"),
        ("Rival secret name", "Rival secret view"),
    ]


@pytest.mark.parametrize("person", ["alice", "bob", "dana"])
@pytest.mark.parametrize("query", ["", "?q=secret", "?q=rival", "?q=Whole", "?sort=name", "?page=2"])
def test_no_list_tells_of_another_client(cast: Cast, shop, person, query):
    page = browser(getattr(cast, person)).get(f"/{query}").content.decode()
    assert "Rival" not in page
    assert "/clients/rival/" not in page
    assert "of 3" not in page


def test_paused_clients_need_nobody_and_stand_in_no_list(cast: Cast, shop):
    with all_tenants(reason="a test's set-up"):
        Tenant.objects.filter(pk=cast.tenant.pk).update(paused_at=timezone.now())
    assert names(cast.olivia) == [("Rival secret name", "Rival secret view")]
    assert names(cast.dana) == []
    assert sorted(names(cast.dana, "/clients/acme/")) == [("Shop", ""), ("Whole site", "")]


def test_staff_without_clients_find_an_empty_list(db):
    fay = factories.person("fay@northlight.example", "staff")
    page = browser(fay).get("/").content.decode()
    assert "There is nothing here for you yet." in page
    assert HEADS.findall(page) == []


def test_a_client_without_views_is_told_whom_to_ask(cast: Cast):
    with all_tenants(reason="a test's set-up"):
        View.objects.all().delete()
    for address in ("/", "/clients/acme/"):
        page = browser(cast.alice).get(address).content.decode()
        assert "Ask Northlight" in page


@pytest.fixture
def agency(cast: Cast) -> Cast:
    """Views in every state; their names say what is wanted of them."""
    know(cast.view, S.USUAL, 11_207_996, 11_436_730)
    know(cast.other_view, S.USUAL, 9_410, 8_402)

    def add(name: str, *figures) -> None:
        tenant = factories.TenantFactory(slug=name, name=name)
        know(factories.ViewFactory(tenant=tenant, slug="site"), *figures)

    add("stopped", S.STOPPED, 4_000, 9_000)
    add("large-fell", S.FELL, 1_846_412, 2_147_000)
    add("middle-fell", S.FELL, 38_204, 41_982)
    add("small-fell", S.FELL, 20, 200)
    add("tiny", S.USUAL, 3, 12)
    add("failing", S.FAILING, 500, 500)
    add("new", S.EMPTY)
    factories.ViewFactory(tenant=factories.TenantFactory(slug="waits", name="waits"))
    return cast


ORDERS = {
    "": [
        "stopped", "failing", "large-fell", "middle-fell", "small-fell", "Acme", "tiny", "Rival secret name",
        "new", "waits",
    ],
    "?sort=change": [
        "large-fell", "Acme", "stopped", "middle-fell", "small-fell", "tiny", {"failing", "new", "waits"},
        "Rival secret name",
    ],
    "?sort=visits": [
        "Acme", "large-fell", "middle-fell", "Rival secret name", "stopped", "failing", "small-fell", "tiny",
        {"new", "waits"},
    ],
}  # fmt: skip


@pytest.mark.parametrize(("query", "expected"), ORDERS.items())
def test_the_order_follows_need_change_or_visits_and_never_percentages_of_little(
    agency: Cast, query, expected
):
    found = [title for title, _ in names(agency.olivia, f"/{query}")]
    for entry in expected:
        if isinstance(entry, set):
            assert {found.pop(0) for _ in entry} == entry
        else:
            assert found.pop(0) == entry
    assert found == []


def test_by_name_is_by_client_and_then_view(cast: Cast):
    for client, view in (("Beta", "B"), ("Alpha", "Z"), ("Alpha", "A")):
        tenant = factories.TenantFactory(name=client)
        factories.ViewFactory(tenant=tenant, name=view)
    assert names(cast.olivia, "/?sort=name") == [
        ("Acme", "Whole site"),
        ("Alpha", "A"),
        ("Alpha", "Z"),
        ("Beta", "B"),
        ("Rival secret name", "Rival secret view"),
    ]


def test_the_headline_counts_all_views_whatever_is_searched_for(agency: Cast):
    for query in ("", "?q=tiny"):
        page = browser(agency.olivia).get(f"/{query}").content.decode()
        assert "<h1>One view has stopped, four need a look.</h1>" in page
        assert "10 views of 10 clients. One is still being gathered." in page


def test_a_search_finds_clients_and_views(agency: Cast):
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(tenant__slug="new").update(name="A tiny shop")
    assert names(agency.olivia, "/?q=TINY") == [("tiny", "Whole site"), ("new", "A tiny shop")]
    assert names(agency.olivia, "/?q=%25") == []
    page = browser(agency.olivia).get("/?q=%3Cb%3E").content.decode()
    assert "0 of 10 match “&lt;b&gt;”." in page


@pytest.mark.parametrize(
    "query", ["sort=%00&page=x", "page=-1", "page=99999999999999", "q=%00", "page=²", "q=%ff"]
)
def test_nonsense_in_an_address_asks_for_nothing(agency: Cast, query):
    assert len(names(agency.olivia, f"/?{query}")) in {0, 10}


@pytest.fixture
def many(cast: Cast) -> Cast:
    """120 more views of alice's client."""
    with all_tenants(reason="a test's set-up"):
        fields = {
            name: getattr(cast.view, name)
            for name in ("property_id", "time_zone", "currency", "dashboard", "agency_credential")
        }
        View.objects.bulk_create(
            View(tenant=cast.tenant, slug=f"v-{n}", name=f"View {n:03}", **fields) for n in range(120)
        )
    return cast


@pytest.mark.parametrize("sort", listing.SORTS)
def test_a_long_list_stands_on_pages_and_each_view_on_one_of_them(many: Cast, sort):
    pages = [names(many.dana, f"/?sort={sort}&page={page}") for page in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 21]
    assert len({name for page in pages for name in page}) == 121
    assert names(many.dana, f"/?sort={sort}&page=4") == pages[2]


def test_the_pages_lead_to_each_other_and_keep_what_was_asked(many: Cast):
    page = browser(many.dana).get("/?q=View&sort=name&page=2").content.decode()
    assert "51 to 100 of 120" in page
    assert 'href="?q=View&amp;sort=name" rel="prev"' in page
    assert 'href="?q=View&amp;sort=name&amp;page=3" rel="next"' in page


@pytest.mark.parametrize("person", ["alice", "dana", "olivia"])
@pytest.mark.parametrize("query", ["", "?sort=name", "?q=e", "?page=2"])
def test_a_list_costs_as_many_queries_with_a_hundred_views_as_with_few(
    cast: Cast, shop, person, query, request, django_assert_num_queries, django_assert_max_num_queries
):
    client = browser(getattr(cast, person))
    client.get("/")
    with django_assert_max_num_queries(10) as few:
        client.get(f"/{query}")
    request.getfixturevalue("many")
    with django_assert_num_queries(len(few)):
        client.get(f"/{query}")


def test_opening_a_list_fetches_nothing(agency: Cast, google: Google):
    names(agency.olivia)
    names(agency.alice, "/clients/acme/")
    assert google.requests() == []


def test_a_row_has_its_line_its_change_and_words_for_both(cast: Cast, shop):
    know(cast.view, S.FELL, 2_800, 5_600)
    page = browser(cast.alice).get("/").content.decode()
    assert '<td>2,800</td><td class="chg"><span class="bad"' in page
    assert "\u221250\u00a0%: 2,800 visits after 5,600 in the 28 days before</span>" in page
    assert 'role="img" aria-label="Visits a day: between 100 and 100, 100 on the last day"' in page
    assert page.count("<polyline") == 1
    assert "style=" not in page


def test_a_stranger_finds_the_front_page(client: Client, db):
    assert "Northlight" in client.get("/").content.decode()


def test_a_view_that_stopped_says_since_when(cast: Cast, shop):
    know(cast.view, S.STOPPED, 1, 1)
    with all_tenants(reason="a test's set-up"):
        day = datetime.date(timezone.localdate().year, 1, 14)
        Summary.objects.filter(view=cast.view).update(last_data_on=day)
    assert "stopped on 14 Jan" in browser(cast.alice).get("/").content.decode()
