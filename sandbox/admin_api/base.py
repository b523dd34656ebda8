"""What all methods of the Admin API share: who calls, which parameters there are, pages, masks, times."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from sandbox.access import Roles
from sandbox.errors import ApiError, invalid
from sandbox.oauth.scopes import ADMIN_SCOPES, PREFIX
from sandbox.properties import Property
from sandbox.state import Bearer
from sandbox.wire import Request, Response, json_response
from sandbox.world import World

Route = tuple[str, str, Callable[..., Response]]

SERVICE = "analyticsadmin.googleapis.com"
EDIT_SCOPES = frozenset({PREFIX + "analytics.edit"})
ANY = r"/(?:v1beta|v1alpha)"  # methods that both versions have
DIGITS = re.compile(r"\d{1,18}")
_SYSTEM = frozenset(
    {
        *("alt", "key", "prettyPrint", "fields", "quotaUser", "access_token", "oauth_token", "callback"),
        *("uploadType", "upload_protocol", "$.xgafv"),
    }
)


class Methods:
    """A group of methods on one sandbox."""

    def __init__(self, world: World) -> None:
        self.world = world

    def reader(
        self, request: Request, method: str, *parameters: str, scopes: frozenset[str] = ADMIN_SCOPES
    ) -> Bearer:
        """Who calls to read; `parameters` are the method's own, in the query."""
        caller = self._caller(request, method, scopes)
        known_parameters(request, *parameters)
        return caller

    def writer(
        self, request: Request, method: str, *parameters: str, scopes: frozenset[str] = EDIT_SCOPES
    ) -> Bearer:
        """Who calls to change something."""
        caller = self._caller(request, method, scopes)
        self.world.quotas.admin_write(caller.email, self.world.project_of(caller.email))
        known_parameters(request, *parameters)
        return caller

    def _caller(self, request: Request, method: str, scopes: frozenset[str]) -> Bearer:
        version = request.path.split("/")[1]
        name = f"google.analytics.admin.{version}.AnalyticsAdminService.{method}"
        caller = self.world.tokens.check(request, service=SERVICE, method=name, scopes=scopes)
        self.world.quotas.admin_request(caller.email, self.world.project_of(caller.email))
        return caller

    def property_for(self, caller: Bearer, property_id: str, roles: Roles) -> Property:
        """The property, if the caller has one of `roles` on it."""
        if not DIGITS.fullmatch(property_id):
            raise ApiError(403)
        if not self.world.access.on_property(caller.email, property_id) & roles:
            raise ApiError(403)
        return self.world.directory.property(property_id)


def known_parameters(request: Request, *names: str) -> None:
    for name in request.query:
        if name not in _SYSTEM and name not in names:
            raise invalid(
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                f"Field '{name}' could not be found in request message."
            )


def page(
    request: Request, key: str, items: Sequence[dict[str, Any]], *, usual: int = 50, most: int = 200
) -> Response:
    """One page: `usual` items unless asked, `most` at most; the token names where the next begins, and of
    what.
    """
    size = min(_page_size(request.query.get("pageSize", "0")) or usual, most)
    start = _page_start(request.query.get("pageToken", ""), key)
    body: dict[str, Any] = {key: list(items[start : start + size])} if items[start : start + size] else {}
    if start + size < len(items):
        body["nextPageToken"] = (
            base64.urlsafe_b64encode(f"{key}:{start + size}".encode()).decode().rstrip("=")
        )
    return json_response(body)


def _page_size(text: str) -> int:
    try:
        size = int(text)
    except ValueError as error:
        raise invalid(f"Invalid value at 'page_size' (TYPE_INT32), \"{text}\"") from error
    if size < 0:
        raise invalid("The value for the 'page_size' field must not be negative.")
    return size


def _page_start(token: str, key: str) -> int:
    if not token:
        return 0
    try:
        name, _, start = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().partition(":")
        if name == key:
            return int(start)
    except ValueError:
        pass
    raise invalid("The value for the 'page_token' field was invalid.")


def masked(request: Request, changeable: Iterable[str]) -> set[str]:
    """The fields that a PATCH is to change, in lowerCamelCase: what `updateMask` names, or all for `*`."""
    changeable = set(changeable)
    text = request.query.get("updateMask", "")
    if not text:
        raise invalid("The 'update_mask' field is required but was empty.")
    if text == "*":
        return changeable
    named = {re.sub(r"_([a-z])", lambda match: match.group(1).upper(), part) for part in text.split(",")}
    if wrong := sorted(named - changeable):
        raise invalid(f"The value for the 'update_mask' field was invalid: '{wrong[0]}' cannot be updated.")
    return named


def time_text(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def utf16_length(text: str) -> int:
    """As Google counts: in UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_name(text: str, field: str, longest: int) -> str:
    """The text, if it is there and not too long."""
    if not text.strip():
        raise invalid(f"The '{field}' field is required but was empty.")
    if utf16_length(text) > longest:
        raise invalid(
            f"The value for the '{field}' field was invalid: it must be at most {longest} UTF-16 code units "
            "long."
        )
    return text
