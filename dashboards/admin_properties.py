"""Choosing the property of a view, in the admin."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.html import format_html
from django.utils.translation import gettext

from dashboards.forms.properties import PropertyByHand
from dashboards.models import View
from google_api.errors import ApiDisabled, GoogleError, InvalidArgument
from provisioning import assignments, flows
from provisioning.models import ReachableProperty


def reachable(view: View | None, *, agencys: bool) -> QuerySet[ReachableProperty]:
    """What may be chosen, for a new view or for `view`. `agencys` lets in all that the agency's own accounts
    reach, for the owner alone: that list names every client. Others see of it what was assigned to theirs.
    """
    rows = ReachableProperty.objects.select_related("credential", "tenant")
    if view:
        rows = rows.filter(Q(tenant=None) | Q(tenant=view.tenant_id))
    if agencys:
        return rows
    mine = assignments.assigned_to(view.tenant_id) if view else assignments.assigned()
    return rows.filter(Q(tenant__isnull=False) | mine)


def named(rows: QuerySet[ReachableProperty], params: QueryDict) -> ReachableProperty | None:
    """The one that an address names; its credential and number outlive a new listing, its id would not."""
    wanted = TargetQuery(params)
    return rows.filter(**wanted.cleaned_data).first() if wanted.is_valid() else None


def tenant_named(params: QueryDict) -> uuid.UUID | None:
    """The client that an address names for a new view; None where it names none, or nonsense."""
    wanted = TenantQuery(params)
    return wanted.cleaned_data["tenant"] if wanted.is_valid() else None


class TenantQuery(forms.Form):
    """The part of an address that names a client."""

    tenant = forms.UUIDField()


class CredentialQuery(forms.Form):
    """The part of an address that names a credential."""

    credential = forms.UUIDField()


class TargetQuery(CredentialQuery):
    """The part of an address that names a reachable property."""

    property = forms.RegexField(r"^[0-9]{1,19}\Z")

    def clean(self) -> dict[str, Any]:
        """As a filter takes it."""
        cleaned = super().clean() or self.cleaned_data
        if self.errors:
            return cleaned
        return {"credential": cleaned["credential"], "property_id": cleaned["property"]}


def found_by_hand(form: PropertyByHand) -> ReachableProperty | None:
    """The property typed in, as Google knows it; None with the form's errors."""
    if not form.is_valid():
        return None
    try:
        return flows.find_property(**form.cleaned_data)
    except GoogleError as error:
        form.add_error(None, in_words(error))
        return None


def in_words(error: GoogleError) -> str:
    """The error's sentence, with what Google named: fields of ours, or where to switch an API on."""
    sentence = gettext(error.user_message)
    if isinstance(error, InvalidArgument) and error.fields:
        return f"{sentence} ({', '.join(error.fields)})"
    if isinstance(error, ApiDisabled) and error.activation_url:
        link = '{} <a href="{}" rel="noreferrer">{}</a>'
        return format_html(link, sentence, error.activation_url, gettext("Enable it"))
    return sentence
