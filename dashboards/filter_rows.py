"""A filter as the rows of a form, one to a condition, and back: the same grammar without its signs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from dashboards.filters import Condition, Filter, FilterError, parse

AND, OR = "and", "or"
IN, NOT_IN = "in", "not-in"
OPERATORS = {
    "==": _("is"),
    "!=": _("is not"),
    "=^": _("begins with"),
    "!^": _("does not begin with"),
    "=@": _("contains"),
    "!@": _("does not contain"),
    "=~": _("matches the regular expression"),
    "!~": _("does not match the regular expression"),
    IN: _("is one of"),
    NOT_IN: _("is none of"),
}
_LISTS = {"==": IN, "!=": NOT_IN}
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_:.]{0,199}")

Groups = list[list[Condition]]


@dataclass(frozen=True)
class Row:
    """One row: how it is joined to the one above, and its condition. A list has a value on each line."""

    joined: str = AND
    dimension: str = ""
    operator: str = "=="
    value: str = ""

    @property
    def is_blank(self) -> bool:
        """Nothing was typed here."""
        return not self.dimension and not self.value


def rows_of(text: str) -> list[Row]:
    """The rows of a filter's text; none for an empty one. Raises FilterError."""
    if not text.strip():
        return []
    groups = [list(group) for group in parse(text).groups]
    return [row for part in _parts(groups) for row in part]


def _parts(groups: Groups) -> Iterator[list[Row]]:
    """Each group's rows; "is not" this and "is not" that of one dimension, which are groups, in one row."""
    for (dimension, _number), same in groupby(enumerate(groups), key=lambda pair: _exclusion(*pair)):
        alike = [group for _index, group in same]
        if dimension and len(alike) > 1:
            yield [_list_row(AND, [group[0] for group in alike])]
        else:
            yield from (_group_rows(group) for group in alike)


def _exclusion(index: int, group: list[Condition]) -> tuple[str, int]:
    """What groups that can be one "is none of" have in common; others are alone."""
    if len(group) == 1 and group[0].operator == "!=" and _fits_a_list(group[0]):
        return group[0].dimension, 0
    return "", index


def _group_rows(group: list[Condition]) -> list[Row]:
    """A group's rows: "is" this or "is" that of one dimension in one row."""
    rows: list[Row] = []
    for (dimension, _number), same in groupby(enumerate(group), key=lambda pair: _choice(*pair)):
        alike = [condition for _index, condition in same]
        joined = OR if rows else AND
        if dimension and len(alike) > 1:
            rows.append(_list_row(joined, alike))
        else:
            rows += [Row(joined, each.dimension, each.operator, each.value) for each in alike]
    return rows


def _choice(index: int, condition: Condition) -> tuple[str, int]:
    if condition.operator == "==" and _fits_a_list(condition):
        return condition.dimension, 0
    return "", index


def _fits_a_list(condition: Condition) -> bool:
    return condition.value == condition.value.strip() and not {"\n", "\r"} & set(condition.value)


def _list_row(joined: str, conditions: Sequence[Condition]) -> Row:
    values = "\n".join(condition.value for condition in conditions)
    return Row(joined, conditions[0].dimension, _LISTS[conditions[0].operator], values)


def text_of(rows: Sequence[Row]) -> str:
    """The canonical text of these rows; empty for blank ones alone. Raises FilterError."""
    groups: Groups = []
    filled = [row for row in rows if not row.is_blank]
    for number, row in enumerate(filled):
        _check(row)
        parts = _groups(row)
        if len(parts) > 1 and OR in (
            row.joined if number else AND,
            *(r.joined for r in filled[number + 1 :][:1]),
        ):
            raise FilterError(gettext("“Is none of” and “or” cannot stand beside each other."))
        if row.joined == OR and groups:
            groups[-1] += parts[0]
        else:
            groups += parts
    text = str(Filter(tuple(tuple(group) for group in groups)))
    return str(parse(text)) if text else ""


def _check(row: Row) -> None:
    if not _NAME.fullmatch(row.dimension):
        raise FilterError(gettext("“%(name)s” is no dimension's API name.") % {"name": row.dimension[:100]})
    if row.operator not in OPERATORS:
        raise FilterError(gettext("Choose how %(name)s is compared.") % {"name": row.dimension})
    if not _values(row):
        raise FilterError(gettext("Write what %(name)s is compared with.") % {"name": row.dimension})


def _groups(row: Row) -> Groups:
    """The row's conditions: alternatives in one group, or groups that must all hold."""
    if row.operator == NOT_IN:
        return [[Condition(row.dimension, "!=", value)] for value in _values(row)]
    operator = "==" if row.operator == IN else row.operator
    return [[Condition(row.dimension, operator, value) for value in _values(row)]]


def _values(row: Row) -> list[str]:
    if row.operator not in _LISTS.values():
        return [row.value] if row.value else []
    return list(dict.fromkeys(line.strip() for line in row.value.split("\n") if line.strip()))
