"""What tests do to a request that went all the way, the fixture `live`."""

from __future__ import annotations

from accounts.tenancy import all_tenants
from provisioning.models import ProvisioningRequest
from tests.google import Google
from tests.provisioning.journey import Journey


def visits(google: Google, journey: Journey, count: int = 1) -> None:
    """The tag of the journey's property sends so many hits."""
    google.control("POST", "hits", {"property": journey.row().property_id, "count": count})


def change(journey: Journey, **facts: object) -> None:
    """Sets columns of the journey's request."""
    with all_tenants(reason="a test's set-up"):
        ProvisioningRequest.objects.filter(pk=journey.pk).update(**facts)


def codes(journey: Journey) -> list[str]:
    """What was noted in its history, in order, after its beginning."""
    return [code for _, code in journey.history() if code not in ("", "started")]
