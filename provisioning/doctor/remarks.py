"""What else helps with an error of Google's: its causes, what its status means, what to compare."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from google_api import errors
from google_api.exchanges import Exchange
from provisioning import oauth_state


def of(error: errors.GoogleError, seen: Iterable[Exchange]) -> tuple[str, ...]:
    """In the reader's language; empty where the error's sentence says it all."""
    if isinstance(error, errors.GrantEnded):
        return tuple(_(cause) for cause in error.causes)
    if isinstance(error, errors.ClockWrong):
        return tuple(filter(None, [clock(skew_in(seen))]))
    if isinstance(error, errors.RedirectRefused):
        return (_("The address to register is %(address)s") % {"address": oauth_state.redirect_uri()},)
    return _of_rights(error)


def _of_rights(error: errors.GoogleError) -> tuple[str, ...]:
    """A token that is no longer good and one that was never good for this are told apart by Google's reason:
    version 3 answers both with 401, the newer APIs with 401 and 403."""
    if isinstance(error, errors.ScopeInsufficient):
        text = _("Google answered %(status)s. Its reason is the permission: the sign-in itself is good.")
        return (text % {"status": error.status},)
    if isinstance(error, errors.Unauthenticated):
        text = _(
            "Google answered %(status)s. Its reason is the sign-in: a new one was made at once and refused "
            "too."
        )
        return (text % {"status": error.status},)
    return ()


def skew_in(seen: Iterable[Exchange]) -> datetime.timedelta | None:
    """How far our clock was ahead of Google's in the last answer that says."""
    skews = [each.skew for each in seen]
    return next((skew for skew in reversed(skews) if skew is not None), None)


def clock(skew: datetime.timedelta | None) -> str:
    """In words; empty where it is not known."""
    if skew is None:
        return ""
    span = {"span": _span(abs(skew))}
    if skew > datetime.timedelta():
        return _("This server's clock is %(span)s ahead of Google's.") % span
    return _("This server's clock is %(span)s behind Google's.") % span


def _span(time: datetime.timedelta) -> str:
    seconds = round(time.total_seconds())
    minutes, hours = round(seconds / 60), round(seconds / 3600)
    if minutes < 2:
        return ngettext("%(n)s second", "%(n)s seconds", seconds) % {"n": seconds}
    if hours < 2:
        return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
    return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
