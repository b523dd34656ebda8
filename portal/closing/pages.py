"""The admin's page that closes a client: for the agency's owner, who types its address."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.admin_rights import is_agency_owner
from accounts.models import Tenant
from portal import tasks
from portal.closing import flows
from portal.models import Closing


class CloseForm(forms.Form):
    """The client's address, typed: nobody closes a client by a slip."""

    typed = forms.CharField(max_length=50)

    def __init__(self, *args: Any, tenant: Tenant, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.tenant = tenant
        self.fields["typed"].label = _("Type “%(address)s”") % {"address": tenant.slug}
        self.fields["typed"].widget.attrs |= {"autocomplete": "off", "autocapitalize": "none"}

    def clean_typed(self) -> str:
        """To the letter."""
        if self.cleaned_data["typed"] != self.tenant.slug:
            raise forms.ValidationError(_("This is not the client's address."))
        return self.tenant.slug


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def page(request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
    """Says what goes, and asks; a POST with the address typed closes the client."""
    clients: Any = admin.site.get_model_admin(Tenant)
    tenant = clients.row_to_change(request, object_id)
    if not is_agency_owner(request):
        raise PermissionDenied
    under_way = Closing.objects.filter(tenant_id=tenant.pk).first()
    form = CloseForm(**clients.posted(request), tenant=tenant)
    if form.is_valid():
        return _close(request, tenant)
    along = clients.deleted_along(Tenant.objects.filter(pk=tenant.pk))
    response: HttpResponse = clients.form_page(
        request,
        form,
        title=_("Close %(client)s") % {"client": tenant},
        submit=_("Close for good"),
        original=tenant,
        lead=_being_closed(under_way) if under_way else _what_happens(),
        along=[(capfirst(model._meta.verbose_name_plural), count) for model, count in along if count],
    )
    return response


def _what_happens() -> str:
    return _(
        "Its people lose access at once. Its data is deleted, and the Google accounts it connected are "
        "disconnected. Export the data first: nothing can be brought back."
    )


def _being_closed(closing: Closing) -> str:
    return _("%(person)s has closed it already. What is left is being deleted.") % {
        "person": closing.asked_by
    }


def _close(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    asker: Any = request.user
    with transaction.atomic():
        closing = flows.begin(tenant=tenant, by=asker.email)
        tasks.close.enqueue(str(closing.pk))
    told = _("%(client)s is closed. Its people have no access any more; its data is being deleted.")
    messages.success(request, told % {"client": tenant.name})
    return redirect("admin:accounts_tenant_changelist")
