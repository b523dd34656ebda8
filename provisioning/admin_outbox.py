"""Mails that have not gone out, for the agency's owner: to whom, since when and why; never what they say."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_pages import NothingToSave
from accounts.admin_rights import OwnerOnly
from provisioning.models import WaitingMail
from provisioning.outbox import flows, sending

AT_ONCE = 20
"""Mails that somebody waits for; the others the worker sends."""

FIELDS: Any = ["to", "title", "state", "why", "tries", "created_at", "try_at", "expires_at"]


@admin.register(WaitingMail)
class WaitingMailAdmin(OwnerOnly, NothingToSave):
    """They go out by themselves; or now, when somebody has mended what was wrong."""

    list_display = ["to", "title", "state", "why", "tries", "created_at", "try_at"]
    list_filter = ["state"]
    search_fields = ["to", "title"]
    list_per_page = 50
    show_full_result_count = False
    fields = readonly_fields = FIELDS
    actions = ["send_now"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They come about by being sent."""
        return False

    @admin.display(description=_("last error"), ordering="trouble")
    def why(self, mail: WaitingMail) -> str:
        """In words; nothing of one that is on its way just now."""
        return mail.get_trouble_display() or "–"

    @admin.action(description=_("Send the selected mails now"), permissions=["change"])
    def send_now(self, request: HttpRequest, queryset: QuerySet[WaitingMail]) -> None:
        """Also those that were refused or given up. Only the first are waited for."""
        chosen = list(queryset)
        flows.try_again(mails=chosen)
        now = WaitingMail.objects.filter(pk__in=[each.pk for each in chosen[:AT_ONCE]])
        sent = sending.send(now)
        sending.queue()
        _tell(request, sent, len(chosen[:AT_ONCE]) - sent, len(chosen[AT_ONCE:]))


def _tell(request: HttpRequest, sent: int, unsent: int, later: int) -> None:
    if sent:
        text = ngettext("%(count)d mail went out.", "%(count)d mails went out.", sent)
        messages.success(request, text % {"count": sent})
    if unsent:
        text = ngettext(
            "%(count)d did not go out: the list says why.",
            "%(count)d did not go out: the list says why.",
            unsent,
        )
        messages.warning(request, text % {"count": unsent})
    if later:
        messages.info(request, gettext("%(count)d are sent in the background.") % {"count": later})
