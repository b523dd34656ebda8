"""No call of any kind follows a redirect, with a token or without, or reads an answer without end."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

from google_api import http, identity
from google_api.errors import BadAnswer
from google_api.http import Api
from tests.google_api.test_secrets import CALLS, CONSENTS, TOKEN, WRITES, error_of

EVERY = CALLS | CONSENTS | WRITES


@pytest.fixture(autouse=True)
def _keys_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    identity._kept.clear()


def asked(google: Any, key: Any, call: str) -> Any:
    api = Api(google.url, TOKEN, sleep=lambda seconds: None)
    return error_of(lambda: EVERY[call](api, key))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("call", EVERY)
def test_no_call_goes_where_it_is_sent_on_to(google: Any, key: Any, call: str, status: int):
    google.answers({}, status=status, Location=f"{google.url}/elsewhere")
    error = asked(google, key, call)
    paths = {urlsplit(each.path).path for each in google.requests}
    assert (error is not None, "/elsewhere" in paths, len(google.requests)) == (True, False, 1)


@pytest.mark.parametrize("status", [200, 400, 403])
@pytest.mark.parametrize("call", EVERY)
def test_no_answer_is_read_beyond_the_limit(
    google: Any, key: Any, call: str, status: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(http, "MAX_BYTES", 50_000)
    google.answers(b'{"a": "' + b" " * 200_000 + b'"}', status=status)
    error = asked(google, key, call)
    assert (type(error), getattr(error, "log_detail", "")) == (BadAnswer, "too large")


def test_the_limit_leaves_room_for_the_largest_report_and_none_for_a_flood():
    assert 10 * 2**20 <= http.MAX_BYTES <= 100 * 2**20
