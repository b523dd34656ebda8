"""A PostgreSQL of the drill's own, that may be stopped and spoiled."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.installation import free_port

PROGRAMS = "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin"
TABLES = "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
FULL = """
CREATE OR REPLACE FUNCTION drill_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$
"""
TRIGGER = "CREATE TRIGGER drill_full BEFORE INSERT OR UPDATE ON {} EXECUTE FUNCTION drill_full()"


@dataclass
class Cluster:
    """Where it is. PostgreSQL refuses to run as root, so root runs it as somebody else."""

    folder: Path
    programs: Path
    port: int
    user: str

    @property
    def url(self) -> str:
        """For DATABASE_URL."""
        return f"postgres://{self.user}@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        """Returns when it answers."""
        options = f"-h 127.0.0.1 -p {self.port} -c unix_socket_directories='' -c fsync=off"
        self._control("start", "--log", str(self.folder / "log"), "-o", options)

    def stop(self) -> None:
        """Cuts every connection off."""
        self._control("stop", "--mode", "fast")

    @contextmanager
    def session(self) -> Iterator[psycopg.Connection[tuple[str]]]:
        """A connection that may write even where nobody else may."""
        with psycopg.connect(self.url, autocommit=True) as made:
            made.execute("SET default_transaction_read_only = off")
            yield made

    def tables(self) -> list[str]:
        """Of the portal."""
        with self.session() as session:
            return [name for (name,) in session.execute(TABLES)]

    def set_read_only(self, how: str) -> None:
        """`on` or `off`, for every session from its next transaction."""
        with self.session() as session:
            session.execute(f"ALTER SYSTEM SET default_transaction_read_only = {how}".encode())
            session.execute("SELECT pg_reload_conf()")

    def fill(self) -> None:
        """From now on no table takes a row more, as on a full disk; a trigger says what the disk would."""
        with self.session() as session:
            session.execute(FULL)
            for table in self.tables():
                session.execute(TRIGGER.format(table).encode())

    def make_room(self) -> None:
        """Ends that."""
        with self.session() as session:
            session.execute("DROP FUNCTION IF EXISTS drill_full CASCADE")

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Inside, somebody holds every table for themselves, as a careless ALTER TABLE does."""
        with psycopg.connect(self.url) as session:
            session.execute(f"LOCK TABLE {', '.join(self.tables())} IN ACCESS EXCLUSIVE MODE".encode())
            yield
            session.rollback()

    def _control(self, *arguments: str) -> None:
        data = str(self.folder / "data")
        _run(self.user, [f"{self.programs}/pg_ctl", "--wait", "--silent", "--pgdata", data, *arguments])


@contextmanager
def cluster(folder: Path) -> Iterator[Cluster]:
    """A running one in a folder that is there. SystemExit where PostgreSQL is not installed."""
    found = sorted((each for pattern in PROGRAMS for each in Path("/").glob(pattern[1:])), reverse=True)
    if not found:
        raise SystemExit("PostgreSQL's programs were not found; install PostgreSQL.")
    made = Cluster(folder, found[0], free_port(), _somebody(folder))
    data = str(folder / "data")
    how = ("--auth", "trust", "--no-sync", "--encoding", "UTF8", "--locale", "C")
    _run(made.user, [f"{found[0]}/initdb", "--pgdata", data, *how])
    made.start()
    try:
        yield made
    finally:
        _run(
            made.user,
            [f"{made.programs}/pg_ctl", "stop", "--silent", "--mode", "immediate", "--pgdata", data],
        )


def _somebody(folder: Path) -> str:
    """Who runs it; the folder is theirs."""
    if os.getuid():
        return pwd.getpwuid(os.getuid()).pw_name
    os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
    return "postgres"


def _run(user: str, command: Sequence[str]) -> None:
    as_user = [] if os.getuid() else ["setpriv", "--reuid", user, "--regid", user, "--clear-groups"]
    subprocess.run([*as_user, *command], cwd="/", check=True, stdout=subprocess.DEVNULL)
