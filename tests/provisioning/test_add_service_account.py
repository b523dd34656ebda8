"""A key from the command line: what is stored and said, and that an error stores nothing."""

import io
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)
from django.core.management import CommandError, call_command

from accounts.tenancy import all_tenants
from google_api.errors import ERRORS
from provisioning import credentials
from provisioning.models import Credential
from tests import factories

ROBOT = "robot@commands.iam.gserviceaccount.com"
REACHED = ("310000001", "310000002")
LINES = (
    "  Marlow Cycles › Marlow Cycles (310000002)  Europe/London  GBP\n"
    "  Osteria da Nino › Osteria da Nino (310000001)  Europe/Rome  EUR\n"
)


def add(*args):
    out, err = io.StringIO(), io.StringIO()
    call_command("add_service_account", *map(str, args), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def stored():
    with all_tenants(reason="a test looks"):
        return list(Credential.objects.select_related("tenant"))


@pytest.fixture
def key_file(google, tmp_path):
    path = tmp_path / "key.json"
    path.write_bytes(google.key_file(*REACHED, email=ROBOT))
    return path


@pytest.fixture
def p12_file(key_file, tmp_path):
    key = load_pem_private_key(json.loads(key_file.read_text())["private_key"].encode(), None)
    path = tmp_path / "key.p12"
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"privatekey", key, None, None, BestAvailableEncryption(b"notasecret")
        )
    )
    return path


def test_json_key_is_stored_after_signing_in(db, key_file):
    said, warned = add(key_file, "--name", "Northlight robot")
    (credential,) = stored()
    assert said == f"{ROBOT}: works\nIt reaches 2 properties:\n" + LINES
    assert warned == ""
    assert (credential.name, credential.tenant, credential.state) == ("Northlight robot", None, "works")
    assert credentials.open_key(credential).email == ROBOT


def test_p12_key_is_stored_with_its_address(db, p12_file):
    said, _ = add(p12_file, "--email", ROBOT)
    assert said.splitlines()[:2] == [f"{ROBOT}: works", "It reaches 2 properties:"]
    assert [credential.name for credential in stored()] == ["robot"]


def test_a_client_may_have_its_own(db, key_file):
    factories.TenantFactory(slug="acme", name="Acme")
    add(key_file, "--tenant", "acme")
    assert [credential.tenant.slug for credential in stored()] == ["acme"]


def test_a_second_key_of_the_account_replaces_the_first(db, google, key_file, tmp_path):
    add(key_file, "--name", "Robot")
    (first,) = stored()
    key_file.write_bytes(google.key_file(*REACHED, email=ROBOT))
    add(key_file)
    (second,) = stored()
    assert (second.pk, second.name) == (first.pk, "Robot")
    assert second.private_key_id != first.private_key_id


def test_an_account_that_reaches_nothing_says_what_to_do(db, google, key_file):
    key_file.write_bytes(google.key_file(email="reaches-nothing@demo.iam.gserviceaccount.com"))
    said, _ = add(key_file)
    assert said == (
        "reaches-nothing@demo.iam.gserviceaccount.com: works\n"
        "It reaches no property yet: in Google Analytics, add its address to one as a viewer.\n"
    )


def test_a_key_that_may_not_list_is_stored_with_the_reason(db, google, key_file):
    google.fail("/v1beta/accountSummaries", status=403, reason="SERVICE_DISABLED", count=9)
    said, warned = add(key_file)
    assert said == f"{ROBOT}: failing for now\n"
    assert warned == ERRORS["api_disabled"].sentence + "\n"
    assert [credential.last_error_code for credential in stored()] == ["api_disabled"]


def unknown_to_google(key_file):
    """The same file with a private key that Google never saw."""
    content = json.loads(key_file.read_text())
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    content["private_key"] = pem.decode()
    key_file.write_text(json.dumps(content))


def test_a_key_that_google_refuses_is_not_stored(db, key_file):
    unknown_to_google(key_file)
    with pytest.raises(CommandError) as refused:
        add(key_file)
    assert str(refused.value).partition(" (")[0] == ERRORS["key_refused"].sentence
    assert stored() == []


def test_when_google_is_away_nothing_is_stored(db, key_file, settings):
    settings.GOOGLE_TOKEN_URI = "http://127.0.0.1:9/token"
    with pytest.raises(CommandError) as refused:
        add(key_file)
    assert str(refused.value).partition(" (")[0] == ERRORS["unreachable"].sentence
    assert stored() == []


@pytest.mark.parametrize(
    ("content", "args", "said"),
    [
        (b"", [], "This file is not JSON. "),
        (b"not json", [], "This file is not JSON. "),
        (b"x" * 70_000, [], "This file is too large for a key. "),
        (b'{"installed": {}}', [], "This is the file of an OAuth client, "),
        (b'{"type": "authorized_user"}', [], "This is not the key of a service account. "),
        (
            b'{"type": "service_account"}',
            [],
            "The e-mail address of the service account is missing or is none.",
        ),
        (
            b'{"type": "service_account", "client_email": "a@b.example", "private_key": "x"}',
            [],
            "The private key in this file cannot be read. ",
        ),
        (b"no p12", ["--email", ROBOT], "This file is not a P12 key. "),
    ],
)
def test_a_file_that_is_no_key_says_so_and_stores_nothing(db, tmp_path, content, args, said):
    path = tmp_path / "key"
    path.write_bytes(content)
    with pytest.raises(CommandError) as refused:
        add(path, *args)
    assert str(refused.value).startswith(said)
    assert refused.value.returncode == 1
    assert stored() == []


def test_p12_with_the_wrong_password(db, p12_file):
    with pytest.raises(CommandError, match="^This password does not open the P12 key."):
        add(p12_file, "--email", ROBOT, "--password", "guess")
    assert stored() == []


def test_p12_needs_its_address(db, p12_file):
    with pytest.raises(CommandError) as refused:
        add(p12_file)
    assert str(refused.value) == "A P12 key holds no address: give the service account's with --email."
    assert stored() == []


def test_a_missing_file(db, tmp_path):
    with pytest.raises(CommandError) as refused:
        add(tmp_path / "gone.json")
    assert str(refused.value) == f"The file {tmp_path / 'gone.json'} cannot be read."


def test_an_unknown_client(db, key_file):
    with pytest.raises(CommandError) as refused:
        add(key_file, "--tenant", "gone")
    assert str(refused.value) == "There is no client with the address “gone”."
    assert stored() == []
