"""The filter grammar shared by `load_views`, the admin and the URL, and its form on Google's wire.

    country==Germany,country==Austria;pagePath=^/shop

reads: the country is Germany or Austria, and the path begins with /shop. Operators: `==` is, `=^` begins
with, `=@` contains, `=~` matches a regular expression (RE2, anywhere in the value); `!=`, `!^`, `!@` and `!~`
say the opposite. `,` is "or" and binds tighter than `;`, "and" (as in Google's Core Reporting API v3). A
backslash before `,`, `;`, a space or a backslash takes it literally; before anything else it is a plain
character, so that `\\.` in a regular expression needs no doubling. Spaces around a value are dropped unless
so escaped.

Google compares without regard to case unless asked otherwise; a filter here does not ask.
"""

import json
import re
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext

MAX_LENGTH = 2_000
MAX_CONDITIONS = 50

OPERATORS = {
    "==": "EXACT", "=^": "BEGINS_WITH", "=@": "CONTAINS", "=~": "PARTIAL_REGEXP",
    "!=": "EXACT", "!^": "BEGINS_WITH", "!@": "CONTAINS", "!~": "PARTIAL_REGEXP",
}  # fmt: skip
"""Each operator's matchType: https://developers.google.com/analytics/devguides/reporting/data/v1/rest/v1beta/FilterExpression"""

_CONDITION = re.compile(r"\s*([A-Za-z][A-Za-z0-9_:.]{0,199})\s*([=!][=^@~])(.*)", re.DOTALL)
_SIGNS = re.compile(r"\\[,;\\ ]|.", re.DOTALL)
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL and UTF-8 refuse them

Wire = dict[str, Any]


class FilterError(ValueError):
    """The text is no filter; `sentence` says why, in the reader's language."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Condition:
    """One comparison of a dimension with a value."""

    dimension: str
    operator: str
    value: str

    def __str__(self) -> str:
        return f"{self.dimension}{self.operator}{_escaped(self.value)}"

    def to_wire(self) -> Wire:
        match = {"matchType": OPERATORS[self.operator], "value": self.value}
        expression: Wire = {"filter": {"fieldName": self.dimension, "stringFilter": match}}
        return {"notExpression": expression} if self.operator[0] == "!" else expression


@dataclass(frozen=True)
class Filter:
    """Conditions in groups: one of each group must hold. `str()` gives the canonical text."""

    groups: tuple[tuple[Condition, ...], ...]

    def __str__(self) -> str:
        return ";".join(",".join(str(condition) for condition in group) for group in self.groups)

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The names it filters on, each once, in order."""
        return tuple(dict.fromkeys(condition.dimension for group in self.groups for condition in group))

    def to_wire(self) -> Wire:
        """Google's FilterExpression. The order of the text does not show: the same conditions are the same
        question, however they were written."""
        return _joined("andGroup", [_group_to_wire(group) for group in self.groups])


def parse(text: str) -> Filter:
    """Reads the grammar above. Raises FilterError."""
    if len(text) > MAX_LENGTH:
        raise FilterError(
            gettext("The filter is too long; it may have %(limit)s characters.")
            % {"limit": number_format(MAX_LENGTH, force_grouping=True)}
        )
    if not text.strip():
        raise FilterError(gettext("The filter is empty."))
    if _UNSTORABLE.search(text):
        raise FilterError(gettext("The filter contains a character that cannot be stored."))
    groups = _split(text)
    if sum(map(len, groups)) > MAX_CONDITIONS:
        raise FilterError(
            gettext("The filter has too many conditions; it may have %(limit)s.")
            % {"limit": number_format(MAX_CONDITIONS)}
        )
    return Filter(tuple(tuple(_condition(raw) for raw in group) for group in groups))


def combine(filters: Iterable[Filter]) -> Filter | None:
    """All of them at once; None if there are none. What several ask alike is asked once."""
    groups = tuple(dict.fromkeys(group for each in filters for group in each.groups))
    return Filter(groups) if groups else None


# ---- reading


def _split(text: str) -> list[list[str]]:
    """The raw conditions by group, their escapes untouched."""
    groups = [[""]]
    for sign in _SIGNS.findall(text):
        if sign == ";":
            groups.append([""])
        elif sign == ",":
            groups[-1].append("")
        else:
            groups[-1][-1] += sign
    return groups


def _condition(raw: str) -> Condition:
    match = _CONDITION.fullmatch(raw)
    if match is None:
        raise FilterError(_misread(raw))
    dimension, operator, raw_value = match.groups()
    value = _unescaped(raw_value)
    if not value:
        raise FilterError(
            gettext("The filter compares %(dimension)s with nothing; write a value after %(operator)s.")
            % {"dimension": dimension, "operator": operator}
        )
    if operator[1] == "~":
        _check_expression(value)
    return Condition(dimension, operator, value)


def _misread(raw: str) -> str:
    if not raw.strip():
        return gettext("The filter lacks a condition before or after a “,” or “;”.")
    return gettext(
        "“%(text)s” is not a condition; one looks like country==Germany, with ==, !=, =^, =@ or =~ "
        "between a dimension’s name and a value."
    ) % {"text": raw if len(raw) <= 60 else raw[:60] + "…"}


def _unescaped(raw: str) -> str:
    signs = _SIGNS.findall(raw)
    while signs and signs[0] == " ":
        signs.pop(0)
    while signs and signs[-1] == " ":
        signs.pop()
    return "".join(sign[-1] for sign in signs)


# ---- writing


def _escaped(value: str) -> str:
    """The value as `parse` reads it back, with no more backslashes than that needs."""
    escaped: list[str] = []
    for index, char in enumerate(value):
        following = value[index + 1 : index + 2]
        edge_space = char == " " and index in (0, len(value) - 1)
        read_as_escape = char == "\\" and following in ("", ",", ";", "\\", " ")
        escaped.append("\\" + char if char in ",;" or edge_space or read_as_escape else char)
    return "".join(escaped)


def _group_to_wire(group: Sequence[Condition]) -> Wire:
    """One group. Several `==` on one dimension become a list."""
    lists: dict[str, list[str]] = {}
    expressions = []
    for condition in dict.fromkeys(group):
        if condition.operator == "==":
            lists.setdefault(condition.dimension, []).append(condition.value)
        else:
            expressions.append(condition.to_wire())
    expressions += [_list_to_wire(dimension, values) for dimension, values in lists.items()]
    return _joined("orGroup", expressions)


def _list_to_wire(dimension: str, values: Sequence[str]) -> Wire:
    if len(values) == 1:
        return Condition(dimension, "==", values[0]).to_wire()
    return {"filter": {"fieldName": dimension, "inListFilter": {"values": sorted(values)}}}


def _joined(kind: str, expressions: Sequence[Wire]) -> Wire:
    by_text = {json.dumps(wire, sort_keys=True): wire for wire in expressions}
    if len(by_text) == 1:
        return expressions[0]
    return {kind: {"expressions": [by_text[text] for text in sorted(by_text)]}}


# ---- regular expressions: Google runs RE2, https://github.com/google/re2/wiki/Syntax

# One alternative eats escapes and classes, whose contents mean something else, so that the others see
# only what stands alone.
_NOT_RE2 = re.compile(
    r"\\[1-9]|\\k<"  # back-references
    r"|\(\?(?:[=!>(]|<[=!]|P=)"  # look-around, atomic groups, conditions, named back-references
    r"|(?:[*+?]|\{\d+(?:,\d*)?\})\+"  # possessive repeats
    r"|(?P<skipped>\\.|\[\^?\]?(?:\\.|\[:\^?\w+:\]|[^\]\\])*\])",
    re.DOTALL,
)
# What RE2 knows and Python does not, so that Python can judge the rest.
_ONLY_RE2 = re.compile(
    r"(?P<unicode>\\[pP](?:\{\^?\w+\}|\w))|\\[zQEC]|\(\?[imsU-]+\)|(?P<other>\\.)|(?P<posix>\[:\^?\w+:\])"
)


def _check_expression(pattern: str) -> None:
    """Raises FilterError for what RE2 would refuse, as far as Python's own `re` can tell."""
    if any(found["skipped"] is None for found in _NOT_RE2.finditer(pattern)):
        raise FilterError(
            gettext(
                "Google’s regular expressions (RE2) know no look-ahead, look-behind, back-references, atomic "
                "groups or possessive repeats; write the expression without them."
            )
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(_ONLY_RE2.sub(_for_python, pattern))
    except (re.error, RecursionError, OverflowError):
        raise FilterError(
            gettext("“%(text)s” is not a valid regular expression.")
            % {"text": pattern if len(pattern) <= 60 else pattern[:60] + "…"}
        ) from None


def _for_python(found: re.Match[str]) -> str:
    if found["unicode"] or found["posix"]:
        return r"\w"
    return found["other"] or ""
