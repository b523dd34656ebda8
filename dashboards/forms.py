"""Forms about views and what they show."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminTextInputWidget, AutocompleteSelect
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms.models import BaseInlineFormSet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Tenant
from dashboards import filter_field, filters
from dashboards.filter_field import FilterField
from dashboards.models import Dashboard, Snapshot, View, validate_time_zone
from dashboards.planner import WidgetSpec
from provisioning.models import Credential, ReachableProperty

_FIELD_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_:.]{0,199}")


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
            field: Any = self.fields[name]
            mine = Q(tenant=None) | Q(tenant=tenant_id) if tenant_id else Q()
            field.queryset = Dashboard.objects.filter(mine)
        if self.tenants is not None and "tenant" in self.fields:
            self._limit_tenants(self.tenants)
        if "shown_to" in self.fields:
            people: Any = self.fields["shown_to"]
            people.queryset = chosen_viewers(tenant_id).select_related("user")

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
        return cleaned

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


class PropertySearch(forms.Form):
    """Narrows the list of properties to choose from."""

    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("account, property or number")}),
    )


class PropertyByHand(forms.Form):
    """A property that no list names, by its number: Google is asked whether it is there."""

    credential: forms.ModelChoiceField[Any] = forms.ModelChoiceField(label=_("Read with"), queryset=None)
    property_id = forms.RegexField(
        r"^[0-9]{1,19}\Z",
        label=_("Property's number"),
        max_length=19,
        widget=AdminTextInputWidget(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("A property's id is a number.")},
    )

    def __init__(self, *args: Any, view: View | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        credential: Any = self.fields["credential"]
        credential.queryset = Credential.objects.all()
        if view:
            credential.queryset = credential.queryset.filter(Q(tenant=None) | Q(tenant=view.tenant_id))


class FieldNames(forms.Field):
    """Names of Google's metrics or dimensions with commas between them, kept as a list."""

    widget = AdminTextInputWidget

    def prepare_value(self, value: Any) -> Any:
        """The list as it is typed."""
        return ", ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> list[str]:
        """The names in their order, each once. Raises ValidationError naming what is none."""
        names = [part.strip() for part in (value or "").split(",") if part.strip()]
        for name in names:
            if not _FIELD_NAME.fullmatch(name):
                raise ValidationError(
                    _("“%(name)s” is not the API name of a metric or dimension, such as totalUsers."),
                    params={"name": name[:100]},
                )
        return list(dict.fromkeys(names))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """An empty field and an empty list are the same."""
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True


def _offering(kind: str) -> dict[str, str]:
    """What makes a field offer names: see admin-fields.js and the dashboard's page."""
    return {"list": f"known-{kind}", "data-names": kind, "autocomplete": "off"}


class WidgetForm(forms.ModelForm):
    """One widget, held against what a report can answer."""

    metrics = FieldNames(
        label=_("Metrics"),
        help_text=_("Google's API names with commas between them: sessions, totalUsers"),
        widget=AdminTextInputWidget(attrs=_offering("metrics")),
    )
    dimensions = FieldNames(
        label=_("Dimensions"), required=False, widget=AdminTextInputWidget(attrs=_offering("dimensions"))
    )

    spec: WidgetSpec  # once the form is valid

    def clean(self) -> dict[str, Any]:
        """What the planner refuses, it says itself."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        try:
            self.spec = WidgetSpec(
                id=cleaned["title"],
                title=cleaned["title"],
                kind=cleaned["kind"],
                metrics=tuple(cleaned["metrics"]),
                dimensions=tuple(cleaned["dimensions"]),
                order_by=cleaned["order_by"],
                descending=cleaned["descending"],
                limit=cleaned["limit"],
            )
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return cleaned

    def clean_order_by(self) -> str:
        """A metric or dimension by its API name."""
        name: str = self.cleaned_data["order_by"].strip()
        if name and not _FIELD_NAME.fullmatch(name):
            raise ValidationError(_("This is not the API name of a metric or dimension."))
        return name


class WidgetFormSet(BaseInlineFormSet):
    """A dashboard's widgets. What Google says of them was asked before, outside the saving transaction."""

    problems: Mapping[str, str] = {}  # by the form's prefix; set by the admin

    def add_fields(self, form: Any, index: int | None) -> None:
        """As Django's; the columns' heads name each field for screen readers too."""
        super().add_fields(form, index)
        for field in form.fields.values():
            field.widget.attrs.setdefault("aria-label", str(field.label or ""))

    def clean(self) -> None:
        """Puts Google's reasons beside the widgets."""
        super().clean()
        for form in self.forms:
            if sentence := self.problems.get(str(form.prefix)):
                form.add_error(None, sentence)


def view_showing(dashboard: Dashboard) -> View | None:
    """A view that shows a dashboard, one that works before others; None where there is none."""
    if dashboard._state.adding:
        return None
    shows = Q(dashboard=dashboard) | Q(more_dashboards=dashboard)
    rows = View.objects.for_page().filter(shows)
    return rows.filter(state=View.State.WORKS).first() or rows.first()


class DashboardCopy(forms.Form):
    """For whom a dashboard is copied, and what the copy is called."""

    tenant: forms.ModelChoiceField[Any] = forms.ModelChoiceField(label=_("Client"), queryset=None)
    name = forms.CharField(label=_("Name"), max_length=100, widget=AdminTextInputWidget)

    def __init__(self, *args: Any, dashboard: Dashboard, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {"name": gettext(dashboard.name), "tenant": dashboard.tenant_id}
        field: Any = self.fields["tenant"]
        field.queryset = Tenant.objects.all()
        if dashboard.tenant_id:
            field.queryset = field.queryset.filter(pk=dashboard.tenant_id)
        relation: Any = Dashboard._meta.get_field("tenant")
        field.widget = AutocompleteSelect(relation, admin.site)
        field.widget.choices = field.choices


class DashboardForm(forms.ModelForm):
    """A dashboard's name, address and place in the list; and a view whose property its widgets are held
    against.
    """

    check_with: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Fields as in"),
        queryset=None,
        required=False,
        help_text=_(
            "A view: the fields of its property are offered below, and Google is asked whether they go "
            "together before a widget is saved."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "check_with" not in self.fields:
            return
        field: Any = self.fields["check_with"]
        field.queryset = View.objects.select_related("agency_credential", "tenant_credential")
        relation: Any = Snapshot._meta.get_field("view")
        field.widget = AutocompleteSelect(relation, admin.site)
        field.widget.choices = field.choices
        self.initial.setdefault("check_with", view_showing(self.instance))

    def view_to_check(self) -> View | None:
        """The view chosen, as far as it can be read from what was typed."""
        chosen = self["check_with"].value() if "check_with" in self.fields else None
        if isinstance(chosen, View) or not chosen:
            return chosen or None
        try:
            view: View = self.fields["check_with"].clean(chosen)
        except ValidationError:
            return None
        return view

    def clean(self) -> dict[str, Any]:
        """Its address is its own among the shared ones, or among its client's."""
        cleaned = super().clean() or self.cleaned_data
        tenant = cleaned.get("tenant", self.instance.tenant)
        twins = Dashboard.objects.filter(tenant=tenant, slug=cleaned.get("slug"))
        if twins.exclude(pk=self.instance.pk).exists():
            self.add_error("slug", gettext("Another dashboard has this address."))
        return cleaned
