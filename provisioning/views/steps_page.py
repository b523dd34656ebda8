"""What the page of a request shows: its steps, where it stands, and the one thing to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from google_api import scopes
from provisioning import hooks, scope_words
from provisioning.models import ProvisioningRequest
from provisioning.requests.existing import offered_accounts
from provisioning.requests.lease import is_taken
from provisioning.requests.reasons import Reason, reason_of
from provisioning.requests.steps import OURS, Step, asked_scopes, missing_scopes, next_step


@dataclass(frozen=True)
class Line:
    """One step as people see it; `step` names what its part of the page asks for while it is `here`."""

    title: str
    words: str
    is_done: bool
    is_here: bool
    step: str


def context(found: ProvisioningRequest) -> dict[str, Any]:
    """For the template."""
    step, reason = next_step(found), reason_of(found)
    return {
        "found": found,
        "step": step.value,
        "lines": lines(found, step),
        "reason": reason,
        "way_on": reason.way.value if reason else "",
        "asked": scope_words.in_words(asked_scopes(found)),
        "may_skip_sharing": missing_scopes(found) == {scopes.ANALYTICS_MANAGE_USERS},
        "is_working": is_taken(found) or (step in OURS and not found.has_ended),
        "offered_accounts": offered_accounts(found),
        "view": _view(found),
        "heading": _heading(found, step, reason),
    }


def _view(found: ProvisioningRequest) -> hooks.Made | None:
    if found.view_id is None:
        return None
    return hooks.views().find(tenant=found.tenant, view_id=found.view_id)


def _heading(found: ProvisioningRequest, step: Step, reason: Reason | None) -> str:
    if reason is not None:
        return _(reason.title)
    if step is Step.DONE:
        return _("Your Analytics is ready.")
    if step in (Step.TICKET, Step.TERMS) or step in OURS:
        return _("Your Analytics account is almost there.")
    return _("Let us set up your Analytics.")


def lines(found: ProvisioningRequest, step: Step) -> list[Line]:
    """In the order in which this request's way goes."""
    parts = [_consent(found, step), _details(found, step)]
    if found.way == ProvisioningRequest.Way.DETAILS_FIRST:
        parts.reverse()
    if found.way == ProvisioningRequest.Way.EXISTING:
        return [_consent(found, step), _choice(found, step)]
    return [*parts, _terms(found, step), *([] if found.is_v3 else [_ours(found, step)])]


def _details(found: ProvisioningRequest, step: Step) -> Line:
    told = [
        found.account_name,
        found.website.partition("://")[2],
        found.time_zone.rpartition("/")[2].replace("_", " "),
    ]
    words = (
        " · ".join(part for part in told if part)
        if found.details_at
        else _("What your account is to be called.")
    )
    return Line(_("Your details"), words, found.details_at is not None, step is Step.DETAILS, "details")


def _consent(found: ProvisioningRequest, step: Step) -> Line:
    grant = found.grant
    words = (
        _("Signed in as %(email)s") % {"email": grant.email} if grant else _("Google asks whether you agree.")
    )
    return Line(
        _("Your permission at Google"),
        words,
        bool(grant) and step is not Step.AUTHORISE,
        step is Step.AUTHORISE,
        "authorise",
    )


def _terms(found: ProvisioningRequest, step: Step) -> Line:
    words = _("Google shows its Terms of Service, you accept, and it sends you back here.")
    if found.account_id:
        words = " · ".join(filter(None, (found.account_id, found.web_property_id, found.profile_id)))
    return Line(
        _("Google's terms"), words, bool(found.account_id), step in (Step.TICKET, Step.TERMS), "terms"
    )


def _ours(found: ProvisioningRequest, step: Step) -> Line:
    words = found.measurement_id or _("We make them for you; it takes a few seconds.")
    return Line(_("Property, tag and dashboard"), words, step is Step.DONE, step in OURS, "ours")


def _choice(found: ProvisioningRequest, step: Step) -> Line:
    return Line(
        _("Your properties"),
        _("Choose which ones to show here."),
        step is Step.DONE,
        step is Step.CHOOSE,
        "choose",
    )
