"""What was said to Google and what it answered, for whoever looks for a fault.

Kept only inside a block that asks for it, by the thread of the block alone, and masked before it is kept: by
the names of fields that hold secrets, by what Google's tokens look like, and by the very secrets that the
request carried, wherever an answer repeats them.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qsl, urlsplit

from google_api import masking

Pairs = tuple[tuple[str, str], ...]

MOST_SHOWN = 16_000  # characters of one body
MOST_READ = 1_000_000  # bytes of an answer that is taken apart to be shown; of a larger one only the size is
MOST_KEPT = 100  # exchanges of one block
_TELLING = (
    "date",
    "content-type",
    "www-authenticate",
    "retry-after",
    "x-goog-request-id",
    "x-request-id",
    "x-cloud-trace-context",
)
_MEDIA = re.compile(r"[\w.+-]{1,60}/[\w.+-]{1,60}")


@dataclass(frozen=True)
class Exchange:
    """One request and its answer, without secrets."""

    method: str
    address: str  # with its query; without a user and password
    sent: Pairs  # headers
    body: str  # a form has one field to a line
    status: int | None  # None where no answer came
    headers: Pairs  # those of the answer that tell something
    answer: str
    trouble: str  # why no answer came, "" where one did
    ended_at: str  # by our clock, ISO 8601 in UTC

    def as_json(self) -> dict[str, object]:
        """What a database keeps of it."""
        return asdict(self)

    @property
    def skew(self) -> timedelta | None:
        """How far our clock was ahead of Google's, within a second or two; None where Google did not say."""
        try:
            theirs = parsedate_to_datetime(dict(self.headers).get("date", ""))
        except ValueError:
            return None
        return datetime.fromisoformat(self.ended_at) - theirs if theirs.tzinfo else None


_seen: ContextVar[list[Exchange] | None] = ContextVar("exchanges", default=None)


@contextlib.contextmanager
def exchanges() -> Iterator[list[Exchange]]:
    """Collects each exchange that this thread has with Google inside the block, retries too."""
    seen: list[Exchange] = []
    before = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(before)


def is_watched() -> bool:
    """Whether this thread is in such a block and it has room."""
    seen = _seen.get()
    return seen is not None and len(seen) < MOST_KEPT


def keep(
    method: str,
    url: str,
    params: Mapping[str, str],
    sent: Mapping[str, str],
    body: str,
    *,
    token: str,
    status: int | None,
    headers: Mapping[str, str],
    content: bytes,
    trouble: str = "",
) -> None:
    """Keeps an exchange, masked, in the block that it happened in; `token` is the bearer's, "" for none."""
    seen = _seen.get()
    if seen is None:
        return
    form = _form(body, sent)
    values = {token, *masking.secrets_of([*params.items(), *form]), *masking.secrets_of_json(_json(body))}
    hide = masking.hiding(values)
    seen.append(
        Exchange(
            method=method,
            address=hide(_address(url, params)),
            sent=tuple((name, hide(value)) for name, value in _sent_headers(sent, token)),
            body=_cut(hide(_body(body, form))),
            status=status,
            headers=tuple((name, hide(headers[name])[:300]) for name in _TELLING if name in headers),
            answer="" if status is None else _cut(hide(_answer(content, headers, url))),
            trouble=trouble,
            ended_at=datetime.now(UTC).isoformat(),
        )
    )


def _address(url: str, params: Mapping[str, str]) -> str:
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "(no address)"
    asked = masking.query([*parse_qsl(parts.query, keep_blank_values=True), *params.items()])
    return f"{parts.scheme}://{parts.hostname}{port}{parts.path}{'?' if asked else ''}{asked}"


def _sent_headers(sent: Mapping[str, str], token: str) -> Iterable[tuple[str, str]]:
    bearer = {"Authorization": f"Bearer {masking.MASK}"} if token else {}
    return masking.pairs([*sent.items()]) + [*bearer.items()]


def _form(body: str, sent: Mapping[str, str]) -> list[tuple[str, str]]:
    kinds = [value for name, value in sent.items() if name.lower() == "content-type"]
    is_form = any("x-www-form-urlencoded" in kind for kind in kinds)
    return parse_qsl(body, keep_blank_values=True) if is_form else []


def _body(body: str, form: list[tuple[str, str]]) -> str:
    if form:
        return "\n".join(f"{name}={value}" for name, value in masking.pairs(form))
    return _shown(_json(body)) or (f"({len(body)} characters)" if body else "")


def _answer(content: bytes, headers: Mapping[str, str], url: str) -> str:
    if not content:
        return ""
    read = _json(content) if len(content) <= MOST_READ else None
    found = _MEDIA.match(headers.get("content-type", ""))
    told = f"({found[0]}, {len(content)} bytes)" if found else f"({len(content)} bytes)"
    return _shown(masking.ticket_in(read, url)) or told


def _shown(value: object) -> str:
    """As indented JSON, masked; "" for what is neither object nor list, as that has no names to judge by."""
    if not isinstance(value, (dict, list)):
        return ""
    return json.dumps(masking.json_value(value), indent=2, ensure_ascii=False)


def _json(text: str | bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _cut(text: str) -> str:
    more = len(text) - MOST_SHOWN
    return f"{text[:MOST_SHOWN]}\n… (+{more})" if more > 0 else text
