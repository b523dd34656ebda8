"""What a site's own old names mean in GA4: custom dimensions, events and goals, which Google's table of names
cannot know. Staff write one to a line: `dimension1 = customEvent:plan`, `goal1 = purchase`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

MOST = 200
_NUMBER = "(?:[1-9][0-9]?|1[0-9]{2}|200)"
_OF_FIELDS = re.compile(rf"(?:dimension|metric){_NUMBER}|event(?:Category|Action|Label)")
_OF_EVENTS = re.compile(rf"goal{_NUMBER}")
_FIELD = re.compile(r"[A-Za-z][A-Za-z0-9]{0,59}(?::[A-Za-z0-9_]{1,60})?")
_EVENT = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")  # as GA4 names events


class MapError(ValueError):
    """A line that cannot be used; the text is a sentence for people."""


def parse(text: str) -> dict[str, str]:
    """The map that `text` writes, one name to a line. Raises MapError."""
    names: dict[str, str] = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        old, equals, new = (part.strip() for part in line.partition("="))
        if not equals:
            raise MapError(_("“%(line)s” has no “=”.") % {"line": line[:60]})
        names[old.removeprefix("ga:")] = new
    check(names)
    return names


def write(names: Mapping[str, str]) -> str:
    """As `parse` reads it, in the order that people count in: databases keep none."""
    return "\n".join(f"{old} = {names[old]}" for old in sorted(names, key=_counted))


def _counted(name: str) -> tuple[str, int]:
    letters = name.rstrip("0123456789")
    return letters, int(name[len(letters) :] or 0)


def check(names: object) -> None:
    """Raises MapError unless each is an old name of a site's own, for one that GA4 could know."""
    if not isinstance(names, dict) or len(names) > MOST:
        raise MapError(
            _("Write %(most)s names at most, each as “dimension1 = customEvent:plan”.") % {"most": MOST}
        )
    for old, new in names.items():
        _check(str(old), str(new))


def _check(old: str, new: str) -> None:
    if _OF_EVENTS.fullmatch(old):
        wanted = _EVENT
    elif _OF_FIELDS.fullmatch(old):
        wanted = _FIELD
    else:
        raise MapError(
            _("“%(name)s” is not one of dimension1, metric1, eventCategory, eventAction, eventLabel, goal1.")
            % {"name": old[:60]}
        )
    if not wanted.fullmatch(new):
        raise MapError(_("“%(new)s” for %(old)s is not a name of GA4's.") % {"new": new[:60], "old": old})
