"""Which protocol a request speaks."""

from __future__ import annotations

from django.conf import settings

from provisioning.models import ProvisioningRequest
from provisioning.protocols import ProvisioningApi
from provisioning.protocols.admin import AdminProvisioning
from provisioning.protocols.v3 import V3Provisioning

PROTOCOLS: dict[str, ProvisioningApi] = {
    ProvisioningRequest.Protocol.ADMIN.value: AdminProvisioning(),
    ProvisioningRequest.Protocol.V3.value: V3Provisioning(),
}


def protocol_of(request: ProvisioningRequest) -> ProvisioningApi:
    """The one it began with, whatever the settings say by now."""
    return PROTOCOLS[request.protocol]


def protocol_now() -> str:
    """The one that a new request begins with."""
    return str(settings.PROVISIONING_API)


def is_offered() -> bool:
    """Whether people can be sent to Google at all: what needs a client id is hidden without one."""
    return bool(settings.GOOGLE_CLIENT_ID)
