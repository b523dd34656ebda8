"""Where a question's dimensions are found, and how a row's key is put together from there."""

from __future__ import annotations

from sandbox.reports.fields import DIMENSIONS
from sandbox.reports.question import Question

Values = tuple[str, ...]


def asks_for(question: Question, scope: str) -> bool:
    return any(scope_of(name) == scope for name in question.all_dimensions)


def scope_of(name: str) -> str:
    return "slice" if name == "minutesAgo" else DIMENSIONS[name].scope


def names_of(question: Question, scope: str) -> Values:
    return tuple(name for name in question.all_dimensions if scope_of(name) == scope)


class Layout:
    """Puts the values of calendar, visitor, slice and event together, for the filter and for the row's key.

    A row's place in the answer is `key(parts)`; whether it belongs there, `passes(parts)`, remembered per
    combination of what the filter looks at.
    """

    def __init__(self, question: Question, names: tuple[Values, ...]) -> None:
        flat = [(part, place, name) for part, group in enumerate(names) for place, name in enumerate(group)]
        where = {name: (part, place) for part, place, name in flat}
        self._asked = [where[name] for name in question.dimensions]
        self._filtered = [(name, *where[name]) for name in question.filter_names]
        self._predicate = question.predicate()
        self._known: dict[Values, bool] = {}

    def key(self, parts: tuple[Values, ...]) -> Values:
        return tuple([parts[part][place] for part, place in self._asked])

    def passes(self, parts: tuple[Values, ...]) -> bool:
        if self._predicate is None:
            return True
        looked_at = tuple([parts[part][place] for _, part, place in self._filtered])
        known = self._known.get(looked_at)
        if known is None:
            row = {name: value for (name, _, _), value in zip(self._filtered, looked_at, strict=True)}
            known = self._known[looked_at] = self._predicate(row)
        return known
