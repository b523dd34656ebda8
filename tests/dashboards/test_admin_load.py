"""A table of views, uploaded in the admin: seen first, saved then, and every bad line named."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.tenancy import all_tenants
from dashboards.bulk import table
from dashboards.models import View
from provisioning.models import Credential
from tests import factories
from tests.conftest import Cast
from tests.dashboards.test_admin import messages_of, signed_in
from tests.dashboards.test_load_views import HEADER, ITALY, OSTERIA, ROBOT, SHOP, reaching

LOAD = "/admin/dashboards/view/load/"


@pytest.fixture
def owner(cast: Cast) -> Client:
    reaching(factories.CredentialFactory(email=ROBOT), "310000001", "310000002")
    return signed_in(cast.olivia)


def upload(owner: Client, *lines: str):
    return owner.post(LOAD, {"file": SimpleUploadedFile("views.csv", "\n".join(lines).encode())})


def stored() -> set[str]:
    with all_tenants(reason="a test looks"):
        return set(View.objects.values_list("slug", flat=True))


def test_a_table_is_seen_before_it_is_saved(owner: Client):
    before = stored()
    seen = upload(owner, HEADER, OSTERIA, ITALY, SHOP)
    counts = [
        "Clients: 2 created, 0 changed, 0 unchanged",
        "Views: 3 created, 0 changed, 0 unchanged",
    ]
    assert (seen.context["counts"], stored()) == (counts, before)
    saved = owner.post(LOAD, {"token": seen.context["token"]})
    assert (saved.status_code, saved.url) == (302, "/admin/dashboards/view/")
    assert messages_of(owner.get(saved.url)) == [f"{counts[0]}. {counts[1]}."]
    assert stored() - before == {"site", "italy", "shop"} - before
    again = upload(owner, HEADER, OSTERIA, ITALY, SHOP)
    assert again.context["nothing_changes"]


def test_a_preview_is_saved_once_and_by_nobody_else(owner: Client, cast: Cast):
    token = upload(owner, HEADER, SHOP).context["token"]
    second = factories.person("second@northlight.example", "agency-owner")
    before = stored()
    others = signed_in(second).post(LOAD, {"token": token}, follow=True)
    assert messages_of(others) == ["The preview is too old. Upload the table again."]
    assert stored() == before
    owner.post(LOAD, {"token": token})
    assert messages_of(owner.post(LOAD, {"token": token}, follow=True))[-1:] == [
        "The preview is too old. Upload the table again."
    ]


def test_every_bad_line_is_named_and_nothing_changes(owner: Client):
    before = stored()
    answer = upload(owner, HEADER, OSTERIA, SHOP.replace("310000002", "x"), ITALY.replace("==", "="))
    assert [str(each) for each in answer.context["problems"]] == [
        "Line 3: The property “x” is not a number, as a GA4 property's id is.",
        "Line 4: “country=Italy” is not a condition; one looks like country==Germany, with ==, !=, =^, =@ or "
        "=~ between a dimension’s name and a value.",
    ]
    assert (answer.context["wrong"], answer.context["token"], stored()) == (2, "", before)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff", "The file is not UTF-8. In a spreadsheet, save it as “CSV UTF-8 (comma delimited)”."),
        (b"", "The submitted file is empty."),
        (HEADER.encode(), "The file has no lines below its header."),
    ],
)
def test_what_is_no_table_is_said(owner: Client, content: bytes, sentence: str):
    answer = owner.post(LOAD, {"file": SimpleUploadedFile("x.csv", content)})
    assert answer.context["form"].errors == {"file": [sentence]}


def test_what_changed_since_the_preview_is_said(owner: Client, cast: Cast):
    token = upload(owner, HEADER, SHOP).context["token"]
    with all_tenants(reason="a test's set-up"):
        Credential.objects.filter(email=ROBOT).delete()
    answer = owner.post(LOAD, {"token": token})
    assert (answer.status_code, answer.context["wrong"]) == (200, 1)


def test_the_example_is_a_table(owner: Client):
    answer = owner.get(reverse("admin:dashboards_view_load_example"))
    assert answer["Content-Disposition"] == 'attachment; filename="views.csv"'
    assert [row.view for row in table.read(answer.content).rows] == ["site", "italy"]


@pytest.mark.parametrize("page", [LOAD, f"{LOAD}views.csv"])
def test_staff_load_nothing(cast: Cast, page: str):
    assert signed_in(cast.dana).get(page).status_code == 403
    assert b"Load a table" not in signed_in(cast.dana).get("/admin/dashboards/view/").content
    assert b"Load a table" in signed_in(cast.olivia).get("/admin/dashboards/view/").content
