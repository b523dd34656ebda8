"""The code that people copy runs: each server's lines exchange the key for a token."""

import http.server
import json
import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from dashboards.embed import recipes
from dashboards.embed.recipes import Blanks

DOCS = Path(__file__).resolve().parents[3] / "docs" / "embed-server.md"
SHOP = "https://shop.example"
COMMANDS = {"Python": [sys.executable], "Node": ["node"], "PHP": ["php"]}
ENDINGS = {"Python": "py", "Node": "mjs", "PHP": "php"}


class Portal(http.server.BaseHTTPRequestHandler):
    """Answers as /embed/token does, and remembers what it was asked."""

    asked: list[tuple[str, str | None, dict]] = []

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, self.headers["Authorization"], body))
        answer = b'{"access_token": "t", "expires_in": 3600, "token_type": "Bearer"}'
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *args: object) -> None:
        """Says nothing."""


@pytest.fixture
def portal():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Portal)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    Portal.asked.clear()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _fetched(address: str, program: subprocess.Popen) -> bytes:
    """What the program answers, once it listens."""
    until = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                return answer.read()
        except urllib.error.URLError:
            if program.poll() is not None or time.monotonic() > until:
                raise
            time.sleep(0.05)


@pytest.mark.parametrize("language", recipes.SERVERS.values())
def test_a_servers_lines_exchange_the_key_for_a_token(language, portal, tmp_path):
    if shutil.which(COMMANDS[language][0]) is None:
        pytest.skip(f"{language} was not found")
    (recipe,) = [each for each in recipes.servers(Blanks(portal, "site", 1, SHOP)) if each.name == language]
    file = tmp_path / f"server.{ENDINGS[language]}"
    file.write_text(recipe.code)
    environment = os.environ | {"EMBED_KEY": "the-key", "PORT": str(_free_port())}
    if language == "PHP":
        command = ["php", "-S", f"127.0.0.1:{environment['PORT']}", str(file)]
    else:
        command = [*COMMANDS[language], str(file)]
    program = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        answer = json.loads(_fetched(f"http://127.0.0.1:{environment['PORT']}/token", program))
    finally:
        program.kill()
        program.wait(timeout=10)
    assert (answer["access_token"], Portal.asked[-1]) == (
        "t",
        ("/embed/token", "Bearer the-key", {"view": "site", "origin": SHOP, "ttl": 3600}),
    )


def test_the_documentation_shows_the_same_lines():
    text = DOCS.read_text()
    blanks = Blanks(recipes.EXAMPLE_PORTAL, "whole-site", 123456789012, recipes.EXAMPLE_SITE)
    missing = [
        each.name for each in (*recipes.servers(blanks), recipes.page(blanks)) if each.code not in text
    ]
    assert missing == []


def test_no_blank_is_left():
    blanks = Blanks("https://p.test", "whole-site", 5, "https://s.test")
    texts = [each.code for each in (*recipes.servers(blanks), recipes.page(blanks))]
    assert [word for text in texts for word in ("VIEW", "NUMBER", ".example") if word in text] == []


def test_the_frame_in_the_documentation_is_the_one_to_copy():
    frame = recipes.frame(Blanks(recipes.EXAMPLE_PORTAL, "site", 1, SHOP), "ID")
    assert frame.code in DOCS.with_name("embed-frames.md").read_text()


def test_a_frame_names_the_view_by_its_id():
    frame = recipes.frame(Blanks("https://p.test", "site", 1, SHOP), "abc")
    assert 'data-src="https://p.test/embed/views/abc/"' in frame.code
