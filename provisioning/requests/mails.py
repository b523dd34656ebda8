"""The mails about requests: to the customer, and to the staff who look after the client.

For after the transaction: a mail that went out cannot be taken back. Run inside the tenant's scope.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import mails
from accounts.models import StaffAssignment, Tenant, User
from provisioning.models import ProvisioningRequest
from provisioning.requests import preparing
from provisioning.requests.preparing import GOOD_FOR, Issued
from provisioning.requests.reasons import in_words, reason_of


def invite(issued: Issued) -> bool:
    """Sends the link to a prepared request; False when the mail server would not have it."""
    return _with_link("invitation", issued)


def remind(issued: Issued) -> bool:
    """Reminds a customer who stopped half-way, with a link to go on."""
    return _with_link("reminder", issued)


def outcome(issued: Issued, was_sent: bool) -> str:
    """What to tell whoever caused the mail."""
    words = {"email": issued.request.email}
    if was_sent:
        return _("A link went to %(email)s.") % words
    return (
        _("The mail to %(email)s could not be sent. The request is kept: send the link again later.") % words
    )


def _with_link(name: str, issued: Issued) -> bool:
    request = issued.request
    link = settings.BASE_URL + reverse("provisioning:invited", args=[issued.token.value])
    words = {"link": link, "days": GOOD_FOR.days}
    if _sent(name, request.email, request, words):
        return True
    preparing.unsend(issued=issued)
    return False


def send_code(*, request: ProvisioningRequest, code: str, google_email: str) -> bool:
    """Sends the invited address a code, by which it agrees that another Google account goes on."""
    return _sent("code", request.email, request, {"code": code, "google_email": google_email})


def tell_staff(request: ProvisioningRequest, news: str) -> bool:
    """Tells the staff that a request is `live`, or has `stalled`; False when no mail went out."""
    reason = reason_of(request)
    words = {
        "link": settings.BASE_URL + reverse("provisioning:request", args=[request.pk]),
        "why": in_words(reason) if reason else "",
    }
    sent = [_sent(news, person.email, request, words) for person in staff_of(request.tenant)]
    return any(sent)


def staff_of(tenant: Tenant) -> list[User]:
    """Those assigned to the client; where nobody is, the agency's owners."""
    assigned = StaffAssignment.objects.filter(tenant=tenant).values("user")
    staff = User.objects.filter(is_active=True, is_staff=True)
    return list(staff.filter(pk__in=assigned)) or list(staff.filter(is_superuser=True))


def _sent(name: str, to: str, request: ProvisioningRequest, words: dict[str, Any]) -> bool:
    context = {"found": request, "tenant": request.tenant, **words}
    return mails.sent(mails.written(f"provisioning/email/{name}", to, context))
