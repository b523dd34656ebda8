"""Which refusal of the token endpoint becomes which error: {"error": "invalid_grant", "error_description": …}

The same word means another thing to each who asks: `invalid_grant` may end a service account's key, a
person's consent, or only a code. What passes by itself (429, 5xx, whatever words come with them) ends
nothing.

https://developers.google.com/identity/protocols/oauth2/service-account#error-codes
https://developers.google.com/identity/protocols/oauth2/web-server#exchange-errors
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from google_api import errors
from google_api.errors import GoogleError
from google_api.refusals import Refusal, string, without_reason

Kinds = Mapping[str, type[GoogleError]]


@dataclass(frozen=True)
class _Table:
    """By Google's `error`; before it, by `error` and the beginning of the description in small letters."""

    kinds: Kinds
    texts: tuple[tuple[str, str, type[GoogleError]], ...] = ()

    def kind(self, error: str, description: str) -> type[GoogleError] | None:
        texts = (kind for word, start, kind in self.texts if word == error and description.startswith(start))
        return next(texts, self.kinds.get(error))


_PASSING: Kinds = {
    "internal_failure": errors.ServerError,
    "server_error": errors.ServerError,
    "temporarily_unavailable": errors.ServerError,
    "rate_limit_exceeded": errors.RateLimited,
}
_ALL: Kinds = {
    "invalid_client": errors.ClientRefused,
    "unauthorized_client": errors.ClientRefused,
    "access_denied": errors.ClientRefused,
    "disabled_client": errors.ClientDisabled,
    "invalid_scope": errors.ScopeRefused,
    "invalid_request": errors.SignInRefused,
    "unsupported_grant_type": errors.SignInRefused,
    "redirect_uri_mismatch": errors.RedirectRefused,
}
_ROBOTS = _Table(
    {
        **_ALL,
        "invalid_grant": errors.InvalidGrant,
        "deleted_client": errors.ClientDisabled,
        "admin_policy_enforced": errors.PolicyForbids,
        "org_internal": errors.PolicyForbids,
    },
    (
        ("invalid_grant", "invalid jwt signature", errors.KeyRefused),
        ("invalid_grant", "invalid grant: account not found", errors.ServiceAccountGone),
        ("invalid_grant", "not a valid email", errors.ServiceAccountGone),
        ("invalid_grant", "invalid email or user id", errors.ServiceAccountGone),
        ("invalid_grant", "the account has been deleted", errors.ServiceAccountGone),
        ("invalid_grant", "invalid jwt: token must be a short-lived token", errors.ClockWrong),
        # The audience, or a claim that is not set: ours to mend, not the key.
        ("invalid_grant", "invalid jwt", errors.SignInRefused),
    ),
)
_PEOPLE: Kinds = {
    **_ALL,
    "deleted_client": errors.ClientDeleted,
    "admin_policy_enforced": errors.AdminPolicyEnforced,
    "org_internal": errors.OrgInternal,
}
_CLIENT_TEXTS = (
    ("invalid_client", "the oauth client was not found", errors.ClientUnknown),
    ("invalid_client", "the provided client secret is invalid", errors.ClientSecretWrong),
    ("invalid_client", "unauthorized", errors.ClientSecretWrong),
)
_CODES = _Table(
    {**_PEOPLE, "invalid_grant": errors.CodeRefused},
    (
        *_CLIENT_TEXTS,
        ("invalid_grant", "invalid code verifier", errors.VerifierRefused),
        ("invalid_grant", "missing code verifier", errors.VerifierRefused),
        ("invalid_grant", "code_verifier or verifier is not needed", errors.VerifierRefused),
    ),
)
_GRANTS = _Table(
    {**_PEOPLE, "invalid_grant": errors.GrantEnded, "unauthorized_client": errors.OtherClient},
    (
        *_CLIENT_TEXTS,
        ("invalid_grant", "token has been expired or revoked", errors.GrantRevoked),
        ("invalid_grant", "the account has been deleted", errors.GoogleAccountGone),
        ("invalid_grant", "account has been deleted", errors.GoogleAccountGone),
        ("invalid_grant", "account disabled", errors.GoogleAccountGone),
    ),
)
_ENDINGS = _Table(
    {
        **_PEOPLE,
        "invalid_token": errors.GrantEnded,
        "invalid_grant": errors.GrantEnded,
        "unsupported_token_type": errors.NotRevocable,
    },
    (("invalid_request", "token is not revocable", errors.NotRevocable),),
)
_REAUTHENTICATION = frozenset({"invalid_rapt", "rapt_required"})


def token_error(refusal: Refusal) -> GoogleError:
    """The error that a service account's refusal stands for."""
    return _error(refusal, _ROBOTS)


def code_error(refusal: Refusal) -> GoogleError:
    """The error that the refusal of a code stands for."""
    return _error(refusal, _CODES)


def refresh_error(refusal: Refusal) -> GoogleError:
    """The error that the refusal of a refresh token stands for: only a `GrantEnded` ends it."""
    error = _error(refusal, _GRANTS)
    subtype = string(refusal.json().get("error_subtype"))
    if isinstance(error, errors.GrantEnded) and subtype in _REAUTHENTICATION:
        return errors.SessionExpired(f"{error.log_detail} {subtype}", status=refusal.status)
    return error


def revoke_error(refusal: Refusal) -> GoogleError:
    """The error that a refusal to revoke stands for; `GrantEnded` where there is nothing left to revoke."""
    return _error(refusal, _ENDINGS)


def _error(refusal: Refusal, table: _Table) -> GoogleError:
    answer = refusal.json()
    error, description = string(answer.get("error")), string(answer.get("error_description")).lower()
    kind = _passing(refusal.status, error, description) or table.kind(error, description)
    if kind is None:
        return without_reason(refusal)
    return kind(refusal.detail(error), status=refusal.status, retry_after=refusal.retry_after())


def _passing(status: int, error: str, description: str) -> type[GoogleError] | None:
    """What gets better by itself: the status says so, or a word, at times in the description's place."""
    if status == 429:
        return errors.RateLimited
    if status >= 500:
        return errors.ServerError
    return _PASSING.get(error) or _PASSING.get(description)
