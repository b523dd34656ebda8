"""The sentence over a list: how many views have stopped, how many need a look. Pure."""

from collections.abc import Mapping

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from dashboards.figures import integer
from dashboards.models import Summary

Standing = Summary.Standing


def headline(standings: Mapping[int, int]) -> str:
    """ "One view has stopped, two need a look." """
    stopped = standings.get(Standing.STOPPED, 0)
    looks = needing_a_look(standings)
    if stopped and looks:
        return _("%(stopped)s, %(looks)s.") % {"stopped": capfirst(_stopped(stopped)), "looks": _look(looks)}
    if stopped:
        return _("%(stopped)s.") % {"stopped": capfirst(_stopped(stopped))}
    if looks:
        text = ngettext("%(number)s view needs a look.", "%(number)s views need a look.", looks)
        return capfirst(text % {"number": in_words(looks)})
    return _quiet(standings)


def detail(standings: Mapping[int, int], clients: int) -> str:
    """ "214 views of 186 clients. The rest moved as usual." Without the clients where there is but one."""
    total = sum(standings.values())
    text = ngettext("%(number)s view", "%(number)s views", total) % {"number": integer(total)}
    if clients > 1:
        of = ngettext("%(views)s of %(number)s client.", "%(views)s of %(number)s clients.", clients)
        text = of % {"views": text, "number": integer(clients)}
    else:
        text = _("%(views)s.") % {"views": text}
    return f"{text} {rest}" if (rest := _rest(standings)) else text


def needing_a_look(standings: Mapping[int, int]) -> int:
    """Views that cannot be read, and views that fell."""
    return standings.get(Standing.FAILING, 0) + standings.get(Standing.FELL, 0)


def in_words(number: int) -> str:
    """A small number as a word, as sentences have it; any other in figures."""
    words = (
        pgettext("a number of views", "one"), pgettext("a number of views", "two"),
        pgettext("a number of views", "three"), pgettext("a number of views", "four"),
        pgettext("a number of views", "five"), pgettext("a number of views", "six"),
        pgettext("a number of views", "seven"), pgettext("a number of views", "eight"),
        pgettext("a number of views", "nine"),
    )  # fmt: skip
    return words[number - 1] if 0 < number <= len(words) else integer(number)


def _stopped(count: int) -> str:
    text = ngettext("%(number)s view has stopped", "%(number)s views have stopped", count)
    return text % {"number": in_words(count)}


def _look(count: int) -> str:
    return ngettext("%(number)s needs a look", "%(number)s need a look", count) % {"number": in_words(count)}


def _quiet(standings: Mapping[int, int]) -> str:
    """Nobody needs anybody: because all is well, or because nothing is known."""
    if standings.get(Standing.USUAL):
        return _("Everything moved as usual.")
    if standings.get(Standing.GATHERING):
        return _("The figures are being gathered.")
    return _("No data has come yet.")


def _rest(standings: Mapping[int, int]) -> str:
    needing = standings.get(Standing.STOPPED, 0) + needing_a_look(standings)
    if coming := standings.get(Standing.GATHERING, 0):
        if coming == sum(standings.values()):
            return ""
        text = ngettext("%(number)s is still being gathered.", "%(number)s are still being gathered.", coming)
        return capfirst(text % {"number": in_words(coming)})
    return _("The rest moved as usual.") if needing and standings.get(Standing.USUAL) else ""
