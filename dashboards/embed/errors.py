"""Refusals in the shape of Google's version 3 APIs, which pages written for them read.

https://developers.google.com/analytics/devguides/reporting/core/v3/errors
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.http import JsonResponse

Json = dict[str, Any]
View = TypeVar("View", bound=Callable[..., Any])


def speaks_v3(view: View) -> View:
    """Marks a view whose callers read refusals in this shape, also where it breaks."""
    view.speaks_v3 = True  # type: ignore[attr-defined]
    return view


class V3Error(Exception):
    """A refusal with an HTTP status. `message` is shown to people by the pages that meet it, and says
    nothing of what exists besides. `location` names the parameter that is wrong; `retry_after` is in seconds.
    """

    def __init__(
        self,
        code: int,
        reason: str,
        message: str,
        *,
        location: str = "",
        location_type: str = "parameter",
        retry_after: int | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.location = location
        self.location_type = location_type
        self.retry_after = retry_after

    def body(self) -> Json:
        """The refusal as Google writes it."""
        error: Json = {"domain": "global", "reason": self.reason, "message": self.message}
        if self.location:
            error |= {"locationType": self.location_type, "location": self.location}
        return {"error": {"code": self.code, "message": self.message, "errors": [error]}}

    def response(self) -> JsonResponse:
        """The answer to send."""
        answer = JsonResponse(self.body(), status=self.code)
        answer["Cache-Control"] = "no-store"
        if self.code == 401:
            answer["WWW-Authenticate"] = "Bearer"
        if self.retry_after is not None:
            answer["Retry-After"] = str(self.retry_after)
        return answer


def bad_parameter(location: str, message: str) -> V3Error:
    """What v3 answers to a parameter that it cannot read or serve."""
    return V3Error(400, "invalidParameter", message, location=location)


def bad_request(message: str) -> V3Error:
    """What v3 answers to parameters that do not go together."""
    return V3Error(400, "badRequest", message)


def invalid_credentials(message: str) -> V3Error:
    """Who asks is not known, or not any more."""
    return V3Error(401, "authError", message, location="Authorization", location_type="header")


def forbidden(message: str) -> V3Error:
    """Who asks is known and may not."""
    return V3Error(403, "insufficientPermissions", message)


def too_many(message: str, retry_after: int) -> V3Error:
    """Too much at once; `retry_after` in seconds."""
    return V3Error(429, "rateLimitExceeded", message, retry_after=retry_after)


def backend_error(message: str) -> V3Error:
    """Google does not answer, and there is nothing from before."""
    return V3Error(503, "backendError", message)
