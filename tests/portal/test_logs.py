"""What a line of the log says, and what it never does."""

import json
import logging
import runpy
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client, RequestFactory
from gunicorn.config import Config

from accounts import tracing
from accounts.tokens import new_token
from portal.logs import formatter
from tests.conftest import Cast

ROOT = Path(__file__).resolve().parents[2]
PAGE = "/clients/acme/views/site/"


def record(message: str, *args: object, **more: object) -> logging.LogRecord:
    made = logging.LogRecord("a.logger", logging.WARNING, "", 0, message, args, None)
    made.__dict__.update(more)
    return made


def as_json(made: logging.LogRecord) -> dict[str, object]:
    return json.loads(formatter("json").format(made))


def test_a_line_is_one_object_with_its_parts():
    line = as_json(record("%d of %s", 3, "them", created=0.0))
    assert line == {
        "time": "1970-01-01T00:00:00.000+00:00",
        "level": "WARNING",
        "logger": "a.logger",
        "message": "3 of them",
    }


def test_what_a_line_says_of_its_own_stands_beside():
    assert as_json(record("x", facts={"status": 404}))["status"] == 404


def test_a_line_says_what_it_belongs_to(db, cast: Cast):
    request = RequestFactory().get("/clients/acme/?secret=1")
    request._cached_user, request.tenant = cast.alice, cast.tenant
    with tracing.traced(tracing.Trace("f" * 32, request)):
        line = as_json(record("x"))
    assert {key: line[key] for key in ("request_id", "method", "path", "user", "tenant")} == {
        "request_id": "f" * 32,
        "method": "GET",
        "path": "/clients/acme/",
        "user": cast.alice.pk,
        "tenant": "acme",
    }


def test_who_asks_is_not_looked_up_for_a_line():
    """Neither a user that nobody has asked for yet, nor one that is nobody."""
    unknown, nobody = RequestFactory().get("/"), RequestFactory().get("/")
    nobody._cached_user = AnonymousUser()
    for request in (unknown, nobody):
        with tracing.traced(tracing.Trace("f" * 32, request)):
            assert set(as_json(record("x"))) == {
                "time", "level", "logger", "message", "request_id", "method", "path",
            }  # fmt: skip


@pytest.mark.parametrize("kind", ["json", "line"])
def test_no_line_holds_a_links_token(kind: str):
    token = new_token().value
    try:
        raise ValueError(f"/share/{token}/")
    except ValueError:
        made = record("at %s", f"/invitations/{token}/", exc_info=sys.exc_info())
    request = RequestFactory().get(f"/share/{token}/data.json")
    with tracing.traced(tracing.Trace("f" * 32, request)):
        written = formatter(kind).format(made)
    assert (token in written, "ValueError" in written, token[:8] in written) == (False, True, True)


def test_a_made_up_line_stays_inside_its_own():
    written = formatter("line").format(record("Not Found: %s", "/x\n2026-01-01 ERROR root [-] hacked"))
    assert len(written.splitlines()) == 1
    assert len(formatter("json").format(record("a\nb")).splitlines()) == 1


def test_each_request_is_a_line(cast: Cast, caplog):
    client = Client()
    client.force_login(cast.alice)
    with caplog.at_level(logging.INFO, "portal.requests"):
        answer = client.get(PAGE, {"filter": "country==Nowhere"})
    lines = [each for each in caplog.records if each.name == "portal.requests"]
    assert [each.getMessage().rpartition(" ")[0] for each in lines] == [f"GET {PAGE} {answer.status_code}"]
    assert set(lines[0].facts) == {"status", "ms", "route"}
    assert lines[0].facts["route"] == "dashboards:dashboard"


# gunicorn


@pytest.fixture
def gunicorns(monkeypatch, tmp_path):
    """gunicorn's log as gunicorn.conf.py makes it, writing to a file."""

    def make(kind: str):
        monkeypatch.setenv("LOG_FORMAT", kind)
        found = runpy.run_path(str(ROOT / "gunicorn.conf.py"))
        config = Config()
        config.set("accesslog", str(tmp_path / f"{kind}.log"))
        config.set("errorlog", str(tmp_path / f"{kind}.err"))
        config.set("access_log_format", found["access_log_format"])
        log = found["Log"](config)
        made.append(log)
        return log, tmp_path

    made: list = []
    yield make
    for log in made:
        for handler in (*log.access_log.handlers, *log.error_log.handlers):
            handler.close()
        log.access_log.handlers, log.error_log.handlers = [], []


def access(log, path: str) -> None:
    environ = {
        "REQUEST_METHOD": "GET", "RAW_URI": f"{path}?code=4/secret",
        "PATH_INFO": path, "QUERY_STRING": "code=4/secret",
        "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "203.0.113.7", "HTTP_USER_AGENT": "a browser",
        "HTTP_REFERER": "https://portal.example/?token=secret",
    }  # fmt: skip
    answer = SimpleNamespace(status="200 OK", sent=12, headers=[("X-Request-Id", "e" * 32)])
    log.access(answer, SimpleNamespace(headers=[]), environ, timedelta(milliseconds=5))


def test_gunicorns_lines_are_objects_too(gunicorns):
    token = new_token().value
    log, folder = gunicorns("json")
    access(log, f"/share/{token}/")
    log.error("Worker failed")
    seen = json.loads((folder / "json.log").read_text())
    assert {key: seen[key] for key in ("method", "path", "status", "ms", "request_id", "from")} == {
        "method": "GET",
        "path": f"/share/{token[:8]}…/",
        "status": 200,
        "ms": 5,
        "request_id": "e" * 32,
        "from": "203.0.113.7",
    }
    assert json.loads((folder / "json.err").read_text())["message"] == "Worker failed"
    assert "secret" not in (folder / "json.log").read_text()


def test_gunicorns_text_has_no_query_either(gunicorns):
    token = new_token().value
    log, folder = gunicorns("line")
    access(log, f"/share/{token}/")
    written = (folder / "line.log").read_text()
    assert (f"/share/{token[:8]}…/" in written, token in written, "secret" in written) == (True, False, False)
