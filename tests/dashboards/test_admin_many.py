"""Many properties become clients and views at once: what is proposed, what is refused, and all or nothing."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Tenant
from accounts.tenancy import all_tenants
from dashboards.bulk import naming
from dashboards.models import View
from provisioning import assignments
from provisioning.models import Credential, PropertyAssignment, ReachableProperty
from tests import factories
from tests.conftest import Cast
from tests.dashboards.test_admin import messages_of, signed_in

PROPERTIES = {
    "1": ("Osteria da Nino", "Website"),
    "2": ("Osteria da Nino", "Website"),
    "3": ("ACME", "Shop Ø"),
    "4": ("Привет", "Мир"),
}


@pytest.fixture
def robot(db) -> Credential:
    """An account of the agency's that was seen to reach four properties."""
    return reaching(factories.CredentialFactory(name="Robot"), PROPERTIES)


def reaching(credential: Credential, properties: dict[str, tuple[str, str]]) -> Credential:
    with all_tenants(reason="a test's set-up"):
        ReachableProperty.objects.bulk_create(
            ReachableProperty(
                tenant_id=credential.tenant_id, credential=credential, property_id=number, name=name,
                account_name=account, time_zone="Europe/Rome", currency="EUR",
            )
            for number, (account, name) in properties.items()
        )  # fmt: skip
    return credential


@pytest.fixture
def owner(cast: Cast) -> Client:
    return signed_in(cast.olivia)


def url(credential: Credential) -> str:
    return f"{reverse('admin:dashboards_view_many')}?credential={credential.pk}"


def proposed(owner: Client, credential: Credential, *numbers: str):
    """The lines that a person sees after ticking these properties."""
    return owner.post(url(credential), {"ticked": numbers or list(PROPERTIES)}).context["lines"]


def as_typed(lines, **changes: dict[str, str]) -> dict[str, object]:
    """What a browser posts of these lines; `changes` by property: p1={"view": "other"}."""
    columns = ("property_id", "tenant_name", "tenant", "view_name", "view", "dashboard")
    rows = [{name: getattr(each, name) for name in columns} for each in lines]
    for row in rows:
        row |= changes.get(f"p{row['property_id']}", {})
    return {
        "save": "1",
        "wanted": [each.property_id for each in lines if each.wanted],
        **{name: [row[name] for row in rows] for name in columns},
    }


def stored() -> list[tuple[str, str, str]]:
    with all_tenants(reason="a test looks"):
        rows = View.objects.order_by("tenant__slug", "slug")
        return list(rows.values_list("tenant__slug", "slug", "property_id"))


def test_clients_and_views_are_proposed_from_names(owner: Client, robot: Credential):
    found = [
        (
            each.property_id,
            each.tenant_name,
            each.tenant,
            each.view_name,
            each.view,
            each.dashboard,
            each.wanted,
        )
        for each in proposed(owner, robot)
    ]
    assert found == [
        ("3", "Acme", "acme", "Shop Ø", "shop", "overview", True),
        ("1", "Osteria da Nino", "osteria-da-nino", "Website", "website", "overview", True),
        ("2", "Osteria da Nino", "osteria-da-nino", "Website", "website-2", "overview", True),
        ("4", "Привет", "client", "Мир", "property-4", "overview", True),
    ]


def test_what_is_there_is_recognised_and_left_out(owner: Client, robot: Credential, cast: Cast):
    factories.ViewFactory(tenant=cast.tenant, slug="shop", name="Our shop", property_id="3")
    factories.TenantFactory(slug="osteria-da-nino", name="Another Nino")
    lines = {each.property_id: each for each in proposed(owner, robot)}
    shop = lines["3"]
    assert (shop.known_client, shop.shown_by, shop.wanted, shop.view) == (True, "Our shop", False, "shop-2")
    assert (lines["1"].known_client, lines["1"].tenant) == (False, "osteria-da-nino-2")


def test_a_property_goes_to_whom_it_is_assigned(owner: Client, robot: Credential, cast: Cast, everything):
    assignments.assign(credential=robot, pairs=[("1", cast.other.pk)])
    (line,) = proposed(owner, robot, "1")
    assert (line.tenant_name, line.tenant) == (cast.other.name, "rival")


def test_ticked_lines_are_saved_together_and_assigned(
    owner: Client, robot: Credential, cast: Cast, everything
):
    before = stored()
    lines = proposed(owner, robot)
    lines[3].wanted = False
    answer = owner.post(
        url(robot), as_typed(lines, p1={"view_name": "Home", "view": "home", "dashboard": "content"})
    )
    assert (answer.status_code, answer.url) == (302, "/admin/dashboards/view/")
    assert sorted(set(stored()) - set(before)) == [
        ("acme", "shop", "3"), ("osteria-da-nino", "home", "1"), ("osteria-da-nino", "website-2", "2"),
    ]  # fmt: skip
    home = View.objects.get(slug="home")
    assert (home.name, home.dashboard.slug, home.agency_credential, home.time_zone, home.account_name) == (
        "Home", "content", robot, "Europe/Rome", "Osteria da Nino",
    )  # fmt: skip
    assert Tenant.objects.get(slug="osteria-da-nino").name == "Osteria da Nino"
    assert Tenant.objects.get(slug="acme").name == "Acme"
    given = {
        (row.property_id, row.tenant.slug) for row in PropertyAssignment.objects.select_related("tenant")
    }
    assert given == {("1", "osteria-da-nino"), ("2", "osteria-da-nino"), ("3", "acme")}
    assert messages_of(owner.get(answer.url)) == ["Made: 1 clients, 3 views."]


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"p1": {"view": "website-2"}},
         {"2": ["The view osteria-da-nino/website-2 stands in line 2 already."]}),
        ({"p1": {"view": "Not so"}},
         {"1": ["View's address: Use lower-case letters, digits and single hyphens."]}),
        ({"p1": {"view_name": ""}}, {"1": ["View: This field is required."]}),
        ({"p3": {"view": "site"}}, {"3": ["Acme has a view with the address site already."]}),
        ({"p1": {"tenant_name": "Nina"}},
         {"2": ["The client osteria-da-nino has another name in line 2: “Nina”."]}),
        ({"p4": {"tenant": "acme"}},
         {"4": ["The address acme is “Acme”'s. Choose another, or write that name."]}),
        ({"p4": {"dashboard": "fancy"}},
         {"4": ["There is no dashboard “fancy” for this client. There are: content, e-commerce, overview."]}),
        ({"p4": {"tenant_name": "x" * 151}},
         {"4": ["Client: Ensure this value has at most 150 characters (it has 151)."]}),
    ],
)  # fmt: skip
def test_a_bad_line_is_named_and_nothing_is_made_or_lost(
    owner: Client, robot: Credential, changes: dict, problems: dict
):
    before, tenants = stored(), Tenant._base_manager.count()
    typed = as_typed(proposed(owner, robot), **changes)
    answer = owner.post(url(robot), typed)
    lines = answer.context["lines"]
    assert {each.property_id: each.problems for each in lines if each.problems} == problems
    assert as_typed(lines) == typed
    assert (stored(), Tenant._base_manager.count()) == (before, tenants)


def test_a_clients_own_account_makes_views_of_that_client(owner: Client, cast: Cast):
    own = reaching(factories.CredentialFactory(tenant=cast.tenant, name="Own"), PROPERTIES)
    lines = proposed(owner, own)
    assert {each.tenant for each in lines} == {"acme"}
    owner.post(url(own), as_typed(lines))
    with all_tenants(reason="a test looks"):
        made = View.objects.filter(tenant_credential=own)
        assert sorted(made.values_list("slug", flat=True)) == ["property-4", "shop", "website", "website-2"]


def test_nothing_ticked_says_so(owner: Client, robot: Credential):
    answer = owner.post(url(robot), follow=True)
    assert answer.redirect_chain == [(f"/admin/provisioning/credential/{robot.pk}/change/", 302)]
    assert messages_of(answer) == ["Tick the properties that shall become views."]
    lines = proposed(owner, robot, "1")
    nothing = owner.post(url(robot), as_typed(lines) | {"wanted": []})
    assert messages_of(nothing) == ["No line is ticked; nothing was made."]


def test_staff_do_not_make_many(cast: Cast, robot: Credential):
    assert signed_in(cast.dana).post(url(robot), {"ticked": ["1"]}).status_code == 403


@pytest.mark.parametrize("query", ["", "?credential=x", "?credential=00000000-0000-0000-0000-000000000000"])
def test_nonsense_in_the_address_is_not_there(owner: Client, query: str):
    assert owner.post(reverse("admin:dashboards_view_many") + query).status_code == 404


def test_five_hundred_at_once_take_few_queries(owner: Client, cast: Cast):
    properties = {str(number): (f"Account {number // 2}", f"Site {number}") for number in range(1000, 1500)}
    many = reaching(factories.CredentialFactory(name="Many"), properties)
    with CaptureQueriesContext(connection) as few:
        proposed(owner, many, "1000", "1001")
    with CaptureQueriesContext(connection) as all_of_them:
        lines = proposed(owner, many, *properties)
    assert (len(lines), len(all_of_them)) == (500, len(few))
    with CaptureQueriesContext(connection) as saving:
        assert owner.post(url(many), as_typed(lines)).status_code == 302
    assert len(stored()) == 502
    assert len(saving) < 60


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("Müller & Söhne", "muller-sohne"),
        ("under_score", "under-score"),
        ("__", "other"),
        ("x" * 60, "x" * 50),
        ("a" * 49 + " b", "a" * 49),
    ],
)
def test_a_name_becomes_an_address(name: str, address: str):
    assert naming.address_of(name, "other") == address


def test_a_free_address_is_never_too_long():
    taken = {"x" * 50, "x" * 48 + "-2"}
    assert naming.free("x" * 50, taken) == "x" * 48 + "-3"
