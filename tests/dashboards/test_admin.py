"""Views, dashboards and quotas in the admin: the owner's way, and what staff reach of it."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, User
from accounts.tenancy import all_tenants
from dashboards import admin_search
from dashboards.models import Dashboard, PropertyUse, View, Widget
from provisioning import flows
from provisioning.models import Credential, ReachableProperty
from tests import factories
from tests.conftest import Cast
from tests.google import Google

ADD = "/admin/dashboards/view/add/"
CHOOSE = "/admin/dashboards/view/choose/"
SECRETS = (b"Rival secret name", b"Rival secret view")


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


@pytest.fixture
def agencys(cast: Cast, google: Google) -> Credential:
    """The agency's service account, which reads two properties."""
    with all_tenants(reason="a test's set-up"):
        key = google.key("310000001", "310000002", email="agency@demo.iam.gserviceaccount.com")
        return flows.add_service_account(key=key, name="Agency robot")


@pytest.fixture
def acmes(cast: Cast, google: Google) -> Credential:
    """The own service account of alice's client, which reads one."""
    with all_tenants(reason="a test's set-up"):
        key = google.key("310000003", email="acme@demo.iam.gserviceaccount.com")
        return flows.add_service_account(key=key, name="Acme robot", tenant=cast.tenant)


def url_of(page: str, view: View) -> str:
    return reverse(f"admin:dashboards_view_{page}", args=[view.pk])


def target(credential: Credential, property_id: str) -> str:
    return f"?credential={credential.pk}&property={property_id}"


def typed(cast: Cast, **more: object) -> dict[str, object]:
    with all_tenants(reason="a test reads the shipped dashboards"):
        shared = {each.slug: str(each.pk) for each in Dashboard.objects.filter(tenant=None)}
    return {
        "tenant": str(cast.tenant.pk),
        "name": "Shop",
        "slug": "shop",
        "filter": "",
        "dashboard": shared["overview"],
        "more_dashboards": [shared["content"]],
    } | more


def messages_of(response) -> list[str]:
    return [str(each) for each in response.context["messages"]]


def offered(response) -> list[str]:
    return [each.property_id for each, _ in response.context["choices"]]


# A view begins with a property


def test_a_new_view_begins_with_the_choice_of_a_property(
    owner: Client, agencys: Credential, acmes: Credential
):
    answer = owner.get(ADD, follow=True)
    assert answer.redirect_chain == [(CHOOSE, 302)]
    assert sorted(offered(answer)) == ["310000001", "310000002", "310000003"]


def test_staff_choose_among_their_clients_own_properties(
    staff: Client, agencys: Credential, acmes: Credential
):
    answer = staff.get(CHOOSE)
    assert offered(answer) == ["310000003"]
    assert answer.context["by_hand"] is None
    assert b"310000001" not in answer.content


@pytest.mark.parametrize(
    ("wanted", "found"), [("310000002", ["310000002"]), ("nothing of that name", []), ("\0", None)]
)
def test_the_search_narrows_the_choice(
    owner: Client, agencys: Credential, wanted: str, found: list[str] | None
):
    answer = owner.get(CHOOSE, {"q": wanted})
    assert offered(answer) == found if found is not None else len(offered(answer)) == 2


def test_the_choice_fills_the_form_in(owner: Client, agencys: Credential, everything):
    answer = owner.get(ADD + target(agencys, "310000001"))
    reached = ReachableProperty.objects.get(credential=agencys, property_id="310000001")
    page = answer.content.decode()
    shown = (reached.account_name, reached.name, reached.time_zone, reached.currency, "Agency robot")
    assert [text for text in shown if text not in page] == []
    initial = answer.context["adminform"].form.initial
    offers = {each.pk: each.slug for each in Dashboard.objects.all()}
    assert (initial["name"], offers[initial["dashboard"]]) == (reached.name, "overview")
    assert [offers[each] for each in initial["more_dashboards"]] == ["content"]


def test_the_owner_adds_a_view_on_the_agencys_account(
    cast: Cast, owner: Client, agencys: Credential, everything
):
    answer = owner.post(
        ADD + target(agencys, "310000002"), typed(cast, filter="country==Italy", _continue="1")
    )
    view = View.objects.get(slug="shop")
    assert (answer.status_code, answer.url) == (302, url_of("change", view))
    assert (view.tenant, view.agency_credential, view.tenant_credential) == (cast.tenant, agencys, None)
    assert (view.property_id, view.filter, view.state) == ("310000002", "country==Italy", "new")
    reached = ReachableProperty.objects.get(credential=agencys, property_id="310000002")
    assert (view.time_zone, view.currency) == (reached.time_zone, reached.currency)
    assert [each.slug for each in view.more_dashboards.all()] == ["content"]


def test_staff_add_a_view_on_their_clients_own_account(
    cast: Cast, staff: Client, acmes: Credential, everything
):
    staff.post(ADD + target(acmes, "310000003"), typed(cast, tenant=str(cast.other.pk)))
    view = View.objects.get(slug="shop")
    assert (view.tenant, view.agency_credential, view.tenant_credential) == (cast.tenant, None, acmes)


def test_staff_cannot_name_the_agencys_property_in_the_address(
    cast: Cast, staff: Client, agencys: Credential, everything
):
    address = ADD + target(agencys, "310000001")
    assert staff.get(address).url == CHOOSE
    answer = staff.post(address, typed(cast))
    assert answer.context["adminform"].form.non_field_errors() == [
        "The property is no longer among those that the portal reaches. Choose it again."
    ]
    assert not View.objects.filter(slug="shop").exists()


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"slug": "site"}, {"slug": ["Another view of this client has this address."]}),
        ({"slug": "Not so"}, {"slug": ["Use lower-case letters, digits and single hyphens."]}),
        ({"name": ""}, {"name": ["This field is required."]}),
        ({"tenant": ""}, {"tenant": ["This field is required."]}),
        (
            {"filter": "country=Italy"},
            {
                "filter": [
                    "“country=Italy” is not a condition; one looks like country==Germany, with ==, !=, =^, "
                    "=@ or =~ between a dimension’s name and a value."
                ]
            },
        ),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    cast: Cast, owner: Client, agencys: Credential, wrong: dict, errors: dict
):
    before = View._base_manager.count()
    data = typed(cast) | wrong
    form = owner.post(ADD + target(agencys, "310000001"), data).context["adminform"].form
    assert form.errors == errors
    assert {name: form[name].value() for name in data} == data
    assert View._base_manager.count() == before


def test_another_clients_dashboard_is_refused(cast: Cast, owner: Client, agencys: Credential):
    theirs = _dashboard(cast.other)
    form = (
        owner.post(ADD + target(agencys, "310000001"), typed(cast, dashboard=str(theirs.pk)))
        .context["adminform"]
        .form
    )
    assert form.errors == {"dashboard": ["This dashboard belongs to another client."]}


def _dashboard(tenant=None) -> Dashboard:
    with all_tenants(reason="a test's set-up"):
        return Dashboard.objects.create(tenant=tenant, name="Rival secret view", slug="theirs")


# By hand


def test_the_owner_types_a_number_and_google_is_asked(owner: Client, agencys: Credential, everything):
    ReachableProperty.objects.filter(property_id="310000002").delete()
    data = {"credential": str(agencys.pk), "property_id": "310000002"}
    assert owner.post(CHOOSE, data).url == ADD + target(agencys, "310000002")


def test_a_number_that_cannot_be_read_is_said_and_stays(owner: Client, agencys: Credential, everything):
    data = {"credential": str(agencys.pk), "property_id": "399999999"}
    form = owner.post(CHOOSE, data).context["by_hand"]
    assert form["property_id"].value() == "399999999"
    assert form.non_field_errors() == [
        "This credential may not read this Google Analytics property. In Google Analytics, add its e-mail "
        "address to the property as a viewer."
    ]
    assert not ReachableProperty.objects.filter(property_id="399999999").exists()


def test_staff_type_no_numbers(staff: Client, agencys: Credential):
    assert staff.post(CHOOSE, {"credential": str(agencys.pk), "property_id": "1"}).status_code == 403


# A view that is there


def test_staff_change_what_a_view_on_the_agencys_account_shows_and_not_where_it_points(
    cast: Cast, staff: Client, agencys: Credential, everything
):
    url = url_of("change", cast.view)
    before = (cast.view.property_id, cast.view.agency_credential_id)
    staff.post(url + target(agencys, "310000002"), typed(cast, name="Renamed", filter="country==Italy"))
    cast.view.refresh_from_db()
    assert (cast.view.name, cast.view.slug, cast.view.filter) == ("Renamed", "shop", "country==Italy")
    assert (cast.view.property_id, cast.view.agency_credential_id) == before


def test_the_owner_points_a_view_at_another_property(
    cast: Cast, owner: Client, acmes: Credential, everything
):
    chosen = owner.get(CHOOSE, {"view": str(cast.view.pk)})
    assert "310000003" in offered(chosen)
    address = chosen.context["choices"][0][1]
    assert owner.post(address, typed(cast)).status_code == 302
    view = View.objects.get(pk=cast.view.pk)
    assert (view.property_id, view.tenant_credential, view.agency_credential) == ("310000003", acmes, None)


def test_another_clients_property_is_not_offered(cast: Cast, owner: Client, acmes: Credential):
    assert "310000003" not in offered(owner.get(CHOOSE, {"view": str(cast.other_view.pk)}))
    assert (
        owner.get(url_of("change", cast.other_view) + target(acmes, "310000003"))
        .context["adminform"]
        .form.target
        is None
    )


def test_an_address_taken_meanwhile_is_said_beside_the_field(cast: Cast, owner: Client):
    factories.ViewFactory(tenant=cast.tenant, slug="taken")
    form = owner.post(url_of("change", cast.view), typed(cast, slug="taken")).context["adminform"].form
    assert form.errors == {"slug": ["Another view of this client has this address."]}


def test_chosen_viewers_are_the_clients_own(cast: Cast, owner: Client, everything):
    Membership.objects.filter(user__in=[cast.bob]).update(all_views=False)
    answer = owner.get(url_of("change", cast.view))
    bob = Membership.objects.get(user=cast.bob)
    assert list(answer.context["adminform"].form.fields["shown_to"].queryset) == [bob]
    owner.post(url_of("change", cast.view), typed(cast, shown_to=[str(bob.pk)]))
    assert list(cast.view.shown_to.all()) == [bob]


@pytest.mark.parametrize("page", ["change", "history", "delete", "test"])
def test_a_view_out_of_reach_is_not_there(cast: Cast, staff: Client, page: str):
    url = url_of(page, cast.other_view)
    answer = staff.post(url) if page == "test" else staff.get(url)
    assert answer.status_code == 404
    assert [secret for secret in SECRETS if secret in answer.content] == []
    assert staff.get(CHOOSE, {"view": str(cast.other_view.pk)}).status_code == 404
    assert staff.get(CHOOSE, {"view": "nonsense"}).status_code == 404


def test_staff_delete_a_view_of_their_client(cast: Cast, staff: Client, everything):
    staff.post(url_of("delete", cast.view), {"post": "yes"})
    assert list(View.objects.all()) == [cast.other_view]


# The connection


@pytest.fixture
def live(cast: Cast, agencys: Credential) -> View:
    """A view that Google answers."""
    return factories.ViewFactory(
        tenant=cast.tenant, slug="live", property_id="310000001", agency_credential=agencys
    )


def test_a_test_of_the_connection_says_how_many_sessions_there_were(
    staff: Client, live: View, google: Google
):
    answer = staff.post(url_of("test", live), follow=True)
    assert answer.redirect_chain == [(url_of("change", live), 302)]
    report = next(each for each in google.requests(":runReport"))
    assert report["status"] == 200
    (message,) = messages_of(answer)
    assert message.startswith("It works: ")
    assert message.endswith(" sessions yesterday.")
    live.refresh_from_db()
    assert live.state == "works"


def test_a_test_is_a_post(staff: Client, live: View, google: Google):
    assert staff.get(url_of("test", live)).status_code == 405
    assert google.requests(":runReport") == []


@pytest.mark.parametrize(
    ("path", "fault", "sentence"),
    [
        ("properties/310000001$", {"status": 403, "reason": "PERMISSION_DENIED"},
         "This credential may not read this Google Analytics property. In Google Analytics, add its e-mail "
         "address to the property as a viewer."),
        ("runReport", {"drop": True},
         "Google could not be reached in time. It will be tried again; if this stays, check this server's "
         "connection to the internet."),
        ("runReport", {"status": 200, "body": "html"},
         "Something else than Google's answer came back. It will be tried again; if this stays, check "
         "Google's addresses in this portal's settings and any proxy on the way."),
    ],
)  # fmt: skip
def test_what_goes_wrong_is_said_in_words_and_kept(
    owner: Client, live: View, google: Google, path: str, fault: dict, sentence: str
):
    google.fail(path, count=10, **fault)
    answer = owner.post(url_of("test", live), follow=True)
    assert messages_of(answer) == [sentence]
    live.refresh_from_db()
    assert live.state == "failing"
    listed = owner.get("/admin/dashboards/view/").content.decode().replace("&#x27;", "'")
    assert sentence in listed


def test_google_that_is_not_there_makes_no_500(owner: Client, live: View, settings):
    settings.GOOGLE_ADMIN_API = settings.GOOGLE_DATA_API = "http://127.0.0.1:9"
    assert messages_of(owner.post(url_of("test", live), follow=True)) == [
        "Google could not be reached in time. It will be tried again; if this stays, check this server's "
        "connection to the internet."
    ]


# Lists


def test_the_list_shows_staff_their_clients_views(cast: Cast, staff: Client):
    answer = staff.get("/admin/dashboards/view/")
    assert list(answer.context["cl"].result_list) == [cast.view]
    assert [secret for secret in SECRETS if secret in answer.content] == []


def test_the_list_asks_the_same_for_two_views_and_for_two_pages(cast: Cast, owner: Client):
    PropertyUse.objects.create(property_id="310000001", quota_left=0.424, quota_read_at=timezone.now())
    with CaptureQueriesContext(connection) as few:
        answer = owner.get("/admin/dashboards/view/")
    assert b"42 %" in answer.content
    factories.ViewFactory.create_batch(60, tenant=cast.tenant)
    with CaptureQueriesContext(connection) as many:
        assert len(owner.get("/admin/dashboards/view/").context["cl"].result_list) == 50
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("Rival", ["Rival secret view"]), ("31000000", 2), ("site", 2), ("Acme", ["Whole site"])],
)
def test_views_are_found_by_name_address_client_and_property(owner: Client, wanted: str, found):
    rows = list(owner.get("/admin/dashboards/view/", {"q": wanted}).context["cl"].result_list)
    assert ([each.name for each in rows] if isinstance(found, list) else len(rows)) == found


def test_the_quota_is_read_and_never_written(owner: Client, cast: Cast):
    bucket = {"consumed": 1, "remaining": 199_999}
    quota = {"tokens_per_day": bucket, "tokens_per_hour": bucket, "tokens_per_project_per_hour": bucket}
    use = PropertyUse.objects.create(
        property_id="310000001", quota_left=0.5, quota=quota, quota_read_at=timezone.now()
    )
    page = owner.get("/admin/dashboards/propertyuse/").content.decode()
    assert [text for text in ("50 %", "199,999", "310000001") if text not in page] == []
    url = reverse("admin:dashboards_propertyuse_change", args=[use.pk])
    assert owner.post(url, {"property_id": "1"}).status_code == 403


# Dashboards


def widgets(dashboard: Dashboard, **last: object) -> dict[str, object]:
    """What a browser posts when it adds one widget to an empty dashboard."""
    widget = {"position": "0", "title": "Visits", "kind": "figure", "metrics": "sessions", "dimensions": "",
              "order_by": "", "limit": "10"} | last  # fmt: skip
    return {"name": dashboard.name, "slug": dashboard.slug, "position": "1"} | {
        "widgets-TOTAL_FORMS": "1",
        "widgets-INITIAL_FORMS": "0",
        **{f"widgets-0-{name}": value for name, value in widget.items()},
    }


def change_url(dashboard: Dashboard) -> str:
    return reverse("admin:dashboards_dashboard_change", args=[dashboard.pk])


def test_the_owner_adds_a_widget_and_it_belongs_where_its_dashboard_does(
    cast: Cast, owner: Client, everything
):
    dashboard = _dashboard(cast.other)
    owner.post(
        change_url(dashboard),
        widgets(dashboard, metrics=" sessions,  totalUsers ,", dimensions="country", kind="table"),
    )
    widget = Widget.objects.get(dashboard=dashboard)
    assert (widget.tenant, widget.metrics, widget.dimensions) == (
        cast.other, ["sessions", "totalUsers"], ["country"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "errors"),
    [
        ({"metrics": "sess ions"}, {"metrics": [
            "“sess ions” is not the API name of a metric or dimension, such as totalUsers."]}),
        ({"metrics": " , "}, {"metrics": ["This field is required."]}),
        ({"kind": "line", "dimensions": "country"}, {"__all__": [
            "Widget Visits: a line runs along the date and nothing else"]}),
        ({"limit": "0"}, {"__all__": ["Widget Visits: 1 to 250000 rows"]}),
        ({"order_by": "a b"}, {"order_by": ["This is not the API name of a metric or dimension."]}),
    ],
)  # fmt: skip
def test_a_widget_no_report_could_answer_is_refused(owner: Client, wrong: dict, errors: dict, everything):
    dashboard = _dashboard()
    answer = owner.post(change_url(dashboard), widgets(dashboard, **wrong))
    (form,) = answer.context["inline_admin_formsets"][0].formset.forms
    assert form.errors == errors
    assert {name: form[name].value() for name in wrong} == wrong
    assert not Widget.objects.filter(dashboard=dashboard).exists()


def test_staff_read_shared_dashboards_and_change_none(cast: Cast, staff: Client, everything):
    overview = Dashboard.objects.get(slug="overview", tenant=None)
    answer = staff.get(change_url(overview))
    assert (answer.status_code, answer.context["has_change_permission"]) == (200, False)
    assert staff.post(change_url(overview), widgets(overview)).status_code == 403
    assert staff.get(change_url(_dashboard(cast.other))).status_code == 404


def test_two_shared_dashboards_never_have_one_address(owner: Client, everything):
    dashboard = _dashboard()
    data = widgets(dashboard) | {"slug": "overview"}
    form = owner.post(change_url(dashboard), data).context["adminform"].form
    assert form.errors == {"slug": ["Another dashboard has this address."]}


@pytest.mark.parametrize("query", ["tenant=nonsense", "tenant=%00", "more_dashboards=x", "dashboard=x"])
def test_nonsense_in_the_address_makes_no_500(owner: Client, agencys: Credential, query: str):
    assert owner.get(f"{ADD}{target(agencys, '310000001')}&{query}").status_code == 200
    assert owner.get(f"{CHOOSE}?{query}").status_code == 200
    assert owner.get(f"/admin/dashboards/dashboard/add/?{query}").status_code == 200
    assert owner.get(f"/admin/provisioning/credential/add/?{query}").status_code == 200


def test_a_client_that_is_none_is_said_beside_the_field(cast: Cast, owner: Client, agencys: Credential):
    form = owner.post(ADD + target(agencys, "310000001"), typed(cast, tenant="nonsense"))
    assert list(form.context["adminform"].form.errors) == ["tenant"]


# Many


def test_a_new_view_offers_no_clients_dashboards_until_its_client_is_known(
    cast: Cast, owner: Client, agencys: Credential, everything
):
    shared = [str(each) for each in Dashboard.objects.filter(tenant=None)]
    Dashboard.objects.create(tenant=cast.tenant, name="Acme's own", slug="own")
    for address, more in (("", []), (f"&tenant={cast.tenant.pk}", ["Acme's own"])):
        form = owner.get(ADD + target(agencys, "310000001") + address).context["adminform"].form
        names = [str(label) for key, label in form.fields["more_dashboards"].widget.choices]
        assert sorted(names) == sorted([*shared, *more])


def test_a_clients_own_dashboard_can_be_typed_with_its_client(
    cast: Cast, owner: Client, agencys: Credential, everything
):
    own = Dashboard.objects.create(tenant=cast.tenant, name="Acme's own", slug="own")
    owner.post(ADD + target(agencys, "310000001"), typed(cast, dashboard=str(own.pk), slug="another"))
    assert View.objects.get(slug="another").dashboard == own


def test_the_search_lists_its_first_and_says_so(cast: Cast, owner: Client, monkeypatch):
    factories.ViewFactory.create_batch(5, tenant=cast.tenant)
    monkeypatch.setattr(admin_search, "MOST", 3)
    answer = owner.get("/admin/dashboards/view/", {"q": "acme"})
    assert len(answer.context["cl"].result_list) == 3
    assert messages_of(answer) == ["Only the first 3 found are listed. Type more of what you look for."]
    assert messages_of(owner.get("/admin/dashboards/view/")) == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("acme whole", 1),
        ("WHOLE", 1),
        ("whole rival", 0),
        ("100%", 1),
        ("a_b", 0),
        ("über", 1),
        ("%", 1),
        ("\\", 0),
        ("", 3),
    ],
)
def test_each_word_stands_in_the_view_or_its_clients_name(cast: Cast, owner: Client, wanted: str, found: int):
    factories.ViewFactory(tenant=cast.tenant, name="100% über axb", slug="odd", property_id="5")
    rows = owner.get("/admin/dashboards/view/", {"q": wanted}).context["cl"].result_list
    assert len(rows) == found


@pytest.mark.parametrize("most", [1, 300])
def test_a_state_is_found_whether_few_or_many_are_in_it(
    cast: Cast, owner: Client, monkeypatch, most: int, everything
):
    monkeypatch.setattr(admin_search, "MOST", most)
    rows = factories.ViewFactory.create_batch(3, tenant=cast.tenant)
    View.objects.filter(pk__in=[each.pk for each in rows]).update(state="failing")
    found = owner.get("/admin/dashboards/view/", {"state__exact": "failing"}).context["cl"].result_list
    assert sorted(each.pk for each in found) == sorted(each.pk for each in rows)


@pytest.mark.parametrize(("column", "first"), [("1", "Rival secret view"), ("-1", "Whole site")])
def test_a_clicked_column_sorts(cast: Cast, owner: Client, column: str, first: str):
    found = owner.get("/admin/dashboards/view/", {"o": column}).context["cl"].result_list
    assert (len(found), found[0].name) == (2, first)


def test_by_hand_reads_with_the_agencys_accounts_and_the_known_clients(
    cast: Cast, owner: Client, agencys: Credential, everything
):
    own = Credential.objects.create(tenant=cast.tenant, name="one of many", email="one@x.example")
    usual = set(Credential.objects.filter(tenant=None))
    offers = {
        query: set(owner.get(CHOOSE + query).context["by_hand"].fields["credential"].queryset)
        for query in (
            "",
            f"?tenant={cast.tenant.pk}",
            f"?tenant={cast.other.pk}",
            f"?view={cast.view.pk}",
            "?tenant=x",
        )
    }
    assert list(offers.values()) == [usual, usual | {own}, usual, usual | {own}, usual]
