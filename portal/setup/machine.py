"""What an installation needs of this server: mail, worker, tick, encryption keys."""

from __future__ import annotations

import datetime

from django.conf import settings
from django.utils import timezone
from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.mails import CANNOT_SEND
from accounts.tenancy import all_tenants
from portal import heartbeat
from portal.setup.looking import Item, Missing, Untold, Wrong, look
from provisioning import credentials
from provisioning.outbox.backend import mail_server

SMTP = "django.core.mail.backends.smtp.EmailBackend"
FILES = "django.core.mail.backends.filebased.EmailBackend"
TICK_LATE = datetime.timedelta(minutes=3)
WORKER_LATE = datetime.timedelta(minutes=15)


def items() -> list[Item]:
    """All of them."""
    return [
        look(_("Mail"), _mail),
        *by_themselves(),
        look(_("Encryption keys"), _keys),
    ]


def by_themselves() -> list[Item]:
    """tick and the worker alone, which the page on what is broken looks at too."""
    return [look(_("Regular jobs (tick)"), _tick), look(_("Worker"), _worker)]


def _mail() -> str:
    if settings.DELIVERY_BACKEND == FILES:
        folder = {"folder": getattr(settings, "EMAIL_FILE_PATH", "")}
        raise Untold(_("Mails are written into %(folder)s and reach nobody.") % folder)
    if settings.DELIVERY_BACKEND != SMTP:
        raise Missing(_("Mails reach nobody: they go into the log. Set EMAIL_URL to your mail server."))
    words = {"server": f"{settings.EMAIL_HOST}:{settings.EMAIL_PORT}"}
    try:
        connection = mail_server()
        connection.open()
        connection.close()
    except CANNOT_SEND:
        raise Wrong(_("%(server)s does not let the portal in. Check EMAIL_URL.") % words) from None
    return _("%(server)s answers. Whether mails arrive shows the test mail.") % words


def _tick() -> str:
    at = heartbeat.last_tick()
    if at is None:
        raise Missing(_("They have never run. Start them beside the portal: manage.py tick --loop"))
    if at < timezone.now() - TICK_LATE:
        raise Wrong(
            _("They last ran %(ago)s ago. Start them again: manage.py tick --loop") % {"ago": _ago(at)}
        )
    return _("They run.")


def _worker() -> str:
    at, count = heartbeat.last_task(), heartbeat.waiting()
    wait = ngettext("%(count)d task waits.", "%(count)d tasks wait.", count) % {"count": count}
    if at is None:
        raise Missing(
            f"{_('It has done nothing yet. Start it beside the portal: manage.py db_worker')} {wait}"
        )
    if at < timezone.now() - WORKER_LATE:
        text = _("It last did something %(ago)s ago. Start it again: manage.py db_worker.") % {
            "ago": _ago(at)
        }
        raise Wrong(f"{text} {wait}")
    return f"{_('It works.')} {wait}" if count else _("It works, and nothing waits.")


def _keys() -> str:
    with all_tenants(reason="the set-up page counts the secrets that no key opens"):
        stored, unreadable = credentials.count_secrets()
    if unreadable:
        text = ngettext(
            "%(count)d stored secret of %(stored)d cannot be opened: the key that sealed it is not in "
            "PORTAL_ENCRYPTION_KEYS.",
            "%(count)d stored secrets of %(stored)d cannot be opened: the keys that sealed them are not in "
            "PORTAL_ENCRYPTION_KEYS.",
            unreadable,
        )
        raise Wrong(text % {"count": unreadable, "stored": stored})
    if not stored:
        return _("There is no secret to open yet.")
    text = ngettext("The one stored secret opens.", "All %(stored)d stored secrets open.", stored)
    return text % {"stored": stored}


def _ago(at: datetime.datetime) -> str:
    return timesince(at, depth=1)
