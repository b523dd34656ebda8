"""Keeps what strangers are answered out of every list of pages that anybody searches.

An address with a token or a link in it may be found in somebody's history or mail; figures behind it are not
to be found by their words. Answers for scripts say so too, as robots run scripts.

https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag#xrobotstag
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

Answer = TypeVar("Answer", bound=HttpResponse)
RULES = "noindex, nofollow, noarchive"


def unlisted(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """Marks all answers of a view, its refusals included."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> Answer:
        answer = view(request, *args, **kwargs)
        answer["X-Robots-Tag"] = RULES
        return answer

    return answered
