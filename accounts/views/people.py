"""A client's people, for its owners: who is there, who is invited, and a verb to each address."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import access, flows, invitation_mail, invitations
from accounts.asking_again import asks_again
from accounts.forms import ColleagueForm
from accounts.invitations import Issued
from accounts.mails import Fate
from accounts.models import Invitation, Membership
from accounts.permissions import Capability, TenantRequest, requires

NOBODY_LEFT = gettext_lazy("Somebody must stay owner. Make another person an owner first.")


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_safe
@never_cache
def people(request: TenantRequest) -> HttpResponse:
    """Members, and invitations without an answer."""
    return _page(request, ColleagueForm())


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def invite(request: TenantRequest) -> HttpResponse:
    """Invites a colleague."""
    form = ColleagueForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    by_client = not access.looks_after(request.user, request.tenant)
    try:
        issued = invitations.invite(
            tenant=request.tenant,
            invited_by=request.user.email,
            by_client=by_client,
            **form.cleaned_data,
        )
    except invitations.InvitationError as error:
        form.refuse(error)
        return _page(request, form)
    return _sent(request, issued)


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def resend(request: TenantRequest, invitation: uuid.UUID) -> HttpResponse:
    """Sends an invitation once more, with a new link."""
    found = access.invitation_for(request.tenant, invitation)
    try:
        return _sent(request, invitations.resend(invitation=found))
    except invitations.TooSoon:
        messages.info(request, _("A mail went to %(email)s a moment ago.") % {"email": found.email})
    except invitations.NotOpen:
        messages.info(request, _("The invitation of %(email)s has been answered.") % {"email": found.email})
    return redirect("accounts:people", request.tenant.slug)


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def withdraw(request: TenantRequest, invitation: uuid.UUID) -> HttpResponse:
    """Takes an invitation back."""
    found = access.invitation_for(request.tenant, invitation)
    try:
        invitations.withdraw(invitation=found)
        told = _("The invitation of %(email)s is withdrawn. Its links open nothing any more.")
        messages.success(request, told % {"email": found.email})
    except invitations.NotOpen:
        told = _("%(email)s has accepted meanwhile, and is a member.")
        messages.info(request, told % {"email": found.email})
    return redirect("accounts:people", request.tenant.slug)


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def change_role(request: TenantRequest, membership: uuid.UUID) -> HttpResponse:
    """Makes a member an owner or a viewer; the last owner stays."""
    found = access.membership_for(request.tenant, membership)
    role = request.POST.get("role", "")
    if role not in Membership.Role.values:
        return HttpResponseBadRequest()
    try:
        flows.change_role(membership=found, role=role)
    except flows.LastOwner:
        messages.error(request, NOBODY_LEFT)
    else:
        told = _("%(person)s is now: %(role)s.")
        messages.success(request, told % {"person": found.user, "role": found.get_role_display()})
    return _back(request, found.user == request.user and found.role != Membership.Role.OWNER)


@requires(Capability.MANAGE_PEOPLE)
@asks_again
@require_POST
@never_cache
def remove(request: TenantRequest, membership: uuid.UUID) -> HttpResponse:
    """Shows a member out; the last owner stays."""
    found = access.membership_for(request.tenant, membership)
    try:
        flows.remove_member(membership=found)
    except flows.LastOwner:
        messages.error(request, NOBODY_LEFT)
        return redirect("accounts:people", request.tenant.slug)
    told = _("%(person)s does not see %(tenant)s any more.")
    messages.success(request, told % {"person": found.user, "tenant": request.tenant})
    return _back(request, found.user == request.user)


def _back(request: TenantRequest, was_own_place: bool) -> HttpResponse:
    """To the list, or to the views for who has just given up the place from which they saw it."""
    if was_own_place and not access.looks_after(request.user, request.tenant):
        return redirect("/")
    return redirect("accounts:people", request.tenant.slug)


def _sent(request: TenantRequest, issued: Issued) -> HttpResponse:
    fate = invitation_mail.send(issued)
    level = messages.SUCCESS if fate is Fate.SENT else messages.WARNING
    messages.add_message(request, level, invitation_mail.outcome(issued, fate))
    return redirect("accounts:people", request.tenant.slug)


def _page(request: TenantRequest, form: ColleagueForm) -> HttpResponse:
    found = Membership.objects.filter(tenant=request.tenant).select_related("user")
    members = list(found.order_by("role", "user__email"))
    owners = [each for each in members if each.role == Membership.Role.OWNER]
    context = {
        "tenant": request.tenant,
        "members": members,
        "only_owner": owners[0] if len(owners) == 1 else None,
        "invitations": Invitation.objects.filter(tenant=request.tenant).unanswered(),
        "form": form,
    }
    return render(request, "accounts/people.html", context)
