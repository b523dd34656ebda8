"""One family for everything that goes wrong with Google, in words for the people who read them.

Which answer of Google's becomes which error is decided in `refusals`; this package says only what kinds there
are, whether asking again can help, and the sentence that agency staff or a client reads. Sentences are
English msgids: whoever shows one translates it. Nothing of Google's body and no token ever becomes part of an
error.
"""

from __future__ import annotations

from google_api.errors.answers import BadAnswer as BadAnswer
from google_api.errors.answers import ServerError as ServerError
from google_api.errors.answers import Unreachable as Unreachable
from google_api.errors.base import GoogleError as GoogleError
from google_api.errors.base import gettext_noop as gettext_noop
from google_api.errors.consent import AdminPolicyEnforced as AdminPolicyEnforced
from google_api.errors.consent import ClientDeleted as ClientDeleted
from google_api.errors.consent import ClientSecretWrong as ClientSecretWrong
from google_api.errors.consent import ClientUnknown as ClientUnknown
from google_api.errors.consent import CodeRefused as CodeRefused
from google_api.errors.consent import GoogleAccountGone as GoogleAccountGone
from google_api.errors.consent import GrantEnded as GrantEnded
from google_api.errors.consent import GrantRevoked as GrantRevoked
from google_api.errors.consent import IdentityRefused as IdentityRefused
from google_api.errors.consent import NotRevocable as NotRevocable
from google_api.errors.consent import OrgInternal as OrgInternal
from google_api.errors.consent import OtherClient as OtherClient
from google_api.errors.consent import RedirectRefused as RedirectRefused
from google_api.errors.consent import SessionExpired as SessionExpired
from google_api.errors.consent import VerifierRefused as VerifierRefused
from google_api.errors.limits import AdminDailyLimit as AdminDailyLimit
from google_api.errors.limits import AdminRateLimited as AdminRateLimited
from google_api.errors.limits import ConcurrentRequests as ConcurrentRequests
from google_api.errors.limits import DailyTokens as DailyTokens
from google_api.errors.limits import HourlyTokens as HourlyTokens
from google_api.errors.limits import RateLimited as RateLimited
from google_api.errors.limits import ServerErrorBudget as ServerErrorBudget
from google_api.errors.limits import ThresholdedRequests as ThresholdedRequests
from google_api.errors.limits import seconds_to_midnight_pacific as seconds_to_midnight_pacific
from google_api.errors.questions import AlreadyExists as AlreadyExists
from google_api.errors.questions import IncompatibleFields as IncompatibleFields
from google_api.errors.questions import InvalidArgument as InvalidArgument
from google_api.errors.questions import InvalidDetails as InvalidDetails
from google_api.errors.questions import InvalidPropertyId as InvalidPropertyId
from google_api.errors.questions import UnknownField as UnknownField
from google_api.errors.rights import AccountsForbidden as AccountsForbidden
from google_api.errors.rights import ApiDisabled as ApiDisabled
from google_api.errors.rights import EditForbidden as EditForbidden
from google_api.errors.rights import Forbidden as Forbidden
from google_api.errors.rights import ManageUsersForbidden as ManageUsersForbidden
from google_api.errors.rights import NoAccounts as NoAccounts
from google_api.errors.rights import NotFound as NotFound
from google_api.errors.rights import PropertyForbidden as PropertyForbidden
from google_api.errors.rights import ProvisioningNotAdmitted as ProvisioningNotAdmitted
from google_api.errors.rights import ScopeInsufficient as ScopeInsufficient
from google_api.errors.sign_in import ClientDisabled as ClientDisabled
from google_api.errors.sign_in import ClientRefused as ClientRefused
from google_api.errors.sign_in import ClockWrong as ClockWrong
from google_api.errors.sign_in import InvalidGrant as InvalidGrant
from google_api.errors.sign_in import KeyRefused as KeyRefused
from google_api.errors.sign_in import PolicyForbids as PolicyForbids
from google_api.errors.sign_in import ScopeRefused as ScopeRefused
from google_api.errors.sign_in import ServiceAccountGone as ServiceAccountGone
from google_api.errors.sign_in import SignInRefused as SignInRefused
from google_api.errors.sign_in import Unauthenticated as Unauthenticated

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
        InvalidDetails,
        AlreadyExists,
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
        GrantEnded,
        GrantRevoked,
        SessionExpired,
        GoogleAccountGone,
        CodeRefused,
        VerifierRefused,
        RedirectRefused,
        ClientUnknown,
        ClientSecretWrong,
        ClientDeleted,
        OtherClient,
        AdminPolicyEnforced,
        OrgInternal,
        NotRevocable,
        IdentityRefused,
        Forbidden,
        ScopeInsufficient,
        ApiDisabled,
        PropertyForbidden,
        NoAccounts,
        NotFound,
        EditForbidden,
        ManageUsersForbidden,
        AccountsForbidden,
        ProvisioningNotAdmitted,
        RateLimited,
        ConcurrentRequests,
        HourlyTokens,
        DailyTokens,
        ThresholdedRequests,
        ServerErrorBudget,
        AdminRateLimited,
        AdminDailyLimit,
    )
}


def sentence_for(code: str) -> str:
    """The sentence of a code read back from a database; of one that is no longer known, the general one."""
    return ERRORS.get(code, GoogleError).sentence
