"""One family for everything that goes wrong with Google, in words for the people who read them.

Which answer of Google's becomes which error is decided in `refusals`; this file says only what kinds there
are, whether asking again can help, and the sentence that agency staff or a client reads. Sentences are
English msgids: whoever shows one translates it. Nothing of Google's body and no token ever becomes part of an
error.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo


def gettext_noop(message: str) -> str:
    """Marks `message` for `makemessages`, which knows this name; translated where it is shown."""
    return message


class GoogleError(Exception):
    """Something went wrong between us and Google.

    `log_detail` is for logs: HTTP status, Google's reason, request id, never a body and never a token.
    `status` is the HTTP status, None where there was no answer. `retry_after` is in seconds, None where
    nothing is known.
    """

    code: ClassVar[str] = "google_error"
    permanent: ClassVar[bool] = False
    sentence: ClassVar[str] = gettext_noop(
        "Google Analytics could not be asked. It will be tried again; if this stays, ask your agency."
    )

    def __init__(
        self, log_detail: str = "", *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(log_detail)  # so that a pickled error comes back whole
        self.log_detail = log_detail
        self.status = status
        self.retry_after = self.usual_wait() if retry_after is None else retry_after

    def __str__(self) -> str:
        return f"{self.code}: {self.log_detail}" if self.log_detail else self.code

    @property
    def user_message(self) -> str:
        """What happened and what to do, in English."""
        return self.sentence

    @classmethod
    def usual_wait(cls) -> float | None:
        """Seconds after which asking again makes sense for this kind of error, where that is known."""
        return None


# No usable answer


class Unreachable(GoogleError):
    """Refused, no such host, TLS failed, timed out."""

    code = "unreachable"
    sentence = gettext_noop(
        "Google could not be reached in time. It will be tried again; if this stays, check this server's "
        "connection to the internet."
    )


class ServerError(GoogleError):
    """Google answered 5xx, or said that it failed."""

    code = "server_error"
    sentence = gettext_noop("Google Analytics has a fault of its own at the moment. It will be tried again.")


class BadAnswer(GoogleError):
    """An answer that is none of Google's: HTML, half a body, no JSON, too large, a redirect, not the promised
    shape.
    """

    code = "bad_answer"
    sentence = gettext_noop(
        "Something else than Google's answer came back. It will be tried again; if this stays, check "
        "Google's addresses in this portal's settings and any proxy on the way."
    )


# A wrong question: 400


class InvalidArgument(GoogleError):
    """Google does not accept the question.

    `reason` is a word of ours ("bad_date", "too_many", …); `fields` are those names that Google complains of
    and that we had sent ourselves.
    """

    code = "invalid_argument"
    permanent = True
    sentence = gettext_noop(
        "Google Analytics does not accept this question. Change the widget's fields, the filter or the dates."
    )

    def __init__(
        self,
        log_detail: str = "",
        *,
        status: int | None = None,
        retry_after: float | None = None,
        reason: str = "invalid",
        fields: Iterable[str] = (),
    ) -> None:
        super().__init__(log_detail, status=status, retry_after=retry_after)
        self.reason = reason
        self.fields = tuple(fields)


class IncompatibleFields(InvalidArgument):
    code = "incompatible_fields"
    sentence = gettext_noop(
        "Google Analytics cannot show these dimensions and metrics together. Remove one of them from the "
        "widget or the filter."
    )


class UnknownField(InvalidArgument):
    code = "unknown_field"
    sentence = gettext_noop(
        "This property has no such dimension or metric. Choose another field for the widget or the filter."
    )


class InvalidPropertyId(InvalidArgument):
    code = "invalid_property_id"
    sentence = gettext_noop(
        "This is not the number of a Google Analytics property. It has digits only and stands under Admin, "
        "Property details in Google Analytics."
    )


# Signing in


class Unauthenticated(GoogleError):
    """401: the access token has expired or was revoked. A new one, asked for once, usually helps."""

    code = "unauthenticated"
    sentence = gettext_noop(
        "Google Analytics did not accept this sign-in. It will be tried again with a new one; if this stays, "
        "check the credential."
    )


class InvalidGrant(GoogleError):
    """The key or the consent that access tokens are made from is no longer good: the credential has ended."""

    code = "invalid_grant"
    permanent = True
    sentence = gettext_noop(
        "Google no longer accepts this credential: it was revoked or has expired. Connect it again or upload "
        "a new key."
    )

    @property
    def description(self) -> str:
        """What ended, in English words."""
        return self.sentence


class KeyRefused(InvalidGrant):
    code = "key_refused"
    sentence = gettext_noop(
        "Google refuses this key: it was deleted, disabled or has expired. Make a new key for the service "
        "account and upload it."
    )


class ServiceAccountGone(InvalidGrant):
    code = "service_account_gone"
    sentence = gettext_noop(
        "Google knows no service account of this e-mail address: it was deleted, or the address is wrong. "
        "Check the address or upload the key of another service account."
    )


class ClientRefused(GoogleError):
    """`invalid_client`, `unauthorized_client`, `access_denied`: who asks may not ask in this way."""

    code = "client_refused"
    permanent = True
    sentence = gettext_noop(
        "Google does not let this credential sign in. Check in the Google Cloud console that it exists and "
        "is allowed to."
    )


class ClientDisabled(ClientRefused):
    code = "client_disabled"
    sentence = gettext_noop(
        "This service account or client is disabled or deleted at Google. Enable it in the Google Cloud "
        "console, or use another one."
    )


class PolicyForbids(ClientRefused):
    code = "policy_forbids"
    sentence = gettext_noop(
        "The rules of the Google organization forbid this sign-in. Ask its administrator to allow it."
    )


class ClockWrong(GoogleError):
    code = "clock_wrong"
    sentence = gettext_noop(
        "Google refuses the sign-in because this server's clock is wrong. Set the clock; nothing is wrong "
        "with the key."
    )


class SignInRefused(GoogleError):
    """The token endpoint did not understand us: the address or the request is wrong, not the key."""

    code = "sign_in_refused"
    permanent = True
    sentence = gettext_noop(
        "Google did not understand the sign-in. Check the address of Google's sign-in in this portal's "
        "settings."
    )


class ScopeRefused(SignInRefused):
    code = "scope_refused"
    sentence = gettext_noop(
        "Google did not grant the right to read Google Analytics. Connect the credential again and allow it."
    )


# Rights and existence: 403 and 404


class Forbidden(GoogleError):
    code = "forbidden"
    permanent = True
    sentence = gettext_noop(
        "Google forbids this. Check the state of the Google Cloud project that the credential belongs to."
    )


class ScopeInsufficient(Forbidden):
    code = "scope_insufficient"
    sentence = gettext_noop(
        "This credential was not given the right to do this in Google Analytics. Connect it again and allow "
        "everything that is asked for."
    )


class ApiDisabled(Forbidden):
    """`service` ("analyticsdata.googleapis.com", or "") and `activation_url` (or "") are safe to show."""

    code = "api_disabled"
    sentence = gettext_noop(
        "The Google Analytics API is not enabled in the credential's Google Cloud project. Enable it there, "
        "wait a few minutes and try again."
    )

    def __init__(
        self,
        log_detail: str = "",
        *,
        status: int | None = None,
        retry_after: float | None = None,
        service: str = "",
        activation_url: str = "",
    ) -> None:
        super().__init__(log_detail, status=status, retry_after=retry_after)
        self.service = service
        self.activation_url = activation_url


class PropertyForbidden(Forbidden):
    code = "property_forbidden"
    sentence = gettext_noop(
        "This credential may not read this Google Analytics property. In Google Analytics, add its e-mail "
        "address to the property as a viewer."
    )


class NotFound(GoogleError):
    code = "not_found"
    permanent = True
    sentence = gettext_noop(
        "Google Analytics has no such account or property: it was deleted, or its number is wrong. Choose "
        "another one."
    )


# Too much: 429 and some 403

_MINUTE = 60.0
_HOUR = 3600.0


class RateLimited(GoogleError):
    code = "rate_limited"
    sentence = gettext_noop(
        "Google Analytics is being asked too often. It will be asked again in a few minutes."
    )

    @classmethod
    def usual_wait(cls) -> float | None:
        return _MINUTE


class ConcurrentRequests(RateLimited):
    """More than 10 questions (50 on Analytics 360) to one property at once."""

    code = "concurrent_requests"
    sentence = gettext_noop(
        "Google Analytics is answering too many questions about this property at once. It will be asked "
        "again in half a minute."
    )

    @classmethod
    def usual_wait(cls) -> float | None:
        return 30.0


class HourlyTokens(RateLimited):
    """The property's tokens of this hour, or this project's part of them, are spent; they come back within
    the hour.
    """

    code = "hourly_tokens"
    sentence = gettext_noop(
        "Google Analytics gives no more answers about this property in this hour. New figures come within an "
        "hour."
    )

    @classmethod
    def usual_wait(cls) -> float | None:
        return _HOUR


class DailyTokens(RateLimited):
    """The property's tokens of this day are spent. Google's day ends at midnight in California."""

    code = "daily_tokens"
    sentence = gettext_noop(
        "Google Analytics gives no more answers about this property today. New figures come after midnight "
        "in California."
    )

    @classmethod
    def usual_wait(cls) -> float | None:
        return seconds_to_midnight_pacific(datetime.now(UTC))


class ThresholdedRequests(RateLimited):
    """More than 120 questions an hour with dimensions that could identify people."""

    code = "thresholded_requests"
    sentence = gettext_noop(
        "Google Analytics limits questions about age, gender, interests and audiences, and this hour's are "
        "used up. New figures come within an hour."
    )

    @classmethod
    def usual_wait(cls) -> float | None:
        return _HOUR


class ServerErrorBudget(RateLimited):
    """Ten 500s and 503s in an hour: Google blocks the project for this property."""

    code = "server_error_budget"
    sentence = gettext_noop(
        "Google Analytics failed too often for this property and pauses its answers. New figures come within "
        "an hour."
    )

    @classmethod
    def usual_wait(cls) -> float | None:
        return _HOUR


class AdminRateLimited(RateLimited):
    """The Admin API's requests per minute, or the project's of the day."""

    code = "admin_rate_limited"
    sentence = gettext_noop(
        "Google Analytics is being asked for accounts and properties too often. Try again in a minute."
    )


def seconds_to_midnight_pacific(now: datetime) -> float:
    """Seconds from `now` (aware) until Google's daily quotas start afresh."""
    pacific = ZoneInfo("America/Los_Angeles")
    tomorrow = now.astimezone(pacific).date() + timedelta(days=1)
    # In UTC, as a difference within one zone would ignore the hour that comes or goes in spring and autumn.
    return (datetime.combine(tomorrow, time(), pacific).astimezone(UTC) - now.astimezone(UTC)).total_seconds()


ERRORS: dict[str, type[GoogleError]] = {
    kind.code: kind
    for kind in (
        GoogleError,
        Unreachable,
        ServerError,
        BadAnswer,
        InvalidArgument,
        IncompatibleFields,
        UnknownField,
        InvalidPropertyId,
        Unauthenticated,
        InvalidGrant,
        KeyRefused,
        ServiceAccountGone,
        ClientRefused,
        ClientDisabled,
        PolicyForbids,
        ClockWrong,
        SignInRefused,
        ScopeRefused,
        Forbidden,
        ScopeInsufficient,
        ApiDisabled,
        PropertyForbidden,
        NotFound,
        RateLimited,
        ConcurrentRequests,
        HourlyTokens,
        DailyTokens,
        ThresholdedRequests,
        ServerErrorBudget,
        AdminRateLimited,
    )
}


def sentence_for(code: str) -> str:
    """The sentence of a code read back from a database; of one that is no longer known, the general one."""
    return ERRORS.get(code, GoogleError).sentence
