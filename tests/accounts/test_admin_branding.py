"""The owner sets logo and colour; what cannot be used is said, what cannot be read is adjusted in words."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.models import Branding
from tests import factories
from tests.conftest import Cast

URL = "/admin/accounts/branding/1/change/"


@pytest.fixture
def owner(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.olivia)
    return client


def upload(data: bytes, name: str = "logo.png", kind: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, kind)


def told(answer) -> list[str]:
    return [str(each) for each in answer.context["messages"]]


def test_the_menu_leads_to_the_one_page_and_opening_it_stores_nothing(owner: Client):
    answer = owner.get(reverse("admin:accounts_branding_changelist"))
    assert answer.url == URL
    assert owner.get(URL).status_code == 200
    assert Branding.objects.count() == 0
    assert owner.get("/admin/accounts/branding/2/change/").status_code == 404


@pytest.mark.parametrize("url", [URL, "/admin/accounts/branding/"])
def test_staff_leave_it_alone(cast: Cast, owner: Client, url: str):
    staff = Client()
    staff.force_login(cast.dana)
    assert staff.get("/admin/").status_code == 200
    assert staff.get(URL).status_code == staff.post(URL, {"accent": "#0044cc"}).status_code == 403
    assert Branding.objects.count() == 0


def test_a_logo_and_a_colour(owner: Client):
    answer = owner.post(URL, {"accent": "0044CC", "new_logo": upload(factories.PIXEL)}, follow=True)
    row = Branding.objects.get()
    assert (row.accent, bytes(row.logo), row.logo_type) == ("#0044cc", factories.PIXEL, "image/png")
    assert told(answer)[0] == "On dark pages it becomes #73a2fc, so that it can be read there."
    owner.post(URL, {"accent": "#0044cc"})
    row.refresh_from_db()
    assert bytes(row.logo) == factories.PIXEL
    owner.post(URL, {"accent": "", "remove_logo": "on"})
    row.refresh_from_db()
    assert (row.accent, row.logo, row.logo_type, row.logo_digest, row.is_set) == ("", None, "", "", False)


def test_a_colour_that_cannot_be_read_is_adjusted_in_words(owner: Client):
    answer = owner.post(URL, {"accent": "#ffcc00"}, follow=True)
    assert told(answer)[0] == (
        "#ffcc00 cannot be read on light pages: #836806 stands in there, the same hue, darker."
    )
    assert Branding.objects.get().accent == "#ffcc00"


@pytest.mark.parametrize("accent", ["red", "#12345", "#1234567", "url(x)", "#00000g"])
def test_what_is_no_colour_is_refused(owner: Client, accent: str):
    answer = owner.post(URL, {"accent": accent})
    form = answer.context["adminform"].form
    assert (list(form.errors), form["accent"].value()) == (["accent"], accent)
    assert Branding.objects.count() == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "This is no PNG, JPEG or WebP picture."),
        (factories.PIXEL + bytes(200 * 1024), "This file is too large: 200 KB at most."),
        (b"", "The submitted file is empty."),
    ],
)
def test_what_is_no_logo_is_refused_whatever_it_is_called(owner: Client, data: bytes, sentence: str):
    answer = owner.post(URL, {"accent": "", "new_logo": upload(data)})
    assert answer.context["adminform"].form.errors == {"new_logo": [sentence]}
    assert Branding.objects.count() == 0


def test_what_a_file_claims_to_be_does_not_count(owner: Client):
    owner.post(URL, {"accent": "", "new_logo": upload(factories.PIXEL, "logo.svg", "image/svg+xml")})
    assert Branding.objects.get().logo_type == "image/png"
