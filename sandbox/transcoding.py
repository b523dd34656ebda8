"""JSON to message, as Google's gateway does it: unknown names and wrong types are refused before anything
else.

A message is a dict of field name -> type, where a type is a word (`string`, `bool`, `int64`, `int32`,
`double`), a tuple of enum values, another message, or a list of one of these.
"""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.errors import ApiError, bad_payload, invalid

_NUMBER = {"int64Value": "int64", "doubleValue": "double"}
_FILTER: dict[str, Any] = {
    "fieldName": "string",
    "stringFilter": {
        "matchType": ("EXACT", "BEGINS_WITH", "ENDS_WITH", "CONTAINS", "FULL_REGEXP", "PARTIAL_REGEXP"),
        "value": "string",
        "caseSensitive": "bool",
    },
    "inListFilter": {"values": ["string"], "caseSensitive": "bool"},
    "numericFilter": {
        "operation": ("EQUAL", "LESS_THAN", "LESS_THAN_OR_EQUAL", "GREATER_THAN", "GREATER_THAN_OR_EQUAL"),
        "value": _NUMBER,
    },
    "betweenFilter": {"fromValue": _NUMBER, "toValue": _NUMBER},
    "emptyFilter": {},
}
FILTER_EXPRESSION: dict[str, Any] = {"filter": _FILTER}
FILTER_EXPRESSION |= {
    "andGroup": {"expressions": [FILTER_EXPRESSION]},
    "orGroup": {"expressions": [FILTER_EXPRESSION]},
    "notExpression": FILTER_EXPRESSION,
}
_CASE = {"dimensionName": "string"}
_DIMENSION = {
    "name": "string",
    "dimensionExpression": {
        "lowerCase": _CASE,
        "upperCase": _CASE,
        "concatenate": {"dimensionNames": ["string"], "delimiter": "string"},
    },
}
_METRIC = {"name": "string", "expression": "string", "invisible": "bool"}
_ORDER_BY = {
    "desc": "bool",
    "metric": {"metricName": "string"},
    "dimension": {
        "dimensionName": "string",
        "orderType": ("ALPHANUMERIC", "CASE_INSENSITIVE_ALPHANUMERIC", "NUMERIC"),
    },
    "pivot": {
        "metricName": "string",
        "pivotSelections": [{"dimensionName": "string", "dimensionValue": "string"}],
    },
}
_DATE_RANGE = {"startDate": "string", "endDate": "string", "name": "string"}
_SHARED: dict[str, Any] = {
    "dimensions": [_DIMENSION],
    "metrics": [_METRIC],
    "dimensionFilter": FILTER_EXPRESSION,
    "metricFilter": FILTER_EXPRESSION,
}
_REPORT: dict[str, Any] = _SHARED | {
    "limit": "int64",
    "metricAggregations": [("TOTAL", "MINIMUM", "MAXIMUM", "COUNT")],
    "orderBys": [_ORDER_BY],
    "returnPropertyQuota": "bool",
}
RUN_REPORT: dict[str, Any] = _REPORT | {
    "property": "string",
    "dateRanges": [_DATE_RANGE],
    "offset": "int64",
    "currencyCode": "string",
    "keepEmptyRows": "bool",
    "cohortSpec": {
        "cohorts": [{"name": "string", "dimension": "string", "dateRange": _DATE_RANGE}],
        "cohortsRange": {
            "granularity": ("DAILY", "WEEKLY", "MONTHLY"),
            "startOffset": "int32",
            "endOffset": "int32",
        },
        "cohortReportSettings": {"accumulate": "bool"},
    },
    "comparisons": [{"name": "string", "comparison": "string", "dimensionFilter": FILTER_EXPRESSION}],
}
BATCH_RUN_REPORTS: dict[str, Any] = {"requests": [RUN_REPORT]}
RUN_REALTIME_REPORT: dict[str, Any] = _REPORT | {
    "minuteRanges": [{"startMinutesAgo": "int32", "endMinutesAgo": "int32", "name": "string"}]
}
CHECK_COMPATIBILITY: dict[str, Any] = _SHARED | {"compatibilityFilter": ("COMPATIBLE", "INCOMPATIBLE")}

DEEPEST = 100
_INTEGER = re.compile(r"-?\d{1,19}")
_TYPE_NAMES = {"int64": "TYPE_INT64", "int32": "TYPE_INT32", "bool": "TYPE_BOOL", "string": "TYPE_STRING"}
_SNAKE = re.compile(r"_([a-z])")


def parse(body: bytes, message: dict[str, Any]) -> dict[str, Any]:
    """The body as that message, names in lowerCamelCase. An empty body is the empty message. Raises 400."""
    if not body.strip():
        return {}
    try:
        value = json.loads(body, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise ApiError(400, f"Invalid JSON payload received. {_syntax(error)}") from error
    if not isinstance(value, dict):
        raise bad_payload(
            'Invalid JSON payload received. Unknown name "": Root element must be a message.', ""
        )
    return _message(value, message, "")


def _no_constant(name: str) -> None:
    raise ValueError(f"Unexpected token. {name}")


def _syntax(error: Exception) -> str:
    return "Unexpected end of string." if "Expecting" in str(error) else "Unexpected token."


def _message(value: Any, message: dict[str, Any], path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise bad_payload(f"Invalid value at '{path}' (type.googleapis.com/google.protobuf.Message)", path)
    if path.count(".") > DEEPEST:
        raise invalid(
            "Message too deep. Max recursion depth reached for key '" + path.rpartition(".")[2] + "'"
        )
    known = {}
    for name, item in value.items():
        camel = _SNAKE.sub(lambda match: match.group(1).upper(), name)
        if camel not in message:
            at = f" at '{path}'" if path else ""
            raise bad_payload(
                f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.', path
            )
        if item is not None:
            known[camel] = _value(item, message[camel], f"{path}.{_snake(camel)}" if path else _snake(camel))
    return known


def _snake(camel: str) -> str:
    return re.sub(r"[A-Z]", lambda match: "_" + match.group().lower(), camel)


def _value(value: Any, kind: Any, path: str) -> Any:
    if isinstance(kind, list):
        items = value if isinstance(value, list) else [value]
        return [_value(item, kind[0], f"{path}[{index}]") for index, item in enumerate(items)]
    if isinstance(kind, dict):
        return _message(value, kind, path)
    if isinstance(kind, tuple):
        return _enum(value, kind, path)
    return _scalar(value, kind, path)


def _enum(value: Any, names: tuple[str, ...], path: str) -> str | None:
    if value in names:
        return str(value)
    if isinstance(value, str) and value.endswith("_UNSPECIFIED"):
        return None
    raise _wrong(value, "Enum", path)


def _scalar(value: Any, kind: str, path: str) -> Any:
    if kind == "string" and isinstance(value, str):
        return value
    if kind == "bool" and (isinstance(value, bool) or value in ("true", "false")):
        return value in (True, "true")
    if kind in ("int64", "int32") and not isinstance(value, bool):
        if isinstance(value, int | float) and value == int(value):
            return int(value)
        if isinstance(value, str) and _INTEGER.fullmatch(value):
            return int(value)
    if kind == "double" and not isinstance(value, bool):
        try:
            return float(value)
        except (TypeError, ValueError):
            pass
    raise _wrong(value, _TYPE_NAMES.get(kind, "TYPE_DOUBLE"), path)


def _wrong(value: Any, type_name: str, path: str) -> ApiError:
    return bad_payload(f"Invalid value at '{path}' ({type_name}), {json.dumps(value)}", path)
