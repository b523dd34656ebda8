"""Seals the secrets of authenticator apps and of recovery codes apart from each other: until now one could stand
in the place of the other. What cannot be opened stays as it is.
"""

from django.conf import settings
from django.db import migrations

from provisioning.crypto import KeyRing, Place, SealError
from provisioning.sealed_texts import replaced

TABLE = "mfa_authenticator"
KINDS = ("totp", "recovery_codes")


def _move(apps, old, new):
    ring = KeyRing(settings.PORTAL_ENCRYPTION_KEYS)
    rows = apps.get_model("mfa", "Authenticator").objects
    for row in rows.filter(type__in=KINDS):
        columns = {"all": "data", "own": f"data of {row.type}"}
        here, there = (Place(TABLE, columns[each], str(row.user_id)) for each in (old, new))

        def moved(text, here=here, there=there):
            try:
                return ring.seal(ring.open(text, here), there)
            except SealError:
                return text

        data = replaced(row.data, moved)
        if data != row.data:
            rows.filter(pk=row.pk, data=row.data).update(data=data)


def apart(apps, schema_editor):
    _move(apps, "all", "own")


def together(apps, schema_editor):
    _move(apps, "own", "all")


class Migration(migrations.Migration):
    dependencies = [
        ("mfa", "0003_authenticator_type_uniq"),
        ("provisioning", "0013_waiting_mails"),
    ]

    operations = [migrations.RunPython(apart, together)]
