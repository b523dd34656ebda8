"""How a line of the log looks: one JSON object, or text for somebody who reads along.

Both say what the line belongs to, and neither holds a link's token. What is looked up for a line must cost
nothing and ask the database nothing: it is also written while the database is away.
"""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest

from accounts import tracing
from portal.log_masks import masked

FORMATS = ("json", "line")


class JsonFormatter(logging.Formatter):
    """One object a line: time (UTC), level, logger, message, and what `belongings` and the line's own `facts`
    say. An exception stands in `exception`, as text.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
            **belongings(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["exception"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, default=str)


class LineFormatter(logging.Formatter):
    """Time, level, logger, id of the request, message."""

    def format(self, record: logging.LogRecord) -> str:
        """The line; what would look like another one is written as its escape."""
        trace = tracing.current_id()[:8] or "-"
        when = self.formatTime(record)
        message = masked(record.getMessage()).replace("\r", "\\r").replace("\n", "\\n")
        line = f"{when} {record.levelname} {record.name} [{trace}] {message}"
        if record.exc_info:
            line = f"{line}\n{masked(self.formatException(record.exc_info))}"
        return line


def formatter(kind: str) -> logging.Formatter:
    """The one of that name."""
    return JsonFormatter() if kind == "json" else LineFormatter()


def belongings() -> dict[str, Any]:
    """What the line that is being written belongs to: id, and of a request also method, path (no query), who
    asks and which client it is about, as far as that is known by now.
    """
    trace = tracing.current()
    if trace is None:
        return {}
    asked = _of_request(trace.request) if trace.request is not None else {}
    return {"request_id": trace.id, **trace.facts, **asked}


def _of_request(request: HttpRequest) -> dict[str, Any]:
    found: dict[str, Any] = {"method": request.method, "path": masked(request.path)}
    known = request.__dict__  # what the request has not looked up yet is not looked up for a log
    if (user := known.get("_cached_user")) is not None and user.pk is not None:
        found["user"] = user.pk
    if (tenant := known.get("tenant")) is not None:
        found["tenant"] = tenant.slug
    return found
