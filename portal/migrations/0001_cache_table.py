"""The table of the default cache, so that an installation needs no step of its own for it."""

from django.core.management import call_command
from django.db import migrations


def create(apps, schema_editor):
    """Makes it where the cache is kept in the database; does nothing elsewhere or when it is there."""
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    """Needs nothing of the other apps."""

    dependencies = []
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
