"""`POST /token`: codes, refresh tokens and assertions into access tokens."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from sandbox.errors import OAuthError
from sandbox.oauth import pkce
from sandbox.oauth.assertions import JWT_BEARER, AssertionGrant
from sandbox.oauth.client_auth import authenticated
from sandbox.oauth.clients import Client
from sandbox.oauth.codes import Code
from sandbox.oauth.refresh_tokens import RefreshToken
from sandbox.oauth.scopes import SIGN_IN, joined, normalised
from sandbox.people import Person
from sandbox.wire import Request, Response, json_response
from sandbox.world import World

WEEK_S = 7 * 86400
REMEMBERED_S = 12 * 3600  # for so long Google says of a dead refresh token why it is dead


class TokenEndpoint:
    def __init__(self, world: World) -> None:
        self.world = world
        self._assertions = AssertionGrant(world.state, world.clock, world.tokens)

    def token(self, request: Request) -> Response:
        """Raises OAuthError with what Google answers."""
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        grant_type = form.get("grant_type", "")
        if grant_type == JWT_BEARER:
            return json_response(self._assertions.answer(form))
        if grant_type not in ("authorization_code", "refresh_token"):
            raise OAuthError(400, "unsupported_grant_type", f"Invalid grant_type: {grant_type}")
        client = authenticated(self.world.clients, request, form)
        exchange = self._exchanged if grant_type == "authorization_code" else self._refreshed
        return json_response(exchange(client, form))

    # A code

    def _exchanged(self, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
        code = self._code(client, form)
        person = self._person(code.email)
        if not self.world.codes.use(form["code"]):
            raise OAuthError(400, "invalid_grant", "Bad Request")
        answer = self._answer(client, person, code.scope_set, code.nonce)
        return answer | (self._refresh_token(client, code) if code.refreshable else {})

    def _code(self, client: Client, form: Mapping[str, str]) -> Code:
        text = form.get("code", "")
        if not text:
            raise OAuthError(400, "invalid_request", "Missing required parameter: code")
        if not text.startswith("4/"):
            raise OAuthError(400, "invalid_grant", "Malformed auth code.")
        code = self.world.codes.find(text, self.world.clock.time())
        if code is None or code.client_id != client.id:
            raise OAuthError(400, "invalid_grant", "Bad Request")
        if form.get("redirect_uri", "") != code.redirect_uri:
            raise OAuthError(400, "redirect_uri_mismatch", "Bad Request")
        pkce.check(code, form.get("code_verifier", ""))
        return code

    def _refresh_token(self, client: Client, code: Code) -> dict[str, Any]:
        now = self.world.clock.time()
        short = client.testing and not code.scope_set <= SIGN_IN
        text = self.world.refresh_tokens.issue(
            code.email,
            client.id,
            code.scope_set,
            now=now,
            expires=now + WEEK_S if short else None,
            limit=client.token_limit,
        )
        return {"refresh_token": text} | ({"refresh_token_expires_in": WEEK_S - 1} if short else {})

    # A refresh token

    def _refreshed(self, client: Client, form: Mapping[str, str]) -> dict[str, Any]:
        text = form.get("refresh_token", "")
        if not text:
            raise OAuthError(400, "invalid_request", "Missing required parameter: refresh_token")
        token = self.world.refresh_tokens.find(text)
        if token is None:
            raise OAuthError(400, "invalid_grant", "Bad Request")
        if token.client_id != client.id:
            raise OAuthError(401, "unauthorized_client", "Unauthorized")
        person = self._person(token.email)
        self._check_alive(token)
        return self._answer(client, person, _narrowed(token, form.get("scope", "")), "")

    def _check_alive(self, token: RefreshToken) -> None:
        now = self.world.clock.time()
        died = token.died(now)
        if died is not None:
            recent = now - died < REMEMBERED_S
            words = "Token has been expired or revoked." if recent else "Bad Request"
            raise OAuthError(400, "invalid_grant", words)

    # Both

    def _person(self, email: str) -> Person:
        person = self.world.people.find(email)
        if person is None:
            raise OAuthError(400, "invalid_grant", "The account has been deleted")
        return person

    def _answer(self, client: Client, person: Person, scopes: frozenset[str], nonce: str) -> dict[str, Any]:
        answer = self.world.tokens.issue(person.email, scopes, client.id) | {"scope": joined(scopes)}
        if "openid" in scopes:
            answer["id_token"] = self.world.signer.id_token(
                person,
                scopes,
                audience=client.id,
                access_token=answer["access_token"],
                nonce=nonce,
                now=self.world.clock.assertion_time(),
            )
        return answer


def _narrowed(token: RefreshToken, asked: str) -> frozenset[str]:
    """The scopes asked for, which must be among the token's; all of them when none is named."""
    if not asked.strip():
        return token.scopes
    scopes = normalised(asked.split())
    if not scopes <= token.scopes:
        raise OAuthError(400, "invalid_scope", "Bad Request")
    return scopes
