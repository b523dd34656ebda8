"""A view's form in the admin: what it shows, and to whom."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Tenant
from dashboards import filter_field, filters
from dashboards.embed.forms import OldNamesField, SitesField
from dashboards.filter_field import FilterField
from dashboards.models import Dashboard, View, validate_time_zone
from provisioning.models import ReachableProperty


def point_at(view: View, target: ReachableProperty) -> None:
    """Makes a view show a property, fetched with the credential that reaches it; saves nothing."""
    credential = target.credential
    is_agencys = credential.tenant_id is None
    if (view.property_id, view.agency_credential_id or view.tenant_credential_id) != (
        target.property_id,
        credential.pk,
    ):
        view.state, view.last_error_code = View.State.NEW, ""
    view.agency_credential = credential if is_agencys else None
    view.tenant_credential = None if is_agencys else credential
    view.property_id = target.property_id
    view.property_name = target.name
    view.account_name = target.account_name
    view.time_zone = target.time_zone
    view.currency = target.currency


def fields_url(view: View, target: ReachableProperty | None) -> str:
    """Where the fields of the property can be fetched that a view, saved or not, is to show."""
    if target:
        asked = {"credential": target.credential_id, "property": target.property_id}
    else:
        asked = {"view": view.pk}
    return f"{reverse('admin:dashboards_view_fields')}?{urlencode(asked)}"


def chosen_viewers(tenant_id: uuid.UUID | None) -> QuerySet[Membership]:
    """The tenant's viewers who see chosen views only."""
    return Membership.objects.filter(tenant=tenant_id, role=Membership.Role.VIEWER, all_views=False)


class ViewForm(forms.ModelForm):
    """A view of the property `target`; without one, of the property it shows already.

    Its model's fields to a tenant's rows come from the admin, which asks for them inside the scope.
    """

    filter = FilterField(
        label=filter_field.LABEL, help_text=filter_field.HELP, max_length=filters.MAX_LENGTH, required=False
    )

    origins = SitesField(
        label=_("Sites that may embed it"),
        help_text=_("One to a line, such as https://shop.example. Only pages there can show the figures."),
    )
    ua_map = OldNamesField(
        label=_("Old names"),
        help_text=_(
            "For pages made for Universal Analytics, one to a line: dimension1 = customEvent:plan, "
            "eventCategory = customEvent:event_category, goal1 = purchase."
        ),
    )

    target: ReachableProperty | None = None  # set by the admin
    tenants: Collection[uuid.UUID] | None = None  # who may have the target; None: everybody. Likewise
    only_previews = False  # nothing is saved: somebody asks what the filter keeps. Likewise

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.target:
            point_at(self.instance, self.target)
            if self.instance._state.adding and self.target.tenant_id:
                self.instance.tenant = self.target.tenant
        self._limit_choices()
        self._offer_fields()

    def is_valid(self) -> bool:
        """A preview leaves everything as it was typed and saves nothing."""
        return super().is_valid() and not self.only_previews

    def _offer_fields(self) -> None:
        """Tells the filter which property's dimensions to offer."""
        widget: Any = self.fields["filter"].widget if "filter" in self.fields else None
        if widget and self.instance.property_id:
            widget.property_id = self.instance.property_id
            widget.fields_url = fields_url(self.instance, self.target)

    def _limit_choices(self) -> None:
        """Only what belongs to the view's tenant, or serves every tenant."""
        tenant_id = self.instance.tenant_id
        for name in {"dashboard", "more_dashboards"} & set(self.fields):
            self._limit_dashboards(self.fields[name], tenant_id)
        if self.tenants is not None and "tenant" in self.fields:
            self._limit_tenants(self.tenants)
        if "shown_to" in self.fields:
            people: Any = self.fields["shown_to"]
            people.queryset = chosen_viewers(tenant_id).select_related("user")

    def _limit_dashboards(self, field: Any, tenant_id: uuid.UUID | None) -> None:
        """Offers the shared ones and the client's own. While the client is still to be chosen, whichever is
        typed is taken, so that what is wrong with it can be said.
        """
        field.queryset = Dashboard.objects.filter(
            Q(tenant=None) | Q(tenant=tenant_id or self._typed_tenant())
        )
        offered = field.choices
        if tenant_id is None:
            field.queryset = Dashboard.objects.all()
            field.widget.choices = offered

    def _typed_tenant(self) -> uuid.UUID | None:
        typed = self.data.get(self.add_prefix("tenant")) or self.initial.get("tenant")
        try:
            return uuid.UUID(str(getattr(typed, "pk", typed)))
        except ValueError:
            return None

    def _limit_tenants(self, tenants: Collection[uuid.UUID]) -> None:
        """To those that the property is assigned to: few, so a plain list."""
        field: Any = self.fields["tenant"]
        field.widget = forms.Select()
        field.queryset = Tenant.objects.filter(pk__in=tenants)
        if len(tenants) == 1:
            self.initial["tenant"] = next(iter(tenants))

    def clean(self) -> dict[str, Any]:
        """Says in words, beside the field, what the database would refuse."""
        cleaned = super().clean() or self.cleaned_data
        if not self.instance.property_id:
            raise ValidationError(
                _("The property is no longer among those that the portal reaches. Choose it again.")
            )
        validate_time_zone(self.instance.time_zone)
        tenant = cleaned.get("tenant") or (self.instance.tenant if self.instance.tenant_id else None)
        if tenant:
            self._check_slug(tenant, cleaned.get("slug"))
            self._check_dashboards(tenant, cleaned)
            self._check_old_id(tenant, cleaned.get("ua_view_id"))
        return cleaned

    def _check_old_id(self, tenant: Any, number: str | None) -> None:
        twins = View.objects.filter(tenant=tenant, ua_view_id=number).exclude(pk=self.instance.pk)
        if number and twins.exists():
            self.add_error("ua_view_id", gettext("Another view of this client has this old view id."))

    def _check_slug(self, tenant: Any, slug: str | None) -> None:
        twins = View.objects.filter(tenant=tenant, slug=slug).exclude(pk=self.instance.pk)
        if slug and twins.exists():
            self.add_error("slug", gettext("Another view of this client has this address."))

    def _check_dashboards(self, tenant: Any, cleaned: dict[str, Any]) -> None:
        chosen = {
            "dashboard": [cleaned.get("dashboard")],
            "more_dashboards": cleaned.get("more_dashboards", []),
        }
        for name, dashboards in chosen.items():
            if any(each and each.tenant_id not in {None, tenant.pk} for each in dashboards):
                self.add_error(name, gettext("This dashboard belongs to another client."))
