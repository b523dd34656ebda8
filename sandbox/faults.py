"""Bad days by order: which requests go wrong, how, and how often.

A fault is `{"path": regex, "status": 503, "reason": "…", "count": 3, "delay_ms": 0, "drop": false, "body":
"…", "every": 5}`. `reason` is one of `REASONS`, or one of `OAUTH_REASONS` or any `error: description` of the
token endpoint; `count` absent means until cleared; `every` strikes each fifth of the requests that fit, and
lets the others pass; `body` is `html`, `text`, `empty`, `half` (the true answer, cut off with the
connection), `truncated` (the true answer, cut off but complete for HTTP) or `huge`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox import errors
from sandbox.errors import ApiError, HtmlPage, OAuthError, Refusal
from sandbox.quotas import EXHAUSTED, exhausted
from sandbox.reports.compat import incompatible
from sandbox.state import project_number
from sandbox.wire import Request, Response

BODIES = ("html", "text", "empty", "half", "truncated", "huge")
HUGE = 64 * 1024 * 1024
_DATA_PATH = re.compile(r"/v1beta/properties/[^/:]+(:|/metadata)")
FIELDS = frozenset({"path", "method", "status", "reason", "count", "delay_ms", "drop", "body", "every"})


class BadFault(ValueError):
    """What was posted is no fault."""


@dataclass
class Fault:
    """`left` is how many more times it strikes; None is always. `met` is how many requests have fitted."""

    path: re.Pattern[str]
    method: str | None
    status: int | None
    reason: str | None
    left: int | None
    delay: float
    drop: bool
    body: str | None
    every: int = 1
    met: int = 0

    @classmethod
    def parse(cls, spec: Mapping[str, Any]) -> Fault:
        """From its JSON. Raises BadFault in words."""
        if unknown := set(spec) - FIELDS:
            raise BadFault(f"unknown: {', '.join(sorted(unknown))}")
        if spec.get("body") not in (None, *BODIES):
            raise BadFault(f"body must be one of {', '.join(BODIES)}")
        try:
            count = spec.get("count")
            fault = cls(
                path=re.compile(str(spec.get("path", ""))),
                method=spec.get("method"),
                status=int(spec["status"]) if spec.get("status") else None,
                reason=spec.get("reason") or None,
                left=None if count is None else int(count),
                delay=float(spec.get("delay_ms") or 0) / 1000,
                drop=bool(spec.get("drop")),
                body=spec.get("body"),
                every=int(spec.get("every") or 1),
            )
        except (TypeError, ValueError, re.error) as error:
            raise BadFault(str(error)) from error
        if fault.status is not None and not 200 <= fault.status <= 599:
            raise BadFault("status must be between 200 and 599")
        if fault.every < 1:
            raise BadFault("every must be 1 or more")
        return fault

    def fits(self, request: Request) -> bool:
        return bool(self.path.search(request.path)) and self.method in (None, request.method)

    def strikes(self, request: Request) -> bool:
        """Whether this one is hit; each that fits is counted."""
        if not self.fits(request):
            return False
        self.met += 1
        return self.met % self.every == 0

    def refusal(self, request: Request, project: str) -> Refusal | None:
        """The error that is answered instead of a result; None where the fault only slows down or spoils."""
        if self.reason is not None:
            return reason_error(self.reason, self.status, request, project)
        if self.status is None or self.status == 200:
            return None
        if self.body == "html" or self.status == 502:
            return HtmlPage(self.status, request.path)
        if 300 <= self.status < 400:
            return _Redirect(self.status)
        return _plain(self.status, request)

    def json(self) -> dict[str, Any]:
        """As it is listed."""
        fields = {
            "path": self.path.pattern,
            "method": self.method,
            "status": self.status,
            "reason": self.reason,
        }
        return fields | {
            "count": self.left,
            "delay_ms": self.delay * 1000,
            "drop": self.drop,
            "body": self.body,
            "every": self.every,
        }


class Faults:
    """The faults in force; the oldest that strikes a request does it."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def list(self) -> list[dict[str, Any]]:
        with self._lock:
            return [fault.json() for fault in self._faults]

    def strike(self, request: Request) -> Fault | None:
        """The fault that this request meets, counted."""
        with self._lock:
            fault = next((one for one in self._faults if one.strikes(request)), None)
            if fault is not None and fault.left is not None:
                fault.left -= 1
                self._faults = [one for one in self._faults if one.left is None or one.left > 0]
            return fault


class _Redirect(Refusal):
    content_type = "text/html; charset=UTF-8"

    def __init__(self, status: int) -> None:
        super().__init__(status, {"Location": "https://accounts.google.com/"})

    def body(self) -> bytes:
        return b"<HTML><BODY>Moved</BODY></HTML>"


def spoiled(kind: str, response: Response) -> Response:
    """The answer with another body. `half` is left to the socket."""
    if kind == "html":
        return Response(response.status, HtmlPage(response.status).body(), HtmlPage.content_type)
    bodies: dict[str, Callable[[], bytes]] = {
        "text": lambda: b"OK",
        "empty": lambda: b"",
        "truncated": lambda: response.body[: len(response.body) // 2],
        "huge": lambda: b'{"rows": [' + b" " * HUGE,
    }
    body = bodies[kind]() if kind in bodies else response.body
    return Response(response.status, body, response.content_type, response.headers)


def _service(request: Request) -> str:
    data = _DATA_PATH.match(request.path)
    return "analyticsdata.googleapis.com" if data else "analyticsadmin.googleapis.com"


def _plain(status: int, request: Request) -> Refusal:
    if request.path in _OAUTH:
        return OAuthError(status, "internal_failure" if status >= 500 else "invalid_request", "Bad Request")
    if request.path.startswith(_FOR_PEOPLE):
        return HtmlPage(status, request.path)
    return errors.credentials_invalid() if status == 401 else ApiError(status)


_OAUTH = ("/token", "/revoke")
_FOR_PEOPLE = ("/o/", "/signin/", "/analytics/web")
RAPT = ("invalid_rapt", "rapt_required")  # an organisation's limit on the length of sessions is over
SIGNATURE = "Invalid JWT Signature."
CLOCK = (
    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
    "Check your iat and exp values in the JWT claim."
)
# Of the token endpoint: reason -> (status, error, description).
OAUTH_REASONS = {
    "invalid_grant": (400, "invalid_grant", SIGNATURE),
    "account not found": (400, "invalid_grant", "Invalid grant: account not found"),
    "account deleted": (400, "invalid_grant", "The account has been deleted"),
    "clock": (400, "invalid_grant", CLOCK),
    "audience": (400, "invalid_grant", "Invalid JWT: Failed audience check."),
    "token revoked": (400, "invalid_grant", "Token has been expired or revoked."),
    "invalid_client": (401, "invalid_client", "The OAuth client was not found."),
    "deleted_client": (401, "deleted_client", "The OAuth client was deleted."),
    "disabled_client": (401, "disabled_client", "The OAuth client was disabled."),
    "unauthorized_client": (401, "unauthorized_client", "Unauthorized client or scope in request."),
    "access_denied": (403, "access_denied", "Requested client not authorized."),
    "admin_policy_enforced": (
        400,
        "admin_policy_enforced",
        "Access to the account data is restricted by policies.",
    ),
    "org_internal": (403, "org_internal", "This client is restricted to users within its organization."),
    "invalid_scope": (400, "invalid_scope", "Invalid OAuth scope or ID token audience provided."),
    **{rapt: (400, "invalid_grant", f"reauth related error ({rapt})") for rapt in RAPT},
    "internal_failure": (500, "internal_failure", "Backend Error"),
}
# Of the APIs.
REASONS: dict[str, Callable[[Request, str], ApiError]] = {
    "UNAUTHENTICATED": lambda request, project: errors.credentials_invalid(),
    "CREDENTIALS_MISSING": lambda request, project: errors.credentials_missing(_service(request), "unknown"),
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": lambda request, project: errors.scope_insufficient(
        _service(request), "unknown"
    ),
    "SERVICE_DISABLED": lambda request, project: errors.service_disabled(
        _service(request), project_number(project)
    ),
    "PERMISSION_DENIED": lambda request, project: (
        errors.property_forbidden() if "data" in _service(request) else ApiError(403)
    ),
    "NOT_FOUND": lambda request, project: ApiError(404),
    "RESOURCE_EXHAUSTED": lambda request, project: ApiError(429),
    "rateLimitExceeded": lambda request, project: errors.admin_rate_limited(403),
    "RATE_LIMIT_EXCEEDED": lambda request, project: errors.admin_rate_limited(429),
    "INVALID_ARGUMENT": lambda request, project: ApiError(400),
    "incompatible": lambda request, project: incompatible("itemName"),
    "INTERNAL": lambda request, project: ApiError(500),
    "UNAVAILABLE": lambda request, project: ApiError(503),
    "DEADLINE_EXCEEDED": lambda request, project: ApiError(504),
    **{which: lambda request, project, which=which: exhausted(which) for which in EXHAUSTED},  # type: ignore[misc]
}


def reason_error(reason: str, status: int | None, request: Request, project: str) -> Refusal:
    """Google's error of that reason. A reason that is not known becomes the message of a plain error."""
    if request.path in _OAUTH or reason in OAUTH_REASONS and reason not in REASONS:
        name, _, words = reason.partition(": ")
        code, error, description = OAUTH_REASONS.get(reason, (400, name, words or "Bad Request"))
        more = {"error_subtype": reason} if reason in RAPT else {}
        return OAuthError(status or code, error, description, **more)
    if reason not in REASONS:
        return ApiError(status or 400, reason)
    refusal = REASONS[reason](request, project)
    refusal.status = status or refusal.status
    return refusal
