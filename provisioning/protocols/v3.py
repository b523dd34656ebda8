"""Accounts of Universal Analytics, by the Provisioning API as first published: the ticket makes account, web
property and profile. It is by Google's invitation, and makes no GA4 property.

https://developers.google.com/analytics/devguides/config/provisioning/v3/devguide
"""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings

from google_api import errors, scopes, v3
from google_api.http import Api
from provisioning.models import ProvisioningRequest
from provisioning.protocols import MissingParameters, Tree


class V3Provisioning:
    """Universal Analytics: the terms make the whole tree."""

    makes_property = False

    @property
    def base_url(self) -> str:
        """The old APIs'."""
        return str(settings.GOOGLE_V3_API)

    def scopes(self, *, shares: bool) -> tuple[str, ...]:
        """`readonly` looks for an account whose owner did not come back."""
        return (scopes.ANALYTICS_PROVISION, scopes.ANALYTICS_READONLY)

    def accounts(self, api: Api) -> dict[str, str]:
        """Every account that the person sees."""
        return {each.id: each.name for each in v3.list_account_tree(api)}

    def ticket(self, api: Api, request: ProvisioningRequest, redirect_uri: str) -> str:
        """For all three. It takes no more fields than these."""
        return v3.create_account_ticket(
            api,
            account_name=request.account_name,
            web_property_name=request.property_name,
            website_url=request.website,
            profile_name=request.view_name,
            time_zone=request.time_zone,
            redirect_uri=redirect_uri,
        )

    def returned(self, params: Mapping[str, str]) -> Tree:
        """All three ids."""
        names = ("accountId", "webPropertyId", "profileId")
        if not all(params.get(name) for name in names):
            raise MissingParameters
        return Tree(*(params[name][:30] for name in names))

    def tree_of(self, api: Api, account_id: str) -> Tree:
        """The account's first web property and profile: a new account has one of each."""
        for account in v3.list_account_tree(api):
            if account.id == account_id and account.web_properties:
                web_property = account.web_properties[0]
                profiles = web_property.profiles
                return Tree(account_id, web_property.id, profiles[0].id if profiles else "")
        raise errors.NotFound("the account is not listed")
