"""Values, headers and files that nobody would send, for `generated`."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import strategies as st

ODD = (
    "", " ", "0", "-1", "1", "99999999999999999999", "1e400", "NaN", "\x00", "a\x00b", "\ufffd",
    "é" * 300, "x" * 9000,
    "'", '"><script>alert(1)</script>', "{{ 7*7 }}", "%s%n", "../../etc/passwd", "null", "[]",
    "{}", '{"a":', "true",
    "2026-13-45", "0000-00-00", "9999-12-31", "2026-02-30", "10000-01-01", "yesterday", "7d", "month",
    "country==", "country==Italy", "country=~(", "country=~" + "(a+)+$" * 20, "nothing==x", ";,;,", "=" * 50,
    "ga:sessions", "ga:date", "-ga:sessions", "ga:" + "1" * 40, "ga:country==Italy;ga:city!@Rome",
    "today", "30daysAgo",
    "sessions", "date", "//evil.example", "https://evil.example/", "javascript:alert(1)",
    "\r\nSet-Cookie: a=b",
    "delete_selected", "send_again", "end", "pause", "resume", "remove_second_step",
    "make_verified", "assign_staff",
    "00000000-0000-0000-0000-000000000000", "alice@acme.example", "rita@rival.example", "@", "+1",
    "=1+1", "١٢٣",
    "owner", "viewer", "on", "\u202e", "a\u0301" * 50, "\ufeff", "\u2028", "ª" * 256,
    "9" * 5000, "0x10", "1_000", "+inf", "İ", "\ud7ff", "\U0010ffff", "1.5", "1,5", "-0",
)  # fmt: skip
HEADERS = {
    "HTTP_AUTHORIZATION": ("Bearer", "Bearer x", "Bearer \xe9", "Basic !!!", "Bearer " + "a" * 5000, "a.b.c"),
    "HTTP_ORIGIN": (
        "null",
        "https://evil.example",
        "http://testserver",
        "::::",
        "http://[",
        "https://é.example",
    ),
    "HTTP_REFERER": ("http://[", "https://evil.example/x", "nonsense", "http://testserver/clients/acme/"),
    "HTTP_HOST": ("evil.example", "testserver:99999", "[::1", "localhost"),
    "HTTP_ACCEPT_LANGUAGE": ("it", "xx-yy;q=z", "*" * 500, "en;q=0"),
    "HTTP_X_FORWARDED_FOR": ("not an address", "1.2.3.4, 5.6.7.8", ",,,", "\x00"),
    "HTTP_IF_NONE_MATCH": ('"x"', "*", "W/"),
    "HTTP_IF_MODIFIED_SINCE": ("yesterday", "Thu, 01 Jan 9999 00:00:00 GMT", "0"),
    "HTTP_COOKIE": ("sessionid=x", "sessionid=x:y:z", "=;;=", "messages=x; csrftoken=" + "y" * 99),
    "HTTP_USER_AGENT": ("", "x" * 5000, "\x00", "é"),
    "HTTP_RANGE": ("bytes=0-", "bytes=9-1", "x"),
    "HTTP_ACCEPT": ("", "*/*;q=x", "application/json", "text/html;level=9e999"),
    "HTTP_ACCEPT_ENCODING": ("gzip", "br;q=z", "identity;q=0", "*" * 900),
    "HTTP_X_FORWARDED_PROTO": ("https", "javascript", "\x00"),
    "HTTP_X_FORWARDED_HOST": ("evil.example", "[::1"),
    "HTTP_X_REQUEST_ID": ("x" * 3000, "a\tb", "é", "{}"),
    "HTTP_X_REQUESTED_WITH": ("XMLHttpRequest",),
    "HTTP_X_HTTP_METHOD_OVERRIDE": ("DELETE",),
    "HTTP_IF_RANGE": ("yesterday",),
    "HTTP_EXPECT": ("100-continue", "x"),
    "CONTENT_LENGTH": ("", "0"),  # the server refuses what is no number, and waits for what does not come
    "CONTENT_TYPE": (
        "",
        "/",
        "text/html; charset=no-such",
        "multipart/form-data",
        "application/json; charset=x",
    ),
}

KEY = json.dumps(
    {"type": "service_account", "client_email": "r@x.example", "private_key": "x", "token_uri": 5}
)
CONTENTS = st.one_of(
    st.sampled_from(
        (b"", b"tenant,view\n\x00", b"\xff\xfe", b'"' * 999, b"a," * 9999, KEY.encode(), b"[" * 100_000,
         b"\x89PNG\r\n\x1a\n", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", b"PK\x03\x04")
    ),
    st.binary(max_size=200),
)  # fmt: skip
FILE_NAMES = (
    "views.csv", "key.json", "x" * 300, "../../etc/passwd", "a\x00b", "é.png", '"><img>.csv', ".", "CON",
    "a/b",
)  # fmt: skip
TYPES_OF_FILES = ("text/csv", "", "image/png", "application/json", "multipart/mixed", "x")


def _file(name: str, content: bytes, kind: str) -> SimpleUploadedFile:
    made = SimpleUploadedFile("x", content, kind)
    made._name = name  # what a browser would tidy up is left as it is
    return made


FILES = st.builds(_file, st.sampled_from(FILE_NAMES), CONTENTS, st.sampled_from(TYPES_OF_FILES))

# As JSON has them: half a pair, what is no number, one too long to read, depth.
ODD_JSON: tuple[Any, ...] = (
    None, True, 0, -1, 1.5, 1e308, float("inf"), float("nan"), 10**30, [], {}, [[]], {"a": {"b": None}},
    "\ud83d",
    "\udfff", ["\x00"], {"\ud800": "\ud800"}, "\x00",
)  # fmt: skip
ODD_BODIES = (
    b"", b"[" * 50_000, b'{"a":' * 20_000, b'{"dimensions": ' + b"9" * 5000 + b"}", b"\xff\xfe\x00",
    b"null", b'"x"',
    b"[1,2", b"a=1&a=2&&&=&%=%zz&%ff=%ff", b"a=1&" * 1500, b"--", b"--x\r\n\r\n--x--", b"\xef\xbb\xbf{}",
)  # fmt: skip
CONTENT_TYPES = (
    "application/json", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain", "", "x",
    "multipart/form-data; boundary=x", "multipart/form-data; boundary=", "application/json; charset=utf-16",
    "application/x-www-form-urlencoded; charset=no-such", "multipart/form-data; boundary=" + "x" * 300,
)  # fmt: skip
QUERIES = (
    "%",
    "%ff%fe",
    "a;b;c",
    "&&&===",
    "q=%00",
    "q=%ed%a0%80",
    "x&" * 1200,
    "=" * 3000,
    "?",
    "q[]=1&q[0]=2",
)
