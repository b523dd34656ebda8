"""The links of a chain, looked at one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum

from django.utils.translation import gettext as _

from google_api import errors
from google_api.exchanges import Exchange, exchanges
from provisioning.doctor import remarks


class Found(Enum):
    """How a link was found."""

    WHOLE = "whole"
    BROKEN = "broken"
    WAITING = "waiting"  # it is somebody's turn, and nothing is wrong
    UNTRIED = "untried"  # a link that it hangs on is not whole


@dataclass(frozen=True)
class Step:
    """One link: what was found there, or what to do; in the reader's language, without secrets.

    `detail` is for whoever mends it: HTTP status, Google's reason, request id. `remarks` are what else may
    help. `is_private` says that its words and exchanges tell of everything that its credential reaches.
    """

    link: str
    found: Found
    words: str = ""
    detail: str = ""
    remarks: tuple[str, ...] = ()
    exchanges: tuple[Exchange, ...] = ()
    is_private: bool = False


class Trouble(Exception):
    """A link is broken in a way that is no error of Google's; its text is the sentence that says so."""

    def __init__(self, words: str, *, detail: str = "", remarks: tuple[str, ...] = ()) -> None:
        super().__init__(words)
        self.detail = detail
        self.remarks = remarks


class Waiting(Exception):
    """There is nothing to look at yet, and nothing wrong with that; its text says whose turn it is."""


class Walk:
    """The steps of a walk as it goes."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def look(
        self,
        link: str,
        what: Callable[[], str],
        *,
        after: tuple[Step, ...] = (),
        is_private: bool = False,
    ) -> Step:
        """Looks at one link with `what`, which says what it found or raises GoogleError, Trouble or Waiting.

        It is not tried unless all links `after` which it comes are whole.
        """
        if all(step.found is Found.WHOLE for step in after):
            step = _looked(link, what, is_private)
        else:
            step = Step(link, Found.UNTRIED, _("not tried"))
        self.steps.append(step)
        return step


def _looked(link: str, what: Callable[[], str], is_private: bool) -> Step:
    with exchanges() as seen:
        found, words, detail, told = _tried(what, seen)
    return Step(link, found, words, detail, told, tuple(seen), is_private)


def _tried(what: Callable[[], str], seen: list[Exchange]) -> tuple[Found, str, str, tuple[str, ...]]:
    try:
        return Found.WHOLE, what(), "", ()
    except errors.GoogleError as error:
        return Found.BROKEN, in_words(error), error.log_detail, remarks.of(error, seen)
    except Trouble as error:
        return Found.BROKEN, str(error), error.detail, error.remarks
    except Waiting as error:
        return Found.WAITING, str(error), "", ()


def first_broken(steps: Iterable[Step]) -> Step | None:
    """The link to mend first."""
    return next((step for step in steps if step.found is Found.BROKEN), None)


def in_words(error: errors.GoogleError) -> str:
    """The error's sentence, with the names and addresses in it that help."""
    sentence = _(error.sentence)
    if isinstance(error, errors.ApiDisabled) and error.activation_url:
        return f"{sentence} {error.activation_url}"
    if isinstance(error, errors.InvalidArgument) and error.fields:
        return f"{sentence} ({', '.join(error.fields)})"
    return sentence
