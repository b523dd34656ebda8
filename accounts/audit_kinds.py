"""What the record speaks of: stable codes, each with its words. Pure.

A code is `area.what`, and is never given another meaning: rows hold it for years.
"""

from django.utils.translation import gettext_lazy as _

AREAS = [
    ("sign_in", _("Signing in")),
    ("security", _("Passwords, addresses and second steps")),
    ("people", _("People")),
    ("key", _("Keys")),
    ("google", _("Google accounts")),
    ("setup", _("Setting up Analytics")),
    ("token", _("Tokens given out")),
    ("share", _("Links to share")),
    ("export", _("Exports")),
    ("client", _("Clients")),
    ("admin", _("Administration")),
]

KINDS = {
    "sign_in.done": _("Signed in"),
    "sign_in.failed": _("Sign-in failed"),
    "sign_in.out": _("Signed out"),
    "sign_in.ended": _("Sessions ended"),
    "security.made": _("Signed up"),
    "security.password": _("Password changed"),
    "security.password_reset": _("Password set anew by mail"),
    "security.email_added": _("E-mail address added"),
    "security.email_changed": _("E-mail address changed"),
    "security.email_confirmed": _("E-mail address confirmed"),
    "security.email_removed": _("E-mail address removed"),
    "security.google_added": _("Sign-in with Google added"),
    "security.google_removed": _("Sign-in with Google removed"),
    "security.step_added": _("Second step added"),
    "security.step_removed": _("Second step removed"),
    "security.step_renewed": _("Recovery codes made anew"),
    "security.step_failed": _("Second step failed"),
    "people.invited": _("Invited"),
    "people.invited_again": _("Invited again"),
    "people.withdrawn": _("Invitation withdrawn"),
    "people.accepted": _("Invitation accepted"),
    "people.not_reached": _("Mail refused, or given up"),
    "people.added": _("Made a member"),
    "people.changed": _("Role changed"),
    "people.removed": _("Member removed"),
    "people.assigned": _("Staff assigned"),
    "people.unassigned": _("Staff no longer assigned"),
    "key.stored": _("Service account's key stored"),
    "key.replaced": _("Service account's key replaced"),
    "key.made": _("Embed key made"),
    "key.ended": _("Embed key ended"),
    "google.connected": _("Google account connected"),
    "google.renewed": _("Google account connected again"),
    "google.ended": _("Ended by Google"),
    "google.disconnected": _("Google account disconnected"),
    "google.handed_over": _("Handed over to the service account"),
    "setup.step": _("Step done"),
    "setup.stopped": _("Stopped"),
    "setup.noted": _("Noted"),
    "token.given": _("Google's access token given out"),
    "token.refused": _("Google's access token refused"),
    "token.allowed": _("A site allowed to show views"),
    "token.ended": _("Embed tokens ended"),
    "share.made": _("Link made"),
    "share.ended": _("Link ended"),
    "export.table": _("Table exported"),
    "export.record": _("Record exported"),
    "export.client": _("Client's data exported"),
    "client.paused": _("Client paused"),
    "client.resumed": _("Client opened again"),
    "client.closed": _("Client closed"),
    "admin.added": _("Added"),
    "admin.changed": _("Changed"),
    "admin.deleted": _("Deleted"),
}


def area_of(kind: str) -> str:
    """The area that a code belongs to. Raises KeyError for one that is not in KINDS."""
    KINDS[kind]
    return kind.partition(".")[0]
