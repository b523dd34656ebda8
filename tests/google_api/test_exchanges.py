"""Exchanges are kept where somebody looks for a fault, and there without secrets."""

import json
import threading
from datetime import timedelta

import pytest

from google_api import admin, identity
from google_api.errors import GoogleError
from google_api.exchanges import MOST_KEPT, MOST_SHOWN, Exchange, exchanges
from google_api.http import Api, fetch_public
from google_api.masking import json_value, looking, pairs
from tests.google_api.fake_google import TOKEN
from tests.google_api.test_secrets import (
    CALLS,
    CLIENT,
    CODE,
    CONSENTS,
    FAILURES,
    ID_TOKEN,
    REFRESH,
    SLOW,
    VERIFIER,
    WRITES,
    error_of,
)
from tests.google_api.test_secrets import TOKEN as MARKED_TOKEN

SECRETS = ("SECRET-", "PRIVATE KEY")
GOOD = {
    "access_token": "ya29.SECRET-NEW",
    "expires_in": 3599,
    "refresh_token": "1//0SECRET-NEWER",
    "id_token": ID_TOKEN,
    "scope": "openid",
    "accountTicketId": "SECRET-TICKET",
    "id": "SECRET-TICKET",
    "name": "properties/12",
    "said": [
        MARKED_TOKEN,
        f"you sent {REFRESH} and {CODE}, {CLIENT.client_secret}",
        {"deep": f"Bearer {MARKED_TOKEN}"},
    ],
}


@pytest.fixture(autouse=True)
def _keys_are_fetched_at_once(monkeypatch):
    identity._kept.clear()
    monkeypatch.setattr(identity, "_DEADLINE", 0.15)


def shown(seen):
    return json.dumps([each.as_json() for each in seen], ensure_ascii=False) + repr(seen)


@pytest.mark.parametrize("call", CALLS | CONSENTS | WRITES)
def test_no_secret_is_kept_of_what_works(google, key, call):
    echo = {"you": f"sent {VERIFIER}"} if call == "exchange" else {}
    google.answers(GOOD | echo, Www_Authenticate=f"Bearer {MARKED_TOKEN}", X_Other="SECRET-HEADER")
    with exchanges() as seen:
        error_of(lambda: (CALLS | CONSENTS | WRITES)[call](Api(google.url, MARKED_TOKEN), key))
    text = shown(seen)
    if call != "v3 ticket":  # elsewhere `id` is a number that anybody may know
        text = text.replace('"id": "SECRET-TICKET"', "").replace('\\"id\\": \\"SECRET-TICKET\\"', "")
    assert (len(seen), [mark for mark in SECRETS if mark in text]) == (1, [])


@pytest.mark.parametrize("failure", FAILURES)
@pytest.mark.parametrize("call", CALLS | CONSENTS | WRITES)
def test_no_secret_is_kept_of_what_fails(google, key, call, failure):
    FAILURES[failure](google)
    api = Api(google.url, MARKED_TOKEN, deadline=0.15 if failure in SLOW else 5, sleep=lambda seconds: None)
    with exchanges() as seen:
        error_of(lambda: (CALLS | CONSENTS | WRITES)[call](api, key))
    text = shown(seen).replace("BODY-SECRET", "")
    assert [mark for mark in SECRETS if mark in text] == []


def test_an_exchange_says_all_that_the_playground_said(google, api):
    google.answers(
        {"error": {"code": 403, "status": "PERMISSION_DENIED"}},
        status=403,
        Content_Type="application/json",
        X_Request_Id="r-1",
    )
    with exchanges() as seen, pytest.raises(GoogleError):
        admin.list_account_summaries(api)
    one = seen[0]
    assert (one.method, one.address) == ("GET", f"{google.url}/v1beta/accountSummaries?pageSize=200")
    assert (one.sent, one.body) == ((("Authorization", "Bearer …"),), "")
    headers = dict(one.headers)
    assert one.status == 403
    assert sorted(headers) == ["content-type", "date", "x-request-id"]
    assert json.loads(one.answer) == {"error": {"code": 403, "status": "PERMISSION_DENIED"}}
    assert one.trouble == ""
    assert abs(one.skew.total_seconds()) < 60


def test_a_form_has_a_field_to_a_line_and_an_assertion_its_claims(google, key):
    google.answers(GOOD)
    with exchanges() as seen:
        CALLS["token"](Api(google.url, TOKEN), key)
    lines = seen[0].body.split("\n")
    assert lines[1] == "grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer"
    assert lines[0].startswith('assertion=… {"iss": "robot@demo.iam.gserviceaccount.com", "scope": "https://')


def test_nothing_is_kept_outside_of_a_block_or_of_another_thread(google, api):
    google.answers({})
    with exchanges() as seen:
        other = threading.Thread(target=lambda: admin.list_account_summaries(api))
        other.start()
        other.join()
    admin.list_account_summaries(api)
    assert seen == []


def test_a_block_inside_another_keeps_its_own(google, api):
    google.answers({})
    with exchanges() as outer:
        with exchanges() as inner:
            admin.list_account_summaries(api)
        admin.list_account_summaries(api)
    assert (len(outer), len(inner)) == (1, 1)


def test_each_try_is_an_exchange(google, api):
    google.answers({}, status=503).answers({})
    with exchanges() as seen:
        admin.list_account_summaries(api)
    assert [each.status for each in seen] == [503, 200]


def test_what_never_answered_says_why(api):
    with exchanges() as seen, pytest.raises(GoogleError):
        admin.list_account_summaries(Api("http://127.0.0.1:9", TOKEN, sleep=lambda seconds: None))
    assert {(each.status, each.trouble, each.skew) for each in seen} == {
        (None, "unreachable: no connection", None)
    }


def test_what_is_no_json_is_told_by_type_and_size(google, api):
    google.answers(b"<html>SECRET-PAGE", status=502, Content_Type="text/html; charset=utf-8")
    with exchanges() as seen, pytest.raises(GoogleError):
        admin.list_account_summaries(api)
    assert seen[0].answer == "(text/html, 17 bytes)"


def test_a_long_answer_is_cut_and_many_exchanges_end(google, api):
    google.answers({"filler": ["x" * 100] * 1000})
    with exchanges() as seen:
        for _ in range(MOST_KEPT + 1):
            admin.list_account_summaries(api)
    assert len(seen) == MOST_KEPT
    assert len(seen[0].answer) < MOST_SHOWN + 20


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 99 Foo 2026 25:00:00 GMT"])
def test_a_date_that_is_none_says_nothing_of_the_clock(date):
    one = Exchange("GET", "", (), "", 200, (("date", date),), "", "", "2026-11-23T00:00:00+00:00")
    assert one.skew is None


def test_the_clock_is_compared_with_googles():
    headers = (("date", "Mon, 23 Nov 2026 10:00:00 GMT"),)
    one = Exchange("GET", "", (), "", 200, headers, "", "", "2026-11-23T10:05:00+00:00")
    assert one.skew == timedelta(minutes=5)


def test_an_address_is_masked_too(google):
    google.answers({})
    with exchanges() as seen:
        fetch_public(f"{google.url}/x?code=4/0abcdefgh&n=1", dict, deadline=5)
    assert seen[0].address == f"{google.url}/x?code=…&n=1"


def test_numbers_and_open_names_stay():
    told = {"error": {"code": 403, "errors": [{"reason": "authError"}]}, "nextPageToken": "abc", "n": None}
    assert json_value(told) == told
    assert looking("properties/4/dataStreams/123456789") == "properties/4/dataStreams/123456789"
    assert pairs([("client_id", "c"), ("Client-Secret", "s"), ("code_verifier", "v")]) == [
        ("client_id", "c"),
        ("Client-Secret", "…"),
        ("code_verifier", "…"),
    ]
