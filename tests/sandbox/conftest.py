"""A sandbox in this process, and a robot that asks it. Every answer is held against Google's documents."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from sandbox.keys import new_key
from sandbox.server import SandboxServer, make_server
from tests import discovery

ROBOT = "robot@demo.iam.gserviceaccount.com"
READONLY = "https://www.googleapis.com/auth/analytics.readonly"
SITE, SHOP = "310000001", "310000002"


def usgov() -> Path | None:
    """The folder of real recorded properties, where this machine has it."""
    beside = Path(__file__).parents[3] / "shared" / "data" / "usgov"
    folders = [Path(one) for one in os.environ.get("SANDBOX_RECORDED", "").split(":") if one]
    return next((folder for folder in (*folders, beside) if folder.is_dir()), None)


@pytest.fixture(scope="session")
def small_recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A property of three days, with the traps of the real ones: devices that do not add up to the sessions
    and begin later, and one path under two titles."""
    folder = tmp_path_factory.mktemp("recorded") / "500000001"
    folder.mkdir()
    tables = {
        "sessions_by_day": "date,sessions\n20240104,100\n20240103,80\n20240102,60\n",
        "devices_by_day": "date,deviceCategory,sessions\n"
        "20240104,desktop,70\n20240104,mobile,41\n20240103,desktop,50\n",
        "top_pages": "hostName,pagePath,pageTitle,screenPageViews,sessions,activeUsers,bounceRate\n"
        "a.example,/,Home,300,200,150,0.25\na.example,/,Welcome,30,20,19,0.5\na.example,/b,B,7,6,5,0.125\n",
        "top_hosts": "hostName,sessions,screenPageViews\na.example,240,400\nb.example,10,20\n",
    }
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text)
    named = {"top_pages": "30daysAgo..yesterday", "top_hosts": "30daysAgo..yesterday"}
    listed = ", ".join(f'"{name}": {_json_name(named.get(name))}' for name in tables)
    (folder / "property.json").write_text(
        '{"property": "properties/500000001", "displayName": "Small", "timeZone": "America/New_York",'
        f'"currencyCode": "USD", "recordedOn": "2024-01-05", "tables": {{{listed}}}}}'
    )
    return folder


def _json_name(named: str | None) -> str:
    return f'"{named}"' if named else "null"


@pytest.fixture(scope="session")
def running(small_recording: Path) -> Iterator[SandboxServer]:
    real = usgov()
    server = make_server(recorded=[str(small_recording), *([str(real)] if real else [])])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="session")
def key(running: SandboxServer) -> dict[str, str]:
    """The robot's key; it may read the two demonstration properties and every recorded one."""
    recorded = [name.rpartition("/")[2] for name in ("500000001", "395246701", "395437327", "395461442")]
    return new_key(running.world.state, ROBOT, [SITE, SHOP, *recorded])[0]


@pytest.fixture
def sandbox(running: SandboxServer) -> SandboxServer:
    """A sandbox to which nothing has happened yet."""
    running.world.reset()
    return running


class Robot:
    """Asks as a service account with a token. Answers other than 200 are returned like the others."""

    def __init__(
        self,
        server: SandboxServer,
        email: str = ROBOT,
        scopes: tuple[str, ...] = (READONLY,),
        client_id: str = "",
    ) -> None:
        self.server = server
        self.url = server.url
        self.token = f"ya29.c.{email}.{len(scopes)}"
        later = server.world.clock.time() + 3599
        server.world.state.add_access_token(self.token, email, scopes, later, client_id=client_id)
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {self.token}"

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        answer = self.session.request(method, self.url + path, timeout=20, **more)
        if answer.status_code == 200 and (known := _api_of(urlsplit(path).path)):
            api, below = known
            method_id, _ = discovery.match(api, method, below)
            discovery.check_response(api, method_id, answer.json())
        return answer

    def post(self, path: str, body: Any) -> requests.Response:
        return self.ask("POST", path, json=body)

    def patch(self, path: str, body: Any) -> requests.Response:
        return self.ask("PATCH", path, json=body)

    def get(self, path: str) -> requests.Response:
        return self.ask("GET", path)

    def report(self, property_id: str, **fields: Any) -> dict[str, Any]:
        """A report that is answered, with 28 days unless ranges are given. Names may be plain words."""
        answer = self.post(f"/v1beta/properties/{property_id}:runReport", report_body(**fields))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def refused(self, property_id: str, **fields: Any) -> tuple[int, str]:
        """Status and message of a report that is refused."""
        answer = self.post(f"/v1beta/properties/{property_id}:runReport", report_body(**fields))
        return answer.status_code, answer.json()["error"]["message"]

    def control(self, method: str, name: str, body: Any = None) -> dict[str, Any]:
        answer = self.session.request(method, f"{self.url}/_sandbox/{name}", json=body, timeout=20)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found


_APIS = (
    (re.compile(r"(/v1beta/properties/[^/]*(?::|/metadata).*)"), "analyticsdata.v1beta"),
    (re.compile(r"(/v1beta/.*)"), "analyticsadmin.v1beta"),
    (re.compile(r"(/v1alpha/.*)"), "analyticsadmin.v1alpha"),
    (re.compile(r"/analytics/v3(/.*)"), "analytics.v3"),
)


def _api_of(path: str) -> tuple[str, str] | None:
    """(discovery document, path as it names paths) of what Google has a document for."""
    for pattern, api in _APIS:
        if found := pattern.fullmatch(path):
            return api, found.group(1)
    return None


def report_body(**fields: Any) -> dict[str, Any]:
    """A RunReportRequest; dimensions and metrics may be one string of names, `days` a "start..end"."""
    start, _, end = fields.pop("days", "28daysAgo..yesterday").partition("..")
    body = {"dateRanges": [{"startDate": start, "endDate": end}]} | fields
    for key in ("dimensions", "metrics"):
        if isinstance(body.get(key), str):
            body[key] = [{"name": name} for name in body[key].split()]
    return body


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    values = [*row.get("dimensionValues", []), *row.get("metricValues", [])]
    return tuple(value["value"] for value in values)


def rows(report: dict[str, Any], key: str = "rows") -> list[tuple[str, ...]]:
    """The report's rows as tuples of text."""
    return [cells(row) for row in report.get(key, [])]


@pytest.fixture
def robot(sandbox: SandboxServer, key: dict[str, str]) -> Iterator[Robot]:
    robot = Robot(sandbox)
    yield robot
    robot.session.close()


@pytest.fixture
def robots(sandbox: SandboxServer, key: dict[str, str]) -> Iterator[Any]:
    """Makes robots with other scopes or addresses."""
    made: list[Robot] = []

    def make(email: str = ROBOT, *scopes: str) -> Robot:
        made.append(Robot(sandbox, email, scopes or (READONLY,)))
        return made[-1]

    yield make
    for one in made:
        one.session.close()
