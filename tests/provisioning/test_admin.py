"""Service accounts in the admin: what goes in, what is refused in which words, and that no key comes out."""

import json
import uuid

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from provisioning.models import Credential, ReachableProperty
from tests import factories
from tests.conftest import Cast
from tests.google import ROBOT, Google

ADD = "/admin/provisioning/credential/add/"
UNREACHABLE = (
    "Google could not be reached in time. It will be tried again; if this stays, check this server's "
    "connection to the internet."
)


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


def upload(data: bytes, filename: str = "key.json", **fields: object) -> dict[str, object]:
    typed = {"email": "", "password": "", "name": "", "tenant": ""}
    return typed | {"key_file": SimpleUploadedFile(filename, data)} | fields


def p12(key_file: bytes, password: bytes = b"notasecret") -> bytes:
    """The same key as Google's older form has it."""
    pem = json.loads(key_file)["private_key"].encode()
    key = serialization.load_pem_private_key(pem, None)
    return pkcs12.serialize_key_and_certificates(
        b"privatekey", key, None, None, serialization.BestAvailableEncryption(password)
    )


def change_url(credential: Credential) -> str:
    return reverse("admin:provisioning_credential_change", args=[credential.pk])


def messages_of(response) -> list[str]:
    return [str(each) for each in response.context["messages"]]


def stored() -> tuple[int, int]:
    return Credential._base_manager.count(), ReachableProperty._base_manager.count()


# A key goes in


def test_the_owner_adds_the_agencys_account_and_sees_what_it_reaches(
    owner: Client, google: Google, everything
):
    data = upload(google.key_file("310000001", "310000002"), name="Our robot")
    answer = owner.post(ADD, data, follow=True)
    credential = Credential.objects.get(email=ROBOT, name="Our robot")
    assert answer.redirect_chain == [(change_url(credential), 302)]
    assert messages_of(answer) == ["It signs in and reaches 2 properties."]
    assert (credential.tenant, credential.state) == (None, "works")
    page = answer.content.decode()
    reached = ReachableProperty.objects.filter(credential=credential)
    assert {each.property_id for each in reached} == {"310000001", "310000002"}
    for each in reached:
        shown = (each.account_name, each.name, each.property_id, each.time_zone, each.currency)
        assert [text for text in shown if text not in page] == []


def test_a_p12_key_goes_in_with_its_address_and_googles_own_password(
    owner: Client, google: Google, everything
):
    key = p12(google.key_file("310000001"))
    owner.post(ADD, upload(key, "key.p12", email=ROBOT, name="Old robot"))
    assert Credential.objects.get(name="Old robot").state == "works"


def test_staff_choose_one_of_their_clients(cast: Cast, staff: Client, google: Google, everything):
    key = google.key_file("310000001")
    before = stored()
    nobodys = staff.post(ADD, upload(key))
    rivals = staff.post(ADD, upload(key, tenant=str(cast.other.pk)))
    assert nobodys.context["form"].errors == {"tenant": ["This field is required."]}
    assert list(rivals.context["form"].errors) == ["tenant"]
    assert stored() == before
    staff.post(ADD, upload(key, tenant=str(cast.tenant.pk)))
    assert Credential.objects.get(email=ROBOT, tenant=cast.tenant).state == "works"


def test_an_account_added_again_is_the_same_account_with_another_key(
    owner: Client, google: Google, everything
):
    owner.post(ADD, upload(google.key_file("310000001"), name="Robot"))
    first = Credential.objects.get(name="Robot")
    before = stored()
    owner.post(ADD, upload(google.key_file("310000001")))
    again = Credential.objects.get(name="Robot")
    assert (again.pk, again.private_key_id != first.private_key_id, stored()) == (first.pk, True, before)


def test_an_account_that_signs_in_and_may_list_nothing_is_kept_with_the_reason(
    owner: Client, google: Google, everything
):
    google.fail("accountSummaries", status=403, reason="SERVICE_DISABLED")
    answer = owner.post(ADD, upload(google.key_file("310000001"), name="Robot"), follow=True)
    sentence = (
        "The Google Analytics API is not enabled in the credential's Google Cloud project. Enable it there, "
        "wait a few minutes and try again."
    )
    assert messages_of(answer) == [sentence]
    assert (
        Credential.objects.get(name="Robot").state,
        sentence in answer.content.decode().replace("&#x27;", "'"),
    ) == (
        "failing",
        True,
    )


# What is no key is refused in words, and nothing is stored

GOOD = {"type": "service_account", "client_email": ROBOT, "private_key": "nonsense"}
UNDER_KEYS = "In the Google Cloud console, open the service account and make a key under Keys."
SENTENCES = {
    "not JSON": "This file is not JSON. Upload the key file as it came from the Google Cloud console; for a "
    "P12 key, give its e-mail address too.",
    "nothing": "The submitted file is empty.",
    "no account": f"This is not the key of a service account. {UNDER_KEYS}",
    "a client": f"This is the file of an OAuth client, not the key of a service account. {UNDER_KEYS}",
    "unreadable": "The private key in this file cannot be read. Make a new key for the service account and "
    "upload it unchanged.",
    "nameless": "The e-mail address of the service account is missing or is none.",
    "large": "This file is too large for a key. Upload the key file of a service account.",
    "no P12": "This file is not a P12 key. Upload the key file as it came from Google.",
}


@pytest.mark.parametrize(
    ("data", "email", "wrong"),
    [
        (b"hello", "", "not JSON"),
        (b"[1]", "", "not JSON"),
        (b"", "", "nothing"),
        (b"{}", "", "no account"),
        (b'{"installed": {}}', "", "a client"),
        (json.dumps(GOOD).encode(), "", "unreadable"),
        (json.dumps(GOOD | {"client_email": "x"}).encode(), "", "nameless"),
        (b"{" + b" " * 65_600 + b"}", "", "large"),
        (b"\x30\x82nonsense", ROBOT, "no P12"),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_what_is_no_key(owner: Client, data: bytes, email: str, wrong: str):
    before = stored()
    answer = owner.post(ADD, upload(data, name="My robot", email=email))
    form = answer.context["form"]
    assert form.errors == {"key_file": [SENTENCES[wrong]]}
    assert (form["name"].value(), form["email"].value()) == ("My robot", email)
    assert stored() == before


def test_a_p12_with_the_wrong_password_or_without_its_address(owner: Client, google: Google):
    key = p12(google.key_file("310000001"), b"changed by somebody")
    before = stored()
    wrong = owner.post(ADD, upload(key, "key.p12", email=ROBOT, password="marked-typed-password"))
    nameless = owner.post(ADD, upload(key, "key.p12", password="changed by somebody"))
    assert wrong.context["form"].errors == {
        "password": [
            "This password does not open the P12 key. Google's own is “notasecret” unless it was changed."
        ]
    }
    assert b"marked-typed-password" not in wrong.content
    assert wrong.context["form"]["email"].value() == ROBOT
    assert nameless.context["form"].errors == {
        "email": ["The e-mail address of the service account is missing or is none."]
    }
    assert stored() == before


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        ({"status": 400, "reason": "invalid_grant: Invalid JWT Signature."},
         "Google refuses this key: it was deleted, disabled or has expired. Make a new key for the service "
         "account and upload it."),
        ({"status": 503}, "Google Analytics has a fault of its own at the moment. It will be tried again."),
        ({"drop": True}, UNREACHABLE),
    ],
)  # fmt: skip
def test_a_key_that_does_not_sign_in(cast: Cast, owner: Client, google: Google, fault: dict, sentence: str):
    google.fail("/token", count=10, **fault)
    before = stored()
    data = upload(google.key_file("310000001"), name="My robot", tenant=str(cast.tenant.pk))
    form = owner.post(ADD, data).context["form"]
    assert form.non_field_errors() == [sentence]
    assert (form["name"].value(), form["tenant"].value()) == ("My robot", str(cast.tenant.pk))
    assert stored() == before


def test_google_that_cannot_be_reached_at_all(cast: Cast, owner: Client, google: Google, settings):
    settings.GOOGLE_TOKEN_URI = "http://127.0.0.1:9/token"
    before = stored()
    answer = owner.post(ADD, upload(google.key_file("310000001")))
    assert answer.context["form"].non_field_errors() == [UNREACHABLE]
    assert stored() == before


# On its page


@pytest.fixture
def robot(cast: Cast, staff: Client, google: Google, everything) -> Credential:
    """A service account of alice's client, new to Google too, that reaches one property."""
    key = google.key_file("310000001", email=f"{uuid.uuid4().hex[:8]}@demo.iam.gserviceaccount.com")
    staff.post(ADD, upload(key, name="Robot", tenant=str(cast.tenant.pk)), follow=True)
    return Credential.objects.get(name="Robot")


def test_no_page_form_or_history_holds_a_secret(robot: Credential, owner: Client, google: Google):
    key = google.key_file("310000001", email=robot.email)
    owner.post(
        reverse("admin:provisioning_credential_key", args=[robot.pk]),
        {"key_file": SimpleUploadedFile("k", key)},
    )
    robot.refresh_from_db()
    pages = [
        owner.get(reverse(f"admin:provisioning_credential_{page}", args=args)).content.decode()
        for page, args in (
            ("change", [robot.pk]),
            ("history", [robot.pk]),
            ("delete", [robot.pk]),
            ("changelist", []),
        )
    ] + [entry.change_message for entry in LogEntry.objects.all()]
    secrets = (
        robot.sealed_secret,
        robot.sealed_access_token,
        json.loads(key)["private_key"][30:80],
        "PRIVATE KEY",
    )
    assert [secret for secret in secrets for page in pages if secret in page] == []


def test_listing_again_finds_what_was_granted_meanwhile(robot: Credential, staff: Client, google: Google):
    google.key_file("310000001", "310000002", email=robot.email)
    url = reverse("admin:provisioning_credential_list", args=[robot.pk])
    answer = staff.post(url, follow=True)
    assert answer.redirect_chain == [(change_url(robot), 302)]
    assert messages_of(answer) == ["It signs in and reaches 2 properties."]


def test_a_failed_listing_keeps_the_old_one_and_says_why(
    robot: Credential, staff: Client, google: Google, everything
):
    google.fail("accountSummaries", status=503, count=10)
    answer = staff.post(reverse("admin:provisioning_credential_list", args=[robot.pk]), follow=True)
    assert messages_of(answer) == [
        "Google Analytics has a fault of its own at the moment. It will be tried again."
    ]
    assert [each.property_id for each in robot.properties.all()] == ["310000001"]


def test_another_key_takes_the_place_of_the_first(
    robot: Credential, staff: Client, google: Google, everything
):
    url = reverse("admin:provisioning_credential_key", args=[robot.pk])
    answer = staff.post(
        url,
        {
            "key_file": SimpleUploadedFile("key.json", google.key_file("310000001", email=robot.email)),
            "password": "",
        },
    )
    changed = Credential.objects.get(pk=robot.pk)
    assert (answer.status_code, answer.url) == (302, change_url(robot))
    assert (changed.private_key_id != robot.private_key_id, changed.state) == (True, "works")


def test_the_key_of_another_account_is_refused(robot: Credential, staff: Client, google: Google, everything):
    other = google.key_file("310000001", email="other@demo.iam.gserviceaccount.com")
    url = reverse("admin:provisioning_credential_key", args=[robot.pk])
    answer = staff.post(url, {"key_file": SimpleUploadedFile("key.json", other), "password": ""})
    assert answer.context["form"].non_field_errors() == [
        "This is the key of other@demo.iam.gserviceaccount.com. "
        f"Upload one of {robot.email}, or add the other "
        "account."
    ]
    assert Credential.objects.get(pk=robot.pk).sealed_secret == robot.sealed_secret


def test_a_key_that_does_not_sign_in_leaves_the_old_one(
    robot: Credential, staff: Client, google: Google, everything
):
    new = google.key_file("310000001", email=robot.email)
    google.fail("/token", status=503, count=10)
    url = reverse("admin:provisioning_credential_key", args=[robot.pk])
    answer = staff.post(url, {"key_file": SimpleUploadedFile("key.json", new), "password": ""})
    assert answer.context["form"].non_field_errors() == [
        "Google Analytics has a fault of its own at the moment. It will be tried again."
    ]
    assert Credential.objects.get(pk=robot.pk).sealed_secret == robot.sealed_secret


def test_an_account_in_use_is_not_deleted_and_its_views_are_named(
    cast: Cast, robot: Credential, owner: Client, everything
):
    factories.ViewFactory(
        tenant=cast.tenant, name="Shop", slug="shop", agency_credential=None, tenant_credential=robot
    )
    url = reverse("admin:provisioning_credential_delete", args=[robot.pk])
    for answer in (owner.get(url, follow=True), owner.post(url, {"post": "yes"}, follow=True)):
        assert messages_of(answer) == [
            "Robot is in use and stays. Point these at another service account first: “Shop” of Acme."
        ]
    assert Credential.objects.filter(pk=robot.pk).exists()


def test_an_account_without_views_goes(robot: Credential, staff: Client, everything):
    staff.post(reverse("admin:provisioning_credential_delete", args=[robot.pk]), {"post": "yes"})
    assert not Credential.objects.filter(pk=robot.pk).exists()


# Who reaches which


@pytest.mark.parametrize("page", ["change", "history", "delete", "list", "key"])
def test_staff_reach_neither_the_agencys_nor_another_clients(
    cast: Cast, staff: Client, owner: Client, page: str
):
    rivals = factories.CredentialFactory(tenant=cast.other, name="Rival secret name")
    for credential in (cast.view.agency_credential, rivals):
        url = reverse(f"admin:provisioning_credential_{page}", args=[credential.pk])
        answer = staff.post(url, {}) if page == "list" else staff.get(url)
        assert answer.status_code == 404
        assert owner.get(url).status_code == {
            "list": 405,
            "delete": 302 if credential.tenant is None else 200,
        }.get(page, 200)


def test_the_list_asks_the_same_for_one_account_and_for_thirty(cast: Cast, owner: Client):
    url = reverse("admin:provisioning_credential_changelist")
    with CaptureQueriesContext(connection) as few:
        owner.get(url)
    factories.CredentialFactory.create_batch(30, tenant=cast.tenant)
    with CaptureQueriesContext(connection) as many:
        assert len(owner.get(url).context["cl"].result_list) == 32
    assert len(many) == len(few)


def test_renaming_undoes_nothing_that_changed_meanwhile(
    owner: Client, cast: Cast, everything, monkeypatch: pytest.MonkeyPatch
):
    """A key is re-encrypted, or replaced, between the look and the write of somebody who types a name."""
    row = factories.CredentialFactory(sealed_secret="before", name="Robot")
    save = Credential.save

    def late(self: Credential, *args, **kwargs) -> None:
        Credential.objects.filter(pk=row.pk).update(sealed_secret="after", state="works")
        save(self, *args, **kwargs)

    monkeypatch.setattr(Credential, "save", late)
    answer = owner.post(change_url(row), {"name": "Renamed"})
    row.refresh_from_db()
    assert (answer.status_code, row.name, row.sealed_secret, row.state) == (
        302, "Renamed", "after", "works",
    )  # fmt: skip
