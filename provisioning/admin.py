"""Service accounts in the admin: their keys go in and never come out."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from accounts.admin_rights import is_agency_owner
from google_api.errors import GoogleError
from provisioning import admin_deletion, admin_grants, admin_outbox, admin_requests, flows  # noqa: F401  # they register
from provisioning.admin_reach import ReachAdmin
from provisioning.forms import NewServiceAccount, ReplacementKey
from provisioning.models import Credential, Grant

STEPS = "admin/provisioning/credential/steps.html"


@admin.register(Credential)
class CredentialAdmin(ReachAdmin):
    """Service accounts; the Google accounts that people connected have a list of their own."""

    asks_again = True
    kind = Credential.Kind.SERVICE_ACCOUNT
    reaches_nothing = _("It signs in, but reaches no property yet. Give it access as described below.")
    list_display = ["name", "email", "owner", "state", "last_success_at", "last_error_in_words"]
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

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponseRedirect:
        """A credential that feeds a view is linked to as such; a Google account has its page elsewhere."""
        grants = admin.site.get_model_admin(Grant)
        if grants.get_object(request, object_id):
            return redirect("admin:provisioning_grant_change", object_id)
        return super()._get_obj_does_not_exist_redirect(request, opts, object_id)

    def get_urls(self) -> list[URLPattern]:
        """Also: another key."""
        key = self.admin_site.admin_view(self.key_view)
        return [path("<uuid:object_id>/key/", key, name=self.url_name("key")), *super().get_urls()]

    @method_decorator(sensitive_post_parameters("password"))
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Stores a key after it has signed in; in no transaction, as Google takes its time."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = NewServiceAccount(
            **self.posted(request),
            may_be_agencys=is_agency_owner(request),
            initial={"tenant": request.GET.get("tenant", "")},
        )
        if form.is_valid() and (credential := self._add(form)):
            self.log_addition(request, credential, [{"added": {}}])
            self.tell_what_it_reaches(request, credential)
            return self.to_row(credential)
        title = gettext("Add a service account")
        submit = gettext("Sign in and save")
        return self.form_page(request, form, title=title, submit=submit, steps_template=STEPS)

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
        """Also: an upload for another key."""
        context = {"key_form": ReplacementKey(account=""), "steps_template": STEPS}
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    @method_decorator(sensitive_post_parameters("password"))
    def key_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Another key of the same account, uploaded on its page; here again when it was refused."""
        credential = self.row_to_change(request, object_id)
        form = ReplacementKey(**self.posted(request), account=credential.email)
        if form.is_valid() and self._replace(form, credential):
            self.log_change(request, credential, gettext("Replaced the key."))
            self.tell_what_it_reaches(request, credential)
            return self.to_row(credential)
        title = gettext("Another key of %(account)s") % {"account": credential.email}
        submit = gettext("Sign in and replace")
        return self.form_page(request, form, title=title, submit=submit, original=credential)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """As Django's, but what is in use is refused in words."""
        credential = self.get_object(request, object_id)
        users = admin_deletion.users_of(credential) if credential else []
        if credential and users and self.has_delete_permission(request, credential):
            text = gettext(
                "%(account)s is in use and stays. Point these at another service account first: %(views)s."
            )
            messages.error(request, text % {"account": credential.name, "views": ", ".join(users)})
            return self.to_row(credential)
        return super().delete_view(request, object_id, extra_context)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Its properties by their number: they can be many."""
        return admin_deletion.deleted_with(objs[0])


def _or_error(form: Form, act: Callable[[], Credential]) -> Credential | None:
    """What a verb gives; where Google refuses, None and its sentence in the form."""
    try:
        return act()
    except GoogleError as error:
        form.add_error(None, gettext(error.user_message))
        return None
