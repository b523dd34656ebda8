"""What the worker does for people and tenants. Arguments are ids alone.

Every task may run twice or be cut off: it goes on where it was.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.apps import apps
from django.core.mail import get_connection
from django.db.models import Model
from django.utils.translation import gettext
from django_tasks import task

from accounts import bulk, invitation_mail
from accounts.mails import Fate
from accounts.models import Invitation
from accounts.tenancy import all_tenants

LEFT_ALONE = datetime.timedelta(hours=1)  # after a mail: the same people may have been chosen twice
DELETED_AT_ONCE = 200
MAILED_AT_ONCE = 50


def delete_later(*, model: type[Model], ids: Sequence[Any], by: int) -> None:
    """Has rows deleted in the background, in small groups, so that nobody else waits for long."""
    for group in _groups(ids, DELETED_AT_ONCE):
        delete_rows.enqueue(model=model._meta.label, ids=group, by=by)


def mail_later(*, ids: Sequence[Any], by: int) -> None:
    """Has invitations sent again in the background."""
    for group in _groups(ids, MAILED_AT_ONCE):
        send_invitations.enqueue(ids=group, by=by)


def _groups(ids: Sequence[Any], size: int) -> list[list[str]]:
    return [[str(each) for each in ids[at : at + size]] for at in range(0, len(ids), size)]


@task()
def delete_rows(model: str, ids: list[str], by: int) -> None:
    """Deletes rows that somebody chose in the admin; those that are gone or in use are no error."""
    with all_tenants(reason="what was chosen in the admin is deleted"):
        bulk.delete(model=apps.get_model(model), ids=ids, by=by)


@task()
def send_invitations(ids: list[str], by: int) -> None:
    """Sends invitations again; those answered meanwhile, or sent within the hour, are left alone."""
    with all_tenants(reason="invitations that were chosen in the admin are sent again"):
        rows = Invitation.objects.filter(pk__in=ids).unanswered().select_related("tenant")
        with get_connection() as connection:
            done = invitation_mail.send_again(rows=rows, connection=connection, after=LEFT_ALONE)
        sent = [row for row, fate in done if fate is not Fate.REFUSED]
        bulk.note(rows=sent, message=gettext("Sent again."), by=by)
