"""The mail that a connection has ended: to the person who gave it, and to the staff who can do something.

Sent by the worker, so that nobody waits for a mail server, and once for each end.
"""

from __future__ import annotations

import uuid
from contextlib import AbstractContextManager
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from django_tasks import task

from accounts import access, mails
from accounts.models import Membership, User
from accounts.tenancy import all_tenants, tenant_scope
from google_api import errors
from provisioning import hooks
from provisioning.models import Credential
from provisioning.requests.mails import staff_of

REMEMBERED_SECONDS = 7 * 24 * 60 * 60
MOST_CAUSES = 3  # the likeliest; the page has them all


def watch(sender: object, credential: Credential, **about: Any) -> None:
    """For the signal `ended`."""
    if credential.is_grant:
        tell_ended.enqueue(str(credential.pk), str(credential.tenant_id or ""))


@task()
def tell_ended(grant_id: str, tenant_id: str) -> None:
    """Mails whom it concerns, unless the connection was renewed or is gone by now, or they know already."""
    with _scope(tenant_id):
        grant = Credential.objects.filter(pk=grant_id, state=Credential.State.REFUSED).first()
        if grant is None or not _is_news(grant):
            return
        for person in _people(grant):
            mails.sent(mails.written("provisioning/email/ended", person.email, _words(grant)))


def _scope(tenant_id: str) -> AbstractContextManager[Any]:
    if tenant_id:
        return tenant_scope({uuid.UUID(tenant_id)})
    return all_tenants(reason="the views that hang on the agency's own Google account")


def _is_news(grant: Credential) -> bool:
    """Whether this end was not told of: a task may run twice, and processes may find it at once."""
    given = grant.consented_at.timestamp() if grant.consented_at else 0
    return bool(cache.add(f"ended-{grant.pk}-{given}", "told", REMEMBERED_SECONDS))


def _people(grant: Credential) -> list[User]:
    """Whoever gave it, if they can still renew it, else the client's owners; and the staff. Each once."""
    giver = grant.consented_by
    if grant.tenant is None:
        owners = User.objects.filter(is_active=True, is_superuser=True)
        return list(
            dict.fromkeys([*([giver] if giver and giver.is_active and giver.is_staff else []), *owners])
        )
    near = [giver] if giver and _may_renew(giver, grant) else _owners(grant)
    return list(dict.fromkeys([*near, *staff_of(grant.tenant)]))


def _may_renew(person: User, grant: Credential) -> bool:
    try:
        tenant = access.tenant_for(person, grant.tenant.slug if grant.tenant else "")
    except Http404:
        return False
    return access.may_manage_people(person, tenant)


def _owners(grant: Credential) -> list[User]:
    mine = Membership.objects.filter(tenant=grant.tenant, role=Membership.Role.OWNER, user__is_active=True)
    return [each.user for each in mine.select_related("user").order_by("user__email")]


def _words(grant: Credential) -> dict[str, Any]:
    kind = errors.ERRORS.get(grant.last_error_code, errors.GoogleError)
    causes = kind.causes if issubclass(kind, errors.GrantEnded) else ()
    return {
        "grant": grant,
        "tenant": grant.tenant,
        "sentence": grant.last_error,
        "causes": [_(each) for each in causes[:MOST_CAUSES]],
        "views": hooks.views().fed_by(credential=grant),
        "link": settings.BASE_URL + _page(grant),
    }


def _page(grant: Credential) -> str:
    """Where one click renews it."""
    if grant.tenant is None:
        return reverse("admin:provisioning_grant_change", args=[grant.pk])
    return f"{reverse('google:grants', args=[grant.tenant.slug])}#{grant.pk}"
