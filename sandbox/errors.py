"""Google's refusals: one exception per answer that is not 200, with Google's own words.

Two families, as on the wire: the APIs speak `google.rpc.Status` in an `error` envelope, the token endpoint
speaks OAuth's `error` and `error_description`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
STATUS_MESSAGES = {
    400: "Request contains an invalid argument.",
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    429: "Resource has been exhausted (e.g. check quota).",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
    504: "Deadline expired before operation could complete.",
}
SERVICE_TITLES = {
    "analyticsdata.googleapis.com": "Google Analytics Data API",
    "analyticsadmin.googleapis.com": "Google Analytics Admin API",
}
_EXPECTED = (
    "Expected OAuth 2 access token, login cookie or other valid authentication credential. "
    "See https://developers.google.com/identity/sign-in/web/devconsole-project."
)
_REALM = 'Bearer realm="https://accounts.google.com/"'
_PROPERTY_ID = (
    "To learn more about Property ID, see "
    "https://developers.google.com/analytics/devguides/reporting/data/v1/property-id."
)


class Refusal(Exception):
    """An answer other than 200: what the server writes instead of a result."""

    def __init__(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status)
        self.status = status
        self.headers = dict(headers or {})

    def body(self) -> bytes:
        raise NotImplementedError

    content_type = "application/json; charset=UTF-8"


class ApiError(Refusal):
    """`google.rpc.Status` in its JSON envelope."""

    def __init__(
        self,
        status: int,
        message: str = "",
        *,
        details: Sequence[Mapping[str, Any]] = (),
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        status_name: str = "",
    ) -> None:
        super().__init__(status, headers)
        self.status_name = status_name
        self.message = message or STATUS_MESSAGES.get(status, "Unknown Error.")
        self.details = list(details)
        self.errors = list(errors)

    def body(self) -> bytes:
        error: dict[str, Any] = {"code": self.status, "message": self.message}
        if self.errors:
            error["errors"] = self.errors
        error["status"] = self.status_name or STATUS_NAMES.get(self.status, "UNKNOWN")
        if self.details:
            error["details"] = self.details
        return json.dumps({"error": error}, indent=2).encode()


class OAuthError(Refusal):
    """The token endpoint's refusal (RFC 6749, section 5.2)."""

    def __init__(self, status: int, error: str, description: str = "", **more: str) -> None:
        super().__init__(status)
        self.fields = {"error": error} | ({"error_description": description} if description else {}) | more

    def body(self) -> bytes:
        return json.dumps(self.fields, indent=2).encode()


class HtmlPage(Refusal):
    """What Google's front end answers when no API is reached: a page for people."""

    content_type = "text/html; charset=UTF-8"
    sentences = {
        404: "The requested URL <code>{path}</code> was not found on this server.",
        502: "The server encountered a temporary error and could not complete your request."
        "<p>Please try again in 30 seconds.",
        503: "The service you requested is not available yet.<p>Please try again in 30 seconds.",
    }
    titles = {
        200: "OK",
        404: "Not Found",
        500: "Server Error",
        502: "Server Error",
        503: "Service Unavailable",
    }

    def __init__(self, status: int, path: str = "/") -> None:
        super().__init__(status)
        self.path = path

    def body(self) -> bytes:
        title = self.titles.get(self.status, "Error")
        path = self.path.replace("&", "&amp;").replace("<", "&lt;")
        sentence = self.sentences.get(self.status, "That’s all we know.").format(path=path)
        return (
            "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n"
            f"  <title>Error {self.status} ({title})!!1</title>\n"
            f"  <p><b>{self.status}.</b> <ins>That’s an error.</ins>\n"
            f"  <p>{sentence}  <ins>That’s all we know.</ins>\n"
        ).encode()


def error_info(reason: str, metadata: Mapping[str, str]) -> dict[str, Any]:
    """A `google.rpc.ErrorInfo` of Google's own domain."""
    return {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason,
        "domain": "googleapis.com",
        "metadata": dict(metadata),
    }


def invalid(message: str) -> ApiError:
    """400 with Google's sentence."""
    return ApiError(400, message)


def already_exists(message: str) -> ApiError:
    """409 for what is there and may be there only once."""
    return ApiError(409, message, status_name="ALREADY_EXISTS")


def bad_payload(message: str, field: str) -> ApiError:
    """The gateway's 400 for JSON that is not the method's message."""
    violation: dict[str, str] = {"field": field} if field else {}
    violation["description"] = message
    detail = {"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}
    return ApiError(400, message, details=[detail])


def credentials_missing(service: str, method: str) -> ApiError:
    """401 for a request without any credential."""
    return ApiError(
        401,
        f"Request is missing required authentication credential. {_EXPECTED}",
        details=[error_info("CREDENTIALS_MISSING", {"method": method, "service": service})],
        headers={"WWW-Authenticate": _REALM},
    )


def credentials_invalid() -> ApiError:
    """401 for a token that is unknown, expired or revoked."""
    return ApiError(
        401,
        f"Request had invalid authentication credentials. {_EXPECTED}",
        headers={"WWW-Authenticate": f'{_REALM}, error="invalid_token"'},
    )


def scope_insufficient(service: str, method: str) -> ApiError:
    """403 for a token that lacks every scope that the method accepts."""
    return ApiError(
        403,
        "Request had insufficient authentication scopes.",
        details=[error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT", {"service": service, "method": method})],
        headers={"WWW-Authenticate": f'{_REALM}, error="insufficient_scope"'},
    )


def service_disabled(service: str, project_number: str) -> ApiError:
    """403 for a project in which the API was never switched on."""
    title = SERVICE_TITLES.get(service, service)
    url = f"https://console.developers.google.com/apis/api/{service}/overview?project={project_number}"
    metadata = {
        "service": service,
        "serviceTitle": title,
        "consumer": f"projects/{project_number}",
        "containerInfo": project_number,
        "activationUrl": url,
    }
    return ApiError(
        403,
        f"{title} has not been used in project {project_number} before or it is disabled. Enable it by "
        f"visiting {url} then retry. If you enabled this API recently, wait a few minutes for the action to "
        "propagate to our systems and retry.",
        details=[error_info("SERVICE_DISABLED", metadata)],
    )


def property_forbidden() -> ApiError:
    """The Data API's 403 for a property that is not the caller's, or not there."""
    return ApiError(403, f"User does not have sufficient permissions for this property. {_PROPERTY_ID}")


def property_not_numeric(text: str) -> ApiError:
    """The Data API's 400 for a property id that is no number."""
    return invalid(f"Invalid property ID: {text}. A numeric Property ID is required. {_PROPERTY_ID}")


def admin_rate_limited(status: int = 403) -> ApiError:
    """The Admin API over its requests per minute: 403 in the older manner, 429 in the newer."""
    message = "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute per user'."
    if status != 403:
        return ApiError(
            status, message, details=[error_info("RATE_LIMIT_EXCEEDED", {"quota_metric": "Requests"})]
        )
    reason = {"message": message, "domain": "usageLimits", "reason": "rateLimitExceeded"}
    return ApiError(403, message, errors=[reason])
