"""Clients and people in the admin."""

from __future__ import annotations

import uuid
from typing import Any

import allauth.mfa.admin  # noqa: F401  # they register what is then taken away
import allauth.usersessions.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
from allauth.account.admin import EmailAddressAdmin as AllauthEmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.text import format_lazy
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import (  # they register
    admin_branding,  # noqa: F401
    admin_google,  # noqa: F401
    admin_record,  # noqa: F401
    bulk,
    flows,
    invitations,
    second_step,
)
from accounts.admin_deletion import delete_selected
from accounts.admin_invitations import InvitationInline, tell_of_mail
from accounts.admin_pages import PortalAdmin, posted_on
from accounts.admin_rights import OwnerOnly, StaffToo, asker_id, is_agency_owner
from accounts.forms import AssignStaffForm, InvitationForm, PersonForm
from accounts.models import Membership, StaffAssignment, Tenant, User
from accounts.password_mail import send_password_link

admin.site.site_header = admin.site.site_title = settings.AGENCY_NAME
admin.site.index_title = format_lazy(_("{agency}: clients, views and people"), agency=settings.AGENCY_NAME)
admin.site.enable_nav_sidebar = False  # the lists need the width for errors in words
admin.site.add_action(delete_selected)
admin.site.unregister(Group)  # rights follow from is_staff and is_superuser alone
admin.site.unregister([EmailAddress, Authenticator, UserSession])


class MembershipInline(StaffToo, admin.TabularInline):
    """A tenant's people. New ones are invited, on a page of its own."""

    model = Membership
    staff_may = frozenset({"view", "change", "delete"})
    fields = ["person", "role", "all_views", "created_at"]
    readonly_fields = ["person", "created_at"]
    verbose_name_plural = _("members")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A choice of people would show staff who else is a client."""
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        """With the people, whose addresses are shown."""
        return super().get_queryset(request).select_related("user").order_by("user__email")

    @admin.display(description=_("person"))
    def person(self, membership: Membership) -> str:
        """The address, and the name where one is known."""
        user = membership.user
        return f"{user.name} · {user.email}" if user.name else user.email


class StaffAssignmentInline(OwnerOnly, admin.TabularInline):
    """The staff who look after a tenant."""

    model = StaffAssignment
    extra = 0


class PausedFilter(admin.SimpleListFilter):
    """Open or paused."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, Any]]:
        """The two there are."""
        return [("open", _("open")), ("paused", _("paused"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Those in the chosen state."""
        if self.value() not in {"open", "paused"}:
            return queryset
        return queryset.filter(paused_at__isnull=self.value() == "open")


@admin.register(Tenant)
class TenantAdmin(StaffToo, PortalAdmin):
    """Clients. The owner makes them; staff look after the assigned ones."""

    asks_again = True
    staff_may = frozenset({"view", "change"})
    list_display = ["name", "slug", "state", "created_at"]
    list_filter = [PausedFilter]
    search_fields = ["name", "slug"]
    actions = ["assign_staff", "pause", "resume"]
    change_form_template = "admin/accounts/tenant/change_form.html"

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> list[str]:
        """Staff leave the address alone: every link to the client's pages hangs on it."""
        return ["paused_at"] if is_agency_owner(request) else ["slug", "paused_at"]

    def get_fields(self, request: HttpRequest, obj: Tenant | None = None) -> list[Any]:
        """Since when it is paused, only where it is."""
        return ["name", "slug", "paused_at"] if obj and obj.is_paused else ["name", "slug"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Tenant | None = None) -> dict[str, Any]:
        """The address is the name, until somebody types another."""
        return {} if obj else {"slug": ["name"]}

    def get_inlines(self, request: HttpRequest, obj: Tenant | None) -> list[Any]:
        """People come once the tenant is there."""
        return [MembershipInline, InvitationInline, StaffAssignmentInline] if obj else []

    @admin.display(description=_("state"), ordering="paused_at")
    def state(self, tenant: Tenant) -> str:
        """Whether its people come in."""
        return gettext("paused") if tenant.is_paused else gettext("open")

    def response_add(self, request: HttpRequest, obj: Tenant, post_url_continue: Any = None) -> HttpResponse:
        """On to the tenant's page, where people and views are added."""
        usual = super().response_add(request, obj, post_url_continue)
        elsewhere = "_addanother" in request.POST or "_popup" in request.POST
        return usual if elsewhere else self.to_row(obj)

    def get_urls(self) -> list[URLPattern]:
        """Also: inviting a person, and who shall look after many."""
        view = self.admin_site.admin_view
        return [
            path("<uuid:object_id>/invite/", view(self.invite_view), name="accounts_tenant_invite"),
            *super().get_urls(),
        ]

    def invite_view(self, request: HttpRequest, object_id: uuid.UUID) -> HttpResponse:
        """Invites somebody by their e-mail address, known to the portal or not."""
        tenant = self.row_to_change(request, object_id)
        form = InvitationForm(**self.posted(request))
        if form.is_valid() and (done := self._invite(request, tenant, form)):
            return done
        title = gettext("Invite a person to %(tenant)s") % {"tenant": tenant}
        submit = gettext("Send the invitation")
        return self.form_page(request, form, title=title, submit=submit, original=tenant)

    def _invite(self, request: HttpRequest, tenant: Tenant, form: InvitationForm) -> HttpResponse | None:
        """On to the tenant's page; None when the verb refused, which the form then says."""
        asker: Any = request.user
        try:
            issued = invitations.invite(tenant=tenant, invited_by=asker.email, **form.cleaned_data)
        except invitations.InvitationError as error:
            form.refuse(error)
            return None
        told = gettext("Invited %(email)s.") % {"email": issued.invitation.email}
        self.log_change(request, tenant, told)
        tell_of_mail(request, issued)
        return self.to_row(tenant)

    @admin.action(description=_("Pause the selected clients"), permissions=["change"])
    def pause(self, request: HttpRequest, queryset: QuerySet[Tenant]) -> None:
        """Shows their people out and stops fetching, until they are resumed."""
        count = bulk.pause(tenants=queryset, message=gettext("Paused."), by=asker_id(request))
        text = ngettext("%(count)d client is paused now.", "%(count)d clients are paused now.", count)
        messages.success(request, text % {"count": count})

    @admin.action(description=_("Resume the selected clients"), permissions=["change"])
    def resume(self, request: HttpRequest, queryset: QuerySet[Tenant]) -> None:
        """Opens paused ones again."""
        count = bulk.resume(tenants=queryset, message=gettext("Resumed."), by=asker_id(request))
        text = ngettext("%(count)d client is open again.", "%(count)d clients are open again.", count)
        messages.success(request, text % {"count": count})

    def has_assign_permission(self, request: HttpRequest) -> bool:
        """Who looks after whom is the owner's to say."""
        return is_agency_owner(request)

    @admin.action(description=_("Assign staff to the selected clients"), permissions=["assign"])
    def assign_staff(self, request: HttpRequest, queryset: QuerySet[Tenant]) -> HttpResponse | None:
        """Asks whom, and then gives them all the selected clients to look after."""
        form = AssignStaffForm(request.POST if "staff_chosen" in request.POST else None)
        if form.is_valid():
            staff = list(form.cleaned_data["staff"])
            told = gettext("Assigned: %(people)s.") % {"people": ", ".join(str(each) for each in staff)}
            bulk.assign_staff(tenants=queryset, staff=staff, message=told, by=asker_id(request))
            messages.success(request, told)
            return None
        return self.form_page(
            request,
            form,
            title=gettext("Assign staff"),
            submit=gettext("Assign"),
            hidden=posted_on(request, staff_chosen="1"),
            lead=_how_many(queryset.count()),
        )


def _how_many(count: int) -> str:
    text = ngettext(
        "Whoever you tick looks after %(count)d client from then on, beside whoever does already.",
        "Whoever you tick looks after %(count)d clients from then on, beside whoever does already.",
        count,
    )
    return text % {"count": count}


def _mail_password_link(request: HttpRequest, user: User) -> None:
    if send_password_link(request, user):
        text = gettext("A mail with a link to set a password is on its way to %(email)s.") % {
            "email": user.email
        }
        messages.success(request, text)
        return
    messages.warning(
        request,
        gettext(
            "The mail server refuses %(email)s. Is the address right? "
            "With another they can ask for a mail themselves: “Forgot your password?” at sign-in."
        )
        % {"email": user.email},
    )


@admin.register(User)
class PersonAdmin(OwnerOnly, PortalAdmin):
    """Everybody who can sign in. They are deactivated rather than deleted: what they did stays known."""

    asks_again = True
    form = PersonForm
    actions = ["remove_second_step"]
    list_display = ["email", "name", "is_active", "is_staff", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    list_per_page = 25
    show_full_result_count = False  # another count of all rows, beside that of the rows found
    search_fields = ["email", "name"]
    ordering = ["email"]
    readonly_fields = ["last_login", "date_joined"]
    change_form_template = "admin/accounts/user/change_form.html"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """See the class."""
        return False

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> list[Any]:
        """A password is given to new people only; later they change it themselves."""
        flags = ["is_active", "is_staff", "is_superuser"]
        return ["email", "name", *flags, *(self.readonly_fields if obj else ["first_password"])]

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, told who fills it in."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.asker = request.user
        form.base_fields["is_active"].help_text = _("Otherwise the person cannot sign in.")
        form.base_fields["is_staff"].help_text = _("Agency staff: looks after the clients assigned to them.")
        form.base_fields["is_superuser"].label = _("Agency owner")
        form.base_fields["is_superuser"].help_text = _("Sees and changes everything.")
        if obj:
            form.base_fields.pop("first_password", None)
        return form

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Through the verbs that keep address and sign-in together."""
        if not change:
            flows.enrol(user=obj, password=form.cleaned_data["first_password"])
        elif "email" in form.changed_data:
            flows.change_address(user=obj)
        else:
            super().save_model(request, obj, form, change)

    @admin.action(description=_("Remove the second step of those who lost it"))
    def remove_second_step(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """They sign in anew, by the first step alone, and set up another where they must have one."""
        count = sum(bool(second_step.remove(user=user)) for user in queryset)
        told = ngettext(
            "%(count)d person signs in without a second step now, and is signed out everywhere.",
            "%(count)d people sign in without a second step now, and are signed out everywhere.",
            count,
        )
        messages.success(request, told % {"count": count})

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: Any = None) -> HttpResponse:
        """Once everything is saved, the mail."""
        if not obj.has_usable_password():
            _mail_password_link(request, obj)
        return super().response_add(request, obj, post_url_continue)

    @method_decorator(sensitive_post_parameters("first_password"))
    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """As Django's; an error report leaves the password out."""
        return super().add_view(request, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        """Also: the mail once more."""
        view = self.admin_site.admin_view(self.password_mail_view)
        return [
            path("<int:object_id>/password-mail/", view, name="accounts_user_password_mail"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def password_mail_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Sends the link to set a password."""
        user = self.row_to_change(request, object_id)
        _mail_password_link(request, user)
        return self.to_row(user)


@admin.register(EmailAddress)
class EmailAddressAdmin(OwnerOnly, PortalAdmin, AllauthEmailAddressAdmin):
    """allauth's, for the owner alone."""

    asks_again = True

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Never: the index leads here in a line of its own, not in a box with allauth's name."""
        return False
