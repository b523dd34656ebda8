"""The levers for people and programs: who there is, which clients are registered, how the next consent ends.

POST clients, people, consent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.control import PREFIX, email_of, json_of
from sandbox.errors import ApiError
from sandbox.oauth.clients import WEB_ID
from sandbox.people import is_address
from sandbox.wire import Request, Response, json_response
from sandbox.world import World

_FIELDS = {"name": str, "hosted_domain": str, "account_limit": int}
_PERSON = _FIELDS.keys() | {"email", "properties", "can_edit"}


class PeopleControl:
    def __init__(self, world: World) -> None:
        self.world = world

    def save_client(self, request: Request) -> Response:
        """`{"id", "secret", "redirect_uris", "kind", "verified", …}`: another client, or other fields of one
        (`sandbox/oauth/clients.py` has them all); without `id` the demonstration's."""
        asked = json_of(request)
        client_id = str(asked.pop("id", WEB_ID))
        try:
            self.world.clients.change(client_id, asked)
        except ValueError as error:
            raise ApiError(400, f"Not a client: {error}") from error
        return json_response({"id": client_id})

    def save_person(self, request: Request) -> Response:
        """`{"email", "name", "hosted_domain", "account_limit", "properties": [...], "can_edit": true}`."""
        asked = json_of(request)
        email = email_of(asked).strip().lower()
        if unknown := set(asked) - _PERSON:
            raise ApiError(400, f"unknown: {', '.join(sorted(unknown))}")
        if not is_address(email):
            raise ApiError(400, "email is no person's address.")
        numbers = _numbers(asked.get("properties", []))
        person = self.world.people.add(email, **_given(asked))
        self.world.state.grant(email, numbers, can_edit=bool(asked.get("can_edit", True)))
        return json_response({"email": person.email, "sub": person.subject})

    def order_outcome(self, request: Request) -> Response:
        """`{"outcome": "admin_policy_enforced", "email", "count"}`: how the next consents end."""
        asked = json_of(request)
        try:
            count = int(asked.get("count", 1))
            self.world.verdicts.order(str(asked.get("outcome")), str(asked.get("email", "")), count)
        except (TypeError, ValueError) as error:
            raise ApiError(400, str(error)) from error
        return json_response({})


def _given(asked: dict[str, Any]) -> dict[str, Any]:
    """What is said of the person. Raises 400 for values of another type."""
    found = {name: asked[name] for name in _FIELDS if name in asked}
    if wrong := [name for name, value in found.items() if type(value) is not _FIELDS[name]]:
        raise ApiError(400, f"not of its type: {', '.join(wrong)}")
    return found


def _numbers(listed: Any) -> list[str]:
    """Property numbers of a list, with or without `properties/`. Raises 400 for anything else."""
    numbers = [str(number).rpartition("/")[2] for number in listed] if isinstance(listed, list) else ["?"]
    if not all(number.isascii() and number.isdigit() for number in numbers):
        raise ApiError(400, "properties is a list of numbers.")
    return numbers


def routes(world: World) -> list[tuple[str, str, Callable[..., Response]]]:
    """(method, path, handler)."""
    control = PeopleControl(world)
    return [
        ("POST", PREFIX + "clients", control.save_client),
        ("POST", PREFIX + "people", control.save_person),
        ("POST", PREFIX + "consent", control.order_outcome),
    ]
