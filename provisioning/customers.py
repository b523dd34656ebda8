"""Customers who come by a link, and back from Google's consent: who they are here, and what they show first.

The Google identity of the consent becomes their sign-in, linked by `sub`. Nobody known is recognised by an
address: who has an account signs in to it. Whoever is not at the invited address types a code that went
there. All verbs run inside the tenant's scope.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from allauth.socialaccount.models import SocialAccount
from django.db import transaction

from accounts import access
from accounts.flows import confirm_email
from accounts.google_sign_in import GOOGLE, facts_of
from accounts.invitations import has_proven, person_at
from accounts.models import Membership, User
from accounts.races import looks_again
from provisioning.arrivals import identity_of, tokens_of
from provisioning.models import Arrival, Consent, ProvisioningRequest
from provisioning.requests import flows


class Door(Enum):
    """How somebody back from Google stands to the request they came for."""

    READY = "ready"  # signed in, and the request is theirs to go on with
    LOG_IN = "log-in"  # the Google account opens a person here
    NEW = "new"  # nobody here has this Google account, nor its address
    SIGN_IN = "sign-in"  # somebody here has the address: they sign in first
    CONFIRM = "confirm"  # another address than the invited one: a code goes there
    CLOSED = "closed"  # whoever this is was shut out of the portal


class NotNew(Exception):
    """The Google account or its address became somebody's meanwhile."""


@dataclass(frozen=True)
class Met:
    """The door that somebody stands at; `person` is whom they turn out to be, where that is known."""

    door: Door
    person: User | None = None


def is_known_to(request: ProvisioningRequest, user: User | None) -> bool:
    """Whether this person goes on with the request by right, and not by a link alone."""
    return user is not None and access.may_manage_people(user, request.tenant)


def meet(arrival: Arrival, user: User | None) -> Met:
    """Where somebody stands who has come by this arrival's session, signed in as `user` or as nobody."""
    if user is not None:
        return Met(Door.READY if _is_entitled(arrival, user) else Door.CONFIRM, user)
    linked = _linked_to(arrival.subject)
    known = linked or _known_by_address(arrival)
    if known is None:
        return Met(Door.NEW if arrival.confirmed_at or _is_invited(arrival) else Door.CONFIRM)
    if not known.is_active:
        return Met(Door.CLOSED)
    if linked is None:
        return Met(Door.SIGN_IN, known)
    return Met(Door.LOG_IN if _is_entitled(arrival, linked) else Door.CONFIRM, linked)


def _linked_to(subject: str) -> User | None:
    account = SocialAccount.objects.filter(provider=GOOGLE, uid=subject).select_related("user").first()
    return account.user if account else None


def _known_by_address(arrival: Arrival) -> User | None:
    """Who has the Google account's address, unless Google has not verified it, or the invited one."""
    addresses = [arrival.email if arrival.is_email_verified else "", arrival.request.email]
    return next((found for each in addresses if each and (found := person_at(each))), None)


def _is_invited(arrival: Arrival) -> bool:
    return arrival.is_email_verified and arrival.email == arrival.request.email.lower()


def _is_entitled(arrival: Arrival, user: User) -> bool:
    request = arrival.request
    if arrival.confirmed_at or is_known_to(request, user):
        return True
    return bool(request.email) and has_proven(user, request.email)


@looks_again
@transaction.atomic
def enrol(*, arrival: Arrival) -> User:
    """Makes somebody new, who signs in with Google from then on. Raises NotNew.

    Their address is the one that Google verified, else the invited one, to which the code went.
    """
    email = arrival.email if arrival.is_email_verified else arrival.request.email
    if person_at(email) is not None or _linked_to(arrival.subject) is not None:
        raise NotNew
    user = User.objects.create_user(email, None, name=arrival.name)
    confirm_email(user)
    _link(user, arrival)
    return user


@looks_again
@transaction.atomic
def complete(*, arrival: Arrival, user: User) -> None:
    """Gives the request what its customer brought from Google. Twice is once. Raises GoogleError.

    For whoever `meet` finds READY. They become an owner of the client, unless they are a member already.
    """
    held = Arrival.objects.select_for_update(of=("self",)).filter(pk=arrival.pk).first()
    if held is None or not held.sealed_tokens:
        return
    request = arrival.request
    tokens = tokens_of(held)
    if not is_known_to(request, user):
        Membership.objects.get_or_create(
            tenant=request.tenant, user=user, defaults={"role": Membership.Role.OWNER}
        )
    if _linked_to(held.subject) is None and held.is_email_verified and has_proven(user, held.email):
        _link(user, held)
    if request.user is None:
        request.user = user
        request.save(update_fields=["user"])
    flows.authorise(request=request, tokens=tokens, person=identity_of(held), user=user)
    Consent.objects.filter(pk=held.consent_id).update(user=user)  # a reload of the return is theirs too
    held.sealed_tokens = ""
    held.save(update_fields=["sealed_tokens"])


def _link(user: User, arrival: Arrival) -> None:
    facts = facts_of(identity_of(arrival))
    SocialAccount.objects.create(user=user, provider=GOOGLE, uid=arrival.subject, extra_data=facts)
