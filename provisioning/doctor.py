"""Walks the chain from a stored key to Google, link by link, and says which one is broken.

The links that a view adds to it are `dashboards.doctor`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from google_api import admin, errors
from provisioning import credentials
from provisioning.models import Credential


class Found(Enum):
    """How a link was found."""

    WHOLE = "whole"
    BROKEN = "broken"
    UNTRIED = "untried"  # a link that it hangs on is broken


@dataclass(frozen=True)
class Step:
    """One link: what was found there, or what to do; in the reader's language, without secrets.

    `detail` is for whoever mends it: HTTP status, Google's reason, request id.
    """

    link: str
    found: Found
    words: str = ""
    detail: str = ""


class Trouble(Exception):
    """A link is broken in a way that is no error of Google's; its text is the sentence that says so."""


class Walk:
    """The steps of a walk as it goes."""

    def __init__(self) -> None:
        self.steps: list[Step] = []

    def look(self, link: str, what: Callable[[], str], *, after: tuple[Step, ...] = ()) -> Step:
        """Looks at one link with `what`, which says what it found or raises GoogleError or Trouble.

        It is not tried unless all links `after` which it comes are whole.
        """
        if all(step.found is Found.WHOLE for step in after):
            step = _looked(link, what)
        else:
            step = Step(link, Found.UNTRIED, _("not tried"))
        self.steps.append(step)
        return step


def _looked(link: str, what: Callable[[], str]) -> Step:
    try:
        return Step(link, Found.WHOLE, what())
    except errors.GoogleError as error:
        return Step(link, Found.BROKEN, in_words(error), error.log_detail)
    except Trouble as error:
        return Step(link, Found.BROKEN, str(error))


def in_words(error: errors.GoogleError) -> str:
    """The error's sentence, with the names and addresses in it that help."""
    sentence = _(error.sentence)
    if isinstance(error, errors.ApiDisabled) and error.activation_url:
        return f"{sentence} {error.activation_url}"
    if isinstance(error, errors.InvalidArgument) and error.fields:
        return f"{sentence} ({', '.join(error.fields)})"
    return sentence


def sign_in(walk: Walk, credential: Credential) -> Step:
    """The links up to a fresh access token, which all processes then share."""
    opens = walk.look(_("The encryption key opens the stored key"), lambda: _opened(credential))
    return walk.look(_("The key signs in"), lambda: _signed_in(credential), after=(opens,))


def _opened(credential: Credential) -> str:
    return credentials.open_key(credential).email


def _signed_in(credential: Credential) -> str:
    try:
        token = credentials.test_key(credentials.open_key(credential))
    except errors.GoogleError as error:
        credentials.record_error(credential, error)
        raise
    credentials.keep_access_token(credential, token.value, token.expires_at)
    return _("Google gave an access token.")


def admin_api(walk: Walk, credential: Credential, signed_in: Step) -> Step:
    """The link that lists accounts and properties."""
    return walk.look(_("The Admin API answers"), lambda: _listed(credential), after=(signed_in,))


def _listed(credential: Credential) -> str:
    accounts = credentials.call(credential, settings.GOOGLE_ADMIN_API, admin.list_account_summaries)
    count = sum(len(account.properties) for account in accounts)
    return ngettext("It lists %(count)s property.", "It lists %(count)s properties.", count) % {
        "count": count
    }
