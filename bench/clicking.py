"""What people do in a portal, one click after another, and how each of their requests was answered."""

from __future__ import annotations

import html
import http.client
import json
import random
import re
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bench.harness import Reader
from tests.installation import PASSWORD

PERIODS = ("7d", "7d", "28d", "28d", "yesterday", "month", "last-month")
FILTERS = ("deviceCategory==mobile", "country==Italy", "sessionMedium==organic")
COMPARED = ("previous", "year")
LISTS_OF_STAFF = ("", "?state__exact=ok", "?q=view", "?q=client-3", "?p=2", "?o=1")
SITE = "https://shop.example"
MOST_TRIES = 40  # as static/dashboard/fetching.js
LOST = 0  # the status of a request that got no answer


@dataclass(frozen=True)
class Answer:
    """One request: what it was for, its status, how long it took, whether it was a page that had nothing left
    to fetch, and when it was asked (seconds of the monotonic clock).
    """

    kind: str
    path: str
    status: int
    milliseconds: float
    warm: bool = False
    asked_at: float = 0


@dataclass
class Clicker:
    """Somebody, or a page on another site, with a browser of their own."""

    who: Mapping[str, Any]
    port: int
    _answers: list[Answer] = field(default_factory=list)
    _last: str = ""
    _query: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._random = random.Random(f"clicks of {self.who['number']}")  # noqa: S311 - the same each time
        self._reader = Reader(self.port, dict(self.who.get("cookies", {})))
        number = self.who["number"]
        self._headers = {
            "Accept-Encoding": "gzip",
            "X-Forwarded-For": f"203.0.{number // 250}.{number % 250}",
        }

    def go_on(self, wait: Callable[[float], bool]) -> None:
        """Clicks and thinks, until `wait`, which takes seconds, says that all is over."""
        over = wait(self._random.uniform(0, 15))
        while not over:
            self.click()
            over = wait(self._random.uniform(5, 15))

    def taken(self) -> list[Answer]:
        """The answers since this was last asked."""
        found, self._answers = self._answers, []
        return found

    def click(self) -> None:
        """One click, of whatever somebody like this clicks."""
        acts, weights = zip(*self._acts(), strict=True)
        self._random.choices(acts, weights)[0]()

    def _acts(self) -> list[tuple[Callable[[], object], int]]:
        if self.who["role"] == "page":
            return [(self._embedded, 1)]
        everybody: list[tuple[Callable[[], object], int]] = [
            (self._usual_page, 34),
            (self._other_period, 18),
            (self._filtered, 7),
            (self._compared, 5),
            (self._table, 5),
            (self._csv, 4),
            (self._lists, 10),
            (self._people, 3),
            (self._sign_in, 1),
        ]
        return everybody if self.who["role"] == "client" else [*everybody, (self._admin, 40)]

    # ---- pages

    def _usual_page(self) -> None:
        self._query = {}
        self._page(self._random.choice(self.who["pages"][:6]))

    def _other_period(self) -> None:
        self._query = {"period": self._random.choice(PERIODS)}
        self._page(self._last or self.who["pages"][0])

    def _filtered(self) -> None:
        self._query = {"filter": self._random.choice(FILTERS)}
        self._page(self._last or self.who["pages"][0])

    def _compared(self) -> None:
        self._query = {"compare": self._random.choice(COMPARED)}
        self._page(self._last or self.who["pages"][0])

    def _page(self, path: str) -> None:
        self._last = path
        query = urlencode(self._query)
        text = self._ask("page", f"{path}?{query}")
        self._ask("now", f"{path}realtime.json?{urlencode({'filter': self._query.get('filter', '')})}")
        if 'data-complete="false"' in text:
            self._fetch(f"{path}data.json?{query}")

    def _fetch(self, path: str) -> None:
        """As the page's script does."""
        for _ in range(MOST_TRIES):
            text = self._ask("data", path)
            answer = json.loads(text) if text.startswith("{") else {}
            if answer.get("complete", True):
                return
            time.sleep(answer.get("retry_ms", 1000) / 1000)

    def _table(self) -> None:
        for path in self._links(r"/widgets/[0-9a-f-]{36}/\?[^\"]*"):
            self._ask("table", path)

    def _csv(self) -> None:
        for path in self._links(r"/widgets/[0-9a-f-]{36}\.csv\?[^\"]*"):
            self._ask("csv", path)

    def _links(self, pattern: str) -> list[str]:
        """One of the links of the page that is open; none where it has none."""
        path = self._last or self.who["pages"][0]
        text = self._ask("page", f"{path}?{urlencode(self._query)}")
        found = re.findall(rf'href="({re.escape(path.rstrip("/"))}{pattern})"', text)
        return [html.unescape(self._random.choice(found))] if found else []

    def _lists(self) -> None:
        client = "/".join(self.who["pages"][0].split("/")[:3]) + "/"
        self._ask("list", self._random.choice(("/", client)))

    def _people(self) -> None:
        self._ask("account", "/accounts/email/")

    def _admin(self) -> None:
        text = self._ask("admin", f"/admin/dashboards/view/{self._random.choice(LISTS_OF_STAFF)}")
        found = re.findall(r'href="(/admin/dashboards/view/[0-9a-f-]{36}/change/[^"]*)"', text)
        if found:
            self._ask("admin", html.unescape(self._random.choice(found)))

    def _sign_in(self) -> None:
        """Anew, as on another computer."""
        self._reader.cookies.clear()
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self._ask("sign-in", LOGIN))
        if found:
            form = {"login": self.who["email"], "password": PASSWORD, "csrfmiddlewaretoken": found[1]}
            self._ask("sign-in", LOGIN, urlencode(form), {"Content-Type": FORM})

    # ---- pages on other sites

    def _embedded(self) -> None:
        """A visitor comes: the site's server asks for a token, and its page for two charts."""
        wanted = json.dumps({"view": self.who["view"], "origin": SITE})
        server = {"Authorization": f"Bearer {self.who['key']}", "Content-Type": "application/json"}
        text = self._ask("token", "/embed/token", wanted, server)
        if not text.startswith('{"access_token"'):
            return
        page = {"Authorization": f"Bearer {json.loads(text)['access_token']}", "Origin": SITE}
        chart = {
            "ids": self.who["ids"],
            "metrics": "ga:sessions",
            "start-date": self._random.choice(("7daysAgo", "28daysAgo", "90daysAgo")),
            "end-date": "yesterday",
        }
        queries = [chart | {"dimensions": each} for each in ("ga:date", "ga:country")]
        body = json.dumps({"queries": queries})
        self._ask("embed", "/embed/query", body, page | {"Content-Type": "application/json"})

    # ---- asking

    def _ask(
        self, kind: str, path: str, body: str | None = None, headers: Mapping[str, str] | None = None
    ) -> str:
        started = time.monotonic()
        try:
            status, content, answer = self._reader.ask(
                "POST" if body else "GET", path, body, {**self._headers, **(headers or {})}
            )
        except (OSError, http.client.HTTPException):
            self._answers.append(Answer(kind, path, LOST, 1000 * (time.monotonic() - started)))
            return ""
        took = 1000 * (time.monotonic() - started)
        if answer.headers.get("Content-Encoding") == "gzip":
            content = zlib.decompress(content, 31)
        text = content.decode()
        warm = kind == "page" and 'data-complete="true"' in text
        self._answers.append(Answer(kind, path.partition("?")[0], status, took, warm, started))
        return text


LOGIN = "/accounts/login/"
FORM = "application/x-www-form-urlencoded"
