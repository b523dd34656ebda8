"""A mail server on the loopback that takes mails, refuses them, says nothing, or hangs up."""

from __future__ import annotations

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

OK = {"EHLO": "250 here", "MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", ".": "250 taken",
      "RSET": "250 ok", "QUIT": "221 bye"}  # fmt: skip
HANG_UP = "hang up"


@dataclass
class MailServer:
    """What it took, and what it answers: `says` has other replies by command. `greets` is off for one that
    takes calls and says nothing."""

    port: int = 0
    greets: bool = True
    says: dict[str, str] = field(default_factory=dict)
    taken: list[Message] = field(default_factory=list)
    calls: int = 0

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what it took."""
        return [str(each["Message-ID"]) for each in self.taken]


@contextmanager
def running() -> Iterator[MailServer]:
    """One that takes everything, until told otherwise."""
    state = MailServer()

    class Talk(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            state.calls += 1
            if not state.greets:
                self.rfile.read()  # until the other side has had enough
                return
            self.say("220 here")
            while line := self.rfile.readline():
                command = line.decode().split()[0].upper().partition(":")[0]
                if not self.answer(command):
                    return

        def answer(self, command: str) -> bool:
            """Whether there is more to say."""
            reply = state.says.get(command, OK.get(command, "502 what?"))
            if reply == HANG_UP:
                return False
            self.say(reply)
            if reply.startswith("354"):
                return self.take()
            return command != "QUIT"

        def take(self) -> bool:
            lines = list(iter(self.rfile.readline, b".\r\n"))
            reply = state.says.get(".", OK["."])
            if reply.startswith("250") or reply == HANG_UP:
                state.taken.append(message_from_bytes(b"".join(lines)))
            if reply == HANG_UP:  # it has the mail, and the sender never hears of it
                return False
            self.say(reply)
            return True

        def say(self, text: str) -> None:
            self.wfile.write(f"{text}\r\n".encode())

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

        def handle_error(self, *args: Any) -> None:
            """A sender that went away is no news."""

    with Server(("127.0.0.1", 0), Talk) as server:
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
