"""Whoever counts is told of each call, and of nothing that is secret."""

import pytest

from google_api import watching
from google_api.errors import GoogleError
from google_api.http import Api, get

PATH = "/v1beta/accountSummaries"


@pytest.fixture
def calls(monkeypatch):
    monkeypatch.setattr(watching, "_watchers", [])
    found: list[watching.Call] = []
    watching.watch(found.append)
    watching.watch(found.append)
    return found


def test_each_call_is_told_once_and_how_it_ended(google, calls):
    google.answers({"error": {"code": 503, "status": "UNAVAILABLE"}}, status=503).answers({})
    get(Api(google.url, "a-token", sleep=lambda seconds: None), PATH, dict, {"pageToken": "secret"})
    told = [(each.method, each.path, each.outcome) for each in calls]
    assert told == [("GET", PATH, "server_error"), ("GET", PATH, "ok")]


def test_a_call_that_gets_no_answer_is_told_too(calls):
    with pytest.raises(GoogleError):
        get(Api("http://127.0.0.1:9", "t", sleep=lambda seconds: None), PATH, dict)
    assert {(each.path, each.outcome) for each in calls} == {(PATH, "unreachable")}
