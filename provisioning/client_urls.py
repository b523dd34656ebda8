"""The addresses of the Google accounts that a client connected."""

from django.urls import path

from provisioning.views import doctoring, grants

app_name = "google"
ALL = "clients/<slug:tenant>/google/"
ONE = f"{ALL}<uuid:grant>/"
urlpatterns = [
    path(ALL, grants.connected, name="grants"),
    path(f"{ALL}connect/", grants.connect, name="connect"),
    path(f"{ONE}doctor/", doctoring.grant, name="doctor"),
    path(f"{ONE}renew/", grants.renew, name="renew"),
    path(f"{ONE}disconnect/", grants.disconnect, name="disconnect"),
    path(f"{ONE}service-account/", grants.service_account, name="service_account"),
    path(f"{ONE}service-account/check/", grants.check, name="check"),
]
