"""`load_views` in the admin: a table is uploaded, what it would do is shown, and then it is saved."""

from __future__ import annotations

import csv
import io
import secrets
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.admin_rights import is_agency_owner
from dashboards.bulk import loading, table

MAX_BYTES = 10_000_000
KEPT_SECONDS = 60 * 60  # between the preview and the saving
SHOWN_PROBLEMS = 500
EXAMPLE = [
    ["osteria", "Osteria da Nino", "site", "Whole site", "310000001", "robot@project.iam.gserviceaccount.com",
     "", "overview", "12345678", "https://osteria.example"],
    ["osteria", "", "italy", "Guests from Italy", "310000001", "robot@project.iam.gserviceaccount.com",
     "country==Italy", "", "", ""],
]  # fmt: skip


class TableUpload(forms.Form):
    """A table of views."""

    file = forms.FileField(
        label=_("Table"),
        help_text=_("CSV in UTF-8, with commas, semicolons or tabs, as spreadsheets save it."),
    )

    def clean_file(self) -> bytes:
        """Its content."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise forms.ValidationError(gettext("This file is too large."))
        content: bytes = upload.read()
        return content


def page(model_admin: admin.ModelAdmin[Any], request: HttpRequest) -> HttpResponse:
    """The upload, its preview and its saving."""
    _check_owner(request)
    token = request.POST.get("token", "")
    if request.method != "POST":
        return _shown(model_admin, request, form=TableUpload())
    if token:
        return _save(model_admin, request, token)
    form = TableUpload(request.POST, request.FILES)
    if not form.is_valid():
        return _shown(model_admin, request, form=form)
    return _preview(model_admin, request, form)


def example(request: HttpRequest) -> HttpResponse:
    """A table to begin with."""
    _check_owner(request)
    out = io.StringIO()
    csv.writer(out).writerows([[*table.REQUIRED, *table.OPTIONAL], *EXAMPLE])
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="views.csv"'
    return answer


def _check_owner(request: HttpRequest) -> None:
    if not is_agency_owner(request):
        raise PermissionDenied


def _preview(model_admin: admin.ModelAdmin[Any], request: HttpRequest, form: TableUpload) -> HttpResponse:
    """What the table would do. Its content waits in the cache: it may be larger than a form's field."""
    content: bytes = form.cleaned_data["file"]
    try:
        loaded = loading.load(table.read(content), dry_run=True)
    except table.TableError as error:
        form.add_error("file", str(error))
        return _shown(model_admin, request, form=form)
    except loading.BadLines as error:
        return _shown(model_admin, request, form=TableUpload(), problems=error.problems)
    token = secrets.token_urlsafe(16)
    cache.set(_key(request, token), content, KEPT_SECONDS)
    return _shown(model_admin, request, form=None, loaded=loaded, token=token)


def _save(model_admin: admin.ModelAdmin[Any], request: HttpRequest, token: str) -> HttpResponse:
    content = cache.get(_key(request, token))
    if content is None:
        messages.warning(request, gettext("The preview is too old. Upload the table again."))
        return redirect("admin:dashboards_view_load")
    try:
        loaded = loading.load(table.read(content))
    except loading.BadLines as error:  # somebody has changed something since the preview
        return _shown(model_admin, request, form=TableUpload(), problems=error.problems)
    cache.delete(_key(request, token))
    messages.success(request, " ".join(f"{line}." for line in _counts(loaded)))
    return redirect("admin:dashboards_view_changelist")


def _key(request: HttpRequest, token: str) -> str:
    return f"load_views:{request.user.pk}:{token[:50]}"


def _counts(loaded: loading.Loaded) -> list[str]:
    text = gettext("%(what)s: %(created)s created, %(changed)s changed, %(unchanged)s unchanged")
    return [
        text % {"what": what, **vars(counts)}
        for what, counts in ((gettext("Clients"), loaded.tenants), (gettext("Views"), loaded.views))
    ]


def _shown(
    model_admin: admin.ModelAdmin[Any],
    request: HttpRequest,
    *,
    form: TableUpload | None,
    problems: tuple[table.Problem, ...] = (),
    loaded: loading.Loaded | None = None,
    token: str = "",
) -> HttpResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": gettext("Load views from a table"),
        "form": form,
        "problems": problems[:SHOWN_PROBLEMS],
        "wrong": len({problem.line for problem in problems}),
        "counts": _counts(loaded) if loaded else [],
        "nothing_changes": bool(loaded and loaded.nothing_changed),
        "token": token,
        "columns": [*table.REQUIRED, *table.OPTIONAL],
    }
    return TemplateResponse(request, "admin/dashboards/view/load.html", context)
