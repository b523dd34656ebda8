"""Google's token endpoint, for whoever asks it for access tokens.

google-auth writes the question; it leaves through our door, which names the errors and decides on retries.
Nothing but its `refresh` is used: its sessions call a Google address of their own in the background.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Generic, TypeVar

from google.auth import transport
from google.auth.credentials import Credentials
from google.auth.exceptions import GoogleAuthError

from google_api import http
from google_api.errors import BadAnswer, GoogleError, ScopeRefused
from google_api.shapes import Json

_TOKEN = re.compile(
    r"[\x21-\x7e]{1,4096}"
)  # Google's ceiling is 2048 bytes; these are what a header may hold
_SECONDS = re.compile(r"[1-9][0-9]{0,8}")


T = TypeVar("T")


def fetch(
    credentials: Credentials,
    read: Callable[[Json], T],
    judge: http.Judge,
    *,
    deadline: float,
    sleep: http.Sleep,
) -> T:
    """What `read` makes of the good answer that `credentials` get. Raises a `GoogleError`, for a refusal the
    one that `judge` names, and without a traceback that could show the question or the answer.
    """
    door = _Door(read, judge, deadline, sleep)
    problem = _refresh(credentials, door)
    if problem is not None:
        raise problem.with_traceback(None)
    return door.answers[-1]


def _refresh(credentials: Credentials, door: transport.Request) -> GoogleError | None:
    try:
        credentials.refresh(door)  # type: ignore[no-untyped-call]
    except GoogleError as problem:
        return problem
    except (GoogleAuthError, TypeError, ValueError) as problem:
        # Not to be expected, as the door lets only good answers through; their texts may hold the answer.
        return BadAnswer(f"google-auth failed ({type(problem).__name__})")
    return None


class _Door(transport.Request, Generic[T]):
    """Lets google-auth ask through `http`. A refusal is raised from here, so google-auth's own retries never
    begin. The answers are read here too: google-auth keeps only a part of them.
    """

    def __init__(
        self, read: Callable[[Json], T], judge: http.Judge, deadline: float, sleep: http.Sleep
    ) -> None:
        self._read = read
        self._judge = judge
        self._deadline = deadline
        self._sleep = sleep
        self.answers: list[T] = []

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        **kwargs: object,
    ) -> _Granted:
        return http.post_form(
            url,
            body or b"",
            headers or {},
            read=self._granted,
            judge=self._judge,
            deadline=self._deadline,
            sleep=self._sleep,
        )

    def _granted(self, answer: Json) -> _Granted:
        self.answers.append(self._read(answer))
        return _Granted(json.dumps(answer).encode())


@dataclass(frozen=True)
class _Granted(transport.Response):
    """A good answer of the token endpoint, in google-auth's terms."""

    body: bytes = field(repr=False)

    @property
    def status(self) -> int:
        return 200

    @property
    def headers(self) -> Mapping[str, str]:
        return {}

    @property
    def data(self) -> bytes:
        return self.body


def access_token_in(answer: Json) -> tuple[str, datetime]:
    """The access token and its end (UTC). Raises `BadAnswer`, `ScopeRefused`."""
    if answer.get("access_token") is None and "id_token" in answer:
        raise ScopeRefused("200 id_token", status=200)  # a scope that Google does not know
    token, end = token_in(answer, "access_token"), end_in(answer, "expires_in")
    if not token:
        raise BadAnswer("200 without access_token", status=200)
    if end is None:
        raise BadAnswer("200 without expires_in", status=200)
    return token, end


def token_in(answer: Json, key: str) -> str:
    """The token that stands there, "" where none does. Raises `BadAnswer` for what no header could hold."""
    value = answer.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or not _TOKEN.fullmatch(value):
        raise BadAnswer(f"200 without {key}", status=200)
    return value


def end_in(answer: Json, key: str) -> datetime | None:
    """When so many seconds from now are over (UTC), None where none are given."""
    seconds = str(answer.get(key))
    return datetime.now(UTC) + timedelta(seconds=int(seconds)) if _SECONDS.fullmatch(seconds) else None
