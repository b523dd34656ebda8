"""A person at a screen, and the net: what goes wrong in the browser unseen is noticed."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Request,
    Response,
    StorageState,
    expect,
)

from tests.browser import looks
from tests.installation import PASSWORD

HERE = {"localhost", "127.0.0.1"}
PATIENCE_MS = 15_000
NOT_LOADED = re.compile(r"Failed to load resource: the server responded with a status of (\d+)")

expect.set_options(timeout=PATIENCE_MS)


@dataclass
class Visitor:
    """A person with a browser of their own. `troubles` collects what they would not see themselves: errors
    in the console (refusals by the content security policy among them), in scripts, and requests that
    would leave this machine."""

    browser: Browser
    url: str
    javascript: bool = True
    session: StorageState | None = None
    troubles: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.context = self.browser.new_context(
            base_url=self.url,
            viewport=looks.WIDE,
            locale="en-GB",
            java_script_enabled=self.javascript,
            storage_state=self.session,
        )
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("console", self._heard)
        self.context.on("weberror", lambda error: self.troubles.append(f"script: {error.error}"))
        self.context.on("request", self._asked)
        self.context.on("response", self._answered)
        self.page: Page = self.context.new_page()

    def _heard(self, message: ConsoleMessage) -> None:
        refused = NOT_LOADED.match(message.text)
        if refused and int(refused[1]) in self.expected:
            return
        if message.type in {"error", "warning"}:
            self.troubles.append(f"console: {message.text} ({message.location.get('url')})")

    def _asked(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address.hostname not in HERE:
            self.troubles.append(f"asked {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.troubles.append(f"{response.status} of {response.url}")

    def sign_in(self, email: str, password: str = PASSWORD, at: str = "/") -> "Visitor":
        """From the first page by its button, as a person would; or where `at` leads."""
        self.page.goto(at)
        if at == "/":
            self.page.get_by_role("link", name="Sign in", exact=True).click()
        self.page.get_by_label("Email").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        return self

    def open(self, address: str) -> "Visitor":
        """Goes there, and waits until all figures have come."""
        self.page.goto(address)
        self.sees_everything()
        return self

    def sees_everything(self) -> None:
        """The dashboard is complete."""
        expect(self.page.locator("main.dashboard")).to_have_attribute("data-complete", "true")
        expect(self.page.locator("#progress")).to_be_hidden()

    def sees(self, text: str) -> None:
        """Waits for a text that a person can read."""
        expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible()

    def look(self, name: str, *, phone: bool = True) -> None:
        """See looks.py."""
        looks.assert_well_made(self.page, name, phone=phone)

    def leave(self) -> None:
        """Closes the browser. AssertionError with what went wrong behind the pages."""
        self.context.close()
        assert not self.troubles, "\n".join(self.troubles)


NewVisitor = Callable[..., Visitor]
