"""The filters of version 3, in GA4's terms. Pure.

    ga:medium==organic,ga:medium==cpc;ga:sessions>10

`;` is "and", `,` is "or" and binds tighter; a backslash takes `,`, `;` and itself literally. Dimensions:
`==`, `!=`, `=@`, `!@`, `=~`, `!~`; metrics: `==`, `!=`, `>`, `<`, `>=`, `<=`. One "or" joins dimensions or
metrics, not both. No pattern is ever run here: Google matches them.

https://developers.google.com/analytics/devguides/reporting/core/v3/reference#filters
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from dashboards import filters
from dashboards.embed import patterns
from dashboards.embed.computed import VISITORS, Level
from dashboards.embed.errors import V3Error, bad_parameter
from dashboards.embed.names import Column, Names
from dashboards.filters import Condition, Filter, Wire

MAX_LENGTH = 4_000
MAX_CONDITIONS = 50
_LOCATION = "filters"

_SIGNS = re.compile(r"\\[,;\\]|.", re.DOTALL)
_CONDITION = re.compile(
    r"\s*((?:ga:|rt:)?[A-Za-z0-9][A-Za-z0-9_:]{0,199})\s*(==|!=|=@|!@|=~|!~|>=|<=|>|<)(.*)", re.DOTALL
)
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")
_METRICS_ONLY = (">", "<", ">=", "<=")
_OPERATIONS = {
    "==": "EQUAL",
    "!=": "EQUAL",
    ">": "GREATER_THAN",
    "<": "LESS_THAN",
    ">=": "GREATER_THAN_OR_EQUAL",
    "<=": "LESS_THAN_OR_EQUAL",
}


@dataclass(frozen=True)
class Filters:
    """What rows must be like (`rows`, as the portal's own filters are) and what their figures (`figures`)."""

    rows: Filter | None = None
    figures: tuple[Wire, ...] = ()

    def figures_wire(self) -> Wire | None:
        """Google's FilterExpression over metrics."""
        if not self.figures:
            return None
        return self.figures[0] if len(self.figures) == 1 else _group("andGroup", self.figures)

    def names(self) -> frozenset[str]:
        """The dimensions that are filtered on."""
        return frozenset(self.rows.dimensions) if self.rows else frozenset()


def read(text: str, names: Names, metrics: Container[str] = (), location: str = _LOCATION) -> Filters:
    """The filters that `text` writes; `metrics` are names that the query asks as metrics. Raises V3Error."""
    if not text.strip():
        return Filters()
    if len(text) > MAX_LENGTH:
        sentence = _("The filter is too long; it may have %(limit)s characters.")
        raise bad_parameter(location, sentence % {"limit": MAX_LENGTH})
    groups = _split(text)
    if sum(map(len, groups)) > MAX_CONDITIONS:
        sentence = _("The filter has too many conditions; it may have %(limit)s.")
        raise bad_parameter(location, sentence % {"limit": MAX_CONDITIONS})
    reader = _Reader(names, metrics, location)
    return reader.read(groups)


def _split(text: str) -> list[list[str]]:
    """The conditions of each "or", their escapes taken off."""
    groups = [[""]]
    for sign in _SIGNS.findall(text):
        if sign == ";":
            groups.append([""])
        elif sign == ",":
            groups[-1].append("")
        else:
            groups[-1][-1] += sign[-1] if len(sign) > 1 else sign
    return groups


@dataclass(frozen=True)
class _Raw:
    """One comparison as it is written."""

    name: str
    operator: str
    value: str


@dataclass(frozen=True)
class _Reader:
    names: Names
    metrics: Container[str]
    location: str

    def read(self, groups: Sequence[Sequence[str]]) -> Filters:
        rows: list[tuple[Condition, ...]] = []
        figures: list[Wire] = []
        for raw in [[self._raw(text) for text in group] for group in groups]:
            kinds = {self._is_metric(each) for each in raw}
            if len(kinds) > 1:
                raise self._refused(_("A filter cannot join a dimension and a metric by “,” (or)."))
            if kinds == {True}:
                figures.append(_group("orGroup", [self._of_metric(each) for each in raw]))
            else:
                rows.extend(self._of_dimensions(raw))
        return Filters(Filter(tuple(dict.fromkeys(rows))) if rows else None, tuple(figures))

    def _raw(self, text: str) -> _Raw:
        match = _CONDITION.fullmatch(text)
        if match is None or not match[3].strip():
            raise self._refused(
                _("Invalid value “%(text)s”: a condition looks like ga:country==Italy.") % {"text": text[:60]}
            )
        return _Raw(match[1], match[2], match[3].strip())

    def _is_metric(self, raw: _Raw) -> bool:
        return raw.operator in _METRICS_ONLY or raw.name in self.metrics or self.names.is_metric(raw.name)

    def _of_metric(self, raw: _Raw) -> Wire:
        column = self.names.metric(raw.name, self.location)
        if raw.operator not in _OPERATIONS:
            raise self._refused(
                _("%(name)s is a number: compare it by ==, !=, >, <, >= or <=.") % {"name": raw.name}
            )
        if not _NUMBER.fullmatch(raw.value):
            raise self._refused(_("“%(text)s” is not a number.") % {"text": raw.value[:60]})
        numeric = {"operation": _OPERATIONS[raw.operator], "value": _number(raw.value, column)}
        wire: Wire = {"filter": {"fieldName": column.name, "numericFilter": numeric}}
        return {"notExpression": wire} if raw.operator == "!=" else wire

    def _of_dimensions(self, group: Sequence[_Raw]) -> list[tuple[Condition, ...]]:
        """Usually one group; a condition that none of GA4's says alone becomes several."""
        found = [self._of_dimension(raw) for raw in group]
        if len(found) == 1:
            return found[0]
        if any(len(each) > 1 for each in found):
            raise self._refused(_("This condition cannot be joined by “,” (or): write it alone."))
        return [tuple(condition for each in found for condition in each[0])]

    def _of_dimension(self, raw: _Raw) -> list[tuple[Condition, ...]]:
        """The groups, all of which must hold, that say the same of GA4's field."""
        column = self.names.dimension(raw.name, self.location)
        if raw.operator[1] == "~" and (sentence := patterns.fault(raw.value)):
            raise self._refused(sentence)
        if column.level:
            return [(self._of_level(column, raw),)]
        if column.name == "newVsReturning":
            return self._of_visitors(raw)
        return [(Condition(column.name, raw.operator, raw.value),)]

    def _of_level(self, column: Column, raw: _Raw) -> Condition:
        found = Level(column.level).condition(raw.operator, raw.value)
        if found is None:
            raise self._refused(
                _(
                    "%(name)s can be compared by == and != with one level such as /shop/, and by =@ and !@ "
                    "with a text without “/”. Filter on ga:pagePath for the rest."
                )
                % {"name": raw.name}
            )
        return found

    def _of_visitors(self, raw: _Raw) -> list[tuple[Condition, ...]]:
        """GA4 says “new” where version 3 said “New Visitor”."""
        sign, kind = raw.operator[0], raw.operator[1]
        if kind == "~":
            raise self._refused(
                _("Compare %(name)s by == with New Visitor or Returning Visitor.") % {"name": raw.name}
            )
        if kind == "=":
            named = {label.casefold(): name for name, label in VISITORS.items()}
            value = named.get(raw.value.casefold(), raw.value)
            return [(Condition("newVsReturning", raw.operator, value),)]
        meant = [name for name, label in VISITORS.items() if raw.value.casefold() in label.casefold()]
        conditions = [Condition("newVsReturning", f"{sign}=", name) for name in meant or [raw.value]]
        return [tuple(conditions)] if sign == "=" else [(each,) for each in conditions]

    def _refused(self, sentence: str) -> V3Error:
        return bad_parameter(self.location, sentence)


def _number(text: str, column: Column) -> Wire:
    value = Decimal(text) / 100 if column.is_percent else Decimal(text)
    if value == value.to_integral_value():
        return {"int64Value": str(int(value))}
    return {"doubleValue": float(value)}


def _group(kind: str, expressions: Sequence[Wire]) -> Wire:
    return expressions[0] if len(expressions) == 1 else {kind: {"expressions": list(expressions)}}


def combined(saved: str, *more: Filter | None) -> Wire | None:
    """The view's own filter and what a query adds, as Google takes them: a query can only narrow it down."""
    own = [filters.parse(saved)] if saved else []
    found = filters.combine([*own, *(each for each in more if each)])
    return found.to_wire() if found else None
