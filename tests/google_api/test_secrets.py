"""No secret and nothing of Google's body gets out of `google_api`, whatever goes wrong.

Each failure is provoked with marked secrets in the token, the private key and the answer. Then everything
that could be printed is searched: the error, its causes, the variables of its traceback, and every log line.
"""

import json
import logging
import pickle
import traceback

import pytest

import google_api
from google_api import admin, data
from google_api.errors import GoogleError
from google_api.http import Api
from google_api.service_accounts import (
    ANALYTICS_READONLY,
    KeyFileError,
    fetch_access_token,
    parse_json,
    parse_p12,
)
from tests.google_api.fake_google import drop, half_a_body, never_answer

TOKEN = "ya29.SECRET-TOKEN"
BODY = "BODY-SECRET"
MARKS = ("SECRET-TOKEN", BODY, "eyJ", "PRIVATE KEY", "assertion=")


def google_error(http_status, **error):
    """An error of Google's with the mark in every place that holds free text."""
    filled = {"code": http_status, "message": f"{BODY} ", **error}
    filled["message"] += (
        f" {BODY} Field {BODY} is not a valid dimension. Please remove {BODY} to make the request"
    )
    body = {"error": filled, "error_description": BODY, "mark": BODY}
    return lambda google: google.answers(
        body, status=http_status, X_Mark=BODY, WWW_Authenticate=BODY, Location=f"http://127.0.0.1/{BODY}"
    )


def reason(name):
    metadata = {"service": BODY, "consumer": BODY, "activationUrl": BODY}
    return [{"@type": BODY, "reason": name, "domain": BODY, "metadata": metadata}]


def oauth_error(status, error, description=""):
    return lambda google: google.answers(
        {"error": error, "error_description": description + BODY, "error_uri": BODY}, status=status
    )


FAILURES = {
    "400": google_error(400, status="INVALID_ARGUMENT"),
    "400 field": google_error(400, status="INVALID_ARGUMENT", message=f"Field {BODY} is not a valid metric."),
    "400 incompatible": google_error(400, message=f"Please remove {BODY} to make the request compatible"),
    "401": google_error(401, status="UNAUTHENTICATED"),
    "403": google_error(403, status="PERMISSION_DENIED"),
    "403 scope": google_error(403, details=reason("ACCESS_TOKEN_SCOPE_INSUFFICIENT")),
    "403 disabled": google_error(403, details=reason("SERVICE_DISABLED")),
    "403 unknown": google_error(403, details=reason(f"<{BODY}>")),
    "403 status": google_error(403, status=f"{BODY}"),
    "404": google_error(404, status="NOT_FOUND"),
    "429": google_error(429, status="RESOURCE_EXHAUSTED"),
    "429 kind": google_error(429, message="Exhausted concurrent requests quota."),
    "500": google_error(500, status="INTERNAL"),
    "503": google_error(503, status="UNAVAILABLE"),
    "oauth": oauth_error(400, "invalid_grant", "Invalid JWT Signature."),
    "oauth unknown": oauth_error(400, f"{BODY} {BODY}"),
    "oauth 401": oauth_error(401, "unauthorized_client"),
    "oauth 500": oauth_error(500, "internal_failure"),
    "html": lambda google: google.answers(f"<html>{BODY}".encode()),
    "html 403": lambda google: google.answers(f"<html>{BODY}".encode(), status=403),
    "html 503": lambda google: google.answers(f"<html>{BODY}".encode(), status=503),
    "half json": lambda google: google.answers(f'{{"rows": ["{BODY}'.encode()),
    "a list": lambda google: google.answers([BODY]),
    "wrong rows": lambda google: google.answers({"rows": BODY, "access_token": 5, "x": BODY}),
    "wrong name": lambda google: google.answers({"name": BODY, "metricHeaders": [{"type": BODY}]}),
    "id token": lambda google: google.answers({"id_token": BODY}),
    "bad token": lambda google: google.answers({"access_token": f"{BODY}\r\n", "expires_in": 1}),
    "bad expiry": lambda google: google.answers({"access_token": BODY, "expires_in": BODY}),
    "redirect": lambda google: google.answers(b"", status=302, Location=f"http://127.0.0.1/{BODY}"),
    "bad gzip": lambda google: google.answers(BODY.encode(), Content_Encoding="gzip"),
    "bad header": lambda google: google.answers({}, X_Mark=BODY, Content_Length="x"),
    "drop": lambda google: google.does(drop),
    "half body": lambda google: google.does(half_a_body),
    "silence": lambda google: google.does(never_answer),
}  # fmt: skip
SLOW = ("silence", "bad header")  # to be ended by the deadline
BATCH = [data.ReportRequest((), ("country",), ("sessions",))]
CALLS = {
    "run_report": lambda api, key: data.run_report(api, "12", BATCH[0]),
    "batch": lambda api, key: data.batch_run_reports(api, "12", BATCH),
    "realtime": lambda api, key: data.run_realtime_report(api, "12", data.RealtimeRequest(("city",), ("x",))),
    "get_property": lambda api, key: admin.get_property(api, "12"),
    "token": lambda api, key: fetch_access_token(
        key, scopes=[ANALYTICS_READONLY], token_uri=api.base_url, deadline=api.deadline, sleep=api.sleep
    ),
}


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("call", CALLS)
def test_no_failure_gives_anything_away(google, key, caplog, call, failure):
    caplog.set_level(logging.DEBUG)
    FAILURES[failure](google)
    api = Api(google.url, TOKEN, deadline=0.3 if failure in SLOW else 5, sleep=lambda seconds: None)
    with pytest.raises(GoogleError) as caught:
        CALLS[call](api, key)
    shown = everything_shown(caught.value, caplog)
    assert [mark for mark in MARKS if mark in shown] == []


@pytest.mark.parametrize("header", ["a\nb", "\u20ac", "\ud800"])
def test_a_token_that_no_header_can_hold_is_not_shown(google, caplog, header):
    caplog.set_level(logging.DEBUG)
    google.answers({})
    with pytest.raises(GoogleError) as caught:
        admin.get_property(Api(google.url, f"{TOKEN}{header}"), "12")
    shown = everything_shown(caught.value, caplog)
    assert [mark for mark in MARKS if mark in shown] == []


@pytest.mark.parametrize(
    "data", [f'{{"private_key": "{BODY}', json.dumps({"type": "service_account", "x": BODY})]
)
def test_a_key_file_that_is_refused_is_not_shown(caplog, data):
    for call in (lambda: parse_json(data.encode()), lambda: parse_p12(data.encode(), email="a@b.example")):
        with pytest.raises(KeyFileError) as caught:
            call()
        shown = said(caught.value)
        assert [mark for mark in MARKS if mark in shown] == []


def everything_shown(error, caplog):
    """All that an error page, a log or a queue could make of `error`."""
    logged = [record.getMessage() + repr(vars(record)) for record in caplog.records]
    return "\n".join([said(error), variables(error), *logged])


def said(error):
    assert error.__cause__ is None
    assert error.__context__ is None
    printed = "".join(traceback.format_exception(error))
    return "\n".join([printed, repr(error), repr(vars(error)), repr(pickle.dumps(error))])


def variables(error):
    """The variables of the portal's own frames, as Django's error page prints them."""
    ours = google_api.__path__[0]
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    return "\n".join(repr(frame.f_locals) for frame in frames if frame.f_code.co_filename.startswith(ours))
