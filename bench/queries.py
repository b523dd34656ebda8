"""Prints the queries of a page as a person gets it; runs inside an installation: `manage.py shell -c`."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.signing import teach_the_client


def show(email: str, path: str) -> None:
    """Their number on the last line, each above it. The page is asked twice: the second time it is warm."""
    teach_the_client()
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(email=email))
    assert client.get(path).status_code == 200
    with CaptureQueriesContext(connection) as queries:
        assert client.get(path).status_code == 200
    asked = [query["sql"] for query in queries if not query["sql"].startswith("PRAGMA")]
    print("\n".join([*asked, str(len(asked))]))
