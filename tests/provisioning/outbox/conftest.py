"""A real mail server behind the portal's backend."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import mail_server
from tests.mail_server import MailServer


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    """It takes everything, until a test says otherwise."""
    with mail_server.running() as running:
        settings.DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        yield running
