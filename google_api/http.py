"""The one door to Google: every request of the portal's to Google leaves through here, and nothing else
imports `requests`.

No call can leave out its timeouts, its overall deadline, the cap on the answer's size or the limit of its
retries. Redirects are never followed: no Google API that we call sends any, and one would carry the token
elsewhere. Proxies of the environment are honoured, its `.netrc` is not (it would replace the token).

What goes wrong is built here and raised outside of the frames and exceptions of `requests` and of readers,
which hold headers and bodies: an error of ours has no cause, context or traceback that could print them.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import os
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from typing import TypeVar, cast
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError, MaxRetryError, NewConnectionError, ReadTimeoutError

from google_api import exchanges, watching
from google_api.errors import BadAnswer, GoogleError, Unreachable
from google_api.refusals import Refusal, api_error
from google_api.shapes import Json

logger = logging.getLogger("google_api")

CONNECT_TIMEOUT = 5.0  # seconds
MAX_BYTES = 32 * 2**20  # of one answer, decompressed; five reports of 10,000 long rows are about 10 MiB
# Google's guidance: back off, and with a cap, as each 500 and 503 of the Data API takes one of ten an hour.
# https://developers.google.com/analytics/devguides/reporting/data/v1/errors
RETRIES = 2
_RETRIED = frozenset({500, 502, 503})
_CHUNK = 64 * 1024
_POOL = 32  # connections kept to one host; more threads than that open and close their own

T = TypeVar("T")
Sleep = Callable[[float], None]
Judge = Callable[[Refusal], GoogleError]


@dataclass(frozen=True)
class Api:
    """Where an API lives and as whom it is asked.

    `base_url` has no version ("https://analyticsdata.googleapis.com"). `deadline` is in seconds and covers a
    call with all its retries and their pauses.
    """

    base_url: str
    token: str = field(repr=False)
    deadline: float = 30.0
    sleep: Sleep = field(default=time.sleep, repr=False, compare=False)


def get(
    api: Api,
    path: str,
    read: Callable[[Json], T],
    params: Mapping[str, str] | None = None,
    judge: Judge = api_error,
) -> T:
    """What `read` makes of Google's answer to GET `path`.

    Raises a `GoogleError`, for a refusal the one that `judge` names.
    """
    request = _Request("GET", _url(api, path), _Bearer(api.token), params=dict(params or {}))
    return _ask(api, request, read, judge)


def ask(api: Api, path: str, read: Callable[[Json], T], question: Json) -> T:
    """What `read` makes of Google's answer to POST `path`, where that only reads and so may be repeated.

    Raises a `GoogleError`.
    """
    return _ask(api, _json_request(api, "POST", path, question), read)


def create(api: Api, path: str, read: Callable[[Json], T], body: Json, judge: Judge = api_error) -> T:
    """What `read` makes of Google's answer to POST `path`, which makes something.

    It is repeated only where Google surely did nothing: after any other failure the caller looks whether the
    thing is there. Raises a `GoogleError`, for a refusal the one that `judge` names.
    """
    return _ask(api, _json_request(api, "POST", path, body, once=True), read, judge)


def patch(
    api: Api, path: str, read: Callable[[Json], T], body: Json, mask: Sequence[str], judge: Judge = api_error
) -> T:
    """What `read` makes of Google's answer to PATCH `path`, which sets the fields of `mask` (snake_case) to
    those of `body`, however often it is sent. Raises a `GoogleError`.
    """
    request = _json_request(api, "PATCH", path, body, params={"updateMask": ",".join(mask)})
    return _ask(api, request, read, judge)


def post_form(
    url: str,
    form: bytes,
    headers: Mapping[str, str],
    *,
    read: Callable[[Json], T],
    judge: Judge,
    deadline: float,
    sleep: Sleep = time.sleep,
    once: bool = False,
) -> T:
    """What `read` makes of the answer of an endpoint that takes a form and no token.

    `once` is for what Google takes only once, as codes. Raises a `GoogleError`, for a refusal the one that
    `judge` names.
    """
    request = _form_request(url, form, headers, once=once)
    del form  # an error page shows the variables of the frames that an error went through
    return _answer(_exchange(request, judge, deadline, sleep), read)


def tell(url: str, form: bytes, *, judge: Judge, deadline: float, sleep: Sleep = time.sleep) -> None:
    """As `post_form`, where only the status of the answer says something."""
    request = _form_request(url, form, {"Content-Type": "application/x-www-form-urlencoded"})
    del form
    _exchange(request, judge, deadline, sleep)


def fetch_public(
    url: str, read: Callable[[Json], T], *, deadline: float, sleep: Sleep = time.sleep
) -> tuple[T, int | None]:
    """What `read` makes of a document that anybody may read, and the seconds that it may be kept for (None
    where its server does not say). Raises a `GoogleError`.
    """
    reply = _exchange(_Request("GET", url, _Nobody()), api_error, deadline, sleep)
    return _answer(reply, read), _max_age(reply.headers)


class _Bearer(AuthBase):
    """Sets the header at the last moment, so that no variable of ours holds it beside `Api`."""

    def __init__(self, token: str) -> None:
        self.token = token

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        prepared.headers["Authorization"] = f"Bearer {self.token}"
        return prepared


class _Nobody(AuthBase):
    """Sends no credentials, and by being there keeps `requests` from looking for some in `.netrc`."""

    def __call__(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        return prepared


@dataclass(frozen=True)
class _Request:
    method: str
    url: str
    auth: AuthBase = field(repr=False)
    params: dict[str, str] = field(default_factory=dict, repr=False)
    headers: dict[str, str] = field(default_factory=dict, repr=False)
    body: str = field(default="", repr=False)
    once: bool = False  # must not be carried out twice

    @property
    def place(self) -> str:
        """Host and path, for logs: no user, no password, no query."""
        try:
            parts = urlsplit(self.url)
            port = f":{parts.port}" if parts.port else ""
        except ValueError:
            return "(no address)"
        return f"{parts.hostname}{port}{parts.path}"

    @property
    def path(self) -> str:
        """The path alone; empty where the address is none."""
        try:
            return urlsplit(self.url).path
        except ValueError:
            return ""


@dataclass(frozen=True)
class _Reply:
    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)


def _url(api: Api, path: str) -> str:
    return f"{api.base_url.rstrip('/')}/{path.lstrip('/')}"


def _json_request(
    api: Api, method: str, path: str, body: Json, *, params: dict[str, str] | None = None, once: bool = False
) -> _Request:
    return _Request(
        method,
        _url(api, path),
        _Bearer(api.token),
        params=params or {},
        headers={"Content-Type": "application/json"},
        body=json.dumps(body),
        once=once,
    )


def _form_request(url: str, form: bytes, headers: Mapping[str, str], *, once: bool = False) -> _Request:
    return _Request("POST", url, _Nobody(), headers=dict(headers), body=form.decode("ascii"), once=once)


def _ask(api: Api, request: _Request, read: Callable[[Json], T], judge: Judge = api_error) -> T:
    return _answer(_exchange(request, judge, api.deadline, api.sleep), read)


def _exchange(request: _Request, judge: Judge, deadline: float, sleep: Sleep) -> _Reply:
    """The reply to `request`, after retries if need be."""
    until = time.monotonic() + deadline
    for attempt in itertools.count(1):
        outcome = _attempt(request, judge, until, attempt)
        if isinstance(outcome, _Reply):
            return outcome
        pause = _pause_before_retry(request, outcome, attempt)
        if pause is None or time.monotonic() + pause >= until:
            raise outcome
        sleep(pause)
    raise AssertionError("itertools.count() ended")


def _pause_before_retry(request: _Request, error: GoogleError, attempt: int) -> float | None:
    """Seconds to wait before asking again, None where that is not to be done."""
    worth_it = _surely_not_done(error) if request.once else _may_get_better(error)
    if attempt > RETRIES or not worth_it:
        return None
    backoff = 0.5 * attempt * random.uniform(0.5, 1.5)  # noqa: S311 (spreads load, hides nothing)
    return max(backoff, error.retry_after or 0)


def _may_get_better(error: GoogleError) -> bool:
    return isinstance(error, Unreachable) or error.status in _RETRIED


def _surely_not_done(error: GoogleError) -> bool:
    """Whether Google never got the question, or turned it away unread because there were too many."""
    return error.status == 429 or (isinstance(error, Unreachable) and not error.asked)


def _attempt(request: _Request, judge: Judge, until: float, attempt: int) -> _Reply | GoogleError:
    """One request and its line in the log."""
    began = time.monotonic()
    reply = _send(request, until)
    if exchanges.is_watched():
        _show(request, reply)
    outcome: _Reply | GoogleError = reply
    if isinstance(reply, _Reply) and reply.status != 200:
        outcome = judge(Refusal(reply.status, reply.headers, reply.content, sent=request.body))
    seconds = time.monotonic() - began
    _log(request, outcome, int(seconds * 1000), attempt)
    watching.tell(watching.Call(request.method, request.path, _name(outcome), seconds))
    return outcome


def _name(outcome: _Reply | GoogleError) -> str:
    return outcome.code if isinstance(outcome, GoogleError) else "ok"


def _show(request: _Request, reply: _Reply | GoogleError) -> None:
    """Hands the exchange to whoever looks for a fault, masked."""
    came = reply if isinstance(reply, _Reply) else None
    exchanges.keep(
        request.method,
        request.url,
        request.params,
        request.headers,
        request.body,
        token=request.auth.token if isinstance(request.auth, _Bearer) else "",
        status=came.status if came else reply.status,
        headers=came.headers if came else {},
        content=came.content if came else b"",
        trouble="" if came else str(reply),
    )


def _log(request: _Request, outcome: _Reply | GoogleError, ms: int, attempt: int) -> None:
    failed = isinstance(outcome, GoogleError)
    logger.log(
        logging.WARNING if failed else logging.INFO,
        "method=%s place=%s status=%s ms=%d attempt=%d%s",
        request.method,
        request.place,
        outcome.status or "none",
        ms,
        attempt,
        f" error={outcome}" if failed else "",
    )


def _send(request: _Request, until: float) -> _Reply | GoogleError:
    remaining = until - time.monotonic()
    if remaining <= 0:
        return Unreachable("no time left", asked=False)
    try:
        with _session().request(
            request.method,
            request.url,
            params=request.params,
            data=request.body.encode() or None,
            headers=request.headers,
            auth=request.auth,
            proxies=_proxies(request.url),
            timeout=(min(CONNECT_TIMEOUT, remaining), remaining),
            allow_redirects=False,
            stream=True,
        ) as response:
            return _read(response, until)
    except requests.ConnectTimeout:
        return Unreachable("timed out", asked=False)
    except requests.Timeout:
        return Unreachable("timed out")
    except requests.exceptions.SSLError:
        return Unreachable("TLS failed")
    except requests.ConnectionError as problem:
        return Unreachable("no connection", asked=not _never_connected(problem))
    except (requests.RequestException, HTTPError, OSError, ValueError) as problem:
        # An address that is none, a header that is none: the message may hold the value, so only its type is
        # kept.
        return BadAnswer(f"cannot ask ({type(problem).__name__})")


def _never_connected(problem: requests.ConnectionError) -> bool:
    """Whether no line to Google, or to the proxy on the way, came about: refused, or no such host."""
    cause = problem.args[0] if problem.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else None
    return isinstance(problem, requests.exceptions.ProxyError) or isinstance(reason, NewConnectionError)


def _proxies(url: str) -> dict[str, str]:
    """The environment's, but for the sandbox: a proxy would look for this machine's loopback on its own."""
    host = urlsplit(url).hostname or ""
    return {"no_proxy": host} if host in {"127.0.0.1", "localhost"} else {}


def _read(response: requests.Response, until: float) -> _Reply | GoogleError:
    """The whole answer, unless it takes too long or grows too large."""
    headers = {name.lower(): value for name, value in response.headers.items()}
    content = bytearray()
    try:
        with _cut_off_at(until, response) as is_cut_off:
            for chunk in _chunks(response):
                content += chunk
                if len(content) > MAX_BYTES:
                    return BadAnswer("too large", status=response.status_code)
    except (HTTPError, OSError) as problem:
        if is_cut_off() or isinstance(problem, ReadTimeoutError):
            return Unreachable("timed out")
        return BadAnswer("broke off", status=response.status_code)
    return Unreachable("timed out") if is_cut_off() else _Reply(response.status_code, headers, bytes(content))


def _chunks(response: requests.Response) -> Iterator[bytes]:
    """What has arrived, as it arrives: `iter_content` would wait for a chunk to be full, however slowly it
    fills.
    """
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        yield chunk


@contextlib.contextmanager
def _cut_off_at(until: float, response: requests.Response) -> Iterator[Callable[[], bool]]:
    """Stops reading at `until`: the socket's own timeout starts anew with every byte and ends no trickle."""
    done = threading.Event()

    def cut_off() -> None:
        done.set()
        with contextlib.suppress(ValueError, RuntimeError, OSError):  # already read to its end
            response.raw.shutdown()

    timer = threading.Timer(max(0.0, until - time.monotonic()), cut_off)
    timer.daemon = True
    timer.start()
    try:
        yield done.is_set
    finally:
        timer.cancel()


def _answer(reply: _Reply, read: Callable[[Json], T]) -> T:
    outcome = _outcome(reply, read)
    if isinstance(outcome, GoogleError):
        raise outcome.with_traceback(None)  # whose frames hold the answer
    return outcome


def _outcome(reply: _Reply, read: Callable[[Json], T]) -> T | GoogleError:
    value = _parsed(reply.content)
    if not isinstance(value, dict):
        return BadAnswer("200 without a JSON object", status=reply.status)
    try:
        return read(cast(Json, value))
    except GoogleError as problem:
        return problem


def _max_age(headers: Mapping[str, str]) -> int | None:
    found = re.search(r"(?:^|[,\s])max-age=([0-9]{1,9})(?:$|[,\s])", headers.get("cache-control", ""))
    return int(found[1]) if found else None


def _parsed(content: bytes) -> object:
    """The JSON, or None. Errors of the parser hold the whole body, so none leaves this function."""
    try:
        return json.loads(content, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return None


def _no_number(name: str) -> None:
    raise ValueError("not a number of JSON's")  # NaN and Infinity, which Python would take


@cache
def _session() -> requests.Session:
    """The connections that all threads share. It keeps no cookies: the only state is open sockets."""
    session = requests.Session()
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers["User-Agent"] = "Belvedere"
    for scheme in ("https://", "http://"):
        session.mount(scheme, HTTPAdapter(pool_connections=8, pool_maxsize=_POOL, max_retries=0))
    return session


# Two processes must never speak on one socket.
os.register_at_fork(after_in_child=_session.cache_clear)
