"""Rights and existence: 403 and 404."""

from __future__ import annotations

from google_api.errors.base import GoogleError, gettext_noop


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


class NoAccounts(Forbidden):
    """Version 3 says so with 403 where newer APIs answer an empty list."""

    code = "no_accounts"
    sentence = gettext_noop(
        "This Google account has no Google Analytics yet. Make an account, or connect another Google account."
    )


class NotFound(GoogleError):
    code = "not_found"
    permanent = True
    sentence = gettext_noop(
        "Google Analytics has no such account or property: it was deleted, or its number is wrong. Choose "
        "another one."
    )


class EditForbidden(Forbidden):
    code = "edit_forbidden"
    sentence = gettext_noop(
        "This Google account may not change this Google Analytics account or property. Ask its administrator "
        "for the role of an editor, or connect a Google account that has it."
    )


class ManageUsersForbidden(Forbidden):
    code = "manage_users_forbidden"
    sentence = gettext_noop(
        "This Google account may not give others access to this property. Connect the Google account of an "
        "administrator of the property."
    )


class AccountsForbidden(Forbidden):
    """The account ticket was refused to this person."""

    code = "accounts_forbidden"
    sentence = gettext_noop(
        "Google does not let this Google account make a Google Analytics account. If it belongs to an "
        "organization, ask its administrator to switch Google Analytics on; or use another Google account."
    )


class ProvisioningNotAdmitted(Forbidden):
    """The old Provisioning API is open to projects that Google invited."""

    code = "provisioning_not_admitted"
    sentence = gettext_noop(
        "Google has not admitted this portal's Google Cloud project to the Provisioning API of version 3. Ask"
        " Google for access, or set PROVISIONING_API to admin."
    )
