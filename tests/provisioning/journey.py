"""A customer's way through the portal and Google, without a browser: pages asked for, forms sent."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.tenancy import all_tenants
from provisioning.models import ProvisioningRequest
from tests.consenting import Visitor, parameters
from tests.google import Google

NINA = "nina@bluebell-bakery.example"
MARCO = "marco@harbour-books.example"
DETAILS = {
    "account_name": "Bluebell Bakery",
    "property_name": "Bluebell shop",
    "website": "bluebell-bakery.example",
    "view_name": "The shop",
    "time_zone": "Europe/London",
    "currency": "GBP",
    "country": "GB",
    "industry": "FOOD_AND_DRINK",
}


class Journey:
    """One person's browser: its cookies here and at Google, and the request that it is about."""

    def __init__(self, google: Google, visitor: Visitor, user: User | None, email: str = NINA) -> None:
        self.google = google
        self.visitor = visitor
        self.email = email
        self.client = Client()
        self.at = ""
        if user:
            self.client.force_login(user)

    # Here

    def start(self, way: str = "details_first", query: str = "", **form: str) -> Journey:
        """Chooses a way; `at` is then the address that it led to."""
        answer = self.client.post(f"/provisioning/{query}", {"way": way, **form})
        self.at = answer.headers["Location"]
        return self

    @property
    def pk(self) -> str:
        """The request's id, from the address."""
        found = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", self.at)
        assert found, self.at
        return found.group()

    def row(self) -> ProvisioningRequest:
        """The request as it stands in the database."""
        with all_tenants(reason="a test looks"):
            return ProvisioningRequest.objects.select_related("grant", "tenant").get(pk=self.pk)

    def history(self) -> list[tuple[str, str]]:
        """Its states and codes, in order."""
        with all_tenants(reason="a test looks"):
            return list(self.row().events.values_list("state", "code"))

    def page(self) -> str:
        """The request's page, in words."""
        return self.client.get(f"/provisioning/{self.pk}/").content.decode()

    def heading(self) -> str:
        """What it says first."""
        return html.unescape(re.search(r"<h1>(.*?)</h1>", self.page()).group(1))  # type: ignore[union-attr]

    def do(self, action: str, form: dict[str, str] | None = None) -> Any:
        """Sends one of the request's forms; the answer."""
        return self.client.post(reverse(f"provisioning:{action}", args=[self.pk]), form or {})

    def tell(self, **changed: str) -> str:
        """Fills in the form; Google's address that it leads to."""
        return leads_to(self.do("details", DETAILS | changed))

    # At Google

    def consent(self, address: str, **more: Any) -> Any:
        """From Google's consent back to the portal; the portal's answer."""
        return self.back(self.visitor.consent(address, more.pop("email", self.email), **more))

    def terms(self, address: str, how: str = "accept") -> str:
        """Answers Google's terms; the address that it leads back to, empty where it leads nowhere."""
        ticket = urlsplit(address).fragment.rpartition("/")[2]
        form = {"ticket": ticket, "authuser": self.email, "answer": how}
        answer = self.visitor.session.post(
            f"{self.google.url}/analytics/web/terms", data=form, allow_redirects=False, timeout=10
        )
        return answer.headers.get("Location", "")

    def back(self, address: str) -> Any:
        """Follows Google's way back to the portal."""
        parts = urlsplit(address)
        return self.client.get(parts.path, parameters(address))

    def until_terms(self) -> str:
        """Form and consent, with every box ticked; the address of Google's terms."""
        return leads_to(self.consent(self.tell()))

    def whole(self) -> Journey:
        """The whole way, nothing going wrong."""
        self.start()
        self.back(self.terms(self.until_terms()))
        return self


@contextmanager
def travelling(google: Google, user: User | None = None, email: str = NINA) -> Iterator[Journey]:
    """A journey, and its end."""
    visitor = Visitor(google.url)
    try:
        yield Journey(google, visitor, user, email)
    finally:
        visitor.close()


def leads_to(answer: Any) -> str:
    """Where the page that goes on to Google goes on to."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.content.decode())
    assert found, (answer.status_code, answer.headers.get("Location"), answer.content[:500])
    return html.unescape(found.group(1))
