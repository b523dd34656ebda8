"""What the worker does for the installation itself."""

from django_tasks import task


@task()
def beat() -> None:
    """Nothing: that it was done is the sign that somebody does tasks."""
