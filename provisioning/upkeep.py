"""What `tick` does for provisioning: takes up what waits for us alone, reminds, tells staff, forgets.

Claiming a request and queueing its task are one step, so that any number of ticks may run at once.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.cache import cache
from django.db.models import F, Q
from django.utils import timezone

from accounts.tenancy import all_tenants
from google_api import errors
from provisioning import arrivals, tasks
from provisioning.models import ProvisioningRequest
from provisioning.requests.steps import OURS, Step, next_step

State = ProvisioningRequest.State
PAUSES = tuple(datetime.timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60))
"""Between one try and the next; the last one again and again."""

MOST_TRIES = 30  # a good day, the pauses added up
LEFT_ALONE = datetime.timedelta(minutes=2)  # above a turn: who worked on it was killed
STALLED_AFTER = datetime.timedelta(hours=24)
FAILED_AFTER = datetime.timedelta(hours=1)  # what ended for good: the customer may be mending it just now
LATELY = datetime.timedelta(days=14)  # older things than that are nobody's news
WATCHED_EVERY = datetime.timedelta(hours=1)
AT_ONCE = 100  # requests that one tick takes up

IN_OUR_HANDS = (State.ACCEPTED, State.PROPERTY, State.STREAM, State.SHARED)
PERHAPS_MADE = ("backend_error", "missing_parameters", "unknown_terms_error")
"""Ways back from the terms after which the account may be there nevertheless."""

LIVE, STALLED = "live", "stalled"


def go_on() -> int:
    """Queues a try for each request that waits for nobody but us; returns how many."""
    with all_tenants(reason="tick takes up requests that wait for us"):
        return sum(_claim_try(each) for each in _due())


def _due() -> list[ProvisioningRequest]:
    now = timezone.now()
    free = Q(working_until=None) | Q(working_until__lt=now)
    rows = _rows().filter(free, _lost() | _cut_off(now), looks__lt=MOST_TRIES)
    return list(rows.order_by("look_again_at")[:AT_ONCE])


def _rows() -> Any:
    return ProvisioningRequest.objects.filter(tenant__paused_at=None)


def _lost() -> Q:
    """The customer went to Google's terms and was not seen since."""
    open_ways = Q(state=State.TICKETED) | Q(state=State.FAILED, reason__in=(*PERHAPS_MADE, *_passing()))
    return open_ways & Q(account_id="", look_again_at__lte=timezone.now())


def _cut_off(now: datetime.datetime) -> Q:
    """Our own steps stopped: killed, or failed with what may pass."""
    ways = Q(protocol=ProvisioningRequest.Protocol.ADMIN) & ~Q(way=ProvisioningRequest.Way.EXISTING)
    states = Q(state__in=IN_OUR_HANDS) | Q(state=State.FAILED, reason__in=_passing())
    is_time = Q(look_again_at__lte=now) | Q(look_again_at=None, changed_at__lt=now - LEFT_ALONE)
    return ways & states & is_time & ~Q(account_id="") & Q(view_id=None)


def _passing() -> list[str]:
    """Codes of errors that asking again may help against."""
    return [code for code, kind in errors.ERRORS.items() if not kind.permanent]


def _claim_try(request: ProvisioningRequest) -> int:
    pause = PAUSES[min(request.looks + 1, len(PAUSES) - 1)]
    mine = ProvisioningRequest.objects.filter(pk=request.pk, look_again_at=request.look_again_at)
    claimed = mine.update(look_again_at=timezone.now() + pause, looks=F("looks") + 1)
    if claimed:
        tasks.go_on.enqueue(str(request.tenant_id), str(request.pk))
    return claimed


def remind() -> int:
    """Queues the one reminder for each customer who stopped a day ago; returns how many."""
    with all_tenants(reason="tick reminds customers who stopped half-way"):
        return sum(_claim_reminder(each) for each in _stopped() if _is_customers_turn(each))


def _stopped() -> list[ProvisioningRequest]:
    """Whoever refused at Google knows what they want; staff see their own requests anyway."""
    ended = (State.LIVE, State.CANCELLED, State.DENIED)
    rows = _rows().filter(_unchanged_for(STALLED_AFTER), reminded_at=None).exclude(state__in=ended)
    rows = rows.exclude(email="").exclude(user__is_staff=True)
    return list(rows.select_related("grant", "tenant")[:AT_ONCE])


def _unchanged_for(time: datetime.timedelta) -> Q:
    now = timezone.now()
    return Q(changed_at__lt=now - time, changed_at__gt=now - LATELY)


def _is_customers_turn(request: ProvisioningRequest) -> bool:
    return next_step(request) not in OURS | {Step.DONE}


def _claim_reminder(request: ProvisioningRequest) -> int:
    mine = ProvisioningRequest.objects.filter(pk=request.pk, reminded_at=None)
    claimed = mine.update(reminded_at=timezone.now())
    if claimed:
        tasks.remind.enqueue(str(request.tenant_id), str(request.pk))
    return claimed


def tell_staff() -> int:
    """Queues the mails to staff about requests that are live, or stall: each once. Returns how many."""
    with all_tenants(reason="tick tells staff of requests that are live, or stall"):
        live = [_claim_news(each, LIVE) for each in _live()]
        return sum(live) + sum(_claim_news(each, STALLED) for each in _stalled())


def _live() -> list[ProvisioningRequest]:
    done = Q(state=State.LIVE) | Q(state=State.ACCEPTED, protocol=ProvisioningRequest.Protocol.V3)
    rows = _rows().filter(done, _unchanged_for(datetime.timedelta(0))).exclude(staff_told=LIVE)
    return list(rows[:AT_ONCE])


def _stalled() -> list[ProvisioningRequest]:
    """Nobody has gone on for a day, or it failed for good."""
    for_good = Q(state=State.FAILED) & ~Q(reason__in=_passing()) & _unchanged_for(FAILED_AFTER)
    rows = _rows().filter(for_good | _unchanged_for(STALLED_AFTER), staff_told="")
    rows = rows.exclude(state__in=(State.LIVE, State.CANCELLED))
    return list(rows.exclude(state=State.ACCEPTED, protocol=ProvisioningRequest.Protocol.V3)[:AT_ONCE])


def _claim_news(request: ProvisioningRequest, news: str) -> int:
    mine = ProvisioningRequest.objects.filter(pk=request.pk, staff_told=request.staff_told)
    claimed = mine.update(staff_told=news)
    if claimed:
        tasks.tell_staff.enqueue(str(request.tenant_id), str(request.pk), news)
    return claimed


def watch() -> int:
    """Queues a look for the first visitor of each new property that nobody watches; returns how many."""
    with all_tenants(reason="tick looks for the first visitors of new properties"):
        return sum(_claim_look(each) for each in _unwatched())


def _unwatched() -> list[ProvisioningRequest]:
    """Those that are live and that nobody looked at for a while; pages look by themselves, more often."""
    now = timezone.now()
    long_ago = now - WATCHED_EVERY
    rows = _rows().filter(Q(hit_look_at__lt=long_ago) | Q(hit_look_at=None, created_at__lt=long_ago))
    rows = rows.filter(first_hit_at=None, created_at__gt=now - LATELY).exclude(view_id=None)
    return list(rows.exclude(measurement_id="").order_by("hit_look_at")[:AT_ONCE])


def _claim_look(request: ProvisioningRequest) -> int:
    """In the cache, as the time in the row says since when a visit may have been missed."""
    claimed = cache.add(f"first-hit:{request.pk}", "queued", WATCHED_EVERY.total_seconds())
    if claimed:
        tasks.look_for_hit.enqueue(str(request.tenant_id), str(request.pk))
    return int(claimed)


def forget() -> int:
    """Forgets consents that nobody took up; returns how many."""
    with all_tenants(reason="tick forgets consents that nobody took up"):
        return arrivals.forget_old()
