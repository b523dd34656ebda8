"""Who may see what of a walk: an agency's credential reaches other clients' properties too. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from provisioning.doctor.printed import Printed, printed
from provisioning.doctor.walk import Found, Step, first_broken
from provisioning.models import Credential

SIGNS = {
    Found.WHOLE: ("✓", _("whole")),
    Found.BROKEN: ("✗", _("broken")),
    Found.WAITING: ("…", _("waits")),
    Found.UNTRIED: ("–", _("not tried")),
}
"""What is seen, and what is read out instead."""


@dataclass(frozen=True)
class Shown:
    """A step as a page has it."""

    sign: str
    label: str | Promise
    step: Step
    exchanges: tuple[Printed, ...]


@dataclass(frozen=True)
class Examined:
    """What a page shows: every step, and which to mend first."""

    steps: tuple[Shown, ...]
    broken: Step | None


def all_of(steps: Iterable[Step]) -> Examined:
    """For whoever the credential belongs to."""
    shown = tuple(Shown(*SIGNS[each.found], each, tuple(map(printed, each.exchanges))) for each in steps)
    return Examined(shown, first_broken(each.step for each in shown))


def for_staff(steps: Iterable[Step], credential: Credential | None, *, is_owner: bool) -> Examined:
    """Without what tells of all that an agency's credential reaches, but for the agency's owner."""
    if is_owner or not _is_agencys(credential):
        return all_of(steps)
    return all_of(replace(each, exchanges=()) if each.is_private else each for each in steps)


def for_clients(steps: Iterable[Step], credential: Credential | None) -> Examined:
    """Of an agency's credential words alone, and no word of what else it is or reaches."""
    return all_of(map(_words_only, steps) if _is_agencys(credential) else steps)


def _words_only(step: Step) -> Step:
    hides = step.is_private and step.found is Found.WHOLE
    return replace(step, words="" if hides else step.words, exchanges=())


def _is_agencys(credential: Credential | None) -> bool:
    return credential is not None and credential.tenant_id is None
