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
from google_api import admin, admin_settings, admin_writes, data, identity, oauth, v3
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
CLIENT = oauth.Client("client.apps.googleusercontent.com", "GOCSPX-SECRET-CLIENT")
CODE = "4/0SECRET-CODE"
VERIFIER = "SECRET-VERIFIER" + "v" * 30
REFRESH = "1//0SECRET-REFRESH"
ID_TOKEN = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsifQ.eyJzdWIiOiJTRUNSRVQifQ.SECRET-SIGNATURE"
MARKS = (
    "SECRET-TOKEN",
    "SECRET-CLIENT",
    "SECRET-CODE",
    "SECRET-VERIFIER",
    "SECRET-REFRESH",
    "SECRET-SIGNATURE",
    BODY,
    "eyJ",
    "PRIVATE KEY",
    "assertion=",
)


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
    "oauth revoked": oauth_error(400, "invalid_grant", "Token has been expired or revoked."),
    "oauth verifier": oauth_error(400, "invalid_grant", "Invalid code verifier."),
    "oauth secret": oauth_error(401, "invalid_client", "The provided client secret is invalid."),
    "oauth redirect": oauth_error(400, "redirect_uri_mismatch"),
    "oauth revocable": oauth_error(400, "invalid_request", "Token is not revocable."),
    "oauth 429": oauth_error(429, "invalid_request"),
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
    "bad refresh token": lambda google: google.answers(
        {"access_token": BODY, "expires_in": 1, "refresh_token": [BODY]}
    ),
    "bad id token": lambda google: google.answers(
        {"access_token": BODY, "expires_in": 1, "id_token": f"{BODY} "}
    ),
    "bad scope": lambda google: google.answers({"access_token": BODY, "expires_in": 1, "scope": [BODY]}),
    "bad keys": lambda google: google.answers({"keys": [{"kid": "k", "kty": "RSA", "n": BODY, "e": BODY}]}),
    "bad ticket": lambda google: google.answers({"accountTicketId": f"{BODY} ", "id": f"{BODY} "}),
    "400 details": google_error(
        400,
        status="INVALID_ARGUMENT",
        details=[{"@type": BODY, "fieldViolations": [{"field": BODY, "description": BODY}]}],
    ),
    "409": google_error(409, status="ALREADY_EXISTS"),
    "redirect": lambda google: google.answers(b"", status=302, Location=f"http://127.0.0.1/{BODY}"),
    "bad gzip": lambda google: google.answers(BODY.encode(), Content_Encoding="gzip"),
    "bad header": lambda google: google.answers({}, X_Mark=BODY, Content_Length="x"),
    "drop": lambda google: google.does(drop),
    "half body": lambda google: google.does(half_a_body),
    "silence": lambda google: google.does(never_answer),
}  # fmt: skip
UNREAD = {("token", "bad refresh token"), ("token", "bad id token"), ("token", "bad scope")}
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


CONSENTS = {
    "exchange": lambda api, key: oauth.exchange_code(
        api.base_url,
        CLIENT,
        code=CODE,
        redirect_uri="https://portal.example/back",
        verifier=VERIFIER,
        deadline=api.deadline,
        sleep=api.sleep,
    ),
    "refresh": lambda api, key: oauth.refresh(
        api.base_url, CLIENT, REFRESH, deadline=api.deadline, sleep=api.sleep
    ),
    "revoke": lambda api, key: oauth.revoke(api.base_url, REFRESH, deadline=api.deadline, sleep=api.sleep),
    "identity": lambda api, key: identity.identity_of(
        ID_TOKEN, certs_uri=api.base_url, client_id=CLIENT.client_id
    ),
}
WRITES = {
    "ticket": lambda api, key: admin_writes.provision_account_ticket(
        api, display_name="A", redirect_uri="https://portal.example/back"
    ),
    "property": lambda api, key: admin_writes.create_property(
        api, account="accounts/1", display_name="Shop", time_zone="UTC"
    ),
    "stream": lambda api, key: admin_writes.create_web_stream(
        api, "12", display_name="Shop", default_uri="https://shop.example"
    ),
    "binding": lambda api, key: admin_writes.create_access_binding(api, "12", user="a@b.example"),
    "retention": lambda api, key: admin_settings.update_data_retention(
        api, "12", admin_settings.DataRetention("TWO_MONTHS", "TWO_MONTHS", False)
    ),
    "v3 ticket": lambda api, key: v3.create_account_ticket(
        api,
        account_name="A",
        web_property_name="W",
        website_url="https://shop.example",
        profile_name="P",
        time_zone="UTC",
        redirect_uri="https://portal.example/back",
    ),
}


@pytest.fixture(autouse=True)
def _keys_are_fetched_at_once(monkeypatch):
    identity._kept.clear()
    monkeypatch.setattr(identity, "_DEADLINE", 0.15)


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("call", CALLS | CONSENTS | WRITES)
def test_no_failure_gives_anything_away(google, key, caplog, call, failure):
    caplog.set_level(logging.DEBUG)
    FAILURES[failure](google)
    api = Api(google.url, TOKEN, deadline=0.15 if failure in SLOW else 5, sleep=lambda seconds: None)
    error = error_of(lambda: (CALLS | CONSENTS | WRITES)[call](api, key))
    # To revoke what is no longer good, or without a body in the answer, is no failure.
    assert error is not None or call == "revoke" or (call, failure) in UNREAD
    shown = everything_shown(error, caplog)
    assert [mark for mark in MARKS if mark in shown] == []


def error_of(call):
    try:
        call()
    except GoogleError as problem:
        return problem
    return None


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
    """All that an error page, a log or a queue could make of `error`, if there is one."""
    logged = [record.getMessage() + repr(vars(record)) for record in caplog.records]
    return "\n".join([said(error), variables(error), *logged] if error else logged)


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
