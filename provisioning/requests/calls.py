"""Asks Google on behalf of a request, with its grant."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from google_api import errors
from google_api.http import Api
from provisioning import credentials
from provisioning.models import ProvisioningRequest
from provisioning.protocols.chosen import protocol_of

T = TypeVar("T")


def ask(request: ProvisioningRequest, question: Callable[[Api], T]) -> T:
    """What Google answers the person who gave the request's grant. Raises GoogleError."""
    if request.grant is None:
        raise errors.InvalidGrant("the grant was removed")
    return credentials.call(request.grant, protocol_of(request).base_url, question)
