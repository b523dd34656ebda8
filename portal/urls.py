"""Where everything answers."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from portal import health
from portal.closing import pages as closing
from portal.metrics import page as metrics
from portal.setup import pages as setup
from portal.status import page as status

admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # one door, allauth's

handler500 = "portal.errors.server_error"

# No model here has an address of its own; Django's shortcut to one answers nonsense with a 500.
_admin = [
    path("status/", admin.site.admin_view(status.page), name="status"),
    path("google/", admin.site.admin_view(setup.page), name="google_setup"),
    path("google/test-mail/", admin.site.admin_view(setup.test_mail), name="google_test_mail"),
    path(
        "accounts/tenant/<uuid:object_id>/close/",
        admin.site.admin_view(closing.page),
        name="accounts_tenant_close",
    ),
    *(each for each in admin.site.get_urls() if getattr(each, "name", "") != "view_on_site"),
]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("", include("dashboards.embed.urls")),
    path("accounts/", include("allauth.account.urls")),
    path("accounts/", include("accounts.google_urls")),
    path("accounts/security/", include("accounts.second_step_urls")),
    path("admin/", (_admin, "admin", admin.site.name)),
    path("provisioning/", include("provisioning.urls")),
    path("", include("provisioning.client_urls")),
    path("", include("accounts.urls")),
    path("", include("dashboards.embed.outside_urls")),
    path("", include("portal.takeout.urls")),
    path("", include("dashboards.urls")),
]
