"""One thing that an installation needs, and how it was found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _

from google_api import errors
from provisioning.doctor import in_words


class Mark(Enum):
    """How it was found."""

    DONE = "done"
    WRONG = "wrong"
    TODO = "todo"  # not set up yet, which may be meant so
    UNKNOWN = "unknown"  # cannot be told from here, or not before something else is right


@dataclass(frozen=True)
class Item:
    """A line of the page, in the reader's language. `detail` is for whoever mends it, without secrets."""

    name: str
    mark: Mark
    words: str
    detail: str = ""


class Missing(Exception):
    """It is not set up; the text says how to do that, or what does without it."""


class Wrong(Exception):
    """It is set up and does not work; the text says what to do."""


class Untold(Exception):
    """It cannot be told from here; the text says why."""


_MARKS: dict[type[Exception], Mark] = {Missing: Mark.TODO, Wrong: Mark.WRONG, Untold: Mark.UNKNOWN}


def look(name: str, what: Callable[[], str], *, after: tuple[Item, ...] = ()) -> Item:
    """Looks with `what`, which says what it found or raises one of the above or a GoogleError.

    Not tried unless all that it comes `after` was found right.
    """
    if any(item.mark is not Mark.DONE for item in after):
        return Item(name, Mark.UNKNOWN, _("Not tried before what stands above is right."))
    try:
        return Item(name, Mark.DONE, what())
    except tuple(_MARKS) as found:
        return Item(name, _MARKS[type(found)], str(found))
    except errors.GoogleError as error:
        return Item(name, Mark.WRONG, in_words(error), error.log_detail)
