"""Service account keys as Google hands them out: a JSON file, or the older P12."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from sandbox.state import ServiceAccount, State

P12_PASSWORD = b"notasecret"  # Google's, the same for every P12 it ever made


def new_key(state: State, email: str, properties: list[str]) -> tuple[dict[str, str], bytes]:
    """Make a key for the account (made too, if new) and let it read `properties`: (JSON form, P12)."""
    account = state.add_service_account(email)
    private_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    key_id = secrets.token_hex(20)
    state.add_key(email, key_id, _public_pem(private_key))
    state.grant(email, properties)
    return _key_file(account, key_id, private_key), _p12(account, private_key)


def _public_pem(key: rsa.RSAPrivateKey) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def _key_file(account: ServiceAccount, key_id: str, key: rsa.RSAPrivateKey) -> dict[str, str]:
    """Google's JSON form, with Google's own addresses in it: the file knows no sandbox."""
    certificate_url = f"https://www.googleapis.com/robot/v1/metadata/x509/{quote(account.email, safe='')}"
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return {
        "type": "service_account",
        "project_id": account.project,
        "private_key_id": key_id,
        "private_key": pem.decode(),
        "client_email": account.email,
        "client_id": account.client_id,
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "client_x509_cert_url": certificate_url,
        "universe_domain": "googleapis.com",
    }


def _p12(account: ServiceAccount, key: rsa.RSAPrivateKey) -> bytes:
    return pkcs12.serialize_key_and_certificates(
        b"privatekey",
        key,
        _certificate(account, key),
        None,
        serialization.BestAvailableEncryption(P12_PASSWORD),
    )


def _certificate(account: ServiceAccount, key: rsa.RSAPrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, account.client_id)])
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + timedelta(days=3650))
        .sign(key, hashes.SHA256())
    )
