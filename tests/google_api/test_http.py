"""The one door: what a call may cost, how often it is repeated, and what an unusable answer is called."""

import gzip
import json
import logging
import os
import socket
import threading
import time

import pytest

from google_api import errors, http
from google_api.http import Api
from google_api.refusals import api_error
from tests.google_api.fake_google import TOKEN, drop, half_a_body, never_answer, trickle

PATH = "/v1beta/accountSummaries"
ERROR_503 = {
    "error": {"code": 503, "message": "The service is currently unavailable.", "status": "UNAVAILABLE"}
}
ERROR_429 = {
    "error": {"code": 429, "message": "Exhausted concurrent requests quota.", "status": "RESOURCE_EXHAUSTED"}
}


def get(api, params=None):
    return http.get(api, PATH, dict, params)


def error_of(api, **kwargs):
    with pytest.raises(errors.GoogleError) as caught:
        get(api, **kwargs)
    return caught.value


# What is sent


def test_get_sends_token_and_parameters(google, api):
    google.answers({"answer": 1})
    assert get(api, {"pageSize": "200"}) == {"answer": 1}
    asked = google.requests[0]
    assert (asked.method, asked.path, asked.params, asked.body) == ("GET", PATH, {"pageSize": "200"}, b"")
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["user-agent"] == "Belvedere"


def test_ask_sends_json(google, api):
    google.answers({})
    http.ask(api, "/v1beta/properties/1:runReport", dict, {"limit": "1"})
    asked = google.requests[0]
    assert (asked.method, asked.json) == ("POST", {"limit": "1"})
    assert asked.headers["content-type"] == "application/json"


def test_a_slash_at_the_end_of_the_address_changes_nothing(google, api):
    google.answers({})
    get(Api(api.base_url + "/", TOKEN))
    assert google.requests[0].path == PATH


def test_netrc_does_not_replace_the_token(google, api, tmp_path, monkeypatch):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login mallory password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    google.answers({})
    get(api)
    http.post_form(google.url, b"a=b", {}, read=dict, judge=api_error, deadline=5)
    assert [asked.headers.get("authorization") for asked in google.requests] == [f"Bearer {TOKEN}", None]


def test_a_proxy_is_honoured_but_not_for_the_loopback(google, api, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "")
    monkeypatch.setenv("HTTP_PROXY", google.url)
    google.answers({})
    get(Api("http://analyticsdata.example", TOKEN))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    get(api)
    assert [asked.headers["host"] for asked in google.requests] == [
        "analyticsdata.example",
        google.url.removeprefix("http://"),
    ]


def test_no_cookie_is_kept(google, api):
    google.answers({}, Set_Cookie="session=1; Path=/")
    get(api)
    get(api)
    assert [asked.headers.get("cookie") for asked in google.requests] == [None, None]


def test_a_connection_is_used_again(google, api):
    google.answers({})
    for _ in range(3):
        get(api)
    assert len(google.connections) == 1


def test_a_forked_process_opens_connections_of_its_own():
    before = http._session()
    child = os.fork()
    if child == 0:
        os._exit(0 if http._session() is not before else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_threads_share_the_door(google, api):
    google.answers({"answer": 1})
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(get(api))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [{"answer": 1}] * 20


# Time and size


def test_refused_is_unreachable_and_tried_three_times(pauses):
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    error = error_of(Api(f"http://127.0.0.1:{port}", TOKEN, sleep=pauses.append))
    assert (type(error), error.log_detail, len(pauses)) == (errors.Unreachable, "no connection", 2)


def test_a_silent_server_is_unreachable_by_the_deadline(google, pauses):
    google.does(never_answer)
    began = time.monotonic()
    error = error_of(Api(google.url, TOKEN, deadline=0.3, sleep=pauses.append))
    assert (type(error), error.log_detail) == (errors.Unreachable, "timed out")
    assert 0.25 < time.monotonic() - began < 1
    assert (len(google.requests), pauses) == (1, [])  # no time was left to ask again


def test_a_trickle_ends_at_the_deadline(google, pauses):
    google.does(trickle)
    began = time.monotonic()
    error = error_of(Api(google.url, TOKEN, deadline=0.5, sleep=pauses.append))
    assert (type(error), error.log_detail) == (errors.Unreachable, "timed out")
    assert time.monotonic() - began < 1


def test_a_trickle_without_a_length_ends_at_the_deadline_too(google, pauses):
    def endless(handler):
        handler.begin(200, None, {"Connection": "close"})
        for _ in range(60):
            handler.wfile.write(b" ")
            time.sleep(0.05)

    google.does(endless)
    error = error_of(Api(google.url, TOKEN, deadline=0.5, sleep=pauses.append))
    assert (type(error), error.log_detail) == (errors.Unreachable, "timed out")


def test_no_call_begins_after_the_deadline(google):
    google.answers({})
    assert error_of(Api(google.url, TOKEN, deadline=0)).log_detail == "no time left"
    assert google.requests == []


def test_a_huge_answer_is_left_unread(google, api, monkeypatch):
    monkeypatch.setattr(http, "MAX_BYTES", 100_000)
    sent = []

    def huge(handler):
        handler.begin(200, 50_000_000)
        for _ in range(500):
            handler.wfile.write(b" " * 100_000)
            sent.append(1)

    google.does(huge)
    error = error_of(api)
    assert (type(error), error.log_detail) == (errors.BadAnswer, "too large")
    time.sleep(0.05)
    assert len(sent) < 400


def test_size_counts_after_decompression(google, api, monkeypatch):
    monkeypatch.setattr(http, "MAX_BYTES", 100_000)
    google.answers(gzip.compress(b" " * 1_000_000), Content_Encoding="gzip")
    assert error_of(api).log_detail == "too large"


def test_a_compressed_answer_is_read(google, api):
    google.answers(gzip.compress(b'{"answer": 1}'), Content_Encoding="gzip")
    assert get(api) == {"answer": 1}


def test_an_answer_in_chunks_is_read(google, api):
    def chunked(handler):
        handler.begin(200, None, {"Transfer-Encoding": "chunked"})
        for piece in (b'{"ans', b'wer": 1}'):
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
        handler.wfile.write(b"0\r\n\r\n")

    google.does(chunked)
    assert get(api) == {"answer": 1}


# Answers that are none


@pytest.mark.parametrize(
    "body",
    [
        b"<!DOCTYPE html><title>Sign in</title>",
        b'{"rows": [',
        b"",
        b"[]",
        b"null",
        b'"text"',
        b'{"a": NaN}',
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ],
    ids=["html", "half", "empty", "list", "null", "string", "nan", "not utf-8", "deep", "long number"],
)
def test_200_without_a_json_object_is_a_bad_answer(google, api, pauses, body):
    google.answers(body)
    error = error_of(api)
    assert (type(error), error.status, error.log_detail) == (
        errors.BadAnswer,
        200,
        "200 without a JSON object",
    )
    assert (len(google.requests), pauses) == (1, [])


def test_half_a_body_is_a_bad_answer_and_not_asked_again(google, api):
    google.does(half_a_body)
    error = error_of(api)
    assert (type(error), error.log_detail, len(google.requests)) == (errors.BadAnswer, "broke off", 1)


def test_half_a_chunk_is_a_bad_answer(google, api):
    def half_a_chunk(handler):
        handler.begin(200, None, {"Transfer-Encoding": "chunked"})
        handler.wfile.write(b'100\r\n{"rows": [')
        handler.wfile.flush()
        handler.drop()

    google.does(half_a_chunk)
    assert error_of(api).log_detail == "broke off"


def test_what_only_claims_to_be_compressed_is_a_bad_answer(google, api):
    google.answers(b"no gzip at all", Content_Encoding="gzip")
    assert error_of(api).log_detail == "broke off"


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(google, api, status):
    google.answers(b"", status=status, Location=f"{google.url}/elsewhere")
    error = error_of(api)
    assert (type(error), error.status) == (errors.BadAnswer, status)
    assert [asked.path for asked in google.requests] == [PATH]


@pytest.mark.parametrize(
    "address", ["", "nowhere", "ftp://127.0.0.1", "http://", "http://[::1", "http://a:port", "http://a b/"]
)
def test_an_address_that_is_none_is_a_bad_answer(address, pauses):
    error = error_of(Api(address, TOKEN, sleep=pauses.append))
    assert (type(error), pauses) == (errors.BadAnswer, [])


# Retries


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error_is_asked_three_times_in_all(google, api, pauses, status):
    google.answers(b"<html>", status=status)
    error = error_of(api)
    assert (type(error), error.status, len(google.requests)) == (errors.ServerError, status, 3)
    assert 0.25 <= pauses[0] <= 0.75
    assert 0.5 <= pauses[1] <= 1.5


def test_a_retry_may_succeed(google, api, pauses):
    google.answers(ERROR_503, status=503).does(drop).answers({"answer": 1})
    assert get(api) == {"answer": 1}
    assert (len(google.requests), len(pauses)) == (3, 2)


@pytest.mark.parametrize(
    ("status", "body"),
    [(400, {}), (401, {}), (403, {}), (404, {}), (408, {}), (429, ERROR_429), (501, {}), (504, {})],
)
def test_others_are_asked_once(google, api, pauses, status, body):
    google.answers(body, status=status)
    error_of(api)
    assert (len(google.requests), pauses) == (1, [])


def test_a_post_that_reads_is_asked_again_too(google, api):
    google.answers(ERROR_503, status=503).answers({"answer": 1})
    assert http.ask(api, PATH, dict, {"limit": "1"}) == {"answer": 1}
    assert [asked.json for asked in google.requests] == [{"limit": "1"}] * 2


# What makes something


def create(api, judge=api_error):
    return http.create(api, "/v1beta/properties", dict, {"displayName": "Shop"}, judge)


def refused_port():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        return unused.getsockname()[1]


def error_of_create(api, **kwargs):
    with pytest.raises(errors.GoogleError) as caught:
        create(api, **kwargs)
    return caught.value


def test_a_creation_sends_json(google, api):
    google.answers({"name": "properties/1"})
    assert create(api) == {"name": "properties/1"}
    asked = google.requests[0]
    assert (asked.method, asked.path, asked.params, asked.json) == (
        "POST",
        "/v1beta/properties",
        {},
        {"displayName": "Shop"},
    )
    assert asked.headers["content-type"] == "application/json"


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_creation_that_may_have_been_carried_out_is_not_repeated(google, api, pauses, status):
    google.answers(b"<html>", status=status)
    error = error_of_create(api)
    assert (error.status, len(google.requests), pauses) == (status, 1, [])


@pytest.mark.parametrize("behaviour", [drop, half_a_body])
def test_a_creation_whose_answer_was_lost_is_not_repeated(google, api, pauses, behaviour):
    google.does(behaviour)
    error = error_of_create(api)
    assert (error.permanent, len(google.requests), pauses) == (False, 1, [])


def test_a_dropped_connection_may_have_asked(google, api):
    google.does(drop)
    error = error_of_create(api)
    assert (type(error), error.log_detail, error.asked) == (errors.Unreachable, "no connection", True)


def test_a_creation_without_an_answer_in_time_is_not_repeated(google, pauses):
    google.does(never_answer)
    error = error_of_create(Api(google.url, TOKEN, deadline=0.2, sleep=pauses.append))
    assert (type(error), error.asked, len(google.requests), pauses) == (errors.Unreachable, True, 1, [])


def test_a_creation_that_google_never_got_is_tried_again(pauses):
    error = error_of_create(Api(f"http://127.0.0.1:{refused_port()}", TOKEN, sleep=pauses.append))
    assert (type(error), error.asked, len(pauses)) == (errors.Unreachable, False, 2)


def test_a_proxy_that_is_not_there_never_asked(pauses, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{refused_port()}")
    monkeypatch.setenv("NO_PROXY", "")
    error = error_of_create(Api("https://analyticsadmin.example", TOKEN, sleep=pauses.append))
    assert (type(error), error.asked, len(pauses)) == (errors.Unreachable, False, 2)


def test_a_creation_that_was_one_too_many_waits_as_long_as_google_says(google, api, pauses):
    google.answers(ERROR_429, status=429, Retry_After="2").answers({"name": "properties/1"})
    assert create(api) == {"name": "properties/1"}
    assert (len(google.requests), pauses) == (2, [2.0])


def test_a_creation_that_would_wait_too_long_is_left_to_the_caller(google, api, pauses):
    google.answers(ERROR_429, status=429)
    error = error_of_create(api)
    assert (error.retry_after, len(google.requests), pauses) == (30.0, 1, [])


def test_a_creation_s_refusal_has_a_judge_of_its_own(google, api):
    google.answers({}, status=403)
    error = error_of_create(api, judge=lambda refusal: errors.EditForbidden(status=refusal.status))
    assert (type(error), error.status) == (errors.EditForbidden, 403)


def test_a_patch_names_the_fields_that_it_sets(google, api):
    google.answers({"a": 1})
    assert http.patch(api, "/v1beta/properties/1", dict, {"displayName": "x"}, ["display_name", "b"]) == {
        "a": 1
    }
    asked = google.requests[0]
    assert (asked.method, asked.path, asked.params, asked.json) == (
        "PATCH",
        "/v1beta/properties/1",
        {"updateMask": "display_name,b"},
        {"displayName": "x"},
    )


def test_a_patch_is_repeated(google, api, pauses):
    google.answers(ERROR_503, status=503).does(drop).answers({})
    http.patch(api, "/v1beta/properties/1", dict, {}, ["display_name"])
    assert (len(google.requests), len(pauses)) == (3, 2)


# Waiting


def test_retry_after_is_waited_for_if_the_deadline_allows(google, api, pauses):
    google.answers(ERROR_503, status=503, Retry_After="2").answers({})
    get(api)
    assert pauses == [2.0]


def test_a_retry_after_beyond_the_deadline_is_left_to_the_caller(google, api, pauses):
    google.answers(ERROR_503, status=503, Retry_After="120")
    error = error_of(api)
    assert (error.retry_after, len(google.requests), pauses) == (120.0, 1, [])


def test_pauses_differ(google, api, pauses):
    google.answers(ERROR_503, status=503)
    for _ in range(5):
        error_of(api)
    assert len(set(pauses)) == 10


# The log


def test_every_request_is_a_line_without_query_and_token(google, api, caplog):
    caplog.set_level(logging.DEBUG)
    google.answers(ERROR_503, status=503).answers({})
    get(api, {"pageToken": "page-secret"})
    lines = [record.getMessage() for record in caplog.records if record.name == "google_api"]
    host = google.url.removeprefix("http://")
    assert [line.split(" ms=")[0] for line in lines] == [
        f"method=GET place={host}{PATH} status=503",
        f"method=GET place={host}{PATH} status=200",
    ]
    assert lines[0].endswith(" attempt=1 error=server_error: 503 UNAVAILABLE")
    assert lines[1].endswith(" attempt=2")
    assert TOKEN not in json.dumps([record.getMessage() for record in caplog.records])


def test_a_password_in_an_address_is_not_logged(caplog, pauses):
    caplog.set_level(logging.INFO, logger="google_api")
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    error_of(Api(f"http://user:hunter2@127.0.0.1:{port}", TOKEN, sleep=pauses.append))
    assert {record.getMessage().split()[1] for record in caplog.records} == {f"place=127.0.0.1:{port}{PATH}"}


def test_no_repr_shows_the_token(api):
    assert repr(api) == f"Api(base_url='{api.base_url}', deadline=5)"
