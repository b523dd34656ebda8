"""What `serve` is told about people's tokens, and that they outlive it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.sandbox.oauth.program import REVOKED, Program

ROOT = Path(__file__).parents[3]
PORTAL = "http://localhost:8123"
COMMAND = [sys.executable, "-m", "sandbox", "serve", "--port", "0"]


@contextmanager
def serving(state: Path, *options: str) -> Iterator[Program]:
    command = [*COMMAND, "--state", str(state), "--portal", PORTAL, *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[-1]
        yield Program(url, callback=f"{PORTAL}/provisioning/oauth/callback")
        process.terminate()
        process.wait(10)


def test_refresh_tokens_outlive_a_restart(tmp_path: Path) -> None:
    with serving(tmp_path / "google.sqlite3") as program:
        token = program.tokens()["refresh_token"]
    with serving(tmp_path / "google.sqlite3") as program:
        assert program.refresh(token)[0] == 200


def test_the_limit_and_testing_are_options(tmp_path: Path) -> None:
    with serving(tmp_path / "google.sqlite3", "--token-limit", "1", "--testing") as program:
        first, second = (program.tokens(prompt="consent") for _ in range(2))
        assert second["refresh_token_expires_in"] == 604799
        assert program.refresh(first["refresh_token"]) == REVOKED


@pytest.mark.parametrize("limit", ["0", "-1", "many", "²"])
def test_a_limit_is_a_number_above_nothing(limit: str) -> None:
    command = [*COMMAND, f"--token-limit={limit}"]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=30)
    assert (answer.returncode, f"{limit} is no number above 0" in answer.stderr) == (2, True)
