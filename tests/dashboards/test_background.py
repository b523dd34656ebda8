"""What the night's summary and the address tell of a page, and to whom."""

import datetime

import pytest
from django.http import QueryDict

from accounts.tenancy import all_tenants
from dashboards import asked, background
from dashboards.blanks import Beginning
from dashboards.models import Summary, View
from dashboards.periods import DateSpan
from provisioning.models import ProvisioningRequest
from tests import factories
from tests.conftest import Cast

NIGHT = datetime.date(2026, 11, 22)
LAST = datetime.date(2026, 11, 12)


@pytest.fixture
def known(cast: Cast, in_tenant):
    """The background of alice's view; `summary` is what the night wrote."""

    def of(reader=cast.alice, query="", **summary):
        Summary.objects.filter(view=cast.view).update(**summary)
        view = View.objects.for_page().get(pk=cast.view.pk)
        return background.of(asked.read(view, QueryDict(query)), reader)

    return of


@pytest.mark.parametrize(
    ("summary", "had_data"),
    [({}, None), ({"until": NIGHT}, False), ({"until": NIGHT, "last_data_on": LAST}, True)],
)
def test_the_first_night_tells_whether_data_ever_came(known, summary, had_data):
    assert known(**summary).had_data is had_data


def test_a_stopped_view_is_known_by_its_standing(known):
    assert known(until=NIGHT, last_data_on=LAST, standing=Summary.Standing.STOPPED).stopped_on == LAST
    assert known(standing=Summary.Standing.USUAL).stopped_on is None


def test_a_view_without_a_summary_is_just_unknown(known, cast: Cast):
    Summary.objects.filter(view=cast.view).delete()
    assert (known().had_data, known().stopped_on) == (None, None)


def test_only_staff_are_led_to_the_admin(known, cast: Cast):
    assert known().admin_url == ""
    assert known(cast.dana).admin_url == f"/admin/dashboards/view/{cast.view.pk}/change/"


def test_viewers_are_not_led_to_the_doctor(known, cast: Cast):
    readers = (cast.alice, cast.dana, cast.bob)
    assert [known(each).doctor_url() for each in readers] == [*["/clients/acme/views/site/doctor/"] * 2, ""]


def test_its_addresses_keep_the_rest_of_the_page(known):
    found = known(query="period=7d&compare=none&filter=country==Italy")
    assert (found.is_narrowed, found.wide_url, found.usual_url) == (
        True,
        "?period=7d&compare=none",
        "?period=28d&compare=none&filter=country%3D%3DItaly",
    )
    days = DateSpan(datetime.date(2026, 11, 1), datetime.date(2026, 11, 2))
    assert known().days_url(days) == "?from=2026-11-01&to=2026-11-02"


def test_a_page_reads_the_summary_with_its_view(cast: Cast, client, django_assert_max_num_queries):
    client.force_login(cast.alice)
    with all_tenants(reason="a test"):
        Summary.objects.filter(view=cast.view).update(until=NIGHT)
    client.get("/clients/acme/views/site/")
    with django_assert_max_num_queries(14):
        assert client.get("/clients/acme/views/site/").status_code == 200


def test_only_a_view_of_a_property_made_from_here_has_a_beginning(known, cast: Cast):
    assert known().beginning() is None
    made = factories.RequestFactory(tenant=cast.tenant, view_id=cast.view.pk)
    assert known().beginning() is None  # one that connected a property that was there has no tag
    ProvisioningRequest.objects.filter(pk=made.pk).update(measurement_id="G-1")
    assert known().beginning() == Beginning(None, f"/provisioning/{made.pk}/")


def test_who_only_reads_is_not_led_to_the_tag(known, cast: Cast):
    factories.RequestFactory(tenant=cast.tenant, view_id=cast.view.pk, measurement_id="G-1")
    assert known(cast.bob).beginning() == Beginning(None, "")


def test_the_first_visit_is_of_a_day_of_the_property(known, cast: Cast):
    seen = datetime.datetime(2026, 11, 22, 23, 30, tzinfo=datetime.UTC)
    factories.RequestFactory(
        tenant=cast.tenant, view_id=cast.view.pk, measurement_id="G-1", first_hit_at=seen
    )
    assert known().beginning().first_visit_on == datetime.date(2026, 11, 23)  # in Rome
