"""The levers beside Google's paths: for tests and demonstrations, never part of what Google offers.

POST reset · GET/DELETE requests · GET/POST/DELETE faults · POST revoke, expire, clock, quota, trash, hits,
terms.
`people_control` has those for people and programs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from sandbox.errors import ApiError
from sandbox.faults import BadFault, Fault
from sandbox.oauth.revocation import withdraw_all
from sandbox.wire import Request, Response, json_response
from sandbox.world import World

PREFIX = "/_sandbox/"
MOST_HITS = 100_000  # at once


class Control:
    def __init__(self, world: World) -> None:
        self.world = world

    def reset(self, request: Request) -> Response:
        """Forget all that happened; keys and grants stay, also those that were revoked."""
        self.world.reset()
        return json_response({})

    def requests(self, request: Request) -> Response:
        """The journal; `?path=regex` and `?since=id` narrow it."""
        pattern = re.compile(request.query.get("path", ""))
        since = int(request.query.get("since", "0"))
        entries = self.world.journal.entries()
        return json_response(
            {"requests": [e for e in entries if e["id"] > since and pattern.search(e["path"])]}
        )

    def forget_requests(self, request: Request) -> Response:
        self.world.journal.clear()
        return json_response({})

    def list_faults(self, request: Request) -> Response:
        return json_response({"faults": self.world.faults.list()})

    def add_fault(self, request: Request) -> Response:
        try:
            self.world.faults.add(Fault.parse(json_of(request)))
        except BadFault as error:
            raise ApiError(400, f"Not a fault: {error}") from error
        return json_response({})

    def clear_faults(self, request: Request) -> Response:
        self.world.faults.clear()
        return json_response({})

    def revoke(self, request: Request) -> Response:
        """`{"email"}` ends all keys and tokens, and takes a person's consents back; with `key_id` that key,
        with `property` that grant alone; with `"account": true` Google no longer knows the address."""
        asked, state = json_of(request), self.world.state
        email = email_of(asked)
        if "property" in asked:
            revoked = self.world.access.unbind(f"properties/{asked['property']}", email)
            return json_response({"revoked": revoked})
        if "key_id" in asked:
            return json_response({"revoked": state.revoke_keys(email, str(asked["key_id"]))})
        if asked.get("account"):
            state.remove_account(email)
        revoked = state.revoke_keys(email) + withdraw_all(self.world, email)
        state.expire_tokens(email)
        return json_response({"revoked": revoked})

    def expire(self, request: Request) -> Response:
        """`{"email"}`: that person's access tokens end now."""
        return json_response({"expired": self.world.state.expire_tokens(email_of(json_of(request)))})

    def move_clock(self, request: Request) -> Response:
        """`{"advance_s"}`. With `"assertions": true` also for assertions, as if the client's clock were
        slow.
        """
        asked = json_of(request)
        self.world.clock.advance(float(asked.get("advance_s", 0)), assertions=bool(asked.get("assertions")))
        return json_response({"now": self.world.clock.now().isoformat(timespec="seconds")})

    def set_quota(self, request: Request) -> Response:
        """`{"tokensPerDay": 500}` and so on: another size, by Google's name of the quota, until reset."""
        for name, limit in json_of(request).items():
            self.world.quotas.set_limit(name, int(limit))
        return json_response({})

    def hits(self, request: Request) -> Response:
        """`{"property", "count"}` or `{"measurement_id", "count"}`: a created property's tag sends that many,
        now, each the beginning of a visit."""
        asked, created = json_of(request), self.world.created
        property_id = str(asked.get("property", "")).rpartition("/")[2]
        if "measurement_id" in asked:
            property_id = created.property_measured_by(str(asked["measurement_id"])) or ""
        if not created.streams(property_id) or created.property(property_id) is None:
            raise ApiError(400, "No property with a tag was created under that number.")
        count = asked.get("count", 1)
        if not isinstance(count, int) or not 0 < count <= MOST_HITS:
            raise ApiError(400, f"count must be between 1 and {MOST_HITS}.")
        created.add_hits(property_id, count, self.world.clock.time())
        return json_response({"property": property_id})

    def terms(self, request: Request) -> Response:
        """`{"ticket_life_s": 60, "limit_redirects": false}`: how long new account tickets live, and whether
        who has too many accounts is sent back to the app; until reset."""
        asked, tickets = json_of(request), self.world.tickets
        tickets.life_s = float(asked.get("ticket_life_s", tickets.life_s))
        tickets.limit_redirects = bool(asked.get("limit_redirects", tickets.limit_redirects))
        return json_response({})

    def trash(self, request: Request) -> Response:
        """`{"property"}` goes to the trash can; with `"restore": true` it comes back."""
        asked = json_of(request)
        property_id = str(asked.get("property", "")).rpartition("/")[2]
        if asked.get("restore"):
            self.world.state.restore(property_id)
        else:
            self.world.state.trash(property_id, self.world.clock.time())
        return json_response({})


def json_of(request: Request) -> dict[str, Any]:
    """What was posted. Raises 400 for anything but an object."""
    try:
        value = json.loads(request.body or b"{}")
    except ValueError as error:
        raise ApiError(400, "Not JSON.") from error
    if not isinstance(value, dict):
        raise ApiError(400, "Not a JSON object.")
    return value


def email_of(asked: dict[str, Any]) -> str:
    """The address that a control is about. Raises 400 without one."""
    if not asked.get("email"):
        raise ApiError(400, "email is missing.")
    return str(asked["email"])


def routes(control: Control) -> list[tuple[str, str, Callable[..., Response]]]:
    """(method, path, handler)."""
    return [
        ("POST", PREFIX + "reset", control.reset),
        ("GET", PREFIX + "requests", control.requests),
        ("DELETE", PREFIX + "requests", control.forget_requests),
        ("GET", PREFIX + "faults", control.list_faults),
        ("POST", PREFIX + "faults", control.add_fault),
        ("DELETE", PREFIX + "faults", control.clear_faults),
        ("POST", PREFIX + "revoke", control.revoke),
        ("POST", PREFIX + "expire", control.expire),
        ("POST", PREFIX + "clock", control.move_clock),
        ("POST", PREFIX + "quota", control.set_quota),
        ("POST", PREFIX + "trash", control.trash),
        ("POST", PREFIX + "hits", control.hits),
        ("POST", PREFIX + "terms", control.terms),
    ]
