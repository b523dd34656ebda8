"""Google's pages, as a person clicks through them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from playwright.sync_api import Page, expect

AT_GOOGLE = re.compile(r"^http://127\.0\.0\.1:")
ANSWERS = {"accept": "I Accept", "decline": "I Do Not Accept"}


class GooglePages:
    """What one browser does there."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def sign_in(self, email: str) -> None:
        """By the address; somebody whom nobody knows yet becomes a new person."""
        expect(self.page).to_have_url(AT_GOOGLE)
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_role("button", name="Next").click()

    def consent(self, *, without: Iterable[str] = ()) -> None:
        """Allows what is asked, but for the boxes named."""
        expect(self.page).to_have_url(re.compile("/signin/oauth/consent"))
        for box in self.page.get_by_role("checkbox").all():
            box.check()
        for name in without:
            self.page.get_by_role("checkbox", name=name).uncheck()
        self.page.get_by_role("button", name="Continue").click()

    def deny(self) -> None:
        """Goes back without allowing anything."""
        expect(self.page).to_have_url(re.compile("/signin/oauth/consent"))
        self.page.get_by_role("link", name="Cancel").click()

    def answer(self, words: str = "I Accept") -> None:
        """Answers Google's terms, by what a button says."""
        expect(self.page.get_by_role("heading", name=re.compile("Terms of Service"))).to_be_visible()
        button = self.page.get_by_role("button", name=words, exact=True)
        if not button.is_visible():
            self.page.locator("summary").click()
        button.click()
