"""Service accounts in the admin: their keys go in and never come out."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.utils import NestedObjects
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.admin_pages import PortalAdmin
from accounts.admin_rights import StaffToo, is_agency_owner, tenant_id_of
from accounts.tenancy import current_scope
from google_api.errors import GoogleError
from provisioning import flows
from provisioning.admin_filters import ClientFilter
from provisioning.forms import NewServiceAccount, ReplacementKey
from provisioning.models import Credential
from provisioning.property_table import PropertyTable

STEPS = "admin/provisioning/credential/steps.html"


@admin.register(Credential)
class CredentialAdmin(StaffToo, PortalAdmin):
    """The agency's service accounts are the owner's; a tenant's own are its staff's too."""

    list_display = ["name", "email", "owner", "state", "last_success_at", "last_error_in_words"]
    list_filter = [ClientFilter, "state"]
    list_per_page = 50
    show_full_result_count = False
    list_select_related = ["tenant"]
    search_fields = ["name", "email", "tenant__name"]
    actions = None  # deleting several at once would not say which views they feed
    readonly_fields = [
        "address",
        "owner",
        "private_key_id",
        "state",
        "last_success_at",
        "last_error_in_words",
        "listed",
    ]
    fields = ["name", *readonly_fields]
    change_form_template = "admin/provisioning/credential/change_form.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Credential]:
        """Staff never see the agency's own: the properties these reach name every client."""
        rows = super().get_queryset(request)
        return rows if is_agency_owner(request) else rows.exclude(tenant=None)

    @admin.display(description=_("belongs to"), ordering="tenant__name")
    def owner(self, credential: Credential) -> str:
        """The tenant's name."""
        return str(credential.tenant) if credential.tenant else gettext("the agency")

    @admin.display(description=_("service account"))
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
        """Also: listing its properties again, whose each is, and another key."""
        wrap = self.admin_site.admin_view
        return [
            path("<uuid:object_id>/assign/", wrap(self.assign_view), name="provisioning_credential_assign"),
            path("<uuid:object_id>/list-again/", wrap(self.list_view), name="provisioning_credential_list"),
            path("<uuid:object_id>/key/", wrap(self.key_view), name="provisioning_credential_key"),
            *super().get_urls(),
        ]

    @method_decorator(sensitive_post_parameters("password"))
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Stores a key after it has signed in; in no transaction, as Google takes its time."""
        self._check_may_add(request)
        form = NewServiceAccount(
            **self.posted(request),
            may_be_agencys=is_agency_owner(request),
            initial={"tenant": request.GET.get("tenant", "")},
        )
        if form.is_valid() and (credential := self._add(form)):
            self.log_addition(request, credential, [{"added": {}}])
            _tell_what_it_reaches(request, credential)
            return self.to_row(credential)
        title = gettext("Add a service account")
        submit = gettext("Sign in and save")
        return self.form_page(request, form, title=title, submit=submit, steps_template=STEPS)

    def _check_may_add(self, request: HttpRequest) -> None:
        if not self.has_add_permission(request):
            raise PermissionDenied

    def _add(self, form: NewServiceAccount) -> Credential | None:
        data = form.cleaned_data
        return _or_error(
            form, lambda: flows.add_service_account(key=form.key, name=data["name"], tenant=data["tenant"])
        )

    def _replace(self, form: ReplacementKey, credential: Credential) -> Credential | None:
        return _or_error(form, lambda: flows.replace_key(credential=credential, key=form.key))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Also: the properties it reaches, and an upload for another key."""
        credential = self.get_object(request, object_id)
        context = {"key_form": ReplacementKey(account=""), "steps_template": STEPS}
        if credential:
            context |= _table_context(request, PropertyTable(credential=credential, search=request.GET))
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
            **_table_context(request, table),
        }
        return TemplateResponse(request, "admin/provisioning/credential/properties.html", context)

    @method_decorator(require_POST)
    def list_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Asks Google anew which properties it reaches."""
        credential = self.row_to_change(request, object_id)
        flows.list_properties(credential=credential)
        credential.refresh_from_db()
        _tell_what_it_reaches(request, credential)
        return self.to_row(credential)

    @method_decorator(sensitive_post_parameters("password"))
    def key_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Another key of the same account, uploaded on its page; here again when it was refused."""
        credential = self.row_to_change(request, object_id)
        form = ReplacementKey(**self.posted(request), account=credential.email)
        if form.is_valid() and self._replace(form, credential):
            self.log_change(request, credential, gettext("Replaced the key."))
            _tell_what_it_reaches(request, credential)
            return self.to_row(credential)
        title = gettext("Another key of %(account)s") % {"account": credential.email}
        submit = gettext("Sign in and replace")
        return self.form_page(request, form, title=title, submit=submit, original=credential)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """As Django's, but what is in use is refused in words."""
        credential = self.get_object(request, object_id)
        users = _users_of(credential) if credential else []
        if credential and users and self.has_delete_permission(request, credential):
            text = gettext(
                "%(account)s is in use and stays. Point these at another service account first: %(views)s."
            )
            messages.error(request, text % {"account": credential.name, "views": ", ".join(users)})
            return self.to_row(credential)
        return super().delete_view(request, object_id, extra_context)


def _table_context(request: HttpRequest, table: PropertyTable) -> dict[str, Any]:
    """What the table's template needs. Only the owner ticks and assigns."""
    return {"table": table, "may_tick": is_agency_owner(request), "query": request.GET.urlencode()}


def _or_error(form: Form, act: Callable[[], Credential]) -> Credential | None:
    """What a verb gives; where Google refuses, None and its sentence in the form."""
    try:
        return act()
    except GoogleError as error:
        form.add_error(None, gettext(error.user_message))
        return None


def _tell_what_it_reaches(request: HttpRequest, credential: Credential) -> None:
    if credential.last_error:
        messages.warning(request, gettext(credential.last_error))
        return
    count = credential.properties.count()
    if not count:
        text = gettext("It signs in, but reaches no property yet. Give it access as described below.")
        messages.warning(request, text)
        return
    text = ngettext("It signs in and reaches %d property.", "It signs in and reaches %d properties.", count)
    messages.success(request, text % count)


def _users_of(credential: Credential) -> list[str]:
    """What a deletion would take the data from, named with its tenant, as far as the scope reaches."""
    collector = NestedObjects(using="default")
    collector.collect([credential])
    scope = current_scope()
    rows = [row for row in collector.protected if scope.holds(tenant_id_of(row))]
    return sorted(_name_of(row) for row in rows)


def _name_of(row: Model) -> str:
    return gettext("“%(name)s” of %(tenant)s") % {"name": row, "tenant": row.tenant}  # type: ignore[attr-defined]
