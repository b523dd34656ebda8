"""Requests as nobody would write them: every address, with parameters, bodies and headers made up."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from django import forms
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from hypothesis import strategies as st

from tests.walk.addresses import every_address
from tests.walk.conftest import PEOPLE
from tests.walk.odd import CONTENT_TYPES, FILES, HEADERS, ODD, ODD_BODIES, ODD_JSON, QUERIES

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
        "query": draw(st.one_of(fields, fields, fields, st.sampled_from(QUERIES))),
        "is_filled": draw(st.booleans()),
        "body": draw(_bodies(fields, texts)),
        "headers": draw(_headers()),
    }


def _bodies(fields: Any, texts: Any) -> Any:
    """A body's kind and what is in it; `content` makes bytes of both."""
    named = st.sampled_from(names())
    anything = st.recursive(
        st.one_of(texts, st.sampled_from(ODD_JSON)),
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(named, inner, max_size=3)),
        max_leaves=6,
    )
    return st.one_of(
        st.tuples(st.just("multipart"), fields),
        st.tuples(
            st.just("multipart"),
            st.builds(lambda one, two: one | two, fields, st.dictionaries(named, FILES, max_size=2)),
        ),
        st.tuples(st.just("form"), fields),
        st.tuples(st.just("json"), st.one_of(st.dictionaries(named, anything, max_size=5), anything)),
        st.tuples(
            st.sampled_from(CONTENT_TYPES), st.one_of(st.sampled_from(ODD_BODIES), st.binary(max_size=60))
        ),
    )


def content(kind: str, body: Any, filled: dict[str, str]) -> tuple[bytes, str]:
    """The bytes of a body and their type; `filled` are fields of the page's own form, below those made up."""
    if kind == "multipart":
        return encode_multipart(BOUNDARY, filled | body), f"{MULTIPART_CONTENT}; charset=utf-8"
    if kind == "form":
        return urlencode(filled | body, doseq=True).encode(), "application/x-www-form-urlencoded"
    if kind == "json":
        return json.dumps(body).encode(), "application/json"
    return body, kind


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
