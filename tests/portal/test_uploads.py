"""How much a request may bring."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client

from dashboards.admin_load import MAX_BYTES
from portal import uploads


@pytest.fixture
def stored(monkeypatch):
    """The files that were begun to be stored."""
    found = []
    begin = TemporaryFileUploadHandler.new_file

    def new_file(self, *args, **kwargs):
        found.append(args[1])
        return begin(self, *args, **kwargs)

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", new_file)
    return found


def sent(size: int) -> int:
    """What a stranger who sends a file of so many bytes is answered."""
    body = {"login": "x", "password": "x", "file": SimpleUploadedFile("x.csv", b"x" * size)}
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.CSRF_COOKIE_NAME] = "a" * 32  # so that Django looks for its twin among the fields
    return client.post("/accounts/login/", body).status_code


def test_a_request_that_is_too_long_is_refused_before_anything_of_it_is_stored(db, stored, monkeypatch):
    monkeypatch.setattr(uploads, "LIMIT", 3_000_000)
    assert (sent(2_900_000), stored) == (403, ["x.csv"])  # read, and then refused for what it is
    assert (sent(3_100_000), stored) == (400, ["x.csv"])


def test_the_longest_file_that_a_form_takes_fits():
    assert uploads.LIMIT > MAX_BYTES + 100_000
