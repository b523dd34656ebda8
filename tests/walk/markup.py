"""Whether an answer holds a mark as it came: as an element, as attributes, or with its quotes."""

import json
import re
from collections.abc import Iterator
from typing import Any

from tests.walk.pages import Page

AS_IT_CAME = re.compile(r"""Zq(?:acme|rival)["'<>]""")
HTML = re.compile(r"<[a-z]+ [^>]*class=")


def raw(answer: Any) -> bool:
    """Whether a page, a piece of one in JSON, or a header has a mark's markup."""
    headers = " ".join(f"{name}: {value}" for name, value in answer.items())
    return any(map(_is_marked, [headers, *_pages(answer)]))


def _pages(answer: Any) -> Iterator[str]:
    kind = answer.get("Content-Type", "")
    if kind.startswith(("text/html", "image/svg")):
        yield answer.body.decode(errors="replace")
    elif kind.startswith("application/json") and b"Zq" in answer.body:
        yield from (each for each in _texts(json.loads(answer.body)) if HTML.search(each))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _texts(each)


def _is_marked(text: str) -> bool:
    if "zq" not in text and "Zq" not in text:
        return False
    if AS_IT_CAME.search(text):
        return True
    return any(tag.startswith("zq-") or "onzq" in found for tag, found in Page(text, "/").elements)
