"""An installation on recorded and generated properties, and people who visit it over HTTP."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import requests
from requests.adapters import HTTPAdapter

from tests.installation import PASSWORD, Installation, agency


@pytest.fixture(autouse=True)
def _only_loopback() -> None:
    """These tests talk to real processes on this machine; requests opens its sockets itself."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Two server processes, and five clients."""
    with agency(tmp_path_factory.mktemp("site")) as made:
        yield made


def _session() -> requests.Session:
    """A session that asks again on a kept connection which the server has just closed, as browsers do."""
    session = requests.Session()
    session.mount("http://", HTTPAdapter(pool_maxsize=50, max_retries=3))
    return session


@dataclass
class Visitor:
    """A person's browser as far as HTTP goes."""

    site: Installation
    session: requests.Session = field(default_factory=lambda: _session())

    def sign_in(self, email: str) -> "Visitor":
        """Signs in as a person would, by the form."""
        address = f"{self.site.url}/accounts/login/"
        page = self.session.get(address, timeout=20)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token
        form = {"login": email, "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
        answer = self.session.post(address, data=form, headers={"Referer": address}, timeout=20)
        assert answer.url != address, "the sign-in was refused"
        return self

    def get(self, path: str) -> requests.Response:
        return self.session.get(self.site.url + path, timeout=60)

    def complete_data(self, path: str) -> Any:
        """The page's data, asked as its script asks: again while it is not complete."""
        for _ in range(40):
            answer = self.get(path)
            assert answer.status_code == 200
            if answer.json()["complete"]:
                return answer.json()
        raise AssertionError("the page never completes")

    def table(self, view: str, widget: str, query: str) -> list[dict[str, str]]:
        """A widget's CSV (after its page's data has come), a dictionary a row."""
        self.complete_data(f"{view}data.json?{query}")
        answer = self.get(f"{view}widgets/{widgets(self.site)[widget].id}.csv?{query}")
        assert answer.status_code == 200
        return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


@dataclass(frozen=True)
class Shown:
    """A widget of the Overview: its id, and how many rows it shows."""

    id: str
    limit: int


def widgets(site: Installation) -> dict[str, Shown]:
    """The Overview's widgets by title; the line as `line`."""
    if not _FOUND:
        code = """
import json
from accounts.tenancy import all_tenants
from dashboards.models import Widget
with all_tenants(reason="a test"):
    rows = Widget.objects.filter(dashboard__slug="overview", dashboard__tenant=None)
    print(json.dumps([["line" if w.kind == "line" else w.title, str(w.pk), w.limit] for w in rows]))
"""
        listed = json.loads(site.manage("shell", "-v", "0", "-c", code).splitlines()[-1])
        _FOUND.update({title: Shown(key, limit) for title, key, limit in listed})
    return _FOUND


_FOUND: dict[str, Shown] = {}


@pytest.fixture(scope="session")
def olivia(site: Installation) -> Visitor:
    """The agency's owner, who may see every client; signed in once, as sign-ins are rate-limited."""
    return Visitor(site).sign_in("olivia@northlight.example")
