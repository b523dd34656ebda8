#!/usr/bin/env python
"""The command line of a Belvedere installation."""

import os
import sys


def main() -> None:
    """Runs a management command; a wrong setting ends in one line that names it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    if sys.argv[1:2] == ["new_key"]:  # must work while the settings, which demand a key, cannot load
        from provisioning.crypto import new_key

        sys.stdout.write(new_key() + "\n")
        return
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import DatabaseError, InterfaceError

    from accounts.database import is_refusal, reason

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(f"Belvedere cannot start: {error}")
    except (DatabaseError, InterfaceError) as error:
        if not is_refusal(error) or "--traceback" in sys.argv:
            raise
        sys.exit(f"The database refuses: {reason(error)}. Run this again when it is back.")


if __name__ == "__main__":
    main()
