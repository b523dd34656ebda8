"""What the tests of `google_api` share: Google on the loopback, and a key."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from google_api.http import Api
from google_api.service_accounts import ServiceAccountKey
from tests.google_api.fake_google import TOKEN, FakeGoogle, Handler

ANSWERS = Path(__file__).parent / "answers"


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    fake = FakeGoogle(f"http://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("BoundHandler", (Handler,), {"google": fake})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield fake
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def pauses() -> list[float]:
    """The seconds that calls would have waited before retries."""
    return []


@pytest.fixture
def api(google: FakeGoogle, pauses: list[float]) -> Api:
    return Api(google.url, TOKEN, deadline=5, sleep=pauses.append)


@pytest.fixture(scope="session")
def pem() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()


@pytest.fixture
def key(pem: str) -> ServiceAccountKey:
    return ServiceAccountKey("robot@demo.iam.gserviceaccount.com", pem, "kid-1", "demo", "123")


@pytest.fixture
def saved() -> Callable[[str], Any]:
    """A saved answer by its name."""
    return lambda name: json.loads((ANSWERS / f"{name}.json").read_text())
