"""Which regular expressions go on to Google: those that version 3 took and that cannot be made to hang. Pure.

A pattern is read here and never run. Google matches in time linear to the text (RE2), but whatever stands
between may not.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from dashboards.filters import FilterError, parse

LONGEST = 128
"""As in version 3: https://developers.google.com/analytics/devguides/reporting/core/v3/reference#filters"""

MOST_REPEATS = 5
"""Each `*` or `+` beyond makes a matcher that tries everything slower by the length of the text."""

_TOKENS = re.compile(
    r"(?P<escaped>\\.)|(?P<set>\[\^?\]?(?:\\.|[^\]\\])*\])|(?P<open>\()|(?P<close>\))"
    r"|(?P<endless>[*+]|\{[0-9]+,\})|(?P<repeat>\{[0-9]+(?:,[0-9]+)?\})|(?P<either>\|)|.",
    re.DOTALL,
)


def fault(pattern: str) -> str:
    """Why this pattern is refused, in a sentence; empty where it is not."""
    if len(pattern) > LONGEST:
        return _("A regular expression may have %(limit)s characters.") % {"limit": LONGEST}
    try:
        parse("pagePath=~" + re.sub(r"([,;\\ ])", r"\\\1", pattern))
    except FilterError as error:
        return error.sentence
    if _could_hang(pattern):
        return _("The regular expression repeats too much, as (a+)+ does; write it more simply.")
    return ""


def _could_hang(pattern: str) -> bool:
    """Whether a group is repeated that may match a text in several ways, or too much repeats without end."""
    groups = [False]  # whether each open group may match in several ways, the outermost first
    closed = False  # the same of the group that has just ended
    endless = 0
    for token in _TOKENS.finditer(pattern):
        ambiguous, closed = closed, False
        if token["open"]:
            groups.append(False)
        elif token["close"] and len(groups) > 1:
            closed = groups.pop()
            groups[-1] |= closed
        elif token["endless"] or token["repeat"]:
            if ambiguous:
                return True
            endless += bool(token["endless"])
            groups[-1] |= bool(token["endless"])
        elif token["either"]:
            groups[-1] = True
    return endless > MOST_REPEATS
