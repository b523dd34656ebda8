"""Where the drill takes place: an installation on a PostgreSQL of its own with all its processes, and doors
to Google and to the mail server that may be shut.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

from bench.drill.cluster import Cluster, cluster
from bench.drill.gate import Door, Mailbox, leads_to
from tests.google import addresses
from tests.installation import Installation, fetch, installed

PROPERTIES = {"cold": "310000001", "warm": "310000002", "refresh": "310000003", "embed": "310000004"}
OWN_PROPERTY, NEW_PROPERTIES = "310000005", range(310000100, 310000400)
OWN_ROBOT = "own@demo.iam.gserviceaccount.com"
OWNER = "nino@osteria.example"
BY_BROWSER = ("GOOGLE_AUTH_URI", "GOOGLE_TOS_URI")
KEYS = (
    "first:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "other:BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=",
)
START_SECONDS = 30


@dataclass
class Place:
    """All that can be broken, and what runs."""

    made: Installation
    database: Cluster
    google: Door
    mail: Mailbox
    worker: Popen[bytes] | None = None

    def start_worker(self, name: str = "worker") -> Popen[bytes]:
        """One worker more."""
        worker = [sys.executable, "manage.py", "db_worker", "--interval", "0.2", "--no-startup-delay"]
        return self.made.start(name, worker)

    def restart_worker(self) -> None:
        """`kill -9`, and another one."""
        if self.worker:
            self.worker.kill()
            self.worker.wait(timeout=10)
        self.worker = self.start_worker()

    def fail(self, **fault: Any) -> None:
        """Has Google answer as the sandbox's fault says."""
        fetch(f"{self.made.google}/_sandbox/faults", "POST", fault)

    def recover(self) -> None:
        """Ends that."""
        fetch(f"{self.made.google}/_sandbox/faults", "DELETE")

    def waits_for_google(self, seconds: float = 20) -> bool:
        """Waits until the one call that a fault delays has come in; whether it did."""
        until = time.monotonic() + seconds
        while fetch(f"{self.made.google}/_sandbox/faults")["faults"]:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)
        return True

    def kill_web(self) -> None:
        """`kill -9` for every process that serves; the one above them starts new ones."""
        for child in children(self.web.pid):
            os.kill(child, signal.SIGKILL)

    @property
    def web(self) -> Popen[bytes]:
        """Gunicorn, above the processes that serve."""
        return self.made.processes[1]


def children(pid: int) -> list[int]:
    """The processes right below one."""
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def place() -> Iterator[Place]:
    """All of it, running; two clients, one with a service account of its own, and a person who owns both."""
    with tempfile.TemporaryDirectory(prefix="drill-") as folder:
        os.chmod(folder, 0o711)  # the cluster's user passes through
        data, portal = Path(folder, "postgresql"), Path(folder, "portal")
        data.mkdir()
        portal.mkdir()
        mail = Mailbox()
        google = Door(lambda line: leads_to(inside.made.google_port)(line))
        by_server = {
            name: address
            for name, address in addresses(f"http://127.0.0.1:{google.port}").items()
            if name not in BY_BROWSER
        }
        settings = by_server | {
            "PORTAL_ENCRYPTION_KEYS": ",".join(KEYS),
            "EMAIL_URL": f"smtp://127.0.0.1:{mail.port}",
            "SIGNUP": "open",
        }
        with (
            cluster(data) as database,
            installed(portal, database=database.url, **settings) as made,
        ):
            inside = Place(made, database, google, mail)
            _furnish(made)
            inside.restart_worker()
            made.start("tick", [sys.executable, "manage.py", "tick", "--loop"])
            yield inside


def _furnish(made: Installation) -> None:
    """A view for each operation that reads figures, so that none meets another's limits at Google."""
    made.add_key(*PROPERTIES.values(), *map(str, NEW_PROPERTIES))
    made.add_views(
        *(f"osteria,Osteria da Nino,{name},{name.title()},{number},," for name, number in PROPERTIES.items())
    )
    made.add_person(OWNER, "owner", "osteria")
    state = f"{made.folder}/google.sqlite3"
    own = made.sandbox("keygen", "--state", state, "--email", OWN_ROBOT, "--grant", OWN_PROPERTY)
    (made.folder / "own.json").write_text(own)
