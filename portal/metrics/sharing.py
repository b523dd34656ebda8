"""Adds up what the processes of one machine count.

Each process writes its counts into a file of its own, in a folder for its kind (web, worker, tick), and
whoever is asked reads them all: that is how prometheus_client does it with several processes. Counts of
processes that have ended still count, as sums that fall would look like a new start; they are removed when
the first process of a kind starts and no other lives. A scrape reaches one machine: Prometheus adds machines
up.
https://prometheus.github.io/client_python/multiprocess/
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from prometheus_client import values
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from portal.metrics.counters import REGISTRY

logger = logging.getLogger(__name__)
WHERE = "PROMETHEUS_MULTIPROC_DIR"  # the library's own variable: where this process writes
ALONE = "alone"
"""The kind of a process that shares with nobody."""


def share(folder: str, kind: str) -> None:
    """Has this process, and those that it forks, count into files of `folder`. Before anything was counted.

    Where the folder cannot be written, each process counts for itself, and the log says so.
    """
    mine = Path(folder) / kind
    try:
        mine.mkdir(parents=True, exist_ok=True)
        _clear(mine)
        if not os.access(mine, os.W_OK):
            raise PermissionError(f"not writable: {mine}")
    except OSError as error:
        logger.warning("METRICS_DIR cannot be used, so each process counts for itself: %s", error)
        return
    os.environ[WHERE] = str(mine)
    values.ValueClass = values.MultiProcessValue()


def look() -> None:
    """Has this process read what the others count, though it counts nothing itself."""
    os.environ.setdefault(WHERE, str(Path(settings.METRICS_DIR) / ALONE))


def _clear(mine: Path) -> None:
    """Removes what processes of this kind left, unless one of them lives."""
    files = list(mine.glob("*.db"))
    if not any(_lives(each) for each in files):
        for each in files:
            each.unlink(missing_ok=True)


def _lives(file: Path) -> bool:
    try:
        os.kill(int(file.stem.rpartition("_")[2]), 0)
    except ProcessLookupError:
        return False
    except (PermissionError, ValueError):
        return True
    return True


class EveryProcess(Collector):
    """The counts of all processes of this machine, each with the kind of process that counted."""

    def collect(self) -> Iterator[Metric]:
        """One family of samples for each name."""
        families: dict[str, Metric] = {}
        for kind, metrics in _counts():
            for metric in metrics:
                family = families.setdefault(
                    metric.name, Metric(metric.name, metric.documentation, metric.type)
                )
                family.samples += [_of_kind(sample, kind) for sample in metric.samples]
        yield from families.values()


def _counts() -> Iterator[tuple[str, Iterable[Metric]]]:
    mine = os.environ.get(WHERE)
    if not mine:
        yield ALONE, REGISTRY.collect()
        return
    for folder in sorted(Path(mine).parent.glob("*/")):
        yield folder.name, MultiProcessCollector.merge([str(each) for each in folder.glob("*.db")])


def _of_kind(sample: Sample, kind: str) -> Sample:
    return sample._replace(labels={**sample.labels, "process": kind})
