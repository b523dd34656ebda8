"""The links of a provisioning request: its consent, and each thing that was made, looked for at Google."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from google_api import admin, admin_writes, errors
from google_api.http import Api
from provisioning import credentials, hooks
from provisioning.doctor.credential import sessions_in_words, sign_in
from provisioning.doctor.walk import Step, Trouble, Waiting, Walk, first_broken
from provisioning.models import Credential, ProvisioningRequest
from provisioning.protocols.chosen import protocol_of
from provisioning.requests.reasons import in_words, reason_of
from provisioning.requests.steps import Step as Next
from provisioning.requests.steps import needed_scopes, next_step

T = TypeVar("T")

MOST_PROPERTIES = 10
"""Of those that a customer chose, so many are asked about."""


def examine(request: ProvisioningRequest) -> list[Step]:
    """Every link in its order; asks Google live, with the customer's consent, and changes nothing there.

    Runs inside the tenant's scope.
    """
    walk = Walk()
    walk.look(_("The customer gave their consent"), lambda: _given(request))
    if request.grant:
        signed_in = sign_in(walk, request.grant, needed_scopes(request))
        _made(walk, _Chain(request, request.grant), signed_in)
    broken = () if reason_of(request) else tuple(filter(None, [first_broken(walk.steps)]))
    walk.look(_("The way goes on"), lambda: _goes_on(request), after=broken)
    return walk.steps


def _given(request: ProvisioningRequest) -> str:
    if request.grant:
        return request.grant.email
    raise Waiting(_("It was not given yet."))


def _goes_on(request: ProvisioningRequest) -> str:
    """What is recorded, once all that can be asked is known: it may have passed since."""
    if reason := reason_of(request):
        raise Trouble(in_words(reason), detail=request.reason_detail)
    if next_step(request) is Next.DONE:
        return _("It is done.")
    return request.get_state_display()


def _made(walk: Walk, chain: _Chain, signed_in: Step) -> None:
    request = chain.request
    answers = _("The old API (version 3) answers") if request.is_v3 else _("The Admin API answers")
    lists = walk.look(answers, chain.list, after=(signed_in,), is_private=True)
    if request.way == ProvisioningRequest.Way.EXISTING:
        walk.look(_("The chosen properties can be read"), chain.chosen, after=(lists,))
        return
    account = walk.look(_("The account is there"), chain.account, after=(lists,))
    if request.is_v3:
        return
    there = walk.look(_("The property is there"), chain.property, after=(account,))
    walk.look(_("The tag is there"), chain.tag, after=(there,))
    walk.look(_("The agency may read it"), chain.shared, after=(there,))
    walk.look(_("The Data API reads figures"), chain.figures, after=(there,))
    walk.look(_("The dashboard is there"), chain.view, after=(there,))


class _Chain:
    """What stands in the request's row, looked for at Google."""

    def __init__(self, request: ProvisioningRequest, grant: Credential) -> None:
        self.request = request
        self._grant = grant
        self._accounts: dict[str, str] = {}

    def list(self) -> str:
        """The person's accounts."""
        protocol = protocol_of(self.request)
        self._accounts = credentials.call(self._grant, protocol.base_url, protocol.accounts)
        count = len(self._accounts)
        return ngettext("It lists %(count)s account.", "It lists %(count)s accounts.", count) % {
            "count": count
        }

    def account(self) -> str:
        """That of this request."""
        number = self.request.account_id
        if not number:
            raise Waiting(_("Google's terms are not accepted yet."))
        if number not in self._accounts:
            raise Trouble(_("Google does not list account %(number)s any more.") % {"number": number})
        return f"{self._accounts[number]} ({number})"

    def property(self) -> str:
        """Its property, not in the trash."""
        number = self.request.property_id
        if not number:
            raise Waiting(_("It was not made yet."))
        found = self._admin(lambda api: admin.get_property(api, number))
        if found.deleted:
            raise errors.NotFound("the property is in Google's trash")
        return f"{found.display_name} ({number})"

    def tag(self) -> str:
        """The stream with its measurement id."""
        wanted = self.request.measurement_id
        if not wanted:
            raise Waiting(_("It was not made yet."))
        streams = self._admin(lambda api: admin_writes.list_web_streams(api, self.request.property_id))
        if wanted not in {stream.measurement_id for stream in streams}:
            raise Trouble(_("Google does not list the tag %(tag)s any more.") % {"tag": wanted})
        return wanted

    def shared(self) -> str:
        """Whether the service account still reads it."""
        if self.request.is_sharing_skipped:
            return _("Left out: the customer's own consent brings the figures.")
        guest = self.request.shared_with
        if not guest:
            raise Waiting(_("It was not shared yet."))
        bindings = self._admin(lambda api: admin_writes.list_access_bindings(api, self.request.property_id))
        if guest not in {binding.user for binding in bindings}:
            raise Trouble(
                _("%(email)s has no access to the property any more. Give it the role of a viewer.")
                % {"email": guest}
            )
        return guest

    def figures(self) -> str:
        """What it says of yesterday; a new one has none."""
        return sessions_in_words(self._grant, self.request.property_id)

    def view(self) -> str:
        """Here, not at Google."""
        if self.request.view_id is None:
            raise Waiting(_("It was not made yet."))
        found = hooks.views().find(tenant=self.request.tenant, view_id=self.request.view_id)
        if found is None:
            raise Trouble(_("The view was removed here."))
        return found.name

    def chosen(self) -> str:
        """Those that the customer ticked."""
        wanted = self.request.chosen_properties[:MOST_PROPERTIES]
        if not wanted:
            raise Waiting(_("None was chosen yet."))
        names = [
            self._admin(lambda api, number=str(number): admin.get_property(api, number)).display_name  # type: ignore[misc]
            for number in wanted
        ]
        return ", ".join(names)

    def _admin(self, ask: Callable[[Api], T]) -> T:
        return credentials.call(self._grant, settings.GOOGLE_ADMIN_API, ask)
