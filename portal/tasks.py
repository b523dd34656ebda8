"""What the worker does for the installation itself."""

from django_tasks import task

from portal.closing import flows as closing
from portal.models import Closing


@task()
def beat() -> None:
    """Nothing: that it was done is the sign that somebody does tasks."""


@task()
def close(closing_id: str) -> None:
    """Goes on with closing a client; one that is closed, or that somebody else is at, is no error."""
    found = Closing.objects.filter(pk=closing_id, finished_at=None).first()
    if found is not None and closing.take(closing=found):
        closing.go_on(closing=found)
