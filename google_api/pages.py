"""Lists of the Admin API, read to their end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from google_api import http
from google_api.errors import BadAnswer
from google_api.http import Api, Judge
from google_api.refusals import api_error
from google_api.shapes import Json, children, text

T = TypeVar("T")

_PAGE_SIZE = "200"  # the most that Google gives
_MAX_PAGES = 100  # 20,000 accounts; a list without end is a fault of Google's


def all_pages(
    api: Api,
    path: str,
    key: str,
    read: Callable[[Json], T],
    params: Mapping[str, str] | None = None,
    judge: Judge = api_error,
) -> tuple[T, ...]:
    """What `read` makes of each item of the list `key`, on every page. Raises a `GoogleError`.

    Google wants all parameters again beside the token.
    """

    def page(answer: Json) -> tuple[list[T], str]:
        return [read(item) for item in children(answer, key)], text(answer, "nextPageToken")

    items: list[T] = []
    asked = {**(params or {}), "pageSize": _PAGE_SIZE}
    for _ in range(_MAX_PAGES):
        found, token = http.get(api, path, page, asked, judge)
        items += found
        if not token:
            return tuple(items)
        asked["pageToken"] = token
    raise BadAnswer("pages without end")
