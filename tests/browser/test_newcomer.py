"""A newcomer's way: script/demo, a printed login, a dashboard; Ctrl-C, and again."""

import os
import re
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.visitor import Visitor
from tests.installation import ROOT, free_port

SEEDED_SECONDS, AGAIN_SECONDS, MINUTE = 150, 30, 60  # generous: machines have other work
GONE_SECONDS = 15
PRINTED_LOGIN = re.compile(r"^ +(\S+@\S+) +(.+)$", re.MULTILINE)


@dataclass
class Terminal:
    """A terminal in which script/demo is run, with a folder and ports of its own."""

    folder: Path
    port: int
    google_port: int

    @property
    def environment(self) -> dict[str, str]:
        """The newcomer's, without the settings of this run of the tests."""
        kept = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        ports = {"PORT": str(self.port), "SANDBOX_PORT": str(self.google_port)}
        return kept | ports | {"DEMO_DIR": str(self.folder / "demo")}

    @property
    def printed(self) -> str:
        """What stands on the screen."""
        return (self.folder / "screen").read_text()

    def start(self, seconds: int) -> subprocess.Popen[bytes]:
        """Runs the demo until it says how to end it."""
        with (self.folder / "screen").open("wb") as screen:
            demo = subprocess.Popen(
                ["script/demo"], cwd=ROOT, env=self.environment, stdout=screen, stderr=screen,
                start_new_session=True,
            )  # fmt: skip
        deadline = time.monotonic() + seconds
        while "Ctrl-C ends all." not in self.printed:
            if demo.poll() is not None or time.monotonic() > deadline:
                press_ctrl_c(demo)
                raise AssertionError(f"the demo did not start in {seconds} s:\n{self.printed}")
            time.sleep(0.1)
        return demo

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Another command of the demo's, in a second terminal."""
        command = ["script/demo", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )


def press_ctrl_c(demo: subprocess.Popen[bytes]) -> list[str]:
    """As a terminal does it: to every process in the foreground. What is left of them a while later."""
    if demo.poll() is None:
        os.killpg(demo.pid, signal.SIGINT)
    return left_of(demo)


def end(demo: subprocess.Popen[bytes]) -> list[str]:
    """As `kill` does it: to the script alone."""
    demo.terminate()
    return left_of(demo)


def left_of(demo: subprocess.Popen[bytes]) -> list[str]:
    """The processes that do not end by themselves; they are killed."""
    deadline = time.monotonic() + GONE_SECONDS
    while (left := processes_of(demo.pid)) and time.monotonic() < deadline:
        demo.poll()
        time.sleep(0.1)
    for process in left:
        os.kill(int(process.split()[0]), signal.SIGKILL)
    demo.wait(timeout=5)
    return left


def processes_of(session: int) -> list[str]:
    """The processes of a terminal session, whatever their parents and groups by now: "PID command"."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            name, _, rest = (entry / "stat").read_text().rpartition(")")
            state, _, _, sid = rest.split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(sid) == session and state != "Z":
            found.append(name.replace("(", ""))
    return found


def is_free(port: int) -> bool:
    """Whether nobody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.fixture
def terminal(chromium: str, tmp_path: Path) -> Terminal:
    """A newcomer's terminal."""
    return Terminal(tmp_path, free_port(), free_port())


def visits(browser: Browser, url: str, email: str, password: str) -> str:
    """Signs in and reads the headline of the first view."""
    newcomer = Visitor(browser, url).sign_in(email, password)
    newcomer.page.wait_for_url(re.compile(r"/clients/|/$"))
    if "/views/" not in newcomer.page.url:
        newcomer.page.locator(".rows a").first.click()
    newcomer.sees_everything()
    headline = newcomer.page.locator("h1")
    expect(headline).to_have_text(re.compile(r"^\S*\d\S* (visits|earned)"))
    expect(newcomer.page.locator(".tile .v")).to_have_count(6)
    text = headline.inner_text()
    newcomer.leave()
    return text


def test_the_demo_from_first_start_to_second(terminal: Terminal, browser: Browser):
    demo = terminal.start(SEEDED_SECONDS)
    try:
        printed = terminal.printed
        assert f"Belvedere is at http://localhost:{terminal.port} " in printed
        url = f"http://localhost:{terminal.port}"
        password = re.findall(r"password (\S+) as", printed)[0]
        clients = [login for login in PRINTED_LOGIN.findall(printed) if login[1].startswith("a client:")]
        assert len(clients) == 5
        assert "Traceback" not in printed

        begun = time.monotonic()
        first = {email: visits(browser, url, email, password) for email, _ in clients[:1] + clients[-1:]}
        assert time.monotonic() - begun < MINUTE

        checked = terminal.run("manage", "check")
        assert (checked.returncode, checked.stdout) == (
            0,
            "System check identified no issues (0 silenced).\n",
        )
    finally:
        left = press_ctrl_c(demo)
    assert left == []
    assert is_free(terminal.port)
    assert is_free(terminal.google_port)

    begun = time.monotonic()
    demo = terminal.start(AGAIN_SECONDS)
    try:
        assert time.monotonic() - begun < AGAIN_SECONDS
        email = clients[0][0]
        assert visits(browser, url, email, password) == first[email]
    finally:
        left = end(demo)
    assert left == []
    assert terminal.run("manage", "check").returncode == 0
