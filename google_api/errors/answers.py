"""No usable answer came."""

from __future__ import annotations

from google_api.errors.base import GoogleError, gettext_noop


class Unreachable(GoogleError):
    """Refused, no such host, TLS failed, timed out.

    `asked` is False where Google surely never got the question, so that nothing was done.
    """

    code = "unreachable"
    sentence = gettext_noop(
        "Google could not be reached in time. It will be tried again; if this stays, check this server's "
        "connection to the internet."
    )

    def __init__(
        self,
        log_detail: str = "",
        *,
        status: int | None = None,
        retry_after: float | None = None,
        asked: bool = True,
    ) -> None:
        super().__init__(log_detail, status=status, retry_after=retry_after)
        self.asked = asked


class ServerError(GoogleError):
    """Google answered 5xx, or said that it failed."""

    code = "server_error"
    sentence = gettext_noop("Google Analytics has a fault of its own at the moment. It will be tried again.")


class BadAnswer(GoogleError):
    """An answer that is none of Google's: HTML, half a body, no JSON, too large, a redirect, not the promised
    shape.
    """

    code = "bad_answer"
    sentence = gettext_noop(
        "Something else than Google's answer came back. It will be tried again; if this stays, check "
        "Google's addresses in this portal's settings and any proxy on the way."
    )
