"""What the measurements share: an installation, readers that cost little themselves, rounds in which both
sides meet the same noise, and the line that says how it went.
"""

from __future__ import annotations

import http.client
import json
import re
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.installation import PASSWORD, Installation, free_port, installed

PROPERTY = "310000001"
PAGE = "/clients/osteria/views/site/"
READER = "nino@osteria.example"
PATIENCE_SECONDS = 60
LAST_DAY = date.today() - timedelta(days=30)  # noqa: DTZ011 - no zone is a month off
DATA_API = ":batchRunReports", ":runReport"


@contextmanager
def site(*, workers: int = 2, database: str = "") -> Iterator[Installation]:
    """An installation with one client, its owner READER, and its view at PAGE, cold. On SQLite, unless an
    empty `database` is named.
    """
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        installed(Path(folder), workers=workers, database=database) as made,
    ):
        made.add_key(PROPERTY)
        made.add_views(f"osteria,Osteria da Nino,site,Whole site,{PROPERTY},,overview")
        made.add_person(READER, "owner", "osteria")
        yield made


def serve(
    made: Installation, application: str, *, ready: str = "readyz", workers: int = 1, **environment: str
) -> int:
    """Serves a WSGI application as the installation serves the portal, on a port of its own, which it
    returns. `ready` is an address that answers in JSON as soon as all is well.
    """
    port = free_port()
    gunicorn = shutil.which("gunicorn", path=str(Path(sys.executable).parent)) or "gunicorn"
    made.start(
        f"server-{port}",
        ["env", *(f"{key}={value}" for key, value in environment.items()), gunicorn, application,
         "--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--threads", "16",
         "--worker-class", "gthread", "--no-control-socket"],
        f"http://127.0.0.1:{port}/{ready}",
    )  # fmt: skip
    return port


@dataclass
class Reader:
    """Somebody with a browser, as far as HTTP goes: cookies, a kept connection, gzip."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str) -> tuple[int, bytes]:
        """An answer's status and its body as it was sent, compressed."""
        status, body, _ = self.ask("GET", path, None, {"Accept-Encoding": "gzip"})
        return status, body

    def text(self, path: str) -> str:
        """A page's text. AssertionError unless it is there."""
        status, body, _ = self.ask("GET", path, None, {})
        assert status == 200, f"{path} answers {status}"
        return body.decode()

    def json(self, path: str) -> Any:
        """An answer in JSON. AssertionError unless it is there."""
        return json.loads(self.text(path))

    def sign_in(self, email: str = READER) -> Reader:
        """By the form, as a person would."""
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.text("/accounts/login/"))
        assert found
        form = urlencode({"login": email, "password": PASSWORD, "csrfmiddlewaretoken": found[1]})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://localhost:{self.port}/",
        }
        status, _, _ = self.ask("POST", "/accounts/login/", form, headers)
        assert status == 302, f"the sign-in of {email} was answered with {status}"
        return self

    def twin(self, port: int = 0) -> Reader:
        """The same person on a connection of its own, perhaps to another server of the same portal."""
        return Reader(port or self.port, dict(self.cookies))

    def complete(self, page: str = PAGE, query: str = "") -> Any:
        """The page's data, asked as its script asks: again while it is not complete."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            answer = self.json(f"{page}data.json?{query}")
            if answer["complete"]:
                return answer
            assert time.monotonic() < deadline, "the page never completes"
            time.sleep(answer["retry_ms"] / 1000)

    def ask(
        self, method: str, path: str, body: str | None, headers: dict[str, str]
    ) -> tuple[int, bytes, http.client.HTTPResponse]:
        """Any request: the answer's status, its body as it was sent, and the answer."""
        sent = {"Cookie": "; ".join(f"{key}={value}" for key, value in self.cookies.items())} | headers
        for last in (
            False,
            True,
        ):  # a kept connection may have been closed meanwhile: once more, on a new one
            fresh = self._connection is None
            self._connection = self._connection or http.client.HTTPConnection(
                "localhost", self.port, timeout=60
            )
            try:
                self._connection.request(method, path, body, sent)
                answer = self._connection.getresponse()
                content = answer.read()
            except (http.client.HTTPException, ConnectionError):
                self._connection.close()
                self._connection = None
                if fresh or last:
                    raise
            else:
                self._keep_cookies(answer)
                return answer.status, content, answer
        raise AssertionError("unreachable")

    def _keep_cookies(self, answer: http.client.HTTPResponse) -> None:
        for header in answer.headers.get_all("Set-Cookie") or []:
            key, _, value = header.partition(";")[0].partition("=")
            self.cookies[key] = value


def fresh_period(number: int) -> str:
    """The query of four weeks that no other number has, long past in every zone."""
    end = LAST_DAY - timedelta(days=number)
    return f"from={end - timedelta(days=27)}&to={end}"


def throughput(reader: Reader, path: str, *, seconds: float, connections: int = 4) -> float:
    """Requests per second that several connections get answered, each asking again at once."""
    until = time.monotonic() + seconds
    counts = [0] * connections

    def ask(place: int) -> None:
        one = reader.twin()
        while time.monotonic() < until:
            status, _ = one.get(path)
            assert status == 200, f"{path} answers {status}"
            counts[place] += 1

    started = time.monotonic()
    together(*[lambda place=place: ask(place) for place in range(connections)])
    return sum(counts) / (time.monotonic() - started)


def together(*acts: Callable[[], object]) -> None:
    """Runs all at once and waits for all; the first error is raised."""
    failures: list[BaseException] = []
    ready = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> None:
        try:
            ready.wait()
            act()
        except BaseException as error:  # noqa: BLE001 - raised below, in the caller's thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def rounds(count: int, *sides: Callable[[], float]) -> list[list[float]]:
    """What each side measured in each round. The sides take turns, so that whatever else the machine does
    meets them all; the first round warms up and does not count.
    """
    measured: list[list[float]] = [[] for _ in sides]
    for at in range(count + 1):
        for side, found in zip(sides, measured, strict=True):
            value = side()
            if at:
                found.append(value)
    return measured


def ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """The median of the rounds' ratios."""
    return statistics.median(one / other for one, other in zip(above, below, strict=True))


def upstream(made: Installation) -> list[dict[str, Any]]:
    """The reports that Google was asked since the journal was emptied."""
    return [each for each in made.requests("/v1beta/properties/") if each["path"].endswith(DATA_API)]


def say(
    what: str, value: float, *, most: float | None = None, least: float | None = None, unit: str = ""
) -> None:
    """Prints a figure, and beside it what was asked for where something was."""
    asked, kept = "", ""
    if most is not None:
        asked, kept = f"at most {most:g}{unit}", "" if value <= most else "  MISSED"
    if least is not None:
        asked, kept = f"at least {least:g}{unit}", "" if value >= least else "  MISSED"
    print(f"{what:<58} {_number(value)}{unit:<5} {asked}{kept}".rstrip(), flush=True)


def _number(value: float) -> str:
    return f"{value:>8.0f}" if abs(value) >= 100 or value == int(value) else f"{value:>8.2f}"
