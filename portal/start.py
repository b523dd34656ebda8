"""What must be right before a process serves or works."""

from django.db import connections


def check() -> None:
    """Raises ImproperlyConfigured. Leaves no connection behind, which a fork would share."""
    from provisioning import key_marks  # its models are there only once Django is

    try:
        key_marks.check()
    finally:
        connections.close_all()
