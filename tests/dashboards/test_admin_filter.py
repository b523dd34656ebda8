"""The filter of a view in the admin: its rows and its text, what it keeps, which widgets it leaves empty."""

# ruff: noqa: F811  # fixtures of another file

import html

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.tenancy import all_tenants
from dashboards import fields, filter_preview
from dashboards.models import Dashboard, View, Widget
from provisioning import assignments
from provisioning.models import Credential
from tests import factories
from tests.conftest import Cast
from tests.dashboards.test_admin import (  # noqa: F401  # among them fixtures
    ADD,
    agencys,
    messages_of,
    owner,
    signed_in,
    staff,
    target,
    typed,
    url_of,
)
from tests.google import Google


@pytest.fixture(autouse=True)
def _nothing_known(db):
    cache.clear()


@pytest.fixture
def live(cast: Cast, agencys: Credential) -> View:
    """A view that Google answers."""
    return factories.ViewFactory(
        tenant=cast.tenant, slug="live", property_id="310000001", agency_credential=agencys,
        filter="country==Italy",
    )  # fmt: skip


def rows(shown: str, *rows: tuple[str, str, str, str]) -> dict[str, object]:
    """What a browser posts of the rows; `shown` is the text they were made from."""
    columns = dict(zip(("joined", "dimension", "operator", "value"), zip(*rows, strict=True), strict=True))
    return {"filter-shown": shown} | {f"filter-{name}": list(cells) for name, cells in columns.items()}


ITALY = ("and", "country", "==", "Italy")
BLANK = ("and", "", "==", "")


def saved(live: View) -> str:
    live.refresh_from_db()
    return live.filter


@pytest.fixture
def save(cast: Cast, staff: Client, live: View):
    """Posts the view's form with this about its filter."""

    def post(**posted: object):
        data = typed(cast, name="Live", slug="live") | posted
        return staff.post(url_of("change", live), {k: v for k, v in data.items() if v is not None})

    return post


# Rows and text


def test_the_rows_show_the_filter(staff: Client, live: View):
    View._base_manager.filter(pk=live.pk).update(filter="country==Italy,country==Malta;pagePath!^/x")
    page = staff.get(url_of("change", live)).content.decode()
    assert 'name="filter-shown" value="country==Italy,country==Malta;pagePath!^/x"' in page
    assert "Italy\nMalta</textarea>" in page
    assert [page.count(f'value="{name}" list=') for name in ("country", "pagePath", "")] == [1, 1, 2]


def test_a_changed_row_changes_the_filter(save, live: View):
    answer = save(
        filter="country==Italy",
        **rows(
            "country==Italy", ITALY, ("or", "city", "=^", " Ma "), ("and", "pagePath", "not-in", "/a\r\n/b")
        ),
    )
    assert (answer.status_code, saved(live)) == (302, "country==Italy,city=^Ma;pagePath!=/a;pagePath!=/b")


def test_emptied_rows_leave_no_filter(save, live: View):
    assert save(filter="country==Italy", **rows("country==Italy", BLANK)).status_code == 302
    assert saved(live) == ""


def test_a_changed_text_changes_the_filter(save, live: View):
    save(filter="city==Rome", **rows("country==Italy", ITALY, BLANK))
    assert saved(live) == "city==Rome"


def test_the_text_alone_counts_where_no_rows_come(save, live: View):
    save(filter="city==Rome", **{"filter-shown": "country==Italy"})
    assert saved(live) == "city==Rome"


def test_the_rows_alone_count_where_no_text_comes(save, live: View):
    save(filter=None, **rows("country==Italy", ("and", "city", "==", "Rome")))
    assert saved(live) == "city==Rome"


def test_what_nobody_changed_stays_to_the_letter(save, live: View):
    odd = r"country==\ Italy"
    View._base_manager.filter(pk=live.pk).update(filter=odd)
    save(filter=odd, **rows(odd, ("and", "country", "==", " Italy")))
    assert saved(live) == odd


def errors(answer) -> list[str]:
    return answer.context["adminform"].form.errors["filter"]


def test_both_changed_is_refused_and_nothing_typed_is_lost(save, live: View):
    answer = save(filter="city==Rome", **rows("country==Italy", ("and", "city", "==", "Milan")))
    assert errors(answer) == ["The filter was changed both in its rows and as text. Undo one of the two."]
    page = answer.content.decode()
    assert [
        text for text in ("city==Rome", "\nMilan</textarea>", 'value="country==Italy"') if text not in page
    ] == []
    assert saved(live) == "country==Italy"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (("and", "country", "==", ""), "Write what country is compared with."),
        (("and", "a b", "==", "x"), "“a b” is no dimension's API name."),
        (("and", "country", "=~", "("), "“(” is not a valid regular expression."),
    ],
)
def test_a_bad_row_is_said_in_words(save, live: View, row: tuple, sentence: str):
    answer = save(filter="country==Italy", **rows("country==Italy", ITALY, row))
    assert errors(answer) == [sentence]
    assert saved(live) == "country==Italy"


# The dimensions offered


def fields_url(**query: object) -> str:
    return reverse("admin:dashboards_view_fields") + "?" + "&".join(f"{k}={v}" for k, v in query.items())


def test_google_is_asked_for_a_propertys_fields_once(staff: Client, live: View, google: Google):
    answer = staff.get(fields_url(view=live.pk)).json()
    assert ["country", "Country"] in answer["dimensions"]
    assert ["sessions", "Visits"] in answer["metrics"]
    assert staff.get(fields_url(view=live.pk)).json() == answer
    assert len(google.requests("/metadata")) == 1
    page = staff.get(url_of("change", live)).content.decode()
    assert ("data-fields" in page, '<option value="country">Country</option>' in page) == (False, True)


def test_a_page_does_not_wait_for_google(staff: Client, live: View, google: Google):
    page = staff.get(url_of("change", live)).content.decode()
    assert f'data-fields="{fields_url(view=live.pk)}"' in page
    assert google.requests("/metadata") == []


def test_a_property_to_choose_has_fields_too(
    cast: Cast,
    staff: Client,
    owner: Client,
    agencys: Credential,
):
    url = fields_url(credential=agencys.pk, property="310000002")
    assert (owner.get(url).status_code, staff.get(url).status_code) == (200, 404)
    with all_tenants(reason="a test's set-up"):
        assignments.assign(credential=agencys, pairs=[("310000002", cast.tenant.pk)])
    assert staff.get(url).status_code == 200


def test_why_no_fields_come_is_said(staff: Client, live: View, google: Google):
    google.fail("metadata", status=403, reason="PERMISSION_DENIED", count=9)
    answer = staff.get(fields_url(view=live.pk))
    assert (answer.status_code, list(answer.json())) == (200, ["error"])
    assert fields.known("310000001") is None


@pytest.mark.parametrize("query", ["", "?view=x", "?credential=x&property=1"])
def test_nonsense_has_no_fields(staff: Client, query: str):
    assert staff.get(reverse("admin:dashboards_view_fields") + query).status_code == 404


def test_another_clients_view_has_no_fields_here(cast: Cast, staff: Client):
    assert staff.get(fields_url(view=cast.other_view.pk)).status_code == 404


# The preview


def kept(answer) -> str:
    return answer.context["adminform"].form.fields["filter"].widget.kept


def test_a_preview_says_what_the_filter_keeps_and_saves_nothing(save, live: View, google: Google):
    answer = save(
        filter="country==Italy",
        name="New name",
        _preview="1",
        **rows("country==Italy", ("and", "country", "==", "Germany")),
    )
    (asked,) = google.requests("batchRunReports")
    assert asked["status"] == 200
    words = kept(answer)
    assert words.startswith("It keeps ")
    assert words.endswith(" %.")
    assert words in html.unescape(answer.content.decode())
    form = answer.context["adminform"].form
    assert (form["name"].value(), form["filter"].value()) == ("New name", "country==Germany")
    live.refresh_from_db()
    assert (live.name, live.filter) == ("Whole site", "country==Italy")


def test_a_preview_of_a_new_view(cast: Cast, owner: Client, agencys: Credential):
    before = View._base_manager.count()
    answer = owner.post(
        ADD + target(agencys, "310000001"), typed(cast, filter="country==Italy", _preview="1")
    )
    assert kept(answer).startswith("It keeps ")
    assert View._base_manager.count() == before


def test_without_a_filter_everything_is_kept(save, live: View):
    assert kept(save(filter="", _preview="1")).endswith(": 100.0 %.")


def test_a_preview_that_google_refuses_says_why(save, google: Google):
    google.fail("batchRunReports", status=403, reason="PERMISSION_DENIED", count=9)
    assert kept(save(filter="country==Italy", _preview="1")) == (
        "This credential may not read this Google Analytics property. In Google Analytics, add its e-mail "
        "address to the property as a viewer."
    )


def test_a_preview_of_what_is_no_filter_asks_nothing(save, google: Google):
    answer = save(filter="country=Italy", _preview="1")
    assert (kept(answer), google.requests("batchRunReports")) == ("", [])
    assert len(errors(answer)) == 1


def test_nothing_to_compare_with():
    assert filter_preview.Kept(0, 0).words == (
        "The property had no sessions yesterday, so there is nothing to compare with."
    )


# What does not fit


@pytest.fixture
def items(cast: Cast) -> Dashboard:
    """A dashboard with a widget of items, which go with no event's name."""
    with all_tenants(reason="a test's set-up"):
        made = Dashboard.objects.create(tenant=cast.tenant, name="Goods", slug="goods")
        Widget.objects.create(
            tenant=cast.tenant, dashboard=made, title="Sold", kind="table", metrics=["itemRevenue"],
            dimensions=["itemName"],
        )  # fmt: skip
    return made


def test_saving_names_the_widgets_that_the_filter_leaves_empty(
    save, live: View, items: Dashboard, staff: Client
):
    answer = save(filter="eventName==purchase", dashboard=str(items.pk), more_dashboards=[])
    assert (answer.status_code, saved(live)) == (302, "eventName==purchase")
    warnings = [each for each in messages_of(staff.get(answer.url)) if "Some widgets" in each]
    assert len(warnings) == 1
    assert warnings[0].startswith("Some widgets stay empty. Goods: Sold: Google Analytics cannot show these")


def test_saving_with_nothing_changed_asks_nothing(save, google: Google, live: View):
    with all_tenants(reason="a test's set-up"):
        live.more_dashboards.set(Dashboard.objects.filter(slug="content"))
    save(filter="country==Italy")
    assert google.requests("checkCompatibility") == []


def test_saving_while_google_is_away_saves_and_says_so(save, live: View, google: Google, staff: Client):
    google.fail("checkCompatibility", drop=True, count=99)
    answer = save(filter="city==Rome")
    assert saved(live) == "city==Rome"
    assert [each for each in messages_of(staff.get(answer.url)) if "could not be checked" in each] == [
        "Whether all widgets can be combined with the filter could not be checked: Google could not be "
        "reached in time. It will be tried again; if this stays, check this server's connection to the "
        "internet."
    ]


# Acts


def test_refresh_now_asks_again_whatever_is_fresh(staff: Client, live: View, google: Google):
    for asked in (1, 2):
        answer = staff.post(url_of("refresh", live), follow=True)
        assert messages_of(answer) == ["The figures are up to date."]
        assert len({each["time"] for each in google.requests("batchRunReports")}) >= asked


def test_refresh_now_says_what_went_wrong(staff: Client, live: View, google: Google):
    google.fail("properties/310000001:", status=403, reason="PERMISSION_DENIED", count=99)
    answer = staff.post(url_of("refresh", live), follow=True)
    assert messages_of(answer) == [
        "This credential may not read this Google Analytics property. In Google Analytics, add its e-mail "
        "address to the property as a viewer."
    ]
    google.recover()
    assert messages_of(staff.post(url_of("refresh", live), follow=True)) == ["The figures are up to date."]


def test_the_doctors_steps_stand_on_a_page(staff: Client, live: View, google: Google):
    answer = staff.post(url_of("examine", live))
    examined = answer.context["examined"]
    assert (answer.status_code, examined.broken) == (200, None)
    assert [each.sign for each in examined.steps] == ["✓"] * 8
    google.fail("runReport", status=403, reason="PERMISSION_DENIED", count=9)
    broken = staff.post(url_of("examine", live)).content.decode()
    assert "To mend first: The Data API reads figures." in broken


@pytest.mark.parametrize(("page", "answer"), [("refresh", 405), ("examine", 200)])
def test_acts_are_posts_on_ones_own_views(
    cast: Cast, staff: Client, live: View, google: Google, page: str, answer: int
):
    google.control("DELETE", "requests")
    assert staff.get(url_of(page, live)).status_code == answer
    assert google.requests() == []
    assert staff.post(url_of(page, cast.other_view)).status_code == 404
