"""Why a request stands still, in words, and what the customer can do about it.

Errors of Google's calls have their sentences in `google_api.errors`; here are those that have no call: they
come back in an address, or are nobody's fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

from google_api import errors
from provisioning.models import ProvisioningRequest


class Way(Enum):
    """What the page's button does."""

    RESUME = "resume"  # whatever comes next is tried again
    CONSENT = "consent"  # back to Google's consent
    OTHER_ACCOUNT = "other_account"  # the same, with another Google account
    TERMS = "terms"  # back to Google's terms
    DETAILS = "details"


@dataclass(frozen=True)
class Reason:
    """English msgids: a headline, what happened and what to do, and the button's way."""

    title: str
    sentence: str
    way: Way = Way.RESUME


REASONS = {
    "consent_denied": Reason(
        noop("You did not allow it at Google."),
        noop("Nothing was created. If that was a slip, go back to Google and choose “Continue” there."),
        Way.CONSENT,
    ),
    "scopes_missing": Reason(
        noop("A permission is missing."),
        noop("Google shows a box for each permission; one of them was left empty. Tick it, and we go on."),
        Way.CONSENT,
    ),
    "unknown_consent_error": Reason(
        noop("Google did not let you continue."),
        noop("It gave a reason that we do not know. Try again; if it happens again, ask your agency."),
        Way.CONSENT,
    ),
    "wrong_account": Reason(
        noop("That is another Google account."),
        noop("You began with one Google account and came back with another. Choose the one you want to use."),
        Way.OTHER_ACCOUNT,
    ),
    "terms_declined": Reason(
        noop("You did not accept Google's terms."),
        noop("Without them Google makes no account. You can read them again and decide."),
        Way.TERMS,
    ),
    "account_limit": Reason(
        noop("This Google account has reached its limit of Analytics accounts."),
        noop(
            "Delete an Analytics account that you no longer need (Analytics, Admin, Account details, Move to "
            "trash), or go on with another Google account."
        ),
        Way.OTHER_ACCOUNT,
    ),
    "backend_error": Reason(
        noop("Google had a fault of its own."),
        noop("It could not make the account just now. Try again in a few minutes."),
        Way.TERMS,
    ),
    "unknown_terms_error": Reason(
        noop("Google did not make the account."),
        noop("It gave a reason that we do not know. Try again; if it happens again, ask your agency."),
        Way.TERMS,
    ),
    "missing_parameters": Reason(
        noop("Google sent you back without the account's number."),
        noop("If you accepted the terms, we can look for the account ourselves: press the button."),
        Way.RESUME,
    ),
    "ticket_expired": Reason(
        noop("The page with Google's terms has expired."),
        noop("Nothing is lost: a new one is a click away."),
        Way.TERMS,
    ),
    "cancelled": Reason(
        noop("This request was cancelled."),
        noop("What you typed is kept. You can take it up again."),
        Way.RESUME,
    ),
}

BY_CONSENT = (
    errors.InvalidGrant,
    errors.OtherClient,
    errors.ScopeInsufficient,
    errors.CodeRefused,
    errors.PropertyForbidden,
    errors.EditForbidden,
    errors.ManageUsersForbidden,
    errors.AccountsForbidden,
)
"""What another consent, or another Google account's, may mend."""


def reason_of(request: ProvisioningRequest) -> Reason | None:
    """Why this request stands still; None where it does not."""
    if not request.has_ended:
        return None
    if request.reason in REASONS:
        return REASONS[request.reason]
    kind = errors.ERRORS.get(request.reason, errors.GoogleError)
    way = Way.CONSENT if issubclass(kind, BY_CONSENT) else Way.RESUME
    return Reason(noop("Google could not do this just now."), kind.sentence, way)


def in_words(reason: Reason) -> str:
    """Headline and sentence in the reader's language, in one line."""
    return f"{gettext(reason.title)} {gettext(reason.sentence)}"
