"""Where everything answers."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from portal import health

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # one door, allauth's

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("dashboards.urls")),
]
