"""The table of what a credential reaches, as its page shows it: whose each property is, and ticks."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_widgets import pick
from accounts.models import Tenant
from provisioning import assignments
from provisioning.models import Credential, PropertyAssignment, ReachableProperty

LISTED = 500  # properties on one page; the search narrows the rest


class Line(NamedTuple):
    """A property, the field that says whose it is, and whether it is ticked."""

    property: ReachableProperty
    clients: forms.BoundField | None
    ticked: bool


class Slugs(forms.CharField):
    """Addresses of clients with commas or spaces between them."""

    def to_python(self, value: Any) -> Any:
        """The addresses, each once."""
        return list(dict.fromkeys((value or "").replace(",", " ").lower().split()))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether others are named, in whatever order."""
        return set(self.to_python(initial)) != set(self.to_python(data))


class PropertySearch(forms.Form):
    """Narrows the table."""

    find = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("account, property or number")}),
    )


class PropertyTable(forms.Form):
    """One page of a credential's properties. Saving assigns all of it at once, or says what is wrong."""

    to: forms.ModelChoiceField[Any] = forms.ModelChoiceField(
        label=_("Assign the ticked ones to"), queryset=None, required=False
    )

    def __init__(self, *args: Any, credential: Credential, search: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.credential = credential
        self.is_agencys = credential.tenant_id is None
        self.search = PropertySearch(search)
        wanted = self.search.cleaned_data["find"] if self.search.is_valid() else ""
        rows = list(matching(credential.properties.all(), wanted)[: LISTED + 1])
        self.rows, self.cut = rows[:LISTED], len(rows) > LISTED
        if self.is_agencys:
            self._add_fields()
        else:
            del self.fields["to"]

    def _add_fields(self) -> None:
        to: Any = self.fields["to"]
        to.queryset = Tenant.objects.all()
        pick(to, relation=(PropertyAssignment, "tenant"))
        owners = assignments.by_property(self.credential, [each.property_id for each in self.rows])
        for each in self.rows:
            slugs = ", ".join(tenant.slug for tenant in owners.get(each.property_id, []))
            label = gettext("Clients of %(property)s") % {"property": each.name}
            widget = forms.TextInput(attrs={"class": "slugs", "aria-label": label})
            self.fields[_field_of(each)] = Slugs(
                label=label, required=False, max_length=2000, initial=slugs, widget=widget
            )

    def lines(self) -> list[Line]:
        """The table's rows."""
        ticked = set(self.ticked)
        return [
            Line(each, self[_field_of(each)] if self.is_agencys else None, each.property_id in ticked)
            for each in self.rows
        ]

    @property
    def ticked(self) -> list[str]:
        """The numbers of the properties ticked."""
        data: Any = self.data
        named = set(data.getlist("ticked")) if self.is_bound else set()
        return [each.property_id for each in self.rows if each.property_id in named]

    def clean(self) -> dict[str, Any]:
        """Turns addresses into tenants; each unknown one is named beside its property."""
        cleaned = super().clean() or self.cleaned_data
        self.wanted = {each.property_id: self._tenants(each) for each in self.rows if self._is_changed(each)}
        if cleaned.get("to") and not self.ticked:
            self.add_error("to", gettext("Tick the properties to assign."))
        return cleaned

    def _is_changed(self, each: ReachableProperty) -> bool:
        return _field_of(each) in self.changed_data

    def _tenants(self, each: ReachableProperty) -> set[uuid.UUID]:
        slugs = self.cleaned_data.get(_field_of(each), [])
        if unknown := [slug for slug in slugs if slug not in self._known]:
            text = gettext("There is no client with the address %(slugs)s.")
            self.add_error(_field_of(each), text % {"slugs": ", ".join(unknown)})
        return {self._known[slug] for slug in slugs if slug in self._known}

    @cached_property
    def _known(self) -> dict[str, uuid.UUID]:
        """The tenants that any of the fields names, in one query."""
        named = {slug for each in self.rows for slug in self.cleaned_data.get(_field_of(each), [])}
        return dict(Tenant.objects.filter(slug__in=named).values_list("slug", "pk"))

    def save(self) -> None:
        """What was typed, and to whom the ticked ones go besides."""
        assignments.reassign(credential=self.credential, wanted=self.wanted)
        if to := self.cleaned_data.get("to"):
            pairs = [(property_id, to.pk) for property_id in self.ticked]
            assignments.assign(credential=self.credential, pairs=pairs)


def _field_of(each: ReachableProperty) -> str:
    return f"clients-{each.property_id}"


def matching(rows: QuerySet[ReachableProperty], wanted: str) -> QuerySet[ReachableProperty]:
    """Those in which each word stands, in the order of their accounts."""
    for word in wanted.split():
        rows = rows.filter(
            Q(account_name__icontains=word) | Q(name__icontains=word) | Q(property_id__startswith=word)
        )
    return rows.order_by("account_name", "name", "property_id", "credential__name")
