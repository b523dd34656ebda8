"""Metrics of one key event: `keyEvents:purchase`, `sessionKeyEventRate:purchase`.

https://developers.google.com/analytics/devguides/reporting/data/v1/api-schema#custom_metrics
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from sandbox.reports import fields
from sandbox.reports.fields import Metric
from sandbox.reports.question import Question, Rows

_NAME = re.compile(r"(keyEvents|sessionKeyEventRate):(generate_lead|sign_up|purchase)")
_COUNTED = {"keyEvents": "keyEvents", "sessionKeyEventRate": "sessions"}
Read = Callable[[Question], Rows]


def metric(name: str) -> Metric | None:
    """By its name or a deprecated one, those of one event included."""
    match = _NAME.fullmatch(name)
    if match is None:
        return fields.metric(name)
    whole = fields.METRICS[match[1]]
    return replace(whole, api_name=name, ui_name=f"{whole.ui_name} for {match[2]}", deprecated=())


def rows(question: Question, read: Read) -> Rows:
    """What `read` finds, those of one event counted among that event's alone."""
    matches = {at: match for at, name in enumerate(question.metrics) if (match := _NAME.fullmatch(name))}
    if not matches:
        return read(question)
    plain = [_COUNTED[matches[at][1]] if at in matches else name for at, name in enumerate(question.metrics)]
    found = {key: list(values) for key, values in read(replace(question, metrics=tuple(plain))).items()}
    for index, each in matches.items():
        of_event = read(_of_event(question, _COUNTED[each[1]], each[2]))
        for key, values in found.items():
            counted = of_event.get(key, [0.0])[0]
            rate = each[1] == "sessionKeyEventRate"
            values[index] = (counted / values[index] if values[index] else 0.0) if rate else counted
    return found


def _of_event(question: Question, metric_name: str, event: str) -> Question:
    """The same, of one event alone."""
    exact = {"filter": {"fieldName": "eventName", "stringFilter": {"matchType": "EXACT", "value": event}}}
    both = {"andGroup": {"expressions": [question.filter, exact]}} if question.filter else exact
    return replace(question, metrics=(metric_name,), filter=both)
