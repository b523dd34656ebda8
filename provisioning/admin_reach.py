"""What the admin of service accounts and that of Google accounts share: whose a credential is, how it works,
and what it reaches.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from accounts.admin_rights import StaffToo, is_agency_owner
from provisioning import flows
from provisioning.admin_doctor import ExaminedAdmin
from provisioning.admin_filters import ClientFilter
from provisioning.doctor import credential as chain
from provisioning.doctor.sight import Examined, for_staff
from provisioning.models import Credential
from provisioning.property_table import PropertyTable


class ReachAdmin(StaffToo, ExaminedAdmin):
    """Credentials of one kind. The agency's are the owner's; a tenant's own are its staff's too."""

    kind: ClassVar[str]
    reaches_nothing: ClassVar[Any]
    """What to do about a credential that works and lists no property."""

    list_filter = [ClientFilter, "state"]
    list_per_page = 50
    show_full_result_count = False
    list_select_related = ["tenant"]
    search_fields = ["name", "email", "tenant__name"]
    actions = None  # several at once would not say which views they feed

    def get_queryset(self, request: HttpRequest) -> QuerySet[Credential]:
        """Staff never see the agency's own: the properties these reach name every client."""
        rows = super().get_queryset(request).filter(kind=self.kind)
        return rows if is_agency_owner(request) else rows.exclude(tenant=None)

    def save_model(self, request: HttpRequest, obj: Credential, form: Any, change: bool) -> None:
        """Only what was typed: the rest of the row, its secrets above all, changes while somebody types."""
        obj.save(update_fields=form.changed_data)

    @admin.display(description=_("belongs to"), ordering="tenant__name")
    def owner(self, credential: Credential) -> str:
        """The tenant's name."""
        return str(credential.tenant) if credential.tenant else gettext("the agency")

    @admin.display(description=_("address"))
    def address(self, credential: Credential) -> str:
        """Marked whole by one click, to be copied."""
        return format_html('<code class="copy">{}</code>', credential.email)

    @admin.display(description=_("last error"))
    def last_error_in_words(self, credential: Credential) -> str:
        """What went wrong, and what to do; a dash when the last use worked."""
        return gettext(credential.last_error) if credential.last_error else "–"

    @admin.display(description=_("properties listed"))
    def listed(self, credential: Credential) -> str:
        """When the list below was made."""
        at = credential.properties_listed_at
        return date_format(localtime(at), "DATETIME_FORMAT") if at else "–"

    def get_urls(self) -> list[URLPattern]:
        """Also: listing its properties again, and whose each is."""
        assign, again = (
            self.admin_site.admin_view(self.assign_view),
            self.admin_site.admin_view(self.list_view),
        )
        return [
            path("<uuid:object_id>/assign/", assign, name=self.url_name("assign")),
            path("<uuid:object_id>/list-again/", again, name=self.url_name("list")),
            *super().get_urls(),
        ]

    def url_name(self, page: str) -> str:
        """What the address of a page of ours is called."""
        return f"{self.opts.app_label}_{self.opts.model_name}_{page}"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Also: the properties it reaches."""
        credential = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if credential:
            context = table_context(request, PropertyTable(credential=credential, search=request.GET))
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def assign_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Says whose the properties of an agency's account are; here again with what was wrong."""
        credential = self.row_to_change(request, object_id)
        if not is_agency_owner(request):
            raise PermissionDenied
        table = PropertyTable(**self.posted(request), credential=credential, search=request.GET)
        if table.is_valid():
            table.save()
            self.log_change(request, credential, gettext("Assigned properties."))
            messages.success(request, gettext("Saved whose the properties are."))
            return self.to_row(credential)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": credential,
            "title": gettext("Properties of %(account)s") % {"account": credential.name},
            "media": self.media + table.media,
            **table_context(request, table),
        }
        return TemplateResponse(request, "admin/provisioning/credential/properties.html", context)

    def examined(self, request: HttpRequest, row: Credential) -> Examined:
        """From the stored secret to figures."""
        return for_staff(chain.examine(row), row, is_owner=is_agency_owner(request))

    @method_decorator(require_POST)
    def list_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Asks Google anew which properties it reaches."""
        credential = self.row_to_change(request, object_id)
        flows.list_properties(credential=credential)
        credential.refresh_from_db()
        self.tell_what_it_reaches(request, credential)
        return self.to_row(credential)

    def tell_what_it_reaches(self, request: HttpRequest, credential: Credential) -> None:
        """After something was done to it."""
        if credential.last_error:
            messages.warning(request, gettext(credential.last_error))
            return
        count = credential.properties.count()
        if not count:
            messages.warning(request, self.reaches_nothing)
            return
        text = ngettext(
            "It signs in and reaches %d property.", "It signs in and reaches %d properties.", count
        )
        messages.success(request, text % count)


def table_context(request: HttpRequest, table: PropertyTable) -> dict[str, Any]:
    """What the table's template needs. Only the owner ticks and assigns."""
    return {"table": table, "may_tick": is_agency_owner(request), "query": request.GET.urlencode()}
