"""Two requests at once for the same thing: the one that comes second looks again instead of failing."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError

P = ParamSpec("P")
T = TypeVar("T")


def looks_again(verb: Callable[P, T]) -> Callable[P, T]:
    """For an atomic verb that takes what is there and makes what is not: where the database refuses a second
    one, somebody else has made it meanwhile, and the verb, run once more, finds it.
    """

    @wraps(verb)
    def again(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return verb(*args, **kwargs)
        except IntegrityError:
            return verb(*args, **kwargs)

    return again
