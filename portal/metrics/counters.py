"""What each process counts as it happens. Labels are names out of our own code: never an id, a path, a token
or anything else that somebody outside could make up.
"""

from __future__ import annotations

from collections import Counter as Tally
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram

from google_api.watching import Call
from portal.metrics.upstream import kind_of

REGISTRY = CollectorRegistry(auto_describe=False)
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

requests = Counter(
    "belvedere_http_requests",
    "Requests answered, by name of the address, method and class of the status.",
    ("route", "method", "status"),
    registry=REGISTRY,
)
request_seconds = Histogram(
    "belvedere_http_request_seconds",
    "How long requests took, by name of the address.",
    ("route",),
    registry=REGISTRY,
    buckets=SECONDS,
)
upstream = Counter(
    "belvedere_google_calls",
    "Calls to Google, retries too, by what was asked and how it ended: ok, or the code of the error.",
    ("kind", "outcome"),
    registry=REGISTRY,
)
upstream_seconds = Histogram(
    "belvedere_google_call_seconds",
    "How long calls to Google took, by what was asked.",
    ("kind",),
    registry=REGISTRY,
    buckets=SECONDS,
)
snapshots = Counter(
    "belvedere_snapshots_served",
    "Reports that a page or a query was answered from: fresh, stale (shown while a new one is fetched) or "
    "cold (there was none yet).",
    ("state",),
    registry=REGISTRY,
)
tasks = Counter(
    "belvedere_tasks_done",
    "Tasks that the worker finished, by name and how they ended.",
    ("task", "status"),
    registry=REGISTRY,
)


def count_request(route: str, method: str, status: int, seconds: float) -> None:
    """One request was answered."""
    requests.labels(route, method if method in METHODS else "other", f"{status // 100}xx").inc()
    request_seconds.labels(route).observe(seconds)


def count_call(call: Call) -> None:
    """One call to Google has ended."""
    kind = kind_of(call.method, call.path)
    upstream.labels(kind, call.outcome).inc()
    upstream_seconds.labels(kind).observe(call.seconds)


def count_snapshots(states: Tally[str], **about: Any) -> None:
    """A page or a query was answered from reports in these states."""
    for state, number in states.items():
        snapshots.labels(state).inc(number)


def count_task(task: str, status: str) -> None:
    """The worker has finished a task."""
    tasks.labels(task, status.lower()).inc()
