"""Which answer of Google's becomes which error: the error tables of the APIs.

The reason decides, not the HTTP status: the same status stands for a disabled API and for a foreign property,
and the same condition comes as 403 or 429. Google's texts are compared with known beginnings; what is
repeated of them is checked against a pattern, and names of fields only if we had sent them ourselves, so that
no body can slip into an error.

https://developers.google.com/analytics/devguides/reporting/data/v1/errors
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from google_api import errors
from google_api.errors import GoogleError
from google_api.shapes import Json

_REASON = re.compile(
    r"[A-Za-z][A-Za-z0-9_]{0,62}"
)  # google.rpc.ErrorInfo: UPPER_SNAKE_CASE; legacy: camelCase
_REQUEST_ID = re.compile(r"[A-Za-z0-9_./:;=+-]{1,100}")
_REQUEST_ID_HEADERS = ("x-goog-request-id", "x-request-id", "x-cloud-trace-context")
_SERVICES = ("analyticsdata.googleapis.com", "analyticsadmin.googleapis.com", "analytics.googleapis.com")


@dataclass(frozen=True)
class Refusal:
    """An answer other than 200. `sent` is our own request's body, `body` Google's."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    sent: str = field(default="", repr=False)

    def json(self) -> Json:
        """The body, or {} where it is no JSON object."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}

    def detail(self, *reasons: str) -> str:
        """Status, reasons and request id, for logs."""
        safe = [reason for reason in reasons if _REASON.fullmatch(reason)]
        return " ".join([str(self.status), *dict.fromkeys(safe), *self._request_id()])

    def retry_after(self) -> float | None:
        """Seconds that a `Retry-After` header asks for, None where there is none (Google documents none)."""
        value = self.headers.get("retry-after", "").strip()
        return float(value) if value.isascii() and value.isdigit() and len(value) <= 6 else None

    def _request_id(self) -> list[str]:
        found = (self.headers.get(name, "") for name in _REQUEST_ID_HEADERS)
        return [f"request-id={value}" for value in found if _REQUEST_ID.fullmatch(value)][:1]


# The APIs answer {"error": {"code", "message", "status", "details": [{"reason", "metadata"}]}}, at times with
# a legacy "errors": [{"reason"}] beside it.


@dataclass(frozen=True)
class _Complaint:
    """Google's error object, taken apart."""

    refusal: Refusal
    canonical: str = field(repr=False)  # "PERMISSION_DENIED"
    reason: str = field(repr=False)  # "SERVICE_DISABLED", of the details
    legacy: str = field(repr=False)  # "rateLimitExceeded", of the old list
    metadata: Json = field(repr=False)
    message: str = field(repr=False)

    def make(self, kind: type[GoogleError]) -> GoogleError:
        return kind(
            self.refusal.detail(self.canonical, self.reason or self.legacy),
            status=self.refusal.status,
            retry_after=self.refusal.retry_after(),
        )


def api_error(refusal: Refusal) -> GoogleError:
    """The error that an API's answer other than 200 stands for."""
    complaint = _complaint(refusal)
    if complaint is None:
        return without_reason(refusal)
    return _by_reason(complaint) or _by_status(complaint)


def _complaint(refusal: Refusal) -> _Complaint | None:
    error = refusal.json().get("error")
    if not isinstance(error, dict):
        return None
    info = _first_with_reason(error.get("details"))
    metadata = info.get("metadata")
    return _Complaint(
        refusal=refusal,
        canonical=string(error.get("status")),
        reason=string(info.get("reason")),
        legacy=string(_first_with_reason(error.get("errors")).get("reason")),
        metadata=metadata if isinstance(metadata, dict) else {},
        message=string(error.get("message"))[:2000],
    )


def _first_with_reason(items: object) -> Json:
    listed = items if isinstance(items, list) else []
    return next((item for item in listed if isinstance(item, dict) and string(item.get("reason"))), {})


def string(value: object) -> str:
    """`value` if it is a text, else ""."""
    return value if isinstance(value, str) else ""


def without_reason(refusal: Refusal) -> GoogleError:
    """An answer that is not in Google's error format: a proxy's page, or one of Google's own front door.

    Google's 404 in HTML stands for a path that it does not serve, not for a missing property.
    """
    kinds: dict[int, type[GoogleError]] = {401: errors.Unauthenticated, 429: errors.RateLimited}
    kind = errors.ServerError if refusal.status >= 500 else kinds.get(refusal.status, errors.BadAnswer)
    return kind(refusal.detail(), status=refusal.status, retry_after=refusal.retry_after())


_REASONS: dict[str, type[GoogleError]] = {
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": errors.ScopeInsufficient,
    "insufficientPermissions": errors.PropertyForbidden,
    "SERVICE_DISABLED": errors.ApiDisabled,
    "accessNotConfigured": errors.ApiDisabled,
    "CREDENTIALS_MISSING": errors.Unauthenticated,
    "ACCESS_TOKEN_EXPIRED": errors.Unauthenticated,
    "ACCESS_TOKEN_TYPE_UNSUPPORTED": errors.Unauthenticated,
    "ACCOUNT_STATE_INVALID": errors.InvalidGrant,
    "rateLimitExceeded": errors.AdminRateLimited,
    "userRateLimitExceeded": errors.AdminRateLimited,
    "quotaExceeded": errors.AdminRateLimited,
    "dailyLimitExceeded": errors.AdminDailyLimit,
    "authError": errors.Unauthenticated,
    "alreadyExists": errors.AlreadyExists,
    "backendError": errors.ServerError,
    "internalError": errors.ServerError,
    "internalServerError": errors.ServerError,
}

# Beginnings of Google's texts, without regard to case: the only thing that tells the kinds apart.
_MESSAGES: tuple[tuple[str, type[GoogleError]], ...] = (
    ("request had insufficient authentication scopes", errors.ScopeInsufficient),
    ("user does not have sufficient permissions for this property", errors.PropertyForbidden),
    ("user does not have any google analytics account", errors.NoAccounts),
    ("the caller does not have permission", errors.PropertyForbidden),
    ("invalid property id", errors.InvalidPropertyId),
    ("exhausted concurrent requests", errors.ConcurrentRequests),
    ("exhausted potentially thresholded requests", errors.ThresholdedRequests),
    ("exhausted server errors", errors.ServerErrorBudget),
    ("exhausted property tokens for a project per hour", errors.HourlyTokens),
    ("exhausted property tokens per hour", errors.HourlyTokens),
    ("exhausted property tokens per day", errors.DailyTokens),
)
_QUOTA_WORDS: tuple[tuple[str, type[GoogleError]], ...] = (
    ("server error", errors.ServerErrorBudget),
    ("concurrent", errors.ConcurrentRequests),
    ("thresholded", errors.ThresholdedRequests),
    ("per day", errors.DailyTokens),
    ("daily", errors.DailyTokens),
    ("per hour", errors.HourlyTokens),
    ("hourly", errors.HourlyTokens),
)
_STATUSES: dict[str, type[GoogleError]] = {
    "UNAUTHENTICATED": errors.Unauthenticated,
    "PERMISSION_DENIED": errors.PropertyForbidden,
    "NOT_FOUND": errors.NotFound,
    "INTERNAL": errors.ServerError,
    "UNAVAILABLE": errors.ServerError,
    "DEADLINE_EXCEEDED": errors.ServerError,
    "UNKNOWN": errors.ServerError,
    "ABORTED": errors.ServerError,
    "ALREADY_EXISTS": errors.AlreadyExists,
}
_CODES: dict[int, type[GoogleError]] = {
    400: errors.InvalidArgument,
    401: errors.Unauthenticated,
    403: errors.PropertyForbidden,
    404: errors.NotFound,
    409: errors.AlreadyExists,
    429: errors.RateLimited,
}


def _by_reason(complaint: _Complaint) -> GoogleError | None:
    if _lacks_scope(complaint):
        return complaint.make(errors.ScopeInsufficient)
    kind = _REASONS.get(complaint.reason) or _kind_by_message(complaint.message.lower())
    kind = kind or _REASONS.get(complaint.legacy)
    if kind is errors.ApiDisabled:
        return _api_disabled(complaint)
    return complaint.make(kind) if kind else None


def _lacks_scope(complaint: _Complaint) -> bool:
    """Whether the token is good but not for this: a header says so, or 401 with version 3's old reason."""
    said = 'error="insufficient_scope"' in complaint.refusal.headers.get("www-authenticate", "")
    return said or (complaint.refusal.status == 401 and complaint.legacy == "insufficientPermissions")


def _kind_by_message(message: str) -> type[GoogleError] | None:
    if "has not been used in project" in message:
        return errors.ApiDisabled
    return next((kind for start, kind in _MESSAGES if message.startswith(start)), None)


def _by_status(complaint: _Complaint) -> GoogleError:
    code = complaint.refusal.status
    if complaint.canonical == "RESOURCE_EXHAUSTED" or code == 429:
        return complaint.make(_quota_kind(complaint))
    if complaint.canonical in {"INVALID_ARGUMENT", "FAILED_PRECONDITION", "OUT_OF_RANGE"} or code == 400:
        return _invalid_argument(complaint)
    if code == 403 and complaint.reason:  # one that is not known here says more than "permission denied"
        return complaint.make(errors.Forbidden)
    by_code = errors.ServerError if code >= 500 else _CODES.get(code, errors.BadAnswer)
    return complaint.make(_STATUSES.get(complaint.canonical, by_code))


def _quota_kind(complaint: _Complaint) -> type[GoogleError]:
    message = complaint.message.lower()
    if complaint.metadata.get("service") == "analyticsadmin.googleapis.com":
        return errors.AdminDailyLimit if "per day" in message else errors.AdminRateLimited
    return next((kind for word, kind in _QUOTA_WORDS if word in message), errors.RateLimited)


def _api_disabled(complaint: _Complaint) -> GoogleError:
    service = string(complaint.metadata.get("service"))
    service = service if service in _SERVICES else _service_named_in(complaint.message)
    project = re.fullmatch(r"projects/(\d{1,20})", string(complaint.metadata.get("consumer")))
    # Google's own link is not repeated but made again from its parts.
    url = f"https://console.developers.google.com/apis/api/{service}/overview" if service else ""
    return errors.ApiDisabled(
        complaint.refusal.detail(complaint.canonical, complaint.reason),
        status=complaint.refusal.status,
        service=service,
        activation_url=f"{url}?project={project[1]}" if url and project else url,
    )


def _service_named_in(message: str) -> str:
    return next((service for service in _SERVICES if f"/{service}/" in message), "")


# 400: what is wrong with the question. A name is repeated only if it is in what we sent.

_NAME = r"[A-Za-z][\w:\[\]-]{0,120}"
_UNKNOWN_FIELD = re.compile(rf"Field ({_NAME}) is not a valid (?:dimension|metric)")
_INCOMPATIBLE = re.compile(r"Please (?:remove|add) (.{1,500}?) to make the request compatible")
_ARGUMENT_REASONS: tuple[tuple[str, str], ...] = (
    (r"are incompatible", "incompatible"),
    (r"is not a valid (?:dimension|metric)", "unknown_field"),
    (r"limited to \d", "too_many"),
    (r"duplicate", "duplicate"),
    (r"dateRange|startDate|endDate|start_date|end_date", "bad_date"),
    (r"exists in OrderBy", "bad_order"),
    (r"limit must|offset must", "bad_limit"),
    (r"Invalid JSON payload|Unknown name", "bad_request"),
    (r"regular expression|regexp|filter", "bad_filter"),
)


def _invalid_argument(complaint: _Complaint) -> GoogleError:
    reason = next(
        (name for words, name in _ARGUMENT_REASONS if re.search(words, complaint.message)), "invalid"
    )
    kind = {"incompatible": errors.IncompatibleFields, "unknown_field": errors.UnknownField}.get(
        reason, errors.InvalidArgument
    )
    return kind(
        complaint.refusal.detail(complaint.canonical, reason),
        status=complaint.refusal.status,
        reason=reason,
        fields=_fields_named(complaint),
    )


def _fields_named(complaint: _Complaint) -> list[str]:
    names = _UNKNOWN_FIELD.findall(complaint.message)
    for some in _INCOMPATIBLE.findall(complaint.message):
        names += re.findall(_NAME, some)
    return [name for name in dict.fromkeys(names) if f'"{name}"' in complaint.refusal.sent]
