"""A person at Google's consent, without a browser: the pages are asked for and their forms sent over real
HTTP."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, urljoin, urlsplit

import requests


class Blocked(Exception):
    """Google showed a page of its own instead: (status, code)."""


class Visitor:
    """One browser's cookies at Google. Whoever signs in stays signed in."""

    def __init__(self, google_url: str) -> None:
        self.url = google_url
        self.session = requests.Session()

    def arrive(self, address: str, email: str = "") -> str:
        """Opens an authorization address and, where Google asks who one is, signs in; the address of the page
        that follows, or of the program where there is nothing to ask."""
        at = self._follow(self.session.get(address, allow_redirects=False, timeout=10))
        if urlsplit(at).path not in ("/signin/oauth/chooser", "/signin/oauth/identifier"):
            return at
        at = at.replace("/signin/oauth/identifier", "/signin/oauth/chooser")
        return self._follow(self.session.post(at, data={"email": email}, allow_redirects=False, timeout=10))

    def consent(self, address: str, email: str, *, refuse: Iterable[str] = (), deny: bool = False) -> str:
        """From an authorization address to the address that Google sends the person back to.

        Everything asked for is ticked but what is in `refuse` (names of scopes, full or their last part).
        Raises Blocked for an error page of Google's.
        """
        at = self.arrive(address, email)
        if not at.startswith(self.url):
            return at
        at = at.replace("/signin/oauth/warning", "/signin/oauth/consent")
        page = self.session.get(at, timeout=10)
        _check(page)
        if deny:
            return _cancel_address(page.text)
        offered = [html.unescape(one) for one in re.findall(r'name="scope" value="([^"]+)"', page.text)]
        refused = set(refuse)
        ticked = [scope for scope in offered if not {scope, scope.rpartition("/auth/")[2]} & refused]
        return self._follow(self.session.post(at, data={"scope": ticked}, allow_redirects=False, timeout=10))

    def close(self) -> None:
        self.session.close()

    def _follow(self, answer: requests.Response) -> str:
        """Where redirects lead, as far as they stay at Google; the first page is not asked for."""
        while True:
            _check(answer)
            at = urljoin(answer.url, answer.headers.get("Location", ""))
            if not at.startswith(self.url) or urlsplit(at).path.startswith("/signin/"):
                return at
            answer = self.session.get(at, allow_redirects=False, timeout=10)


def parameters(address: str) -> dict[str, str]:
    """What an address carries back."""
    return dict(parse_qsl(urlsplit(address).query, keep_blank_values=True))


def _check(answer: requests.Response) -> None:
    if answer.status_code >= 400:
        found = re.search(r"Error (\d+): (\w+)", answer.text)
        raise Blocked(int(found.group(1)), found.group(2)) if found else Blocked(answer.status_code, "")


def _cancel_address(page: str) -> str:
    found = re.search(r'href="([^"]+)">Cancel<', page)
    assert found, page
    return html.unescape(found.group(1))
