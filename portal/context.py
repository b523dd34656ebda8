"""What every page may show of the agency that runs this installation."""

from django.http import HttpRequest

from accounts.branding import Agency


def agency(request: HttpRequest) -> dict[str, Agency]:
    """The agency's name, how to reach it, and its look."""
    return {"agency": Agency()}
