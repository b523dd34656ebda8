"""The addresses of people: invitations, a client's members, and the agency's look."""

from django.urls import path

from accounts.views import brand, invitation, people, record, security

app_name = "accounts"
PEOPLE = "clients/<slug:tenant>/people/"
urlpatterns = [
    path("accounts/security/devices/end/", security.end_sessions, name="end_sessions"),
    path("accounts/security/by-mail/", security.show_by_mail, name="show_by_mail"),
    path("invitations/<slug:token>/", invitation.invitation, name="invitation"),
    path("invitations/<slug:token>/renew/", invitation.renew, name="invitation_renew"),
    path(PEOPLE, people.people, name="people"),
    path(f"{PEOPLE}invite/", people.invite, name="invite"),
    path(f"{PEOPLE}invitations/<uuid:invitation>/resend/", people.resend, name="resend"),
    path(f"{PEOPLE}invitations/<uuid:invitation>/withdraw/", people.withdraw, name="withdraw"),
    path(f"{PEOPLE}members/<uuid:membership>/role/", people.change_role, name="change_role"),
    path(f"{PEOPLE}members/<uuid:membership>/remove/", people.remove, name="remove_member"),
    path("clients/<slug:tenant>/record/", record.record, name="record"),
    path("clients/<slug:tenant>/record.csv", record.record_csv, name="record_csv"),
    path("brand-<slug:digest>.css", brand.sheet, name="brand"),
    path("admin-brand-<slug:digest>.css", brand.admin_sheet, name="admin_brand"),
    path("logo-<slug:digest>", brand.logo, name="logo"),
]
