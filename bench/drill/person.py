"""Somebody with a browser: what they are answered, and what they read of it."""

from __future__ import annotations

import html
import re
import secrets
from dataclasses import dataclass
from typing import Any

import requests
from django.conf import settings
from django.test import Client

from accounts.models import User
from tests.signing import teach_the_client

PATIENCE_SECONDS = 100
CSRF = "a" * 32
teach_the_client()


@dataclass(frozen=True)
class Seen:
    """What somebody saw of an operation: a status, or what their browser or terminal says, and a sentence."""

    status: str
    words: str

    @property
    def is_bad(self) -> bool:
        """Whether nobody would know what happened: no words, a bare fault of ours, a stack trace."""
        return not self.words or self.status == "500" or "Traceback" in self.words


class Person:
    """A browser at the portal. As Django's test client where a journey uses that, but over HTTP."""

    def __init__(self, url: str, user: User | None = None) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set("csrftoken", CSRF)
        self._session.headers["X-CSRFToken"] = CSRF
        self._session.headers["Referer"] = url + "/"
        if user:
            self._sign_in(user)

    def get(self, path: str, params: Any = None, **more: Any) -> requests.Response:
        """An answer; redirects are not followed."""
        return self._ask("GET", path, params=params, **more)

    def post(self, path: str, form: Any = None, **more: Any) -> requests.Response:
        """The same, with a form."""
        return self._ask("POST", path, data=form, **more)

    def sees(self, method: str, path: str, **given: Any) -> Seen:
        """What is read after asking, and following where that leads within the portal."""
        try:
            answer = self._ask(method, path, **given)
            hops = 0
            while answer.is_redirect and hops < 5:
                answer = self._ask("GET", answer.headers["Location"].removeprefix(self._url))
                hops += 1
        except requests.ConnectionError:
            return Seen("cut off", "the browser: connection was reset")
        except requests.Timeout:
            return Seen("hangs", "")
        return Seen(str(answer.status_code), sentence(answer.text))

    def _ask(self, method: str, path: str, **given: Any) -> requests.Response:
        given.setdefault("timeout", PATIENCE_SECONDS)
        answer = self._session.request(method, self._url + path, allow_redirects=False, **given)
        answer.encoding = "utf-8"
        return answer

    def _sign_in(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        self._session.cookies.set(name, client.cookies[name].value)


def sentence(text: str) -> str:
    """What a person reads first of a page, or a script of an answer."""
    if text.startswith("{"):
        found = re.search(r'"(?:message|error|sentence)": ?"((?:[^"\\]|\\.)*)"', text)
        return _plain(found[1] if found else text)
    told = re.findall(r'<p class="note[^>]*>(.*?)</p>', text, re.DOTALL)  # in answer to what was just done
    lead = re.findall(r'<div class="lead[^>]*>(.*?)</div>', text, re.DOTALL)[:1]
    first = re.findall(r"<h1[^>]*>(.*?)</h1>", text, re.DOTALL)[:1]
    return _plain(" ".join(told or lead or first) or text)


def _plain(markup: str) -> str:
    words = re.sub(r"<(style|script).*?</\1>|<[^>]+>", " ", markup, flags=re.DOTALL)
    return " ".join(html.unescape(words).split())


def address() -> str:
    """An address that nobody has yet."""
    return f"somebody-{secrets.token_hex(4)}@shops.example"
