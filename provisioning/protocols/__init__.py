"""How an account is made at Google: the flow is one, only what is said on the wire differs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from google_api.http import Api
from provisioning.models import ProvisioningRequest


class MissingParameters(Exception):
    """Google's terms page sent somebody back without the ids that this protocol promises."""


@dataclass(frozen=True)
class Tree:
    """What Google made when the terms were accepted: with `admin` an account, with `v3` all three."""

    account_id: str
    web_property_id: str = ""
    profile_id: str = ""


class ProvisioningApi(Protocol):
    """One of the two."""

    makes_property: bool
    """Whether a property and a tag are still to be made once the terms are accepted."""

    @property
    def base_url(self) -> str:
        """Where this API lives."""

    def scopes(self, *, shares: bool) -> tuple[str, ...]:
        """What consent must cover; `shares` when a service account will be invited."""

    def accounts(self, api: Api) -> dict[str, str]:
        """The ids and names of the accounts that the person has. Raises GoogleError."""

    def ticket(self, api: Api, request: ProvisioningRequest, redirect_uri: str) -> str:
        """A ticket for the account that the request describes. Raises GoogleError."""

    def returned(self, params: Mapping[str, str]) -> Tree:
        """What a return from the terms page names. Raises MissingParameters."""

    def tree_of(self, api: Api, account_id: str) -> Tree:
        """The ids that Google itself lists for an account. Raises GoogleError."""
