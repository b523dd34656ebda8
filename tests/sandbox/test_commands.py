"""`keygen` and `serve`, as programs of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key, pkcs12
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from tests.sandbox.conftest import READONLY, ROBOT

ROOT = Path(__file__).parents[2]


def keygen(state: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "sandbox", "keygen", "--state", str(state), "--email", ROBOT, *more]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=60)


def made(state: Path, *more: str) -> dict[str, str]:
    found: dict[str, str] = json.loads(keygen(state, *more).stdout)
    return found


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A sandbox as a process: (its state, its address)."""
    state = tmp_path / "state.db"
    command = [sys.executable, "-m", "sandbox", "serve", "--port", "0", "--state", str(state)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        yield state, line.split()[-1]
        process.terminate()
        process.wait(10)


def properties_seen(key: dict[str, str], url: str) -> list[str]:
    info = key | {"token_uri": f"{url}/token"}
    credentials = service_account.Credentials.from_service_account_info(info, scopes=[READONLY])
    credentials.refresh(Request())
    headers = {"Authorization": f"Bearer {credentials.token}"}
    summaries = requests.get(f"{url}/v1beta/accountSummaries", headers=headers, timeout=10).json()
    return [p["property"] for s in summaries.get("accountSummaries", []) for p in s["propertySummaries"]]


def test_key_file_is_as_google_writes_it(tmp_path: Path) -> None:
    key = made(tmp_path / "state.db", "--grant", "123,456")
    private_key = key.pop("private_key")
    assert len(key.pop("private_key_id")) == 40
    assert key.pop("client_id").isdigit()
    assert key == {
        "type": "service_account",
        "project_id": "demo",
        "client_email": ROBOT,
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "client_x509_cert_url": "https://www.googleapis.com/robot/v1/metadata/x509/"
        "robot%40demo.iam.gserviceaccount.com",
        "universe_domain": "googleapis.com",
    }
    assert private_key.startswith("-----BEGIN PRIVATE KEY-----\n")
    assert isinstance(load_pem_private_key(private_key.encode(), None), rsa.RSAPrivateKey)


def test_p12_holds_the_same_key(tmp_path: Path) -> None:
    key = made(tmp_path / "state.db", "--p12", str(tmp_path / "key.p12"))
    opened, certificate, _ = pkcs12.load_key_and_certificates(
        (tmp_path / "key.p12").read_bytes(), b"notasecret"
    )
    expected = load_pem_private_key(key["private_key"].encode(), None)
    assert isinstance(opened, rsa.RSAPrivateKey)
    assert isinstance(expected, rsa.RSAPrivateKey)
    assert opened.private_numbers() == expected.private_numbers()
    assert certificate is not None


def test_keys_made_while_serving_work_at_once(serving: tuple[Path, str]) -> None:
    state, url = serving
    first = made(state, "--grant", "123,456")
    assert properties_seen(first, url) == ["properties/123", "properties/456"]
    second = made(state, "--grant", "789")
    assert first["client_id"] == second["client_id"]
    assert first["private_key_id"] != second["private_key_id"]
    everything = ["properties/123", "properties/456", "properties/789"]
    assert [properties_seen(key, url) for key in (first, second)] == [everything, everything]


@pytest.mark.parametrize("ids", ["12a", "1,x", "-5", "²"])
def test_property_numbers_are_numbers(tmp_path: Path, ids: str) -> None:
    answer = keygen(tmp_path / "state.db", f"--grant={ids}")
    assert (answer.returncode, answer.stdout) == (2, "")
    assert "is no property's number" in answer.stderr


def test_serve_says_where_it_is(serving: tuple[Path, str]) -> None:
    _, url = serving
    assert requests.get(f"{url}/_sandbox/requests", timeout=5).json() == {"requests": []}


def test_taken_port_is_one_line(serving: tuple[Path, str]) -> None:
    port = serving[1].rpartition(":")[2]
    command = [sys.executable, "-m", "sandbox", "serve", "--port", port]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=30)
    assert (answer.returncode, answer.stderr.count("\n")) == (1, 1)
    assert answer.stderr.startswith(f"sandbox: cannot listen on port {port}: ")


@pytest.mark.parametrize("option", ["--state", "--recorded"])
def test_a_folder_that_is_not_there_is_one_line(tmp_path: Path, option: str) -> None:
    command = [
        sys.executable,
        "-m",
        "sandbox",
        "serve",
        "--port",
        "0",
        option,
        str(tmp_path / "no" / "where"),
    ]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, timeout=30)
    assert (answer.returncode, answer.stdout, answer.stderr.count("\n")) == (1, "", 1)
