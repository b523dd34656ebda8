"""Holds JSON against Google's own discovery documents, strictly.

The documents come with google-api-python-client; nothing is fetched. Google's gateway refuses a key it does
not know and its answers never carry one, so neither passes here: unknown keys, wrong types, values outside an
enum and 64-bit integers that are no strings all fail, and the message begins with the place.

    check_request("analyticsdata.v1beta", "analyticsdata.properties.runReport", body, {"property": …})
    check_response("analyticsdata.v1beta", "analyticsdata.properties.runReport", answer)
    check("analyticsdata.v1beta", "Row", value)
    match("analyticsdata.v1beta", "POST", "/v1beta/properties/1:runReport")  # (method id, path parameters)
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import unquote

Schema = Mapping[str, Any]


class NotGoogles(AssertionError):
    """A value that Google's documents do not allow; the message begins with its place (`$.rows[0].value`)."""


# Discovery documents do not say which fields exclude each other; the descriptions do ("one of").
_EXACTLY_ONE = {
    "FilterExpression": {"andGroup", "orGroup", "notExpression", "filter"},
    "NumericValue": {"int64Value", "doubleValue"},
    "OrderBy": {"metric", "dimension", "pivot"},
}
_AT_MOST_ONE = {
    "Filter": {"stringFilter", "inListFilter", "numericFilter", "betweenFilter", "emptyFilter"},
    "DimensionExpression": {"lowerCase", "upperCase", "concatenate"},
}


@cache
def document(api: str) -> Schema:
    """Google's discovery document `api`, such as "analyticsdata.v1beta"."""
    name = f"discovery_cache/documents/{api}.json"
    loaded: Schema = json.loads(files("googleapiclient").joinpath(name).read_text(encoding="utf-8"))
    return loaded


@cache
def methods(api: str) -> Mapping[str, Schema]:
    """Every method of `api` by its id, such as "analyticsdata.properties.runReport"."""
    return {method["id"]: method for method in _methods_below(document(api))}


def _methods_below(resource: Schema) -> Iterator[Schema]:
    yield from resource.get("methods", {}).values()
    for child in resource.get("resources", {}).values():
        yield from _methods_below(child)


def match(api: str, verb: str, path: str) -> tuple[str, dict[str, str]]:
    """The id of the method that answers `verb path`, and its path parameters.

    Raises `NotGoogles` where there is none.
    """
    for method_id, method in methods(api).items():
        found = _path_pattern(method).fullmatch(path.lstrip("/"))
        if verb.upper() == method["httpMethod"] and found:
            return method_id, {name: unquote(value) for name, value in found.groupdict().items()}
    raise NotGoogles(f"{api} has no method for {verb} {path}")


def _path_pattern(method: Schema) -> re.Pattern[str]:
    pieces = re.split(r"\{\+?(\w+)\}", method["path"])
    parameters = method.get("parameters", {})
    pattern = ""
    for position, piece in enumerate(pieces):
        pattern += _path_group(piece, parameters.get(piece, {})) if position % 2 else re.escape(piece)
    return re.compile(pattern)


def _path_group(name: str, parameter: Schema) -> str:
    allowed = parameter.get("pattern", "[^/]+").removeprefix("^").removesuffix("$")
    return f"(?P<{name}>{allowed})"


def check_request(api: str, method_id: str, body: object, params: Mapping[str, object]) -> None:
    """Fails unless `method_id` takes this `body` (None for no body) and these `params` (path and query)."""
    method = _method(api, method_id)
    _check_params(api, method, params)
    if "request" not in method:
        _demand(body is None, "$", f"{method_id} takes no body")
        return
    _check(api, method["request"], body, "$", sent=True)


def check_response(api: str, method_id: str, body: object) -> None:
    """Fails unless `body` is what Google's `method_id` answers."""
    _check(api, _method(api, method_id)["response"], body, "$", sent=False)


def check(api: str, schema_name: str, value: object) -> None:
    """Fails unless `value` is one of Google's `schema_name`, as Google itself would send it."""
    _check(api, {"$ref": schema_name}, value, "$", sent=False)


def _method(api: str, method_id: str) -> Schema:
    _demand(method_id in methods(api), api, f"has no method {method_id}")
    return methods(api)[method_id]


def _check_params(api: str, method: Schema, params: Mapping[str, object]) -> None:
    known = {**document(api).get("parameters", {}), **method.get("parameters", {})}
    for name, parameter in known.items():
        _demand(name in params or not parameter.get("required"), f"?{name}", "is required")
    for name, value in params.items():
        _demand(name in known, f"?{name}", f"is no parameter of {method['id']}")
        _check_param(known[name], value, f"?{name}")


def _check_param(parameter: Schema, value: object, place: str) -> None:
    if parameter.get("repeated") and isinstance(value, list | tuple):
        for item in value:
            _check_param({**parameter, "repeated": False}, item, place)
        return
    text = str(value).lower() if isinstance(value, bool) else str(value)
    pattern = parameter.get("pattern", "")
    _demand(re.search(pattern, text) is not None, place, f"{text!r} does not match {pattern}")
    if parameter["type"] == "integer":
        _demand(re.fullmatch(r"-?\d+", text) is not None, place, f"{text!r} is no integer")
    if parameter["type"] == "boolean":
        _demand(text in {"true", "false"}, place, f"{text!r} is no boolean")
    _check_enum(parameter, text, place)


def _check(api: str, schema: Schema, value: object, place: str, *, sent: bool) -> None:
    _demand(not (sent and schema.get("readOnly")), place, "is only ever set by Google")
    if "$ref" in schema:
        _check_exclusions(schema["$ref"], value, place)
        schema = _schema(api, schema["$ref"])
    kind = schema["type"]
    if kind == "object":
        _check_object(api, schema, value, place, sent=sent)
    elif kind == "array":
        _demand(isinstance(value, list), place, f"{value!r} is no list")
        assert isinstance(value, list)
        for position, item in enumerate(value):
            _check(api, schema["items"], item, f"{place}[{position}]", sent=sent)
    elif kind != "any":
        _check_scalar(schema, value, place)


def _schema(api: str, name: str) -> Schema:
    _demand(name in document(api)["schemas"], api, f"has no schema {name}")
    schema: Schema = document(api)["schemas"][name]
    return schema


def _check_object(api: str, schema: Schema, value: object, place: str, *, sent: bool) -> None:
    _demand(isinstance(value, dict), place, f"{value!r} is no object")
    assert isinstance(value, dict)
    properties = schema.get("properties", {})
    for key, item in value.items():
        inner = properties.get(key, schema.get("additionalProperties"))
        _demand(inner is not None, f"{place}.{key}", f"is no key of {schema.get('id', 'this object')}")
        _check(api, inner, item, f"{place}.{key}", sent=sent)


def _check_exclusions(name: str, value: object, place: str) -> None:
    if not isinstance(value, dict):
        return
    if name in _EXACTLY_ONE:
        given = sorted(_EXACTLY_ONE[name] & value.keys())
        _demand(len(given) == 1, place, f"{name} needs exactly one of its alternatives, has {given}")
    if name in _AT_MOST_ONE:
        given = sorted(_AT_MOST_ONE[name] & value.keys())
        _demand(len(given) <= 1, place, f"{name} takes one of its alternatives, has {given}")


def _is_integer(low: int, high: int) -> Callable[[object], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _is_integer_string(low: int, high: int) -> Callable[[object], bool]:
    def accepts(value: object) -> bool:
        return (
            isinstance(value, str)
            and re.fullmatch(r"-?[0-9]{1,20}", value) is not None
            and low <= int(value) <= high
        )

    return accepts


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_timestamp(value: object) -> bool:
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)"
    return (
        isinstance(value, str) and re.fullmatch(pattern, value) is not None and _parses(datetime, value[:19])
    )


def _is_date(value: object) -> bool:
    return isinstance(value, str) and len(value) == 10 and _parses(date, value)


def _parses(kind: type[date], text: str) -> bool:
    try:
        kind.fromisoformat(text)
    except ValueError:
        return False
    return True


_SCALARS: dict[tuple[str, str | None], Callable[[object], bool]] = {
    ("string", None): lambda value: isinstance(value, str),
    ("string", "byte"): lambda value: isinstance(value, str) and bool(re.fullmatch(r"[\w+/-]*={0,2}", value)),
    ("string", "int64"): _is_integer_string(-(2**63), 2**63 - 1),
    ("string", "uint64"): _is_integer_string(0, 2**64 - 1),
    ("string", "date"): _is_date,
    ("string", "date-time"): _is_timestamp,
    ("string", "google-datetime"): _is_timestamp,
    ("string", "google-duration"): lambda value: (
        isinstance(value, str) and bool(re.fullmatch(r"-?\d+(\.\d{1,9})?s", value))
    ),
    ("string", "google-fieldmask"): lambda value: isinstance(value, str),
    ("integer", None): _is_integer(-(2**31), 2**31 - 1),
    ("integer", "int32"): _is_integer(-(2**31), 2**31 - 1),
    ("integer", "uint32"): _is_integer(0, 2**32 - 1),
    ("number", None): _is_number,
    ("number", "float"): _is_number,
    ("number", "double"): _is_number,
    ("boolean", None): lambda value: isinstance(value, bool),
}


def _check_scalar(schema: Schema, value: object, place: str) -> None:
    kind = (schema["type"], schema.get("format"))
    _demand(kind in _SCALARS, place, f"has a type this checker does not know: {kind}")
    _demand(_SCALARS[kind](value), place, f"{value!r} is no {' '.join(filter(None, kind))}")
    _check_enum(schema, value, place)


def _check_enum(schema: Schema, value: object, place: str) -> None:
    allowed = schema.get("enum")
    _demand(allowed is None or value in allowed, place, f"{value!r} is none of {allowed}")


def _demand(holds: bool, place: str, complaint: str) -> None:
    if not holds:
        raise NotGoogles(f"{place}: {complaint}")
