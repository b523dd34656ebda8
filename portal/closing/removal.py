"""Removing what a client leaves: all rows of its own, tasks, what caches keep, and the admin's history of it.

Each runs inside the tenant's scope and removes what there is of its kind, however often it is called.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, QuerySet, TextField
from django.db.models.functions import Cast
from django_tasks_db.models import DBTaskResult

from accounts.models import Invitation, Tenant
from accounts.tenancy import AgencyOrTenantModel, TenantModel
from dashboards import fields
from dashboards.models import PropertyUse, Snapshot, View
from provisioning.models import ProvisioningRequest, WaitingMail

AT_ONCE = 500
"""Rows removed in one transaction: nobody else waits for long."""


def owned_models() -> list[type[Model]]:
    """Every model whose rows belong to a tenant."""
    found = (model for model in apps.get_models() if issubclass(model, TenantModel | AgencyOrTenantModel))
    return [model for model in found if not model._meta.proxy]


def remove_figures(tenant: Tenant) -> Counter[str]:
    """The stored answers, which are by far the most."""
    return _in_groups(Snapshot.objects.filter(tenant=tenant))


def remove_views(tenant: Tenant) -> Counter[str]:
    """Views, with all that hangs on them; what the admin's history and the cache say of them goes before."""
    views = View.objects.filter(tenant=tenant)
    for model in owned_models():
        _forget_history(model, model._base_manager.filter(tenant=tenant))
    properties = set(views.values_list("property_id", flat=True))
    gone = _in_groups(views)
    for each in properties:
        fields.forget(each)
    others = View._base_manager.filter(property_id__in=properties).values("property_id")
    PropertyUse.objects.filter(property_id__in=properties).exclude(property_id__in=others).delete()
    return gone


def forget_asides(tenant: Tenant) -> None:
    """Tasks that name the client, done or not, mails of its that wait, and the history of its own row."""
    said = DBTaskResult.objects.annotate(said=Cast("args_kwargs", TextField()))
    said.filter(said__contains=str(tenant.pk)).delete()
    _forget_mails(tenant)
    _forget_history(Tenant, Tenant.objects.filter(pk=tenant.pk))


def remove_rest(tenant: Tenant) -> Counter[str]:
    """The client itself, and with it every row that is still its own."""
    return Counter(Tenant.objects.filter(pk=tenant.pk).delete()[1])


def _in_groups(rows: QuerySet[Any]) -> Counter[str]:
    gone: Counter[str] = Counter()
    while ids := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        gone += Counter(rows.model.objects.filter(pk__in=ids).delete()[1])
    return gone


def _forget_mails(tenant: Tenant) -> None:
    """What the outbox holds about the client's invitations and requests."""
    own = {
        str(pk)
        for model in (Invitation, ProvisioningRequest)
        for pk in model.objects.filter(tenant=tenant).values_list("pk", flat=True)
    }
    waiting = WaitingMail.objects.exclude(about="").only("about")
    WaitingMail.objects.filter(
        pk__in=[each.pk for each in waiting if each.about.rpartition(":")[2] in own]
    ).delete()


def _forget_history(model: type[Model], rows: QuerySet[Any]) -> None:
    """A proxy of the model's has a history of its own."""
    kinds = [each for each in apps.get_models() if each._meta.concrete_model is model]
    types = ContentType.objects.get_for_models(*kinds, for_concrete_models=False).values()
    ids = [str(pk) for pk in rows.values_list("pk", flat=True)]
    for at in range(0, len(ids), AT_ONCE):
        LogEntry.objects.filter(content_type__in=types, object_id__in=ids[at : at + AT_ONCE]).delete()
