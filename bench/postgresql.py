"""A PostgreSQL of a measurement's own, as its packages set it up, in a temporary folder."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.installation import free_port

KNOWN_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin")


@contextmanager
def database() -> Iterator[str]:
    """The address of an empty database. AssertionError where PostgreSQL is not installed."""
    programs = _programs()
    with tempfile.TemporaryDirectory(prefix="bench-pg-") as folder:
        if os.getuid() == 0:
            shutil.chown(folder, _user())
        data, port = f"{folder}/data", free_port()
        _run(
            [programs / "initdb", "--pgdata", data, "--auth", "trust", "--encoding", "UTF8", "--locale", "C"]
        )
        control = [programs / "pg_ctl", "--pgdata", data, "--wait"]
        listening = f"-h 127.0.0.1 -p {port} -c unix_socket_directories=''"
        _run([*control, "start", "--log", f"{folder}/log", "-o", listening])
        try:
            yield f"postgres://{_user()}@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "stop", "--mode", "fast"])


def _programs() -> Path:
    found = [path for place in KNOWN_PLACES for path in Path("/").glob(place.lstrip("/"))]
    known = [path for path in sorted(found, reverse=True) if (path / "initdb").exists()]
    in_path = shutil.which("initdb")
    assert known or in_path, "initdb was not found; install PostgreSQL"
    return known[0] if known else Path(str(in_path)).parent


def _user() -> str:
    """Whom the server runs as, and its superuser: PostgreSQL refuses to run as root."""
    return "postgres" if os.getuid() == 0 else getpass.getuser()


def _run(command: list[str | Path]) -> None:
    who = {"user": _user()} if os.getuid() == 0 else {}
    ended = subprocess.run(
        [str(each) for each in command], cwd="/", capture_output=True, text=True, check=False, **who
    )
    assert ended.returncode == 0, f"{command[0]}: {ended.stdout}{ended.stderr}"
