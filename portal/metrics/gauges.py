"""How the installation stands, as Prometheus reads it. The same at every process of every machine."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from django.utils import timezone
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from dashboards.models import View
from portal.metrics import standing
from provisioning.models import Credential, ProvisioningRequest


class Gauges(Collector):
    """What `standing` found."""

    def __init__(self, found: standing.Standing) -> None:
        self.found = found

    def collect(self) -> Iterator[Metric]:
        """A family for each figure; what is not known is left out."""
        found, queue = self.found, self.found.queue
        kinds = [(kind, state) for kind in Credential.Kind.values for state in Credential.State.values]
        views = [(state,) for state in View.State.values]
        requests = [(state,) for state in ProvisioningRequest.State.values]
        yield _tally("views", "Views of clients that are not paused.", ("state",), views, found.views)
        yield _tally(
            "credentials",
            "Google accounts and service accounts.",
            ("kind", "state"),
            kinds,
            found.credentials,
        )
        yield _tally("provisioning_requests", "Requests for Analytics.", ("state",), requests, found.requests)
        yield _one("queue_ready", "Tasks that wait for the worker.", queue.ready)
        yield _one("queue_running", "Tasks that a worker is at.", queue.running)
        yield _one("tasks_failed", "Failed tasks that are still kept (7 days).", queue.failed)
        yield _one("queue_oldest_seconds", "How long the oldest task has waited.", _age(queue.oldest) or 0)
        yield _one("quota_left_worst", "The scarcest quota of any property, 0 to 1.", found.worst_quota)
        yield _one("quota_low_properties", "Properties with less than a fifth of a quota.", found.low_quotas)
        yield _one("mails_waiting", "Mails that wait for the mail server.", found.mails_waiting)
        yield _one("mails_lost", "Mails refused or given up that are still kept.", found.mails_lost)
        yield _one("tick_age_seconds", "Since tick last ran.", _age(found.last_tick))
        yield _one("worker_age_seconds", "Since the worker last finished a task.", _age(found.last_task))


def _tally(
    name: str, words: str, labels: tuple[str, ...], known: Sequence[tuple[str, ...]], counted: standing.Tally
) -> Metric:
    family = GaugeMetricFamily(f"belvedere_{name}", words, labels=labels)
    for values in known:
        family.add_metric(values, counted.get(values, 0))
    return family


def _one(name: str, words: str, value: float | None) -> Metric:
    family = GaugeMetricFamily(f"belvedere_{name}", words)
    if value is not None:
        family.add_metric((), value)
    return family


def _age(at: datetime.datetime | None) -> float | None:
    return (timezone.now() - at).total_seconds() if at else None
