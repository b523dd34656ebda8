"""Accounts of Google Analytics 4: the Admin API makes the ticket, and afterwards property and stream.

https://developers.google.com/analytics/devguides/config/admin/v1/rest/v1beta/accounts/provisionAccountTicket
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.conf import settings

from google_api import admin, admin_writes, scopes
from google_api.http import Api
from provisioning.models import ProvisioningRequest
from provisioning.protocols import MissingParameters, Tree


class AdminProvisioning:
    """GA4: the terms make an account alone."""

    makes_property = True

    @property
    def base_url(self) -> str:
        """The Admin API's."""
        return str(settings.GOOGLE_ADMIN_API)

    def scopes(self, *, shares: bool) -> tuple[str, ...]:
        """`edit` creates, `manage.users` invites the service account, `readonly` reads the figures."""
        invite = (scopes.ANALYTICS_MANAGE_USERS,) if shares else ()
        return (scopes.ANALYTICS_EDIT, scopes.ANALYTICS_READONLY, *invite)

    def accounts(self, api: Api) -> dict[str, str]:
        """Every account that the person sees."""
        return {_number(each.account): each.display_name for each in admin.list_account_summaries(api)}

    def ticket(self, api: Api, request: ProvisioningRequest, redirect_uri: str) -> str:
        """For the account alone."""
        return admin_writes.provision_account_ticket(
            api,
            display_name=request.account_name,
            region_code=request.country,
            redirect_uri=redirect_uri,
        )

    def returned(self, params: Mapping[str, str]) -> Tree:
        """`accountId`, a bare number."""
        account = _number(params.get("accountId", ""))
        if not re.fullmatch(r"[0-9]{1,20}", account):
            raise MissingParameters
        return Tree(account)

    def tree_of(self, api: Api, account_id: str) -> Tree:
        """The account: there is nothing else yet."""
        return Tree(account_id)


def _number(account: str) -> str:
    return account.removeprefix("accounts/")
