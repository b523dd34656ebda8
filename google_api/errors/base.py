"""What every error of Google's has: a code, a sentence for people, a detail for logs."""

from __future__ import annotations

from typing import ClassVar


def gettext_noop(message: str) -> str:
    """Marks `message` for `makemessages`, which knows this name; translated where it is shown."""
    return message


class GoogleError(Exception):
    """Something went wrong between us and Google.

    `log_detail` is for logs: HTTP status, Google's reason, request id, never a body and never a token.
    `status` is the HTTP status, None where there was no answer. `retry_after` is in seconds, None where
    nothing is known.
    """

    code: ClassVar[str] = "google_error"
    permanent: ClassVar[bool] = False
    sentence: ClassVar[str] = gettext_noop(
        "Google Analytics could not be asked. It will be tried again; if this stays, ask your agency."
    )

    def __init__(
        self, log_detail: str = "", *, status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(log_detail)  # so that a pickled error comes back whole
        self.log_detail = log_detail
        self.status = status
        self.retry_after = self.usual_wait() if retry_after is None else retry_after

    def __str__(self) -> str:
        return f"{self.code}: {self.log_detail}" if self.log_detail else self.code

    @property
    def user_message(self) -> str:
        """What happened and what to do, in English."""
        return self.sentence

    @classmethod
    def usual_wait(cls) -> float | None:
        """Seconds after which asking again makes sense for this kind of error, where that is known."""
        return None
