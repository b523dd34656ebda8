"""Consent of people: codes, refresh tokens, the OAuth client, who signed in."""

from __future__ import annotations

from typing import ClassVar

from google_api.errors.base import GoogleError, gettext_noop
from google_api.errors.sign_in import ClientRefused, InvalidGrant, PolicyForbids, SignInRefused

# Why a refresh token ends. https://developers.google.com/identity/protocols/oauth2#expiration
_REVOKED = gettext_noop("Access was removed in the Google account's settings.")
_TESTING = gettext_noop(
    "The OAuth consent screen is in Testing, where Google ends every consent after 7 days."
)
_UNUSED = gettext_noop("It was not used for six months.")
_TOO_MANY = gettext_noop("The same Google account consented too often: Google keeps 100 and ends the oldest.")
_PASSWORD = gettext_noop("The Google account's password was changed.")
_TIMED = gettext_noop("Access was given for a limited time only, which is over.")
_GONE = gettext_noop("The Google account was deleted or disabled.")


class GrantEnded(InvalidGrant):
    """The refresh token is no longer good; `causes` in English, the likeliest first."""

    code = "grant_ended"
    sentence = gettext_noop(
        "Google no longer accepts this consent: it was removed or has expired. Connect the Google account "
        "again."
    )
    causes: ClassVar[tuple[str, ...]] = (_REVOKED, _TESTING, _UNUSED, _TOO_MANY, _PASSWORD, _TIMED, _GONE)


class GrantRevoked(GrantEnded):
    """Google says "expired or revoked" of tokens that it still remembers."""

    code = "grant_revoked"
    sentence = gettext_noop(
        "This consent was removed at Google, or has expired. Connect the Google account again."
    )
    causes = (_REVOKED, _TESTING, _TOO_MANY, _PASSWORD, _UNUSED, _TIMED)


class SessionExpired(GrantEnded):
    """`invalid_rapt`, `rapt_required`: the organization wants its people to sign in anew every few hours.

    https://support.google.com/a/answer/9368756
    """

    code = "session_expired"
    sentence = gettext_noop(
        "The Google organization ends sign-ins after a while, and this one's time is over. Connect the Google"
        " account again, and ask its administrator to trust this portal's app so that it stays connected."
    )
    causes = (gettext_noop("The organization limits the length of Google Cloud sessions."),)


class GoogleAccountGone(GrantEnded):
    code = "google_account_gone"
    sentence = gettext_noop(
        "The Google account that gave this consent was deleted or disabled. Connect another Google account."
    )
    causes = (_GONE,)


class CodeRefused(GoogleError):
    """The code that Google sent back could not be turned into tokens: used before, too old, cut off."""

    code = "code_refused"
    permanent = True
    sentence = gettext_noop(
        "Google's permission came too late or was used before. Start again from the portal; what you typed is"
        " kept."
    )


class VerifierRefused(CodeRefused):
    """PKCE: the code was meant for another browser or another try."""

    code = "verifier_refused"
    sentence = gettext_noop(
        "Google's permission belongs to another try than this one. Start again from the portal, in one "
        "window."
    )


class RedirectRefused(SignInRefused):
    """`redirect_uri_mismatch`"""

    code = "redirect_refused"
    sentence = gettext_noop(
        "Google does not know the address that it is to send people back to. Register this portal's redirect "
        "addresses at the OAuth client, exactly as the Google set-up page shows them."
    )


class ClientUnknown(ClientRefused):
    code = "client_unknown"
    sentence = gettext_noop(
        "Google knows no OAuth client of this portal's client ID. Compare GOOGLE_CLIENT_ID with the Google "
        "Cloud console."
    )


class ClientSecretWrong(ClientRefused):
    code = "client_secret_wrong"
    sentence = gettext_noop(
        "Google refuses this portal's client secret. Compare GOOGLE_CLIENT_SECRET with the OAuth client in "
        "the Google Cloud console."
    )


class ClientDeleted(ClientRefused):
    code = "client_deleted"
    sentence = gettext_noop(
        "This portal's OAuth client was deleted at Google. Restore it in the Google Cloud console within 30 "
        "days, or set up a new one."
    )


class OtherClient(ClientRefused):
    """`unauthorized_client` for a refresh token: it was issued to another client id."""

    code = "other_client"
    sentence = gettext_noop(
        "This consent was given to another OAuth client than the one in use. Connect the Google account "
        "again, or set GOOGLE_CLIENT_ID back."
    )


class AdminPolicyEnforced(PolicyForbids):
    code = "admin_policy_enforced"
    sentence = gettext_noop(
        "The administrator of this Google account's organization blocks this portal or one of the rights that"
        " it asks for. Ask the administrator to allow it, or use another Google account."
    )


class OrgInternal(PolicyForbids):
    code = "org_internal"
    sentence = gettext_noop(
        "This portal's OAuth consent screen is Internal and lets in only its own organization. Use a Google "
        "account of that organization, or have the consent screen changed to External."
    )


class NotRevocable(GoogleError):
    code = "not_revocable"
    permanent = True
    sentence = gettext_noop(
        "Google does not revoke a token of this kind. Remove the access in Google Analytics, or the key in "
        "the Google Cloud console."
    )


class IdentityRefused(GoogleError):
    """An ID token that is not Google's, not for us, not of now."""

    code = "identity_refused"
    permanent = True
    sentence = gettext_noop(
        "Google's word on who signed in could not be verified. Try again; if this stays, check this server's "
        "clock and GOOGLE_CERTS_URI."
    )
