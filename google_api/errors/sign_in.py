"""Signing in: access tokens, and the keys of service accounts."""

from __future__ import annotations

from google_api.errors.base import GoogleError, gettext_noop


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
