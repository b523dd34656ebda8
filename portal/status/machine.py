"""What is broken of the installation itself: for the agency's owner. Runs in a scope of all tenants."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Count, Max
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_tasks_db.models import DBTaskResult

from dashboards.models import View
from portal import heartbeat
from portal.metrics.standing import Standing
from portal.models import Closing
from portal.setup import machine
from portal.setup.looking import Mark
from portal.status.troubles import SHOWN, Section, Trouble, address, some
from provisioning import rotation
from provisioning.models import Credential, WaitingMail

WAITS_LONG = datetime.timedelta(minutes=15)
SENT_SOON = datetime.timedelta(minutes=2)
CLOSES_LONG = datetime.timedelta(days=1)


@dataclass(frozen=True)
class Figure:
    """One of the figures at a glance."""

    name: str
    value: str


def sections(found: Standing) -> list[Section]:
    """Each kind, whether or not something is broken."""
    return [
        Section(_("This installation"), [*_by_themselves(), *_queue(found), *_keys()]),
        _mails(),
        _failed_tasks(),
        _closings(),
    ]


def _by_themselves() -> list[Trouble]:
    """tick and the worker, where they do not run."""
    times = (heartbeat.last_tick(), heartbeat.last_task())
    return [
        Trouble(item.name, _("the server"), item.words, at, address("google_setup"))
        for item, at in zip(machine.by_themselves(), times, strict=True)
        if item.mark is not Mark.DONE
    ]


def _queue(found: Standing) -> list[Trouble]:
    oldest, ready = found.queue.oldest, found.queue.ready
    if oldest is None or oldest > timezone.now() - WAITS_LONG:
        return []
    why = ngettext("%(number)s task waits.", "%(number)s tasks wait.", ready) % {
        "number": number_format(ready)
    }
    tasks = address("django_tasks_database_dbtaskresult_changelist", status__exact="READY")
    return [
        Trouble(_("Tasks wait long"), _("the server"), f"{why} {_('Start more workers.')}", oldest, tasks)
    ]


def _keys() -> list[Trouble]:
    """Secrets that an older key sealed; looked for only where there is one."""
    if len(settings.PORTAL_ENCRYPTION_KEYS) < 2:
        return []
    return [
        Trouble(
            _("Encryption key %(name)s") % {"name": name},
            _("the server"),
            ngettext(
                "%(number)s secret still needs this older key. Run: manage.py rotate_keys",
                "%(number)s secrets still need this older key. Run: manage.py rotate_keys",
                number,
            )
            % {"number": number_format(number)},
            None,
        )
        for name, number in sorted(rotation.older_keys_in_use().items())
    ]


def _mails() -> Section:
    """Mails that the mail server did not take; one that is a minute old may be on its way."""
    young = {"state": WaitingMail.State.WAITING, "created_at__gt": timezone.now() - SENT_SOON}
    stuck = WaitingMail.objects.exclude(**young).order_by("-created_at", "pk")
    found, is_more = some(stuck[: SHOWN + 1])
    everywhere = address("provisioning_waitingmail_changelist")
    return Section(_("Mails that did not go out"), [_mail(each) for each in found], is_more, everywhere)


def _mail(row: WaitingMail) -> Trouble:
    why = f"{row.get_trouble_display()} {_again(row)}".strip()
    url = address("provisioning_waitingmail_change", row.pk)
    return Trouble(f"{row.title} ({row.to})", _("the agency"), why, row.created_at, url)


def _again(row: WaitingMail) -> str:
    if row.state != WaitingMail.State.WAITING:
        return _("It is not tried again; you can have it sent nevertheless.")
    return _("It is sent by itself as soon as the mail server takes it.")


def _failed_tasks() -> Section:
    groups = (
        DBTaskResult.objects.failed()
        .order_by()
        .values("task_path", "exception_class_path")
        .annotate(number=Count("pk"), last=Max("finished_at"))
        .order_by("-last")
    )
    found, is_more = some(groups[: SHOWN + 1])
    failed = address("django_tasks_database_dbtaskresult_changelist", status__exact="FAILED")
    troubles = [
        Trouble(
            each["task_path"],
            _("the server"),
            f"{each['number']} × {each['exception_class_path'] or _('given up: it cost several workers')}",
            each["last"],
            failed,
        )
        for each in found
    ]
    return Section(_("Tasks that failed in the last seven days"), troubles, is_more, failed)


def _closings() -> Section:
    late = Closing.objects.filter(finished_at=None, asked_at__lt=timezone.now() - CLOSES_LONG)
    found, is_more = some(late.order_by("asked_at")[: SHOWN + 1])
    why = _("It is gone on with by itself as soon as Google answers.")
    troubles = [Trouble(each.name, each.name, why, each.asked_at) for each in found]
    return Section(_("Clients that are still being closed"), troubles, is_more)


def figures(found: Standing) -> list[Figure]:
    """At a glance, as /metrics has them."""
    queue, worst = found.queue, found.worst_quota
    return [
        *(
            Figure(f"{_('Views')}: {label}", _number(found.views.get((state,))))
            for state, label in View.State.choices
        ),
        *(
            Figure(f"{kind_label.capitalize()}: {label}", _number(found.credentials.get((kind, state))))
            for kind, kind_label in ((key, str(words)) for key, words in Credential.Kind.choices)
            for state, label in Credential.State.choices
        ),
        Figure(_("Tasks that wait"), _number(queue.ready)),
        Figure(_("The oldest has waited"), timesince(queue.oldest, depth=1) if queue.oldest else "–"),
        Figure(_("Tasks under way"), _number(queue.running)),
        Figure(_("Tasks that failed in seven days"), _number(queue.failed)),
        Figure(_("Mails that wait"), _number(found.mails_waiting)),
        Figure(
            _("Scarcest allowance at Google"),
            f"{number_format(round(worst * 100))} %" if worst is not None else "–",
        ),
        Figure(_("Regular jobs ran"), _ago(found.last_tick)),
        Figure(_("The worker last finished"), _ago(found.last_task)),
    ]


def _number(value: int | None) -> str:
    return number_format(value or 0)


def _ago(at: datetime.datetime | None) -> str:
    if at and at > timezone.now() - datetime.timedelta(minutes=1):
        return _("just now")
    return _("%(time)s ago") % {"time": timesince(at, depth=1)} if at else _("never")
