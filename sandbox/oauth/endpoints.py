"""Google's OAuth addresses that programs call."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.errors import OAuthError
from sandbox.oauth.id_tokens import claims_of
from sandbox.oauth.revocation import Revocation
from sandbox.oauth.token_endpoint import TokenEndpoint
from sandbox.wire import Request, Response, json_response
from sandbox.world import World


class Published:
    """Who somebody is, and the keys by which that can be checked."""

    def __init__(self, world: World) -> None:
        self.world = world

    def userinfo(self, request: Request) -> Response:
        """GET or POST /v1/userinfo, with an access token of scope `openid`."""
        token = request.bearer_token()
        bearer = self.world.state.bearer(token, self.world.clock.time()) if token else None
        person = self.world.people.find(bearer.email) if bearer else None
        if bearer is None or person is None or "openid" not in bearer.scopes:
            raise OAuthError(401, "invalid_request", "Invalid Credentials")
        return json_response(claims_of(person, bearer.scopes))

    def jwk_set(self, request: Request) -> Response:
        return json_response(self.world.signer.jwk_set())

    def certificates(self, request: Request) -> Response:
        return json_response(self.world.signer.certificates)


def routes(world: World) -> list[tuple[str, str, Callable[..., Response]]]:
    """(method, path, handler)."""
    published = Published(world)
    return [
        ("POST", "/token", TokenEndpoint(world).token),
        ("POST", "/revoke", Revocation(world).revoke),
        ("GET", "/oauth2/v3/certs", published.jwk_set),
        ("GET", "/oauth2/v1/certs", published.certificates),
        ("GET", "/v1/userinfo", published.userinfo),
        ("POST", "/v1/userinfo", published.userinfo),
    ]
