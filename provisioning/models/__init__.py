"""Credentials, consents, requests for an account at Google Analytics, and mails that wait."""

from provisioning.models.arrivals import Arrival
from provisioning.models.consents import Consent, IssuedToken
from provisioning.models.credentials import Credential, Grant, PropertyAssignment, ReachableProperty
from provisioning.models.key_marks import KeyMark
from provisioning.models.mails import WaitingMail
from provisioning.models.requests import AccountTicket, ProvisioningRequest, RequestEvent, RequestLink

__all__ = [
    "AccountTicket",
    "Arrival",
    "Consent",
    "Credential",
    "Grant",
    "IssuedToken",
    "KeyMark",
    "PropertyAssignment",
    "ProvisioningRequest",
    "ReachableProperty",
    "RequestEvent",
    "RequestLink",
    "WaitingMail",
]
