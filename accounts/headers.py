"""What a page may use of a browser: nothing of the machine it runs on, and passkeys for ourselves alone."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

NOTHING = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope",
    "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "screen-wake-lock", "usb",
    "xr-spatial-tracking",
)  # fmt: skip
OURS = ("publickey-credentials-create", "publickey-credentials-get", "clipboard-write", "fullscreen")
POLICY = ", ".join([*(f"{each}=()" for each in NOTHING), *(f"{each}=(self)" for each in OURS)])


class PermissionsPolicyMiddleware:
    """Says so with every answer. https://www.w3.org/TR/permissions-policy/"""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        answer.headers.setdefault("Permissions-Policy", POLICY)
        return answer
