"""script/demo where there is no recorded data, and where it cannot start: words, and nothing harmed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import ROOT, free_port

START_SECONDS = 150  # generous: machines have other work


def demo(folder: Path, *arguments: str, **settings: object) -> subprocess.Popen[str]:
    """script/demo, with generated data alone."""
    kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
    own = {"DEMO_DIR": folder, "SANDBOX_RECORDED": "", "PORT": free_port(), "SANDBOX_PORT": free_port()}
    env = kept | {key: str(value) for key, value in (own | settings).items()}
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(["script/demo", *arguments], cwd=ROOT, env=env, start_new_session=True, **output)


def refused(running: subprocess.Popen[str]) -> str:
    """The last line of one that does not start."""
    said, _ = running.communicate(timeout=60)
    assert running.returncode == 1
    return said.strip().splitlines()[-1]


@pytest.fixture
def another() -> Iterator[subprocess.Popen[bytes]]:
    """A process that looks like a demo."""
    command = [sys.executable, "-c", "import time; time.sleep(60)", "script/demo"]
    with subprocess.Popen(command) as process:
        yield process
        process.kill()


def test_the_demo_starts_without_recorded_data(tmp_path: Path):
    running = demo(tmp_path / "a folder with spaces")
    assert running.stdout is not None
    said, until = [], time.monotonic() + START_SECONDS
    try:
        for line in running.stdout:
            said.append(line)
            if line.startswith("Ctrl-C") or time.monotonic() > until:
                break
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.communicate(timeout=60)
    assert (said[-1], sum("a client:" in line for line in said)) == ("Ctrl-C ends all.\n", 5)
    assert not (tmp_path / "a folder with spaces" / "pid").exists()
    assert (tmp_path / "a folder with spaces").stat().st_mode & 0o777 == 0o700  # nobody else looks in


@pytest.mark.parametrize("name", ["PORT", "SANDBOX_PORT"])
def test_a_port_that_is_taken_is_said_before_anything_is_made(tmp_path: Path, name: str):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        said = refused(demo(tmp_path / "demo", **{name: port}))
    expected = f"{name}={port} cannot be used: the port is taken, or is none. Set {name} to another."
    assert (said, (tmp_path / "demo" / "seeded").exists()) == (expected, False)


@pytest.mark.parametrize("arguments", [(), ("--reset",)])
def test_two_in_one_folder_are_one_too_many(tmp_path: Path, another, arguments):
    (tmp_path / "pid").write_text(f"{another.pid}\n")
    (tmp_path / "settings").write_text("SECRET_KEY=kept\n")
    said = refused(demo(tmp_path, *arguments))
    assert said == (
        f"A demo runs in {tmp_path} already (process {another.pid}). "
        "End it first, or set DEMO_DIR to another folder."
    )
    assert (tmp_path / "settings").read_text() == "SECRET_KEY=kept\n"


def test_a_reset_removes_no_folder_but_a_demos(tmp_path: Path):
    (tmp_path / "precious").write_text("mine")
    assert refused(demo(tmp_path, "--reset")) == (
        f"{tmp_path} is not the folder of a demo, so it is not removed."
    )
    assert (tmp_path / "precious").read_text() == "mine"
