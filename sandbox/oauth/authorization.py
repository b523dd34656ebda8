"""An authorization request: what a program asks of a person, read and checked as Google does.

https://developers.google.com/identity/protocols/oauth2/web-server#creatingclient
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from sandbox.oauth import pkce
from sandbox.oauth.clients import Client, Clients
from sandbox.oauth.scopes import KNOWN, joined, normalised
from sandbox.pages.blocked import Blocked
from sandbox.wire import Request

_PROMPTS = frozenset({"none", "consent", "select_account"})
# Apps that show a browser of their own, in which Google lets nobody sign in.
_EMBEDDED = re.compile(
    r"; wv\)|\bFBA[NV]/|\bFB_IAB\b|\bInstagram\b|\bLine/|\bMicroMessenger/|\bGSA/|\bTwitter\b"
)
_APPLE_WEB_VIEW = re.compile(r"\((?:iPhone|iPad|iPod)[^)]*\) AppleWebKit/(?!.*Safari/)")


@dataclass(frozen=True)
class Authorization:
    """A request that may be put before a person. `query` is the address's own."""

    client: Client
    redirect_uri: str
    scopes: frozenset[str]
    state: str | None
    offline: bool
    include_granted: bool
    prompts: frozenset[str]
    login_hint: str
    nonce: str
    challenge: str
    challenge_method: str
    query: Mapping[str, str]

    def answered(self, **fields: str) -> str:
        """The address that the person is sent back to, with these parameters."""
        named = ({"state": self.state} if self.state is not None else {}) | fields
        return f"{self.redirect_uri}{'&' if '?' in self.redirect_uri else '?'}{urlencode(named)}"

    def page(self, name: str, **more: str) -> str:
        """The address of one of the consent's pages, which carries the request on."""
        return f"/signin/oauth/{name}?{urlencode({**self.query, **more})}"


def parse(clients: Clients, request: Request) -> Authorization:
    """Raises Blocked, which is a page: the program hears nothing."""
    query = request.query
    client = _client(clients, query.get("client_id", ""))
    _check_browser(request.headers.get("User-Agent", ""), client)
    _check_redirect(client, query.get("redirect_uri", ""))
    if query.get("response_type") != "code":
        raise Blocked.bad_request("Required parameter is missing or wrong: response_type", client.name)
    challenge, method = _challenge(query, client)
    return Authorization(
        client=client,
        redirect_uri=query["redirect_uri"],
        scopes=_scopes(query.get("scope", ""), client),
        state=query.get("state"),
        # A desktop program always acts offline: https://developers.google.com/identity/protocols/oauth2/native-app
        offline=_access_type(query, client) == "offline" or client.kind == "desktop",
        include_granted=query.get("include_granted_scopes") == "true",
        prompts=_prompts(query.get("prompt", ""), client),
        login_hint=query.get("login_hint", ""),
        nonce=query.get("nonce", ""),
        challenge=challenge,
        challenge_method=method,
        query=query,
    )


def _client(clients: Clients, client_id: str) -> Client:
    if not client_id:
        raise Blocked.bad_request("Missing required parameter: client_id")
    client = clients.find(client_id)
    if client is None:
        raise Blocked("invalid_client")
    if client.status != "active":
        raise Blocked(f"{client.status}_client", client.name)
    return client


def _check_browser(user_agent: str, client: Client) -> None:
    if _EMBEDDED.search(user_agent) or _APPLE_WEB_VIEW.search(user_agent):
        raise Blocked("disallowed_useragent", client.name)


def _check_redirect(client: Client, uri: str) -> None:
    if not uri:
        raise Blocked.bad_request("Missing required parameter: redirect_uri", client.name)
    if not client.redirects_to(uri):
        raise Blocked("redirect_uri_mismatch", client.name, f"redirect_uri={uri}")


def _scopes(text: str, client: Client) -> frozenset[str]:
    names = frozenset(text.split())
    if not names:
        raise Blocked.bad_request("Missing required parameter: scope", client.name)
    if unknown := names - KNOWN:
        words = f"{{valid=[{joined(names & KNOWN)}], invalid=[{joined(unknown)}]}}"
        raise Blocked("invalid_scope", client.name, f"Some requested scopes were invalid. {words}")
    return normalised(names)


def _access_type(query: Mapping[str, str], client: Client) -> str:
    access_type = query.get("access_type", "online")
    if access_type not in ("online", "offline"):
        raise Blocked.bad_request(f"Invalid parameter value for access_type: {access_type}", client.name)
    return access_type


def _prompts(text: str, client: Client) -> frozenset[str]:
    prompts = frozenset(text.split())
    if not prompts <= _PROMPTS or "none" in prompts and len(prompts) > 1:
        raise Blocked.bad_request(f"Invalid parameter value for prompt: {text}", client.name)
    return prompts


def _challenge(query: Mapping[str, str], client: Client) -> tuple[str, str]:
    challenge, method = query.get("code_challenge", ""), query.get("code_challenge_method", "")
    if method and method not in pkce.METHODS:
        raise Blocked.bad_request(f"Invalid parameter value for code_challenge_method: {method}", client.name)
    if method and not challenge:
        raise Blocked.bad_request("Missing required parameter: code_challenge", client.name)
    return challenge, (method or "plain") if challenge else ""
