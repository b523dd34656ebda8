"""The mails about requests: to the customer, and to the staff who look after the client.

For after the transaction: a mail that went out cannot be taken back. Run inside the tenant's scope.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import mails
from accounts.mails import Fate, Marks
from accounts.models import StaffAssignment, Tenant, User
from provisioning import arrival_codes
from provisioning.models import ProvisioningRequest
from provisioning.requests import preparing, record
from provisioning.requests.preparing import GOOD_FOR, Issued
from provisioning.requests.reasons import in_words, reason_of

ABOUT = "request"
REFUSED = "mail_refused"


def invite(issued: Issued) -> Fate:
    """Sends the link to a prepared request."""
    return _with_link("invitation", issued)


def remind(issued: Issued) -> Fate:
    """Reminds a customer who stopped half-way, with a link to go on."""
    return _with_link("reminder", issued)


def outcome(issued: Issued, fate: Fate) -> str:
    """What to tell whoever caused the mail."""
    words = {
        Fate.SENT: _("A link went to %(email)s."),
        Fate.WAITING: _(
            "The mail server does not answer. The link to %(email)s goes out as soon as it does."
        ),
        Fate.REFUSED: _("The mail server refuses %(email)s. Is the address right? The request is kept."),
    }
    return words[fate] % {"email": issued.request.email}


def _with_link(name: str, issued: Issued) -> Fate:
    request = issued.request
    link = settings.BASE_URL + reverse("provisioning:invited", args=[issued.token.value])
    words = {"link": link, "days": GOOD_FOR.days}
    fate = _sent(name, request.email, request, words, Marks(about=f"{ABOUT}:{request.pk}"))
    if fate is Fate.REFUSED:
        preparing.unsend(issued=issued)
        record.noted(request, REFUSED)
    return fate


@receiver(mails.settled, dispatch_uid="requests")
def note_late(sender: Any, about: str, fate: Fate, **more: Any) -> None:
    """A link that had waited was refused: the history says so. Runs inside a scope of all tenants."""
    kind, _colon, row = about.partition(":")
    found = ProvisioningRequest.objects.filter(pk=row).first() if kind == ABOUT else None
    if found is not None and fate is Fate.REFUSED:
        record.noted(found, REFUSED)


def send_code(*, request: ProvisioningRequest, code: str, google_email: str) -> Fate:
    """Sends the invited address a code, by which it agrees that another Google account goes on."""
    marks = Marks(about=f"code:{request.pk}", title=_("A code"), good_for=arrival_codes.GOOD_FOR)
    return _sent("code", request.email, request, {"code": code, "google_email": google_email}, marks)


def tell_staff(request: ProvisioningRequest, news: str) -> None:
    """Tells the staff that a request is `live`, or has `stalled`."""
    reason = reason_of(request)
    words = {
        "link": settings.BASE_URL + reverse("provisioning:request", args=[request.pk]),
        "why": in_words(reason) if reason else "",
    }
    for person in staff_of(request.tenant):
        _sent(news, person.email, request, words)


def staff_of(tenant: Tenant) -> list[User]:
    """Those assigned to the client; where nobody is, the agency's owners."""
    assigned = StaffAssignment.objects.filter(tenant=tenant).values("user")
    staff = User.objects.filter(is_active=True, is_staff=True)
    return list(staff.filter(pk__in=assigned)) or list(staff.filter(is_superuser=True))


def _sent(
    name: str, to: str, request: ProvisioningRequest, words: dict[str, Any], marks: Marks | None = None
) -> Fate:
    context = {"found": request, "tenant": request.tenant, **words}
    return mails.sent(mails.written(f"provisioning/email/{name}", to, context, marks))
