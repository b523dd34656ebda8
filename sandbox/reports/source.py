"""Which source answers for a property, with the answers that were given lately kept at hand."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from sandbox.reports import per_event
from sandbox.reports.generated.source import Generated
from sandbox.reports.question import Question, Rows, Source
from sandbox.reports.recorded import Recorded, Recording

KEPT = 400


class Sources:
    """A `Source` over all properties."""

    def __init__(self, recordings: dict[str, Recording]) -> None:
        self._generated: Source = Generated()
        self._recorded: Source = Recorded(recordings)
        self._kept: OrderedDict[Any, Any] = OrderedDict()
        self._lock = threading.Lock()

    def rows(self, question: Question) -> Rows:
        rows: Rows = self._remember("rows", question, self._read)
        return rows

    def total(self, question: Question) -> list[float]:
        total: list[float] = self._remember("total", question, self._add_up)
        return total

    def _read(self, question: Question) -> Rows:
        return per_event.rows(question, self._source(question).rows)

    def _add_up(self, question: Question) -> list[float]:
        def read(asked: Question) -> Rows:
            return {(): self._source(asked).total(asked)}

        return per_event.rows(question, read)[()]

    def _source(self, question: Question) -> Source:
        return self._recorded if question.property.folder else self._generated

    def _remember(self, kind: str, question: Question, compute: Callable[[Question], Any]) -> Any:
        key = (kind, question.cache_key())
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        found = compute(question)
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found
