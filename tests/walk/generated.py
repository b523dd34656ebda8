"""Requests as nobody would write them: every address, with parameters, bodies and headers made up."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import strategies as st

from tests.walk.addresses import every_address
from tests.walk.conftest import PEOPLE

ROOT = Path(__file__).parents[2]
READ_BY_CODE = re.compile(r"""(?:GET|POST|params|FILES)(?:\.get|\.getlist|\.pop)?[(\[]\s*["']([\w.-]+)["']""")
WRITTEN_IN_TEMPLATES = re.compile(r"""\bname="([\w.-]+)\"""")
ADDRESSES = every_address()
VERBS = ("get", "get", "get", "post", "post", "post", "head", "put", "patch", "delete", "options", "trace")
OF_LISTS = (
    "q", "o", "p", "e", "all", "client", "state__exact", "action", "_selected_action",
    "select_across", "index",
    "_popup", "_to_field", "_changelist_filters", "term", "app_label", "model_name", "field_name", "_save",
    "_continue", "next", "period", "from", "to", "compare", "filter", "callback", "ids", "metrics",
    "dimensions",
    "start-date", "end-date", "sort", "segment", "filters", "max-results", "start-index",
    "access_token", "code",
    "state", "error", "accountTicketId", "post", "hl",
)  # fmt: skip
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
    "owner", "viewer", "on", "İ", "\ud7ff", "\U0010ffff", "1.5", "1,5", "-0",
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
}


def _sources() -> Iterator[str]:
    for app in ("accounts", "dashboards", "provisioning", "portal"):
        yield from (each.read_text() for each in sorted((ROOT / app).rglob("*.py")))


def _fields_of_forms(kind: type[Any]) -> set[str]:
    found = set(getattr(kind, "base_fields", {}))
    return found.union(*(_fields_of_forms(each) for each in kind.__subclasses__()))


@cache
def names() -> list[str]:
    """Every parameter and field that the portal is known to read."""
    found = {name for text in _sources() for name in READ_BY_CODE.findall(text)}
    for page in sorted((ROOT / "templates").rglob("*.html")):
        found.update(WRITTEN_IN_TEMPLATES.findall(page.read_text()))
    found.update(_fields_of_forms(forms.BaseForm), OF_LISTS)
    return sorted(found)


def _file(content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile("views.csv", content)


KEY = json.dumps(
    {"type": "service_account", "client_email": "r@x.example", "private_key": "x", "token_uri": 5}
)
FILES = st.one_of(
    st.sampled_from(
        (b"", b"tenant,view\n\x00", b"\xff\xfe", KEY.encode(), b"[" * 100_000, b"\x89PNG\r\n\x1a\n")
    ),
    st.binary(max_size=200),
).map(_file)


@st.composite
def requests(draw: Any, ids: list[str]) -> dict[str, Any]:
    """A request: who, verb, address, whose rows it names, query, body and headers."""
    texts = st.one_of(
        st.sampled_from(ids),
        st.sampled_from(ODD),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    )
    fields = st.dictionaries(
        st.sampled_from(names()), st.one_of(texts, st.lists(texts, max_size=3)), max_size=5
    )
    return {
        "person": draw(st.sampled_from(PEOPLE)),
        "verb": draw(st.sampled_from(VERBS)),
        "address": draw(st.sampled_from(ADDRESSES)),
        "is_mine": draw(st.booleans()),
        "detour": draw(st.one_of(st.none(), st.none(), st.none(), texts)),
        "place": draw(st.integers(0, 5)),
        "query": draw(fields),
        "is_filled": draw(st.booleans()),
        "body": draw(_bodies(fields)),
        "headers": draw(_headers()),
    }


def _bodies(fields: Any) -> Any:
    with_file = st.dictionaries(st.sampled_from(names()), FILES, max_size=1)
    return st.one_of(
        fields,
        st.builds(lambda one, two: one | two, fields, with_file),
        st.one_of(fields, st.lists(fields, max_size=2)).map(lambda each: json.dumps(each).encode()),
        st.binary(max_size=60),
        st.just(b"[" * 50_000),
    )


def _headers() -> Any:
    one = st.sampled_from(sorted(HEADERS)).flatmap(
        lambda key: st.tuples(st.just(key), st.sampled_from(HEADERS[key]))
    )
    return st.one_of(st.just({}), st.just({}), st.lists(one, max_size=2).map(dict))


def led_astray(path: str, detour: str | None, place: int) -> str:
    """The path with one of its parts replaced."""
    if detour is None:
        return path
    parts = path.split("/")
    parts[1 + place % max(1, len(parts) - 1)] = quote(detour, safe="")
    return "/".join(parts)
