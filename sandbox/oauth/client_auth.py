"""Which client calls the token endpoint: by its id and secret, in the form or as HTTP Basic."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from urllib.parse import unquote

from sandbox.errors import OAuthError
from sandbox.oauth.clients import Client, Clients
from sandbox.wire import Request


def authenticated(clients: Clients, request: Request, form: Mapping[str, str]) -> Client:
    """The client, once its secret is right. Raises OAuthError in Google's words."""
    client_id, secret = _basic(request) or (form.get("client_id", ""), form.get("client_secret", ""))
    if not client_id:
        raise OAuthError(400, "invalid_request", "Could not determine client ID from request.")
    client = clients.find(client_id)
    if client is None:
        raise OAuthError(401, "invalid_client", "The OAuth client was not found.")
    if client.status != "active":
        raise OAuthError(401, f"{client.status}_client", f"The OAuth client was {client.status}.")
    if not secret:
        raise OAuthError(400, "invalid_request", "client_secret is missing.")
    if not client.has_secret(secret):
        raise OAuthError(401, "invalid_client", "The provided client secret is invalid.")
    return client


def _basic(request: Request) -> tuple[str, str] | None:
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        client_id, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return unquote(client_id), unquote(secret)
