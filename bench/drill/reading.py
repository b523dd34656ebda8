"""Operations that show figures: a page without and with stored answers, and the worker's refresh."""

from __future__ import annotations

import contextlib
import datetime
import re
import time
from typing import ClassVar

from django.db import DatabaseError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from accounts.tenancy import all_tenants
from bench.drill.operation import Operation
from bench.drill.person import Person, Seen, sentence
from bench.drill.place import OWNER, Place
from bench.harness import fresh_period
from dashboards.models import Snapshot, View
from dashboards.tasks import refresh_view
from provisioning import credentials

PATIENCE_SECONDS = 70
NUMBERS = iter(range(10_000))


class Reading(Operation):
    """Somebody at a view of theirs."""

    view: ClassVar[str]

    def __init__(self, place: Place) -> None:
        super().__init__(place)
        self.reader = Person(self.url, User.objects.get(email=OWNER))
        self.page = f"/clients/osteria/views/{self.view}/"

    def row(self) -> View:
        """The view."""
        with all_tenants(reason="the drill looks"):
            return View.objects.get(slug=self.view)

    def complete(self, query: str = "") -> Seen:
        """The page as its script brings it up to date: asked again while something is under way."""
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            seen = self.reader.sees("GET", f"{self.page}data.json?{query}")
            if seen.status != "200":
                return seen
            answer = self.reader.get(f"{self.page}data.json?{query}").json()
            if answer.get("complete") or time.monotonic() > until:
                return Seen("200", sentence(answer.get("lead", "")) or "figures")
            time.sleep(answer.get("retry_ms", 500) / 1000)

    def answers(self, since: datetime.datetime | None = None) -> tuple[int, int]:
        """How many questions of the view are answered (since then) without a failure, and how many not."""
        with all_tenants(reason="the drill looks"):
            rows = Snapshot.objects.filter(view__slug=self.view, pk__in=self.asked)
            good = rows.filter(fetched_at__gt=since or datetime.datetime.min.replace(tzinfo=datetime.UTC))
            return good.filter(error_code="").count(), rows.count()

    @property
    def asked(self) -> list[int]:
        """The rows of the questions that this is about."""
        with all_tenants(reason="the drill looks"):
            rows = Snapshot.objects.filter(view__slug=self.view).exclude(pk__in=self.before)
            return list(rows.values_list("pk", flat=True))

    before: list[int] = []


class ColdPage(Reading):
    """Dates that nobody has asked for, and no access token stored."""

    name = "page cold"
    view = "cold"

    def prepare(self) -> None:
        """Other dates than before; the service account's token is forgotten."""
        self.query = fresh_period(next(NUMBERS))
        self.before = []
        self.before = self.asked
        with all_tenants(reason="the drill's set-up"):
            credentials.forget_access_token(View.objects.get(slug=self.view).credential)

    def act(self) -> Seen:
        page = self.reader.sees("GET", f"{self.page}?{self.query}")
        return page if page.status != "200" else self.complete(self.query)

    def heals(self) -> bool:
        self.reader.get(f"{self.page}data.json?{self.query}")
        good, all_of_them = self.answers()
        return good == all_of_them > 0

    def lost(self) -> str:
        with all_tenants(reason="the drill looks"):
            gone = len(self.before) - Snapshot.objects.filter(pk__in=self.before).count()
        return f"{gone} answers" if gone else ""


class StoredPage(Reading):
    """What a stored page shows, and that it shows it."""

    def prepare(self) -> None:
        """Answered, and then too old."""
        self.complete()
        self.since = timezone.now()
        past = self.since - datetime.timedelta(minutes=20)
        with all_tenants(reason="the drill's set-up"):
            rows = Snapshot.objects.filter(view__slug=self.view)
            rows.update(fresh_until=past, fetched_at=past, retry_at=None, error_code="", leased_until=None)
            View.objects.filter(slug=self.view).update(
                last_opened_at=self.since, last_success_at=past, refresh_queued_until=None
            )
            self.figures = _figures(self.reader.get(self.page).text)

    def lost(self) -> str:
        return (
            "" if _figures(self.reader.get(self.page).text) == self.figures else "figures of the stored page"
        )

    def heals(self) -> bool:
        self.reader.get(f"{self.page}data.json")
        return self._is_fresh()

    def _is_fresh(self) -> bool:
        good, all_of_them = self.answers(self.since)
        return good == all_of_them > 0

    def _seen(self) -> Seen:
        answer = self.reader.sees("GET", self.page)
        if answer.status != "200":
            return answer
        shows = _figures(self.reader.get(self.page).text)
        return Seen("200", answer.words) if shows == self.figures else Seen("200 without figures", "")


class WarmPage(StoredPage):
    """A page whose answers are stored, and old: it is drawn from them while new ones are asked for."""

    name = "page warm"
    view = "warm"

    def act(self) -> Seen:
        page = self._seen()
        asked = self.complete()
        return page if asked.status == "200" else Seen(f"{page.status}, then {asked.status}", page.words)


class Refresh(StoredPage):
    """What the worker does for views that people read."""

    name = "refresh"
    view = "refresh"
    runs_in = "worker"

    def act(self) -> Seen:
        with contextlib.suppress(DatabaseError):  # where nothing can be queued, tick does it afterwards
            self._queue()
            until = time.monotonic() + PATIENCE_SECONDS
            while self._waits() and time.monotonic() < until:
                time.sleep(0.1)
        return self._seen()

    def heals(self) -> bool:
        if not self._is_fresh() and not self._waits():
            self._queue()
        return self._is_fresh()

    def _queue(self) -> None:
        view = self.row()
        refresh_view.enqueue(str(view.tenant_id), str(view.pk))

    def _waits(self) -> bool:
        rows = DBTaskResult.objects.filter(task_path=refresh_view.module_path)
        return rows.filter(status__in=("READY", "RUNNING")).exists()


def _figures(page: str) -> list[str]:
    return re.findall(r'class="v[^"]*"[^>]*>([^<]+)<', page)
