"""What is broken of clients' things. Runs in the reader's scope: staff see those of the clients they look
after, the owner everybody's and the agency's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Count, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Invitation
from accounts.tenancy import current_scope
from dashboards.models import View
from google_api import errors
from portal.metrics.standing import low_quotas
from portal.status.troubles import SHOWN, Section, Trouble, address, some
from provisioning.models import Credential, ProvisioningRequest
from provisioning.requests.reasons import in_words, reason_of
from provisioning.upkeep import FAILED_AFTER, LATELY, STALLED_AFTER

BROKEN = (Credential.State.REFUSED, Credential.State.FAILING)
State = ProvisioningRequest.State
OVER = (State.LIVE, State.CANCELLED, State.DENIED)
"""A request that needs nobody: done, or given up by whoever began it."""


def sections() -> list[Section]:
    """Each kind, whether or not something is broken. As many queries for ten thousand views as for one."""
    return [failing_views(), credentials(), requests(), invitations(), quotas()]


def failing_views() -> Section:
    """Views whose figures do not come, by client and reason; clients with the most of them first."""
    groups = (
        View.objects.filter(state=View.State.FAILING, tenant__paused_at=None)
        .order_by()
        .values("tenant__name", "tenant__slug", "last_error_code")
        .annotate(number=Count("pk"), name=Min("name"), since=Min(Coalesce("last_success_at", "created_at")))
        .order_by("-number", "tenant__slug", "last_error_code")
    )
    found, is_more = some(groups[: SHOWN + 1])
    everywhere = address("dashboards_view_changelist", state__exact=View.State.FAILING)
    return Section(_("Views without new figures"), [_failing(each) for each in found], is_more, everywhere)


def _failing(group: Mapping[str, Any]) -> Trouble:
    number = group["number"]
    what = group["name"]
    if number > 1:
        what = ngettext("%(number)s view", "%(number)s views", number) % {"number": number_format(number)}
    mine = {"client": group["tenant__slug"], "state__exact": View.State.FAILING}
    url = address("dashboards_view_changelist", **mine)
    return Trouble(what, group["tenant__name"], _sentence(group["last_error_code"]), group["since"], url)


def credentials() -> Section:
    """Google accounts and service accounts that Google refuses, that fail for now, or whose end has come."""
    ended = Q(secret_expires_at__lte=timezone.now())
    rows = Credential.objects.filter(Q(state__in=BROKEN) | ended).select_related("tenant")
    if current_scope().tenants is not None:
        rows = rows.exclude(tenant=None)  # the agency's own are the owner's to mend
    rows = rows.annotate(feeds=_views_of("tenant_credential") + _views_of("agency_credential"))
    found, is_more = some(rows.order_by("-feeds", "name", "pk")[: SHOWN + 1])
    return Section(_("Connections to Google"), [_credential(each) for each in found], is_more)


def _views_of(column: str) -> Coalesce:
    counted = View.objects.filter(**{column: OuterRef("pk")}).order_by().values(column)
    number = Subquery(counted.annotate(number=Count("pk")).values("number"), output_field=IntegerField())
    return Coalesce(number, 0)


def _credential(row: Any) -> Trouble:
    feeds = ngettext("feeds %(number)s view", "feeds %(number)s views", row.feeds) % {
        "number": number_format(row.feeds)
    }
    why = _sentence(row.last_error_code) or _("Its time has ended.")
    since = row.last_success_at or row.last_error_at or row.secret_expires_at
    page = "provisioning_grant_change" if row.is_grant else "provisioning_credential_change"
    whose = row.tenant.name if row.tenant else _("the agency")
    return Trouble(f"{row.email} ({feeds})", whose, why, since, address(page, row.pk))


def requests() -> Section:
    """Requests for Analytics that failed, or that nobody went on with for a day; older than two weeks they
    are nobody's news.
    """
    now = timezone.now()
    failed = Q(state=State.FAILED, changed_at__lt=now - FAILED_AFTER)
    stalled = Q(changed_at__lt=now - STALLED_AFTER) & ~Q(state=State.FAILED)
    made_by_old_api = Q(state=State.ACCEPTED, protocol=ProvisioningRequest.Protocol.V3)  # which ends so
    rows = ProvisioningRequest.objects.filter(failed | stalled, changed_at__gt=now - LATELY)
    rows = rows.filter(tenant__paused_at=None).exclude(state__in=OVER).exclude(made_by_old_api)
    found, is_more = some(rows.select_related("tenant").order_by("-changed_at", "pk")[: SHOWN + 1])
    everywhere = address("provisioning_provisioningrequest_changelist")
    return Section(_("Requests that stand still"), [_request(each) for each in found], is_more, everywhere)


def _request(row: Any) -> Trouble:
    url = address("provisioning_provisioningrequest_change", row.pk)
    return Trouble(row.email or str(row), row.tenant.name, _why(row), row.changed_at, url)


def _why(row: ProvisioningRequest) -> str:
    if reason := reason_of(row):
        return _("The customer reads: %(words)s") % {"words": in_words(reason)}
    return _("Nobody went on after: %(state)s.") % {"state": row.get_state_display()}


def invitations() -> Section:
    """Invitations whose mail did not go out."""
    unsent = Invitation.objects.filter(
        accepted_at=None, withdrawn_at=None, last_sent_at=None, expires_at__gt=timezone.now()
    )
    found, is_more = some(unsent.select_related("tenant").order_by("-created_at", "pk")[: SHOWN + 1])
    everywhere = address("accounts_invitation_changelist", state=Invitation.State.WAITING)
    return Section(
        _("Invitations that were not sent"), [_invitation(each) for each in found], is_more, everywhere
    )


def _invitation(row: Any) -> Trouble:
    why = _("The mail could not be sent. Send it again once the mail server answers.")
    url = address("accounts_invitation_change", row.pk)
    return Trouble(row.email, row.tenant.name, why, row.created_at, url)


def quotas() -> Section:
    """Properties of which little may be asked for the rest of the hour or the day, by the clients that see
    them.
    """
    read = low_quotas().filter(pk=OuterRef("property_id"))
    groups = (
        _views_of_low_quotas()
        .order_by()
        .values("property_id", "tenant__name", "tenant__slug")
        .annotate(name=Max("property_name"), left=Subquery(read.values("quota_left")[:1]))
        .annotate(since=Subquery(read.values("quota_read_at")[:1]))
        .order_by(F("left").asc(), "property_id", "tenant__slug")
    )
    found, is_more = some(groups[: SHOWN + 1])
    return Section(_("Google's allowance nearly used up"), [_quota(each) for each in found], is_more)


def _views_of_low_quotas() -> QuerySet[View]:
    return View.objects.filter(property_id__in=low_quotas().values("pk"))


def _quota(group: Mapping[str, Any]) -> Trouble:
    what = f"{group['name']} ({group['property_id']})" if group["name"] else group["property_id"]
    left = {"percent": number_format(round(group["left"] * 100))}
    why = _("%(percent)s %% is left. Until it is given back, only the usual period is fetched.") % left
    url = address("dashboards_view_changelist", client=group["tenant__slug"], q=group["property_id"])
    return Trouble(what, group["tenant__name"], why, group["since"], url)


def _sentence(code: str) -> str:
    return _(errors.sentence_for(code)) if code else ""
