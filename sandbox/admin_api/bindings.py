"""Access bindings of accounts and properties: who else may use them. Of v1alpha only.

https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1alpha/properties.accessBindings
"""

from __future__ import annotations

from typing import Any

from sandbox import transcoding
from sandbox.access import MANAGING, ROLES, Binding, Roles
from sandbox.admin_api import messages
from sandbox.admin_api.base import DIGITS, Methods, Route, page
from sandbox.errors import ApiError, already_exists, invalid
from sandbox.oauth.scopes import PREFIX
from sandbox.state import Bearer
from sandbox.wire import Request, Response, json_response
from sandbox.world import World

_WRITE = frozenset({PREFIX + "analytics.manage.users"})
_READ = _WRITE | {PREFIX + "analytics.manage.users.readonly"}
_ROLE = "predefinedRoles/"
USUAL_PAGE, LARGEST_PAGE = 200, 500


class Bindings(Methods):
    def list_all(self, request: Request, resource: str) -> Response:
        caller = self.reader(request, "ListAccessBindings", "pageSize", "pageToken", scopes=_READ)
        self._check(caller, resource)
        found = [_json(binding) for binding in self.world.access.bindings(resource)]
        return page(request, "accessBindings", found, usual=USUAL_PAGE, most=LARGEST_PAGE)

    def get(self, request: Request, resource: str, number: str) -> Response:
        caller = self.reader(request, "GetAccessBinding", scopes=_READ)
        return json_response(_json(self._found(caller, resource, number)))

    def create(self, request: Request, resource: str) -> Response:
        caller = self.writer(request, "CreateAccessBinding", scopes=_WRITE)
        asked = transcoding.parse(request.body, messages.ACCESS_BINDING)
        self._check(caller, resource)
        email, roles = self._known(asked.get("user", "")), _roles(asked)
        if not roles:
            raise invalid("The 'roles' field is required but was empty.")
        if any(binding.email == email for binding in self.world.access.bindings(resource)):
            raise already_exists(f"An access binding for user '{email}' already exists on {resource}.")
        return json_response(_json(self.world.access.bind(resource, email, roles)))

    def patch(self, request: Request, resource: str, number: str) -> Response:
        """Without roles the binding is deleted, as Google says."""
        caller = self.writer(request, "UpdateAccessBinding", scopes=_WRITE)
        asked = transcoding.parse(request.body, messages.ACCESS_BINDING)
        binding = self._found(caller, resource, number)
        roles = _roles(asked)
        if not roles:
            self.world.access.unbind(resource, binding.email)
            return json_response({})
        return json_response(_json(self.world.access.bind(resource, binding.email, roles)))

    def delete(self, request: Request, resource: str, number: str) -> Response:
        caller = self.writer(request, "DeleteAccessBinding", scopes=_WRITE)
        binding = self._found(caller, resource, number)
        self.world.access.unbind(resource, binding.email)
        return json_response({})

    def _check(self, caller: Bearer, resource: str) -> None:
        """Only administrators see or change who has access."""
        kind, _, number = resource.partition("/")
        access = self.world.access
        held = access.on_account if kind == "accounts" else access.on_property
        if not DIGITS.fullmatch(number) or not held(caller.email, number) & MANAGING:
            raise ApiError(403)

    def _found(self, caller: Bearer, resource: str, number: str) -> Binding:
        self._check(caller, resource)
        binding = self.world.access.binding(f"{resource}/accessBindings/{number}")
        if binding is None:
            raise ApiError(404)
        return binding

    def _known(self, user: str) -> str:
        """The address, if it is one of a Google account, be it a person's or a robot's."""
        email = user.strip().lower()
        if not email:
            raise invalid("The 'user' field is required but was empty.")
        if self.world.state.service_account(email) is None and self.world.people.find(email) is None:
            raise invalid(f"The value for the 'user' field was invalid: '{user}' is not a Google account.")
        return email


def _roles(asked: dict[str, Any]) -> Roles:
    roles = asked.get("roles", [])
    for role in roles:
        if not role.startswith(_ROLE) or role.removeprefix(_ROLE) not in ROLES:
            raise invalid(f"The value for the 'roles' field was invalid: '{role}'.")
    return frozenset(role.removeprefix(_ROLE) for role in roles)


def _json(binding: Binding) -> dict[str, Any]:
    return {
        "name": binding.name,
        "user": binding.email,
        "roles": [_ROLE + role for role in sorted(binding.roles)],
    }


def routes(world: World) -> list[Route]:
    api = Bindings(world)
    bindings = r"/v1alpha/((?:accounts|properties)/[^/:]+)/accessBindings"
    one = bindings + r"/([^/:]+)"
    return [
        ("GET", bindings, api.list_all),
        ("POST", bindings, api.create),
        ("GET", one, api.get),
        ("PATCH", one, api.patch),
        ("DELETE", one, api.delete),
    ]
