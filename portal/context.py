"""What every page may show of the agency that runs this installation."""

from django.conf import settings
from django.http import HttpRequest


def agency(request: HttpRequest) -> dict[str, dict[str, str]]:
    """The agency's name and how to reach it."""
    return {"agency": {"name": settings.AGENCY_NAME, "contact": settings.AGENCY_CONTACT}}
