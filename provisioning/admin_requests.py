"""Provisioning requests in the admin: how far each customer is, what happened on the way, and a push."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.admin import helpers
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.admin_rights import StaffToo, is_agency_owner
from accounts.mails import Fate
from accounts.models import User
from provisioning import hooks
from provisioning.admin_doctor import ExaminedAdmin
from provisioning.admin_filters import ClientFilter
from provisioning.doctor import recorded
from provisioning.doctor import request as chain
from provisioning.doctor.sight import Examined, for_staff
from provisioning.models import Consent, ProvisioningRequest
from provisioning.prepare_form import PrepareForm
from provisioning.protocols.chosen import is_offered
from provisioning.requests import flows, history, mails, newcomers, preparing, record, terms, work
from provisioning.requests.reasons import in_words, reason_of
from provisioning.requests.steps import OURS, Step, next_step

TEMPLATES = "admin/provisioning/provisioningrequest"
WHOSE_TURN = {
    Step.AUTHORISE: _("The customer's: consent at Google."),
    Step.DETAILS: _("The customer's: the form."),
    Step.CHOOSE: _("The customer's: which properties to show."),
    Step.TICKET: _("The customer's: on to Google's terms."),
    Step.TERMS: _("The customer's: Google's terms. The portal looks by itself whether they were accepted."),
    Step.DONE: _("Nobody's: it is done."),
}
OUR_TURN = _("The portal's. It goes on by itself; “Resume” does so at once.")


@admin.register(ProvisioningRequest)
class RequestAdmin(StaffToo, ExaminedAdmin):
    """Customers on their way to a dashboard. What they typed is theirs to change, on their own page."""

    staff_may = frozenset({"view", "change"})
    list_display = ["customer", "tenant", "state", "reason_in_words", "changed_at", "way"]
    list_display_links = ["customer"]
    list_filter = [ClientFilter, "state"]
    list_per_page = 50
    show_full_result_count = False
    list_select_related = ["tenant"]
    search_fields = ["email", "account_name", "website", "tenant__name", "tenant__slug", "account_id",
                     "property_id", "measurement_id"]  # fmt: skip
    actions = None
    date_hierarchy = None
    change_list_template = f"{TEMPLATES}/change_list.html"
    change_form_template = f"{TEMPLATES}/change_form.html"
    fieldsets: ClassVar[Any] = [
        (None, {"fields": ["tenant", "email", "way", "protocol", "prepared", "state", "reason_in_words",
                           "whose_turn", "created_at", "changed_at"]}),
        (_("What the customer said"), {"fields": ["account_name", "property_name", "website", "view_name",
                                                  "time_zone", "currency", "country", "industry"]}),
        (_("What came of it"), {"fields": ["google_account", "account_id", "property_id", "measurement_id",
                                           "web_property_id", "profile_id", "shared_with", "view"]}),
    ]  # fmt: skip

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Prepared instead, which also sends the mail."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Cancelled instead: what stands at Google would be forgotten."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """All of it."""
        return [name for __, options in self.fieldsets for name in options["fields"]]

    def get_fieldsets(self, request: HttpRequest, obj: ProvisioningRequest | None = None) -> Any:
        """Without what is not known yet."""
        if obj is None:
            return self.fieldsets
        about, *others = self.fieldsets
        known = [(title, {"fields": _known(obj, options["fields"])}) for title, options in others]
        return [about, *(each for each in known if each[1]["fields"])]

    # What is shown

    @admin.display(description=_("customer"), ordering="email")
    def customer(self, found: ProvisioningRequest) -> str:
        """The address, or what there is instead."""
        return found.email or str(found)

    @admin.display(description=_("what the customer reads"))
    def reason_in_words(self, found: ProvisioningRequest) -> str:
        """Why it stands still; a dash where it does not."""
        reason = reason_of(found)
        return in_words(reason) if reason else "–"

    @admin.display(description=_("prepared"))
    def prepared(self, found: ProvisioningRequest) -> str:
        """By whom, and whether the customer sees the form."""
        if not found.prepared_by:
            return gettext("no, the customer came by themselves")
        words = gettext("by %(person)s, without the form") if found.skips_form else gettext("by %(person)s")
        return words % {"person": found.prepared_by}

    @admin.display(description=_("next step"))
    def whose_turn(self, found: ProvisioningRequest) -> str:
        """What comes next, and who does it."""
        return str(WHOSE_TURN.get(next_step(found), OUR_TURN))

    @admin.display(description=_("Google account"))
    def google_account(self, found: ProvisioningRequest) -> str:
        """Whose consent it works with."""
        return found.grant.email if found.grant else "–"

    @admin.display(description=_("view"))
    def view(self, found: ProvisioningRequest) -> str:
        """The dashboard that it ended in."""
        made = hooks.views().find(tenant=found.tenant, view_id=found.view_id) if found.view_id else None
        return format_html('<a href="{}">{}</a>', made.address, made.name) if made else "–"

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Also: the button that prepares one."""
        context = {"may_prepare": is_offered(), "title": gettext("Provisioning requests")}
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Also: its history, and what Google was asked and said."""
        found = self.get_object(request, object_id)
        context: dict[str, Any] = {"show_save": False, "show_save_and_continue": False}
        if found:
            context |= _context(found) | {"title": gettext("Request of %(customer)s") % {"customer": found}}
            context["subtitle"] = None
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    # What can be done

    def get_urls(self) -> list[URLPattern]:
        """Also: preparing one, and the verbs, each by POST alone."""
        wrap, name, one = self.admin_site.admin_view, "provisioning_provisioningrequest", "<uuid:object_id>"
        return [
            path("prepare/", wrap(self.prepare_view), name=f"{name}_prepare"),
            path(f"{one}/resume/", wrap(self.resume_view), name=f"{name}_resume"),
            path(f"{one}/cancel/", wrap(self.cancel_view), name=f"{name}_cancel"),
            path(f"{one}/send-link/", wrap(self.send_link_view), name=f"{name}_send_link"),
            *super().get_urls(),
        ]

    def prepare_view(self, request: HttpRequest) -> HttpResponse:
        """A request for somebody else, and the mail with the link to it."""
        if not is_offered() or not self.has_change_permission(request):
            raise PermissionDenied
        may_make_clients = is_agency_owner(request)
        form = PrepareForm(
            **self.posted(request), may_make_clients=may_make_clients, initial=_initial(request)
        )
        if form.is_valid():
            return self._prepare(request, form)
        title, submit = gettext("Prepare for a customer"), gettext("Save and send the link")
        adminform = helpers.AdminForm(form, form.fieldsets, {}, model_admin=self)  # type: ignore[arg-type]
        return self.form_page(request, form, title=title, submit=submit, adminform=adminform)

    def _prepare(self, request: HttpRequest, form: PrepareForm) -> HttpResponse:
        data = form.cleaned_data
        with transaction.atomic():
            issued = preparing.prepare(
                tenant=data["tenant"] or newcomers.new_tenant(data["new_client"]),
                email=data["email"],
                way=data["way"],
                details=form.details,
                skips_form=data["skips_form"],
                prepared_by=_email(request),
            )
            self.log_addition(request, issued.request, [{"added": {}}])
        _send(request, issued)
        return self.to_row(issued.request)

    def examined(self, request: HttpRequest, row: ProvisioningRequest) -> Examined:
        """The consent, and each thing that was made."""
        return for_staff(chain.examine(row), row.grant, is_owner=is_agency_owner(request))

    def recorded(self, row: ProvisioningRequest) -> list[recorded.Recorded]:
        """Its consents."""
        return recorded.of_request(row)

    @method_decorator(require_POST)
    def resume_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Takes it up again, looks for an account that came without its customer, does the portal's steps."""
        found = self.row_to_change(request, object_id)
        flows.resume(request=found, who=_email(request))
        if next_step(found) is Step.TERMS:
            terms.look(request=found)
        if next_step(found) in OURS:
            work.advance(request=found)
        found.refresh_from_db()
        self.log_change(request, found, gettext("Resumed."))
        _tell_how_far(request, found)
        return self.to_row(found)

    @method_decorator(require_POST)
    def cancel_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """It stands still until somebody takes it up again."""
        found = self.row_to_change(request, object_id)
        if found.state == ProvisioningRequest.State.LIVE:
            messages.warning(request, gettext("It is live: there is nothing left to cancel."))
            return self.to_row(found)
        flows.cancel(request=found, who=_email(request))
        self.log_change(request, found, gettext("Cancelled."))
        messages.success(
            request, gettext("Cancelled. What stands at Google stays there; “Resume” takes it up again.")
        )
        return self.to_row(found)

    @method_decorator(require_POST)
    def send_link_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """A fresh link to go on by, mailed to the customer."""
        found = self.row_to_change(request, object_id)
        try:
            issued = preparing.issue(request=found, after=preparing.RESEND_AFTER)
        except preparing.PreparingError as error:
            messages.warning(request, WHY_NOT[type(error)])
            return self.to_row(found)
        self.log_change(request, found, gettext("Sent the link again."))
        if _send(request, issued):
            record.noted(found, "link_sent", who=_email(request))
        return self.to_row(found)


WHY_NOT = {
    preparing.TooSoon: _("A mail went out a moment ago."),
    preparing.Over: _("It is live or cancelled: there is nothing to come to. “Resume” it first."),
}


def _context(found: ProvisioningRequest) -> dict[str, Any]:
    """What stands below the fields."""
    State = ProvisioningRequest.State
    return {
        "history": [(each, history.in_words(each)) for each in found.events.all()],
        "tickets": list(found.tickets.all()),
        "consents": [_consent(each) for each in found.consents.all()],
        "may_resume": found.has_ended or next_step(found) in {*OURS, Step.TERMS},
        "may_cancel": found.state not in (State.LIVE, State.CANCELLED),
        "may_send": bool(found.email) and found.state not in (State.LIVE, State.CANCELLED),
    }


def _consent(row: Consent) -> dict[str, Any]:
    """A way to Google and back as the page tells it: masked where it was kept, and without long names."""
    return {
        "row": row,
        "asked": ", ".join(_short(row.scopes).split()),
        "returned": [f"{name}: {_short(str(value))}" for name, value in row.returned.items()],
        "exchanged": [f"{name}: {_short(str(value))}" for name, value in row.exchanged.items()],
    }


def _short(text: str) -> str:
    """Without the address that Google puts before the names of scopes."""
    return text.replace("https://www.googleapis.com/auth/", "")


def _known(found: ProvisioningRequest, names: list[str]) -> list[str]:
    """Those of these columns in which something stands; what is worked out stands in others."""
    stands_in = {"google_account": "grant_id", "view": "view_id"}
    return [name for name in names if getattr(found, stands_in.get(name, name))]


def _initial(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("tenant", "email") if name in request.GET}


def _send(request: HttpRequest, issued: preparing.Issued) -> bool:
    """Whoever began by themselves is not told that somebody prepared it."""
    fate = mails.invite(issued) if issued.request.prepared_by else mails.remind(issued)
    level = messages.SUCCESS if fate is Fate.SENT else messages.WARNING
    messages.add_message(request, level, mails.outcome(issued, fate))
    return fate is not Fate.REFUSED


def _tell_how_far(request: HttpRequest, found: ProvisioningRequest) -> None:
    if reason := reason_of(found):
        messages.warning(request, in_words(reason))
        return
    words = {"state": found.get_state_display(), "next": WHOSE_TURN.get(next_step(found), OUR_TURN)}
    messages.success(request, gettext("Now: %(state)s. Next: %(next)s") % words)


def _email(request: HttpRequest) -> str:
    return cast(User, request.user).email
