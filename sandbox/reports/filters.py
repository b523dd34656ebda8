"""Filter expressions: from Google's JSON to a function of a row's values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.errors import invalid

Row = Mapping[str, Any]
Predicate = Callable[[Row], bool]
EMPTY_VALUES = ("", "(not set)")


def field_names(expression: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Every field that the expression mentions, each once, in order."""
    return tuple(dict.fromkeys(_names(expression or {})))


def _names(expression: Mapping[str, Any]) -> list[str]:
    if "filter" in expression:
        return [expression["filter"].get("fieldName", "")]
    if "notExpression" in expression:
        return _names(expression["notExpression"])
    group = expression.get("andGroup") or expression.get("orGroup") or {}
    return [name for item in group.get("expressions", []) for name in _names(item)]


def compile_filter(expression: Mapping[str, Any] | None) -> Predicate | None:
    """None when nothing is filtered. Raises 400 for an expression that cannot be understood."""
    if not expression:
        return None
    if len(expression) != 1:
        raise invalid("A FilterExpression must have exactly one of andGroup, orGroup, notExpression, filter.")
    if "filter" in expression:
        return _field_filter(expression["filter"])
    if "notExpression" in expression:
        inner = compile_filter(expression["notExpression"])
        return None if inner is None else lambda row: not inner(row)
    return _group(expression)


def _group(expression: Mapping[str, Any]) -> Predicate:
    ((name, group),) = expression.items()
    parts = [part for item in group.get("expressions", []) if (part := compile_filter(item))]
    if not parts:
        raise invalid(f"The {name} of a FilterExpression must have at least one expression.")
    together = all if name == "andGroup" else any
    return lambda row: together(part(row) for part in parts)


def _field_filter(spec: Mapping[str, Any]) -> Predicate:
    kinds = [kind for kind in _TESTS if kind in spec]
    if len(kinds) != 1 or not spec.get("fieldName"):
        raise invalid("A Filter must have a fieldName and exactly one kind of filter.")
    name, test = spec["fieldName"], _TESTS[kinds[0]](spec[kinds[0]])
    return lambda row: test(row[name])


def _string_test(spec: Mapping[str, Any]) -> Callable[[Any], bool]:
    wanted, kind = spec.get("value", ""), spec.get("matchType") or "EXACT"
    if kind in ("FULL_REGEXP", "PARTIAL_REGEXP"):
        return _regexp_test(wanted, kind, case_sensitive=bool(spec.get("caseSensitive")))
    fold = str if spec.get("caseSensitive") else _folded
    wanted = fold(wanted)
    tests: dict[str, Callable[[Any], bool]] = {
        "EXACT": lambda value: fold(value) == wanted,
        "BEGINS_WITH": lambda value: fold(value).startswith(wanted),
        "ENDS_WITH": lambda value: fold(value).endswith(wanted),
        "CONTAINS": lambda value: wanted in fold(value),
    }
    return tests[kind]


def _folded(value: Any) -> str:
    return str(value).lower()


def _regexp_test(pattern: str, kind: str, *, case_sensitive: bool) -> Callable[[Any], bool]:
    try:
        regexp = re.compile(pattern, 0 if case_sensitive else re.IGNORECASE)
    except (re.error, RecursionError, OverflowError) as error:
        raise invalid(f"Invalid regular expression: {pattern}.") from error
    find = regexp.fullmatch if kind == "FULL_REGEXP" else regexp.search
    return lambda value: find(str(value)) is not None


def _list_test(spec: Mapping[str, Any]) -> Callable[[Any], bool]:
    if not spec.get("values"):
        raise invalid("An inListFilter must have at least one value.")
    fold = str if spec.get("caseSensitive") else _folded
    wanted = {fold(value) for value in spec["values"]}
    return lambda value: fold(value) in wanted


def _number(spec: Mapping[str, Any] | None) -> float:
    if not spec or len(spec) != 1:
        raise invalid("A NumericValue must have exactly one of int64Value, doubleValue.")
    return float(next(iter(spec.values())))


def _as_number(value: Any) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def _numeric_test(spec: Mapping[str, Any]) -> Callable[[Any], bool]:
    wanted = _number(spec.get("value"))
    tests: dict[str | None, Callable[[float], bool]] = {
        "EQUAL": lambda value: value == wanted,
        "LESS_THAN": lambda value: value < wanted,
        "LESS_THAN_OR_EQUAL": lambda value: value <= wanted,
        "GREATER_THAN": lambda value: value > wanted,
        "GREATER_THAN_OR_EQUAL": lambda value: value >= wanted,
    }
    test = tests.get(spec.get("operation"))
    if test is None:
        raise invalid("A numericFilter must have an operation.")
    return lambda value: (number := _as_number(value)) is not None and test(number)


def _between_test(spec: Mapping[str, Any]) -> Callable[[Any], bool]:
    low, high = _number(spec.get("fromValue")), _number(spec.get("toValue"))
    return lambda value: (number := _as_number(value)) is not None and low <= number <= high


def _empty_test(spec: Mapping[str, Any]) -> Callable[[Any], bool]:
    return lambda value: value in EMPTY_VALUES


_TESTS: dict[str, Callable[[Mapping[str, Any]], Callable[[Any], bool]]] = {
    "stringFilter": _string_test,
    "inListFilter": _list_test,
    "numericFilter": _numeric_test,
    "betweenFilter": _between_test,
    "emptyFilter": _empty_test,
}
