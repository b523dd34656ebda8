"""A dashboard's own form, and that of its copy for a client."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_widgets import pick
from accounts.models import Tenant
from dashboards.models import Dashboard, Snapshot, View


def view_showing(dashboard: Dashboard) -> View | None:
    """A view that shows a dashboard, one that works before others; None where there is none."""
    if dashboard._state.adding:
        return None
    for shows in (Q(dashboard=dashboard), Q(more_dashboards=dashboard)):  # apart: each has its index
        rows = View.objects.for_page().filter(shows).order_by("pk")
        if found := rows.filter(state=View.State.WORKS).first() or rows.first():
            return found
    return None


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
        pick(field, relation=(Dashboard, "tenant"))


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
        pick(field, relation=(Snapshot, "view"))
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
