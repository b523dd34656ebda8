"""Proof Key for Code Exchange (RFC 7636), with Google's words."""

from __future__ import annotations

import base64
import hashlib
import hmac

from sandbox.errors import OAuthError
from sandbox.oauth.codes import Code

METHODS = ("S256", "plain")


def check(code: Code, verifier: str) -> None:
    """Raises OAuthError unless the verifier is the one whose challenge came with the authorization."""
    if not code.challenge:
        if verifier:
            raise _refused("code_verifier or verifier is not needed.")
        return
    if not verifier:
        raise _refused("Missing code verifier.")
    if not hmac.compare_digest(_challenge(verifier, code.challenge_method).encode(), code.challenge.encode()):
        raise _refused("Invalid code verifier.")


def _challenge(verifier: str, method: str) -> str:
    if method == "plain":
        return verifier
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _refused(words: str) -> OAuthError:
    return OAuthError(400, "invalid_grant", words)
