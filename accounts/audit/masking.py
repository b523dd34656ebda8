"""Takes secrets out of what the record is about to keep. Pure.

Nobody passes it a secret on purpose; this is the net for the day somebody does.
"""

from __future__ import annotations

import re
from typing import Any

from google_api import masking

LONGEST = 300
MOST_ITEMS = 50
_DEEPEST = 4
# What is random: our own tokens, sealed secrets. A UUID is shorter, and a name has signs between its words.
_RANDOM = re.compile(r"[A-Za-z0-9_+/=-]{40,}")


def text(value: str, longest: int = LONGEST) -> str:
    """`value` in one line, without what looks like a secret, cut where it is too long."""
    line = " ".join(value.replace("\0", "").split())
    return _RANDOM.sub(masking.MASK, masking.looking(line))[:longest]


def details(value: dict[str, Any]) -> dict[str, Any]:
    """Facts beside an entry, as JSON can hold them: secrets masked by name and by look, bounded in size."""
    masked: Any = masking.json_value(_within(value, 0))
    return dict(masked)


def _within(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        return masking.MASK
    if isinstance(value, dict):
        return {text(str(name)): _within(each, depth + 1) for name, each in list(value.items())[:MOST_ITEMS]}
    if isinstance(value, list | tuple | set | frozenset):
        return [_within(each, depth + 1) for each in list(value)[:MOST_ITEMS]]
    return value if value is None or isinstance(value, bool | int | float) else text(str(value))
