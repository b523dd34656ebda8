"""Chromium, an installation with its worker, and people who come with nothing but a browser."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

from tests.browser.visitor import NewVisitor, Visitor
from tests.installation import Installation, agency, fetch

ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program. Without one the tests are skipped; with REQUIRE_ALL=1 they fail."""
    named = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    if found := shutil.which(named):
        return found
    why = "Chromium was not found; install it, or name it in CHROMIUM"
    return pytest.fail(why) if os.environ.get("REQUIRE_ALL") == "1" else pytest.skip(why)


@pytest.fixture(
    scope="module"
)  # by module: while playwright runs, Django would refuse other tests the database
def browser(chromium: str) -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        running.close()


@pytest.fixture(scope="session")
def _agency(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    with agency(tmp_path_factory.mktemp("agency")) as made:
        made.add_person("sam@marlow.example", "owner", "marlow")
        for command in (["db_worker"], ["tick", "--loop"]):
            made.start(command[0], [sys.executable, "manage.py", *command])
        yield made


@pytest.fixture
def site(_agency: Installation) -> Iterator[Installation]:
    """The installation, with a Google that is well."""
    yield _agency
    fetch(f"{_agency.google}/_sandbox/faults", "DELETE")


@pytest.fixture(scope="session")
def sessions() -> dict[str, StorageState]:
    """The cookies of who has signed in, by address: the server limits how often one may."""
    return {}


@pytest.fixture
def visitor(browser: Browser, site: Installation, sessions: dict[str, StorageState]) -> Iterator[NewVisitor]:
    """Makes visitors, signed in where an address is given. What goes wrong unseen in any of their browsers
    fails the test."""
    made: list[Visitor] = []

    def new(email: str = "", *, javascript: bool = True) -> Visitor:
        made.append(Visitor(browser, site.url, javascript, sessions.get(email)))
        if email and email not in sessions:
            made[-1].sign_in(email)
            expect(made[-1].page.get_by_title(email)).to_be_visible()
            sessions[email] = made[-1].context.storage_state()
        return made[-1]

    yield new
    for each in made:
        each.leave()
