"""What all admin pages share: 404 for what is not there, no 500 for a race, forms of our own."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin import helpers
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.exceptions import FieldDoesNotExist, PermissionDenied, ValidationError
from django.db import IntegrityError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from accounts.admin_widgets import PickedByName, could_be_of

_CHOSEN = helpers.ACTION_CHECKBOX_NAME
# What the filters beside a list append to a field's name.
FILTER_SUFFIXES = ("", "__exact", "__isnull", "__id__exact")


class PortalAdmin(admin.ModelAdmin):
    """A ModelAdmin of this portal."""

    asks_again = False
    """Whether its pages change who gets in: `accounts.guard` asks whoever opens them again who they are."""

    def _get_obj_does_not_exist_redirect(
        self, request: HttpRequest, opts: Any, object_id: str
    ) -> HttpResponseRedirect:
        """Not there and not yours are the same 404; Django's own way is a redirect with a message."""
        raise Http404

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """As Django's, to which an address with an empty `_to_field` names a column without a name."""
        return super().get_object(request, object_id, from_field or None)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Only what the list's own filters ask; Django lets any column be searched, sealed ones included."""
        names = [_asks(each) for each in self.get_list_filter(request)]
        return lookup in {f"{name}{suffix}" for name in names for suffix in FILTER_SUFFIXES}

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """As Django's, with its own answer to a filter that makes no sense for one that no text may hold, and
        with actions on rows alone: its own answer to a key that no row could have is a 500.
        """
        if any("\0" in value for key in request.GET for value in request.GET.getlist(key)):
            return redirect(f"{request.path}?{ERROR_FLAG}=1")
        if _CHOSEN in request.POST:
            posted: Any = request.POST.copy()
            chosen = [key for key in posted.getlist(_CHOSEN) if could_be_of(self.model, key)]
            posted.setlist(_CHOSEN, chosen)
            request.POST = posted
        return super().changelist_view(request, extra_context)

    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> HttpResponse:
        """As Django's. What was sent and not saved stands in the form alone: around it, the page and where it
        leads stay the row's, to which Django has already given an address that may be none.
        """
        if obj is not None and not obj._state.adding and request.method == "POST":
            obj.refresh_from_db()
        return super().render_change_form(request, context, add, change, form_url, obj)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """What the address fills in, without what no field could hold: Django's own answer is a 500."""
        typed = super().get_changeform_initial_data(request)
        return {name: value for name, value in typed.items() if self._could_hold(name, value)}

    def _could_hold(self, name: str, value: Any) -> bool:
        try:
            field: Any = self.opts.get_field(name)
            for each in value if isinstance(value, list) else [value]:
                (field.target_field if field.is_relation else field).to_python(each)
        except (FieldDoesNotExist, ValidationError):
            return False
        return True

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """As Django's. When the database refuses what the form had found good, somebody else has saved
        meanwhile: the second look finds it, and says so beside the field.
        """
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError:
            return super().changeform_view(request, object_id, form_url, extra_context)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """As Django's, with a widget for many rows that nonsense does not upset."""
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs.setdefault("widget", PickedByName(db_field, self.admin_site))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def row_to_change(self, request: HttpRequest, object_id: uuid.UUID | int | str) -> Any:
        """The row of an address of our own, or Http404; PermissionDenied where it may only be read."""
        row = self.get_object(request, str(object_id))
        if row is None or not self.has_view_permission(request, row):
            raise Http404
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        return row

    def deleted_along(self, rows: QuerySet[Any]) -> Iterable[tuple[type[Model], int]]:
        """What goes along when these rows are deleted, and how much of it, as far as people care."""
        return ()

    @staticmethod
    def posted(request: HttpRequest) -> dict[str, Any]:
        """What binds a form to a POST, even to an empty one; nothing for any other method."""
        return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}

    def to_row(self, row: Model) -> HttpResponseRedirect:
        """Back to the row's own page."""
        return redirect(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", row.pk)

    def form_page(
        self,
        request: HttpRequest,
        form: forms.BaseForm,
        *,
        title: str,
        submit: str,
        original: Model | None = None,
        **context: Any,
    ) -> TemplateResponse:
        """A page with one form, as the admin's own look. `submit` stands on the button."""
        fieldset = (None, {"fields": list(form.fields)})
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": original,
            "title": title,
            "submit": submit,
            "form": form,
            "adminform": helpers.AdminForm(form, [fieldset], {}, model_admin=self),  # type: ignore[arg-type]
            "media": self.media + form.media,
            **context,
        }
        return TemplateResponse(request, "admin/form_page.html", context)


def posted_on(request: HttpRequest, **more: str) -> list[tuple[str, str]]:
    """What an action's second page must send along for the admin to come back to the same action."""
    kept = ("action", "select_across", _CHOSEN)
    pairs = [(name, value) for name in kept for value in request.POST.getlist(name)]
    return [*pairs, *more.items()]


def _asks(list_filter: Any) -> str:
    """What a filter beside a list is called in the address."""
    name: str = getattr(list_filter, "parameter_name", "") or (
        list_filter[0] if isinstance(list_filter, tuple) else list_filter
    )
    return name


class NothingToSave(PortalAdmin):
    """Of rows that are only looked at, and acted on by buttons of their own."""

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Nothing on it can be changed, so there is nothing to save."""
        nothing = {"show_save": False, "show_save_and_continue": False, "show_save_and_add_another": False}
        return super().change_view(request, object_id, form_url, nothing | (extra_context or {}))
