"""Key files: what is a service account's key, and what the uploader is told of everything else."""

import datetime
import json
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from google_api.service_accounts import KeyFileError, ServiceAccountKey, parse_json, parse_p12

EMAIL = "robot@demo.iam.gserviceaccount.com"


@pytest.fixture
def content(pem):
    """A key file as Google makes it."""
    return {
        "type": "service_account",
        "project_id": "demo",
        "private_key_id": "0123abcd",
        "private_key": pem,
        "client_email": EMAIL,
        "client_id": "1234567890",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "universe_domain": "googleapis.com",
    }


def code_of(call, *args, **kwargs):
    with pytest.raises(KeyFileError) as caught:
        call(*args, **kwargs)
    return caught.value.code


def test_google_s_json_is_read(content, pem):
    key = parse_json(json.dumps(content).encode())
    assert key == ServiceAccountKey(EMAIL, pem, "0123abcd", "demo", "1234567890")


def test_a_byte_order_mark_and_written_out_line_ends_do_no_harm(content, pem):
    content["private_key"] = pem.replace("\n", "\\n")
    assert parse_json(b"\xef\xbb\xbf" + json.dumps(content).encode()).private_key == pem


def test_an_older_form_of_the_private_key_is_kept_in_google_s(content, pem):
    loaded = serialization.load_pem_private_key(pem.encode(), None)
    content["private_key"] = loaded.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()
    assert parse_json(json.dumps(content).encode()).private_key == pem


def test_a_key_survives_its_own_json(key):
    assert ServiceAccountKey.from_json(key.to_json()) == key


def test_no_repr_shows_the_private_key(key):
    assert repr(key) == (
        f"ServiceAccountKey(email='{EMAIL}', private_key_id='kid-1', project_id='demo', client_id='123')"
    )


@pytest.mark.parametrize(
    "data",
    [b"", b"\x00\x01", b"not json", b'{"type": "service_acc', b"[]", b"null", b"[" * 50_000, b'"\xff"'],
)
def test_what_is_no_json_object_is_told_so(data):
    assert code_of(parse_json, data) == "not_json"


@pytest.mark.parametrize("kind", ["web", "installed"])
def test_an_oauth_client_is_told_apart(kind):
    data = json.dumps({kind: {"client_id": "1", "client_secret": "s"}}).encode()
    assert code_of(parse_json, data) == "oauth_client"


@pytest.mark.parametrize("kind", [None, "authorized_user", "external_account", 5])
def test_another_kind_of_credential_is_told_apart(content, kind):
    assert code_of(parse_json, json.dumps({**content, "type": kind}).encode()) == "not_a_service_account"


@pytest.mark.parametrize("email", [None, "", "robot", "a@b", "robot@demo.example\nX-Header: 1", 5])
def test_an_e_mail_address_is_needed(content, email):
    assert code_of(parse_json, json.dumps({**content, "client_email": email}).encode()) == "no_email"


@pytest.mark.parametrize("private_key", [None, "", "text", "-----BEGIN PRIVATE KEY-----\nAAAA\n", 5])
def test_a_readable_private_key_is_needed(content, private_key):
    data = json.dumps({**content, "private_key": private_key}).encode()
    assert code_of(parse_json, data) == "bad_private_key"


def test_a_private_key_that_signs_otherwise_is_refused(content):
    content["private_key"] = _pem(ec.generate_private_key(ec.SECP256R1()), serialization.NoEncryption())
    assert code_of(parse_json, json.dumps(content).encode()) == "bad_private_key"


def test_an_encrypted_private_key_is_refused(content, pem):
    loaded = serialization.load_pem_private_key(pem.encode(), None)
    content["private_key"] = _pem(loaded, serialization.BestAvailableEncryption(b"x"))
    assert code_of(parse_json, json.dumps(content).encode()) == "bad_private_key"


def test_a_large_file_is_not_even_read(pem):
    assert code_of(parse_json, b" " * 70_000) == "too_large"
    assert code_of(parse_p12, b" " * 70_000, email=EMAIL) == "too_large"


def test_the_file_s_own_addresses_are_dropped(content):
    content["token_uri"] = "https://evil.example/token"
    content["universe_domain"] = "evil.example"
    kept = parse_json(json.dumps(content).encode()).to_json()
    assert sorted(json.loads(kept)) == [
        "client_email",
        "client_id",
        "private_key",
        "private_key_id",
        "project_id",
        "type",
    ]


@pytest.mark.parametrize(
    "code",
    [
        "too_large",
        "not_json",
        "oauth_client",
        "not_a_service_account",
        "no_email",
        "bad_private_key",
        "not_p12",
        "wrong_password",
        "p12_without_key",
    ],
)
def test_every_refusal_has_a_sentence_of_its_own(code):
    error = KeyFileError(code)
    assert str(error) == code
    assert error.sentence.endswith(".")


# P12


def test_google_s_p12_is_read(pem):
    assert parse_p12(_p12(pem), email=f" {EMAIL} ") == ServiceAccountKey(EMAIL, pem)


@pytest.mark.parametrize("algorithm", ["PBE-SHA1-RC2-40", "PBE-SHA1-3DES"])
def test_the_old_ciphers_of_google_s_p12_are_read(pem, tmp_path, algorithm):
    (tmp_path / "key.pem").write_text(pem)
    (tmp_path / "cert.pem").write_bytes(_certificate(pem).public_bytes(serialization.Encoding.PEM))
    made = subprocess.run(
        ["openssl", "pkcs12", "-export", "-legacy", "-certpbe", algorithm, "-keypbe", "PBE-SHA1-3DES"]
        + ["-inkey", "key.pem", "-in", "cert.pem", "-name", "privatekey", "-passout", "pass:notasecret"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.skip("openssl cannot make a file of the old kind here")
    assert parse_p12(made.stdout, email=EMAIL).private_key == pem


def test_another_password_opens_its_own_p12(pem):
    data = _p12(pem, b"hunter2")
    assert parse_p12(data, email=EMAIL, password="hunter2").private_key == pem
    assert code_of(parse_p12, data, email=EMAIL) == "wrong_password"
    assert code_of(parse_p12, data, email=EMAIL, password="") == "wrong_password"


@pytest.mark.parametrize(
    "data", [b"", b"0", b"0\x80", b"not p12", b'{"type": "service_account"}', b"0\x03\x02\x01\x01"]
)
def test_what_is_no_p12_is_told_so(data):
    assert code_of(parse_p12, data, email=EMAIL) == "not_p12"


def test_half_a_p12_is_no_wrong_password(pem):
    assert code_of(parse_p12, _p12(pem)[:1000], email=EMAIL) == "not_p12"


def test_a_p12_without_a_key_is_told_so(pem):
    encryption = serialization.BestAvailableEncryption(b"notasecret")
    data = pkcs12.serialize_key_and_certificates(b"x", None, _certificate(pem), None, encryption)
    assert code_of(parse_p12, data, email=EMAIL) == "p12_without_key"


def test_a_p12_with_a_key_that_signs_otherwise_is_refused():
    encryption = serialization.BestAvailableEncryption(b"notasecret")
    key = ec.generate_private_key(ec.SECP256R1())
    data = pkcs12.serialize_key_and_certificates(b"x", key, None, None, encryption)
    assert code_of(parse_p12, data, email=EMAIL) == "bad_private_key"


@pytest.mark.parametrize("email", ["", "robot"])
def test_a_p12_needs_an_e_mail_address(pem, email):
    assert code_of(parse_p12, _p12(pem), email=email) == "no_email"


def _pem(key, encryption):
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption
    ).decode()


def _p12(pem, password=b"notasecret"):
    encryption = serialization.BestAvailableEncryption(password)
    key = serialization.load_pem_private_key(pem.encode(), None)
    return pkcs12.serialize_key_and_certificates(b"privatekey", key, _certificate(pem), None, encryption)


def _certificate(pem):
    key = serialization.load_pem_private_key(pem.encode(), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "1234567890")])
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(start).not_valid_after(start.replace(year=2036))
    return builder.sign(key, hashes.SHA256())
