"""A whole Belvedere of its own for a test: a database, two server processes, and the sandbox as Google.

Made with the product's own commands, as an agency would.
"""

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.google import addresses

ROOT = Path(__file__).resolve().parents[1]
RECORDED = ROOT.parent / "shared" / "data" / "usgov"
EDUCATION, AGRICULTURE, SMALL_BUSINESS = "395246701", "395461442", "395437327"
ROBOT = "robot@demo.iam.gserviceaccount.com"
PASSWORD = "correct horse battery"
KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
START_SECONDS = 30


def free_port() -> int:
    """A port of the loopback that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def fetch(url: str, method: str = "GET", body: Any = None) -> Any:
    """A JSON answer from this machine."""
    data = json.dumps(body).encode() if body is not None else None
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, data=data, method=method), timeout=20) as answer:
        return json.loads(answer.read() or b"null")


KEPT = {"PATH", "HOME", "LANG", "LD_PRELOAD", "FAKETIME"}  # the last two: see docs/testing.md, another day


@dataclass
class Installation:
    """One installation: where it answers, its folder, and how to give it commands."""

    folder: Path
    port: int
    google_port: int
    database: str
    settings: dict[str, str] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def google(self) -> str:
        return f"http://127.0.0.1:{self.google_port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {key: value for key, value in os.environ.items() if key in KEPT}
        return kept | {
            "SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests-only-for",
            "PORTAL_ENCRYPTION_KEYS": f"test:{KEY}",
            "BASE_URL": self.url,
            "ALLOWED_HOSTS": "localhost,127.0.0.1",
            "DATABASE_URL": self.database,
            "METRICS_DIR": f"{self.folder}/metrics",
            "STATIC_ROOT": f"{self.folder}/static",
            "EMAIL_URL": f"filemail:///{self.folder}/mail",
            "MFA_REQUIRED": "off",
            "ASK_AGAIN_AFTER": "1440",  # sessions are kept through a whole run
            "AGENCY_NAME": "Northlight",
            "AGENCY_CONTACT": "hello@northlight.example",
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            **addresses(self.google),
            **self.settings,
        }

    def manage(self, *args: str, stdin: str = "") -> str:
        """Runs manage.py; its output, or AssertionError with what it said."""
        return self._run([sys.executable, "manage.py", *args], stdin)

    def sandbox(self, *args: str) -> str:
        """Runs `python -m sandbox`."""
        return self._run([sys.executable, "-m", "sandbox", *args], "")

    def _run(self, command: Sequence[str], stdin: str) -> str:
        ended = subprocess.run(
            command, cwd=ROOT, env=self.environment, input=stdin, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, f"{command}: {ended.stdout}{ended.stderr}"
        return ended.stdout

    def start(self, name: str, command: Sequence[str], ready: str = "") -> subprocess.Popen[bytes]:
        """Starts a process that lives as long as the installation, and waits until `ready` answers."""
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        self.processes.append(process)
        deadline = time.monotonic() + START_SECONDS
        while ready and not _answers(ready):
            said = (self.folder / f"{name}.log").read_text()
            assert process.poll() is None, f"{name} ended: {said}"
            assert time.monotonic() < deadline, f"{name} does not answer: {said}"
            time.sleep(0.05)
        return process

    def requests(self, path: str = "") -> list[dict[str, Any]]:
        """What Google was asked, where the path contains `path`."""
        listed = fetch(f"{self.google}/_sandbox/requests")["requests"]
        return [each for each in listed if path in each["path"]]

    def forget_requests(self) -> None:
        """Empties the journal."""
        fetch(f"{self.google}/_sandbox/requests", "DELETE")

    def add_key(self, *properties: str) -> None:
        """A service account of the agency's that reads these properties."""
        path = self.folder / "key.json"
        path.write_text(
            self.sandbox("keygen", "--state", f"{self.folder}/google.sqlite3", "--email", ROBOT,
                         "--grant", ",".join(properties))
        )  # fmt: skip
        self.manage("add_service_account", str(path), "--name", "Robot")

    def add_views(self, *lines: str) -> None:
        """Views, each as `tenant,tenant_name,view,view_name,property,filter,dashboard`."""
        header = "tenant,tenant_name,view,view_name,property,filter,dashboard,service_account"
        table = "\n".join([header, *(f"{line},{ROBOT}" for line in lines)])
        (self.folder / "views.csv").write_text(table)
        self.manage("load_views", str(self.folder / "views.csv"))

    def add_person(self, email: str, role: str, tenant: str = "") -> None:
        """A person with the password PASSWORD."""
        where = ["--tenant", tenant] if tenant else []
        self.manage("add_member", email, "--role", role, *where, "--password-stdin", stdin=PASSWORD + "\n")


def _answers(url: str) -> bool:
    try:
        fetch(url)
    except OSError:
        return False
    return True


@contextmanager
def installed(
    folder: Path, *, workers: int = 2, recorded: bool = False, database: str = "", **settings: str
) -> Iterator[Installation]:
    """A migrated, empty installation, serving. Its database is SQLite in `folder`, unless one is named;
    `settings` are put before the usual ones."""
    database = database or f"sqlite:///{folder}/portal.sqlite3"
    made = Installation(folder, free_port(), free_port(), database, settings)
    python = sys.executable
    try:
        made.manage("migrate", "--verbosity", "0")
        made.manage("collectstatic", "--noinput", "--verbosity", "0")
        made.start(
            "google",
            [python, "-m", "sandbox", "serve", "--port", str(made.google_port), "--portal", made.url,
             "--state", f"{folder}/google.sqlite3", *(["--recorded", str(RECORDED)] if recorded else [])],
            f"{made.google}/_sandbox/requests",
        )  # fmt: skip
        gunicorn = shutil.which("gunicorn", path=str(Path(python).parent)) or "gunicorn"
        made.start(
            "portal",
            [gunicorn, "portal.wsgi", "--bind", f"127.0.0.1:{made.port}", "--workers", str(workers),
             "--threads", "16", "--worker-class", "gthread", "--no-control-socket"],
            f"http://127.0.0.1:{made.port}/readyz",
        )  # fmt: skip
        yield made
    finally:
        for process in reversed(made.processes):
            process.terminate()
        for process in made.processes:
            process.wait(timeout=20)


@contextmanager
def agency(folder: Path) -> Iterator[Installation]:
    """An installation with three clients on recorded figures (where these are found) and two on generated,
    its owner, and the owner of one client."""
    with installed(folder, recorded=RECORDED.exists()) as made:
        made.add_key("310000001", "310000002", EDUCATION, AGRICULTURE, SMALL_BUSINESS)
        made.add_views(
            "osteria,Osteria da Nino,site,Whole site,310000001,,overview",
            "marlow,Marlow Cycles,shop,Shop,310000002,,e-commerce",
            f"education,Education,site,Whole site,{EDUCATION},,overview",
            f"agriculture,Agriculture,site,Whole site,{AGRICULTURE},,overview",
            f"sba,Small Business,site,Whole site,{SMALL_BUSINESS},,overview",
        )
        made.add_person("olivia@northlight.example", "agency-owner")
        made.add_person("nino@osteria.example", "owner", "osteria")
        yield made
