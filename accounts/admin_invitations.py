"""Invitations in the admin: what became of them, sent again or taken back, one or many at once."""

from __future__ import annotations

import uuid
from collections import Counter
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.mail import get_connection
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts import bulk, invitation_mail, invitations, tasks
from accounts.admin_pages import NothingToSave
from accounts.admin_rights import StaffToo, asker_id
from accounts.invitations import Issued
from accounts.mails import Fate
from accounts.models import Invitation

AT_ONCE = 50  # mails in one request; the others are sent in the background
FIELDS: Any = [
    "tenant", "email", "role", "all_views", "state_in_words", "invited_by", "created_at", "last_sent_at",
    "expires_at", "accepted_at", "withdrawn_at",
]  # fmt: skip


class StateFilter(admin.SimpleListFilter):
    """By what became of them."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        """Every state there is."""
        return list(Invitation.State.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those in the chosen state."""
        known = self.value() in Invitation.State.values
        return queryset.in_state(self.value()) if known else queryset  # type: ignore[attr-defined]


@admin.display(description=_("state"))
def state_in_words(invitation: Invitation) -> str:
    """What became of it; of one that waits, whether its mail went out."""
    state = invitation.state
    if state is Invitation.State.WAITING and invitation.mail_waits:
        return gettext("its mail waits for the mail server")
    if state is Invitation.State.WAITING and invitation.last_sent_at is None:
        return gettext("the mail could not be sent")
    return str(state.label)


class InvitationInline(StaffToo, admin.TabularInline):
    """A tenant's invitations without an answer, to read; each has a page of its own."""

    model = Invitation
    staff_may = frozenset({"view"})
    fields: ClassVar[Any] = ["address", "role", "state_in_words", "invited_by", "last_sent_at", "expires_at"]
    readonly_fields = fields
    extra = 0
    verbose_name_plural = _("invitations without an answer")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They are made on a page that also sends the mail."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Sent again or withdrawn, but not changed."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Withdrawn instead."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Invitation]:
        """Those that somebody may still have to do something about."""
        return super().get_queryset(request).unanswered()  # type: ignore[attr-defined]

    @admin.display(description=_("e-mail address"))
    def address(self, invitation: Invitation) -> str:
        """Leads to where it is sent again or withdrawn."""
        if invitation._state.adding:  # what stood here when the page was opened has an answer by now
            return gettext("answered or withdrawn meanwhile")
        url = reverse("admin:accounts_invitation_change", args=[invitation.pk])
        return format_html('<a href="{}">{}</a>', url, invitation.email)

    @admin.display(description=_("state"))
    def state_in_words(self, invitation: Invitation) -> str:
        """See above."""
        return "" if invitation._state.adding else state_in_words(invitation)


@admin.register(Invitation)
class InvitationAdmin(StaffToo, NothingToSave):
    """Who was invited to what, and what became of it. They are made on the client's page."""

    asks_again = True
    staff_may = frozenset({"view", "change"})
    list_display = ["email", "tenant", "role", state_in_words, "invited_by", "last_sent_at", "expires_at"]
    list_filter = [StateFilter]
    list_select_related = ["tenant"]
    search_fields = ["email", "tenant__name", "tenant__slug"]
    list_per_page = 50
    show_full_result_count = False
    fields = readonly_fields = FIELDS
    actions = ["send_again", "take_back"]
    change_form_template = "admin/accounts/invitation/change_form.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """See the class."""
        return False

    @admin.display(description=_("state"))
    def state_in_words(self, invitation: Invitation) -> str:
        """See above."""
        return state_in_words(invitation)

    def get_urls(self) -> list[URLPattern]:
        """Also: the two verbs, each by POST alone."""
        view = self.admin_site.admin_view
        return [
            path("<uuid:object_id>/resend/", view(self.resend_view), name="accounts_invitation_resend"),
            path("<uuid:object_id>/withdraw/", view(self.withdraw_view), name="accounts_invitation_withdraw"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def resend_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Sends it once more, with a new link."""
        row = self.row_to_change(request, object_id)
        try:
            issued = invitations.resend(invitation=row)
        except invitations.InvitationError as error:
            messages.warning(request, WHY_NOT[type(error)])
        else:
            self.log_change(request, row, gettext("Sent again."))
            tell_of_mail(request, issued)
        return self.to_row(row)

    @method_decorator(require_POST)
    def withdraw_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Takes it back."""
        row = self.row_to_change(request, object_id)
        try:
            invitations.withdraw(invitation=row)
        except invitations.NotOpen:
            messages.warning(request, WHY_NOT[invitations.NotOpen])
        else:
            self.log_change(request, row, gettext("Withdrawn."))
            messages.success(request, gettext("Withdrawn. Its links open nothing any more."))
        return self.to_row(row)

    @admin.action(description=_("Send the selected invitations again"), permissions=["change"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """A new mail for each of the selected without an answer; only the first of them are waited for."""
        ids = list(queryset.unanswered().values_list("pk", flat=True))  # type: ignore[attr-defined]
        now = queryset.filter(pk__in=ids[:AT_ONCE]).select_related("tenant")
        with get_connection() as connection:
            done = invitation_mail.send_again(rows=now, connection=connection)
        fates = Counter(fate for _row, fate in done)
        kept = [row for row, fate in done if fate is not Fate.REFUSED]
        bulk.note(rows=kept, message=gettext("Sent again."), by=asker_id(request))
        tasks.mail_later(ids=ids[AT_ONCE:], by=asker_id(request))
        _tell_of_many(request, fates, tried=len(ids[:AT_ONCE]), later=len(ids[AT_ONCE:]))

    @admin.action(description=_("Withdraw the selected invitations"), permissions=["change"])
    def take_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Those without an answer."""
        count = bulk.withdraw(invitations=queryset, message=gettext("Withdrawn."), by=asker_id(request))
        text = ngettext("%(count)d invitation was withdrawn.", "%(count)d invitations were withdrawn.", count)
        messages.success(request, text % {"count": count})


WHY_NOT = {
    invitations.NotOpen: _("This invitation has been accepted or withdrawn."),
    invitations.TooSoon: _("A mail went out a moment ago."),
}


def tell_of_mail(request: HttpRequest, issued: Issued) -> None:
    """Sends the mail, and says whether it went out."""
    fate = invitation_mail.send(issued)
    level = messages.SUCCESS if fate is Fate.SENT else messages.WARNING
    messages.add_message(request, level, invitation_mail.outcome(issued, fate))


def _tell_of_many(request: HttpRequest, fates: Counter[Fate], *, tried: int, later: int) -> None:
    sent, waiting = fates[Fate.SENT], fates[Fate.WAITING]
    text = ngettext("%(count)d invitation was sent again.", "%(count)d invitations were sent again.", sent)
    if sent or not waiting:
        messages.success(request, text % {"count": sent})
    if waiting:
        text = gettext("The mail server does not answer. %(count)d are kept, and go out as soon as it does.")
        messages.warning(request, text % {"count": waiting})
    if sent + waiting < tried:
        text = gettext("%(count)d were not: their mail went out a moment ago, or was refused.")
        messages.warning(request, text % {"count": tried - sent - waiting})
    if later:
        text = ngettext(
            "%(count)d more is sent in the background.", "%(count)d more are sent in the background.", later
        )
        messages.info(request, text % {"count": later})
