"""Chromium, an installation with its worker, and people who come with nothing but a browser."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

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


@pytest.fixture(scope="module")  # by module: while playwright runs, Django would refuse other tests the database
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


@pytest.fixture
def visitor(browser: Browser, site: Installation) -> Iterator[NewVisitor]:
    """Makes visitors; what went wrong unseen in the browser of any of them fails the test."""
    made: list[Visitor] = []

    def new(*, javascript: bool = True, url: str = site.url) -> Visitor:
        made.append(Visitor(browser, url, javascript))
        return made[-1]

    yield new
    for each in made:
        each.leave()
