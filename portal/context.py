"""What every page may show of the agency that runs this installation."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts import second_step
from accounts.branding import Agency


def agency(request: HttpRequest) -> dict[str, Any]:
    """The agency's name, how to reach it, its look, how people can sign in, or sign up."""
    return {
        "agency": Agency(),
        "has_google": bool(settings.GOOGLE_CLIENT_ID),
        "passkeys_work": second_step.passkeys_work(),
        "signs_up": settings.SIGNUP == "open",
    }
