"""Id tokens, and the key that signs them, which outlives a restart.

https://developers.google.com/identity/openid-connect/openid-connect
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from sandbox.database import Database
from sandbox.oauth.scopes import USERINFO_EMAIL, USERINFO_PROFILE
from sandbox.people import Person

ISSUER = "https://accounts.google.com"
LIFE_S = 3600
EARLIER_S = 5  # google-auth allows a token no second of clock skew
_SCHEMA = "CREATE TABLE IF NOT EXISTS signing_keys (private_key TEXT NOT NULL);"


def claims_of(person: Person, scopes: frozenset[str]) -> dict[str, Any]:
    """What these scopes let a client know of the person."""
    claims: dict[str, Any] = {"sub": person.subject}
    if person.hosted_domain:
        claims["hd"] = person.hosted_domain
    if USERINFO_EMAIL in scopes:
        claims |= {"email": person.email, "email_verified": True}
    if USERINFO_PROFILE in scopes:
        given, _, family = person.name.partition(" ")
        claims |= {"name": person.name, "given_name": given} | ({"family_name": family} if family else {})
    return claims


class Signer:
    """Signs id tokens (RS256), and publishes the key as Google does: as a JWK Set and as certificates."""

    def __init__(self, db: Database) -> None:
        self._db = db
        db.define(_SCHEMA)

    @cached_property
    def _key(self) -> rsa.RSAPrivateKey:
        """Made when it is first needed: it takes a while."""
        row = self._db.first("SELECT private_key FROM signing_keys")
        if row:
            key = serialization.load_pem_private_key(row[0].encode(), None)
            assert isinstance(key, rsa.RSAPrivateKey)
            return key
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self._db.write("INSERT INTO signing_keys VALUES (?)", _pem(key))
        return key

    @cached_property
    def key_id(self) -> str:
        return hashlib.sha256(_number(self._key.public_key().public_numbers().n)).hexdigest()[:40]

    def id_token(
        self,
        person: Person,
        scopes: frozenset[str],
        *,
        audience: str,
        access_token: str,
        nonce: str,
        now: float,
    ) -> str:
        """For the client `audience`; `now` in seconds since the epoch, by the client's clock."""
        at_hash = hashlib.sha256(access_token.encode()).digest()[:16]
        issued = int(now) - EARLIER_S
        claims = {"iss": ISSUER, "azp": audience, "aud": audience, "at_hash": _text(at_hash)}
        claims |= claims_of(person, scopes) | ({"nonce": nonce} if nonce else {})
        return self._signed(claims | {"iat": issued, "exp": issued + LIFE_S})

    def _signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": "RS256", "kid": self.key_id, "typ": "JWT"}
        signed = ".".join(_text(json.dumps(part).encode()) for part in (header, claims))
        signature = self._key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
        return f"{signed}.{_text(signature)}"

    def jwk_set(self) -> dict[str, Any]:
        numbers = self._key.public_key().public_numbers()
        key = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": self.key_id}
        return {"keys": [key | {"n": _text(_number(numbers.n)), "e": _text(_number(numbers.e))}]}

    @cached_property
    def certificates(self) -> dict[str, str]:
        """Key id -> certificate (PEM)."""
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "federated-signon.system")])
        now = datetime.now(UTC)
        builder = x509.CertificateBuilder(name, name, self._key.public_key(), x509.random_serial_number())
        builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(
            now + timedelta(days=3650)
        )
        certificate = builder.sign(self._key, hashes.SHA256())
        return {self.key_id: certificate.public_bytes(serialization.Encoding.PEM).decode()}


def _pem(key: rsa.RSAPrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


def _number(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8, "big")


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
