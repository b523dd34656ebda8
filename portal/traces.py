"""Sends the id of a request along with the tasks that it leaves to the worker.

It stands in the task's row beside its arguments, so that it is there exactly when the task is, and a task
that is taken up again still has it.
"""

from __future__ import annotations

from contextvars import Token
from typing import Any

from django.db.models.signals import pre_save
from django_tasks.signals import log_task_started, task_finished, task_started
from django_tasks_db.models import DBTaskResult

from accounts import tracing
from portal.metrics import counters

KEY = "request_id"
_begun: dict[str, Token[tracing.Trace | None]] = {}


def watch() -> None:
    """Notices tasks that are queued, begun and done."""
    pre_save.connect(_note, sender=DBTaskResult, dispatch_uid="traces")
    task_started.disconnect(log_task_started)  # its line comes after ours has said what it belongs to
    task_started.connect(_begin, dispatch_uid="traces")
    task_started.connect(log_task_started)
    task_finished.connect(_end, dispatch_uid="traces")


def _note(instance: DBTaskResult, **about: Any) -> None:
    trace = tracing.current_id()
    if instance._state.adding and trace:
        instance.args_kwargs = {**instance.args_kwargs, KEY: trace}


def _begin(task_result: Any, **about: Any) -> None:
    sent = task_result.db_result.args_kwargs.get(KEY, "")
    trace = sent if tracing.is_well_formed(sent) else tracing.new_id()
    facts = {"task": str(task_result.id), "task_path": task_result.task.module_path}
    _begun[str(task_result.id)] = tracing.enter(tracing.Trace(trace, facts=facts))


def _end(task_result: Any, **about: Any) -> None:
    counters.count_task(task_result.task.module_path, str(task_result.status))
    token = _begun.pop(str(task_result.id), None)
    if token is not None:
        tracing.leave(token)
