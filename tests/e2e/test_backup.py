"""A backup is one when it has been restored: into an empty database, and a dashboard opened there."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.e2e.conftest import Visitor
from tests.installation import KEY, ROOT, Installation, installed

PAGE = "/clients/osteria/views/site/"
OWNER, WEB = "backup_owner", "backup_web"
PASSWORDS = "only-for-tests"


def run(*command: str, **variables: str) -> str:
    """A command's output."""
    ended = subprocess.run(
        command, cwd=ROOT, env=os.environ | variables, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, f"{command}: {ended.stdout}{ended.stderr}"
    return ended.stdout.strip()


class Sqlite:
    """A file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "portal.sqlite3"
        self.url = f"sqlite:///{self.file}"

    def backup(self) -> str:
        """The name of a copy."""
        return run("deploy/backup", f"{self.folder}/copies", str(self.file), PYTHON=sys.executable)

    def restored(self, copy: str) -> str:
        """The address of a new database made of the copy."""
        shutil.copy(copy, self.folder / "restored.sqlite3")
        return f"sqlite:///{self.folder}/restored.sqlite3"

    def remove(self) -> None:
        """Files go with their folder."""


class Postgresql:
    """Databases with the roles that docs/install.md gives them, on the server of TEST_DATABASE_URL."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = os.environ["TEST_DATABASE_URL"]
        self.url = self._empty("backup_before")
        portal = Installation(folder, 0, 0, self._address(OWNER, "backup_before"))
        portal.manage("migrate", "--verbosity", "0")

    def backup(self) -> str:
        """The name of a copy."""
        return run("deploy/backup", f"{self.folder}/copies", self._address(OWNER, "backup_before"))

    def restored(self, copy: str) -> str:
        """The address of a new database made of the copy."""
        url = self._empty("backup_after")
        run(
            "pg_restore",
            "--exit-on-error",
            "--single-transaction",
            f"--dbname={self._admin('backup_after')}",
            copy,
        )
        return url

    def remove(self) -> None:
        """Databases and roles are the server's."""
        for database in ("backup_before", "backup_after"):
            self._say(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
        for role in (OWNER, WEB):
            self._say(f"DROP ROLE IF EXISTS {role}")

    def _empty(self, database: str) -> str:
        names = {"database": database, "owner": OWNER, "web": WEB}
        given = [part for name, value in names.items() for part in ("-v", f"{name}={value}")]
        run("psql", "--quiet", *given, "--file", "deploy/postgresql/roles.sql", self._admin("postgres"))
        for role in (OWNER, WEB):
            self._say(f"ALTER ROLE {role} PASSWORD '{PASSWORDS}'")
        return self._address(WEB, database)

    def _say(self, sql: str) -> None:
        run("psql", "--quiet", "--command", sql, self._admin("postgres"))

    def _admin(self, database: str) -> str:
        return urlsplit(self.server)._replace(scheme="postgresql", path=f"/{database}").geturl()

    def _address(self, role: str, database: str) -> str:
        at = urlsplit(self.server)
        return f"postgres://{role}:{PASSWORDS}@{at.hostname}:{at.port or 5432}/{database}"


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Sqlite | Postgresql]:
    """The database of an installation: PostgreSQL where the tests run on it."""
    made: Callable[[Path], Sqlite | Postgresql]
    made = Postgresql if os.environ.get("TEST_DATABASE_URL") else Sqlite
    database = made(tmp_path)
    yield database
    database.remove()


def figures(site: Installation) -> tuple[str, object]:
    """The page, and what its cards show."""
    nino = Visitor(site).sign_in("nino@osteria.example")
    data = nino.complete_data(f"{PAGE}data.json")
    answer = nino.get(PAGE)
    assert answer.status_code == 200
    return answer.text, data["cards"]


def test_a_copy_restored_into_an_empty_database_opens_with_the_keys(
    kept: Sqlite | Postgresql, tmp_path: Path
):
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    with installed(before, workers=1, database=kept.url) as site:
        site.add_key("310000001")
        site.add_views("osteria,Osteria da Nino,site,Whole site,310000001,,overview")
        site.add_person("nino@osteria.example", "owner", "osteria")
        _, shown = figures(site)
        copy = kept.backup()
    restored = kept.restored(copy)
    for file in before.glob("google.sqlite3*"):  # Google is the same
        shutil.copy(file, after)

    with installed(after, workers=1, database=restored) as site:
        site.forget_requests()
        page, again = figures(site)
        assert again == shown
        assert "Osteria da Nino" in page
        assert site.requests() == []  # the figures were in the copy
        site.manage("doctor", "osteria/site")  # raises where the stored key does not open

        site.settings["PORTAL_ENCRYPTION_KEYS"] = f"new:{KEY}"
        with pytest.raises(AssertionError, match=r"PORTAL_ENCRYPTION_KEYS lacks the key 'test'\."):
            site.manage("tick")
