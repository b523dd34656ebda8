"""A person's consent taken back: at `/revoke` by a program, or by the person (`/_sandbox/revoke`)."""

from __future__ import annotations

from urllib.parse import parse_qsl

from sandbox.errors import OAuthError
from sandbox.wire import Request, Response, json_response
from sandbox.world import World


class Revocation:
    def __init__(self, world: World) -> None:
        self.world = world

    def revoke(self, request: Request) -> Response:
        """POST /revoke. Ends the person's consent for the whole project, so for all its clients."""
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        token = form.get("token") or request.query.get("token", "")
        if not token:
            raise OAuthError(400, "invalid_request", "Missing required parameter: token")
        email, client_id = self._owner(token)
        client = self.world.clients.find(client_id)
        if client is not None:
            withdraw(self.world, email, client.project)
        return json_response({})

    def _owner(self, token: str) -> tuple[str, str]:
        """(whose it is, for which client). Raises OAuthError for a token that no longer works, or a
        robot's."""
        now = self.world.clock.time()
        refresh = self.world.refresh_tokens.find(token)
        if refresh is not None and refresh.died(now) is None:
            return refresh.email, refresh.client_id
        bearer = self.world.state.bearer(token, now)
        if bearer is None:
            raise OAuthError(400, "invalid_token", "Token expired or revoked")
        if not bearer.client_id:
            raise OAuthError(400, "invalid_request", "Token is not revocable.")
        return bearer.email, bearer.client_id


def withdraw(world: World, email: str, project: str) -> int:
    """Everything that the person gave to clients of the project; how many refresh tokens there were."""
    client_ids = world.clients.of_project(project)
    world.consents.withdraw(email, project, client_ids)
    ended = 0
    for client_id in client_ids:
        world.codes.forget(email, client_id)
        world.state.expire_tokens_of_client(email, client_id)
        ended += world.refresh_tokens.end(email, client_id, world.clock.time())
    return ended


def withdraw_all(world: World, email: str) -> int:
    """The same, for every project."""
    return sum(withdraw(world, email, project) for project in world.clients.projects())
