"""Every kind of filter, on a single row."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.errors import ApiError
from sandbox.reports.filters import compile_filter, field_names

ROW = {"city": "San Marino", "region": "(not set)", "sessions": 12, "hour": "07"}


def on(field: str, **kind: Any) -> dict[str, Any]:
    return {"filter": {"fieldName": field} | kind}


def text(match: str, value: str, *, sensitive: bool = False) -> dict[str, Any]:
    return on("city", stringFilter={"matchType": match, "value": value, "caseSensitive": sensitive})


def number(operation: str, value: float, field: str = "sessions") -> dict[str, Any]:
    return on(field, numericFilter={"operation": operation, "value": {"doubleValue": value}})


CASES: list[tuple[dict[str, Any], bool]] = [
    (text("EXACT", "san marino"), True),
    (text("EXACT", "san marino", sensitive=True), False),
    (text("EXACT", "San"), False),
    (on("city", stringFilter={"value": "San Marino"}), True),
    (text("BEGINS_WITH", "SAN"), True),
    (text("BEGINS_WITH", "SAN", sensitive=True), False),
    (text("ENDS_WITH", "marino"), True),
    (text("CONTAINS", "n m"), True),
    (text("CONTAINS", "n.m"), False),
    (text("FULL_REGEXP", "san"), False),
    (text("FULL_REGEXP", "san.*"), True),
    (text("FULL_REGEXP", "san.*", sensitive=True), False),
    (text("PARTIAL_REGEXP", "mar"), True),
    (text("PARTIAL_REGEXP", "^mar"), False),
    (on("city", inListFilter={"values": ["rome", "san marino"]}), True),
    (on("city", inListFilter={"values": ["rome", "san marino"], "caseSensitive": True}), False),
    (number("EQUAL", 12), True),
    (number("LESS_THAN", 12), False),
    (number("LESS_THAN_OR_EQUAL", 12), True),
    (number("GREATER_THAN", 11.5), True),
    (number("GREATER_THAN_OR_EQUAL", 12.5), False),
    (number("EQUAL", 7, "hour"), True),
    (number("EQUAL", 7, "city"), False),
    (on("sessions", betweenFilter={"fromValue": {"int64Value": 10}, "toValue": {"int64Value": 12}}), True),
    (on("sessions", betweenFilter={"fromValue": {"int64Value": 13}, "toValue": {"int64Value": 14}}), False),
    (on("region", emptyFilter={}), True),
    (on("city", emptyFilter={}), False),
    ({"notExpression": text("CONTAINS", "mar")}, False),
    ({"andGroup": {"expressions": [text("CONTAINS", "mar"), number("EQUAL", 12)]}}, True),
    ({"andGroup": {"expressions": [text("CONTAINS", "mar"), number("EQUAL", 13)]}}, False),
    ({"orGroup": {"expressions": [text("CONTAINS", "rom"), number("EQUAL", 12)]}}, True),
    ({"orGroup": {"expressions": [text("CONTAINS", "rom"), number("EQUAL", 13)]}}, False),
]


@pytest.mark.parametrize(("expression", "expected"), CASES)
def test_filter(expression: dict[str, Any], expected: bool) -> None:
    predicate = compile_filter(expression)
    assert predicate is not None
    assert predicate(ROW) is expected


@pytest.mark.parametrize("expression", [None, {}])
def test_no_filter(expression: Any) -> None:
    assert compile_filter(expression) is None


@pytest.mark.parametrize(
    "expression",
    [
        {"filter": {"fieldName": "city"}},
        {"filter": {"stringFilter": {"value": "x"}}},
        {"andGroup": {"expressions": []}},
        {"andGroup": {}, "orGroup": {}},
        on("city", inListFilter={"values": []}),
        on("city", numericFilter={"operation": "EQUAL"}),
        on("city", numericFilter={"value": {"int64Value": 1}}),
        text("PARTIAL_REGEXP", "["),
    ],
)
def test_half_a_filter_is_refused(expression: dict[str, Any]) -> None:
    with pytest.raises(ApiError) as refused:
        compile_filter(expression)
    assert refused.value.status == 400


def test_names_once_each_in_order() -> None:
    group = {
        "orGroup": {
            "expressions": [number("EQUAL", 1), text("EXACT", "x"), {"notExpression": number("EQUAL", 2)}]
        }
    }
    assert field_names(group) == ("sessions", "city")
