"""What a line of the log belongs to: a request, or what a request has set going.

A trace begins with a click, a tick or a command, and its id goes along wherever that leads: into threads that
ask Google (`carried`), and with tasks to the worker (`portal.traces`).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.http import HttpRequest

T = TypeVar("T")
WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")


@dataclass(frozen=True)
class Trace:
    """One click and what follows from it. `facts` are what is known of it besides, for the log; more may
    become known on the way.
    """

    id: str
    request: HttpRequest | None = None
    facts: dict[str, Any] = field(default_factory=dict)


_trace: ContextVar[Trace | None] = ContextVar("trace", default=None)


def new_id() -> str:
    """One that nobody has."""
    return uuid.uuid4().hex


def is_well_formed(text: str) -> bool:
    """Whether somebody else's id may stand in our logs."""
    return WELL_FORMED.fullmatch(text) is not None


def current() -> Trace | None:
    """The trace that this thread works for."""
    return _trace.get()


def current_id() -> str:
    """Its id; empty outside of any."""
    trace = _trace.get()
    return trace.id if trace else ""


def is_about(tenant: str) -> None:
    """Notes which client's this thread's trace turned out to be, by its address: what comes with a token, a
    key or a link has none in its path.
    """
    if trace := _trace.get():
        trace.facts["tenant"] = tenant


def enter(trace: Trace) -> Token[Trace | None]:
    """Begins a trace; give what it returns to `leave`."""
    return _trace.set(trace)


def leave(token: Token[Trace | None]) -> None:
    """Ends it."""
    _trace.reset(token)


@contextmanager
def traced(trace: Trace) -> Iterator[Trace]:
    """Inside, lines of the log belong to this trace."""
    token = enter(trace)
    try:
        yield trace
    finally:
        leave(token)


def carried(function: Callable[..., T]) -> Callable[..., T]:
    """The function, to be called in another thread on behalf of this one's trace; nothing else goes along."""
    trace = _trace.get()

    def call(*args: Any, **kwargs: Any) -> T:
        token = _trace.set(trace)
        try:
            return function(*args, **kwargs)
        finally:
            _trace.reset(token)

    return call
