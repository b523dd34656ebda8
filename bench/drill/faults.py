"""What goes wrong. Each fault is a block: inside it, it is there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from bench.drill.operation import Operation
from bench.drill.place import Place
from tests.installation import fetch

CALLS = r"^/(token|revoke|v1/userinfo|oauth2/v3/certs|v1beta/|v1alpha/|analytics/v3)"
SLOW_SECONDS, LONGER_THAN_ANSWERS = 33.0, 4.0  # a call's deadline is 30 s
CLOCK_SECONDS = 600
STATUSES = (400, 401, 403, 404, 429, 500, 502, 503)

NO_GOOGLE = "asks Google nothing"
NO_MAIL = "sends no mail"


@dataclass(frozen=True)
class Fault:
    """`spared` says why an operation does not meet it, and is empty where it does."""

    group: str
    name: str
    breaks: Callable[[Place], AbstractContextManager[None]]
    spared: Callable[[Operation], str]
    at_once: int = 1  # how often the operation is begun at the same time


def _no_google(operation: Operation) -> str:
    return "" if operation.asks_google else NO_GOOGLE


def _no_mail(operation: Operation) -> str:
    return "" if operation.sends_mail else NO_MAIL


def _nobody(operation: Operation) -> str:
    return ""


def _google(name: str, *, after: float = 0, **fault: Any) -> Fault:
    @contextmanager
    def breaks(place: Place) -> Iterator[None]:
        place.fail(path=CALLS, **fault)
        try:
            yield
        finally:
            place.recover()
            time.sleep(after)

    return Fault("Google", name, breaks, _no_google)


@contextmanager
def _refuses(place: Place) -> Iterator[None]:
    place.google.shut()
    try:
        yield
    finally:
        place.google.open()


@contextmanager
def _away(place: Place) -> Iterator[None]:
    place.database.stop()
    try:
        yield
    finally:
        place.database.start()


@contextmanager
def _restarted(place: Place) -> Iterator[None]:
    place.database.stop()
    place.database.start()
    yield


@contextmanager
def _read_only(place: Place) -> Iterator[None]:
    place.database.set_read_only("on")
    try:
        yield
    finally:
        place.database.set_read_only("off")


@contextmanager
def _locked(place: Place) -> Iterator[None]:
    with place.database.locked():
        yield


@contextmanager
def _full(place: Place) -> Iterator[None]:
    place.database.fill()
    try:
        yield
    finally:
        place.database.make_room()


@contextmanager
def _mail_refuses(place: Place) -> Iterator[None]:
    place.mail.shut()
    try:
        yield
    finally:
        place.mail.open()


@contextmanager
def _second_worker(place: Place) -> Iterator[None]:
    worker = place.start_worker("second-worker")
    try:
        yield
    finally:
        worker.terminate()
        worker.wait(timeout=20)


def _clock(name: str, seconds: float) -> Fault:
    def move(place: Place, by: float) -> None:
        body = {"advance_s": by, "assertions": True}
        fetch(f"{place.made.google}/_sandbox/clock", "POST", body)

    @contextmanager
    def breaks(place: Place) -> Iterator[None]:
        move(place, seconds)
        try:
            yield
        finally:
            move(place, -seconds)

    return Fault("clock", name, breaks, _no_google)


FAULTS = [
    Fault("none", "for comparison", lambda place: nullcontext(), _nobody),
    Fault("Google", "connection refused", _refuses, _no_google),
    _google("slower than our deadline", delay_ms=SLOW_SECONDS * 1000, after=LONGER_THAN_ANSWERS),
    _google("HTML instead of JSON", body="html"),
    _google("half a body, then closed", body="half"),
    *(_google(f"status {status}", status=status) for status in STATUSES),
    Fault("database", "restarted just before", _restarted, _nobody),
    Fault("database", "away (stopped)", _away, _nobody),
    Fault("database", "read-only", _read_only, _nobody),
    Fault("database", "locked (ACCESS EXCLUSIVE on all tables)", _locked, _nobody),
    Fault("database", "full (every INSERT and UPDATE raises 53100)", _full, _nobody),
    Fault("processes", "two at once, two workers", _second_worker, _nobody, at_once=2),
    _clock("ours ten minutes slow", CLOCK_SECONDS),
    _clock("ours ten minutes fast", -CLOCK_SECONDS),
    Fault("mail", "server refuses", _mail_refuses, _no_mail),
]
