"""A program that is registered with the sandbox, and one for desktops."""

from __future__ import annotations

import pytest

from sandbox.server import SandboxServer
from tests.sandbox.oauth.program import DESKTOP, Program


@pytest.fixture
def program(sandbox: SandboxServer) -> Program:
    return Program(sandbox.url)


@pytest.fixture
def desktop(sandbox: SandboxServer) -> Program:
    return Program(sandbox.url, DESKTOP, "http://127.0.0.1:54321/")
