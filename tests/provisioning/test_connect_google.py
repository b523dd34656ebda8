"""`manage.py connect_google`: a Google account connected from the command line, by loopback or by pasting."""

from __future__ import annotations

import os
import queue
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from django.core.management import CommandError, call_command

from accounts.tenancy import all_tenants
from provisioning import credentials
from provisioning.doctor import recorded
from provisioning.loopback import Loopback
from provisioning.management.commands import connect_google
from provisioning.models import Consent, Credential
from tests.conftest import Cast
from tests.consenting import parameters
from tests.google import DESKTOP_CLIENT_ID, Google

LENA = "lena@harbour-books.example"


class Terminal:
    """What the command writes, as it comes, and a person who does something once the address is there."""

    def __init__(self, act: Callable[[str], None]) -> None:
        self.act, self.text = act, ""
        self.lines: queue.Queue[str] = queue.Queue()

    def write(self, text: str) -> None:
        self.text += text
        self.lines.put(text)

    def flush(self) -> None:
        pass

    def _person(self) -> None:
        while not (found := re.search(r"http://\S+auth\?\S+", self.lines.get(timeout=20))):
            pass
        self.act(found.group())

    def run(self, **options: str | None) -> str:
        with ThreadPoolExecutor(max_workers=1) as pool:
            person = pool.submit(self._person)
            call_command("connect_google", stdout=self, stderr=self, **{"tenant": "acme", **options})
            person.result(timeout=20)
        return self.text


@pytest.fixture
def lena(google: Google, cast: Cast) -> str:
    return google.person(LENA, "330000001", "330000002")


@pytest.fixture
def pasting(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The end that a person types into."""
    read, write = os.pipe()
    monkeypatch.setattr(connect_google, "_typed", lambda: read)
    yield write
    os.close(read)
    os.close(write)


def consents() -> list[Consent]:
    with all_tenants(reason="a test looks"):
        return list(Consent.objects.select_related("credential"))


def stored() -> list[Credential]:
    with all_tenants(reason="a test looks"):
        return list(Credential.objects.filter(kind="grant").select_related("tenant"))


def test_the_browser_on_this_machine_is_enough(google, lena):
    pages = []

    def browse(address: str) -> None:
        back = google.consent(address, LENA)
        pages.append(requests.get(back.replace("?", "/favicon.ico?no", 1), timeout=5).status_code)
        pages.append(requests.get(back, timeout=5).text)

    said = Terminal(browse).run()
    assert f"{LENA} is connected.\nIt reads 2 properties.\n" in said
    assert pages == [
        404,
        "Thank you. The rest is on the server's command line; you can close this page.",
    ]
    (grant,) = stored()
    assert (grant.tenant.slug, grant.email, grant.client_id) == ("acme", LENA, DESKTOP_CLIENT_ID)
    with all_tenants(reason="a test looks"):
        credentials.forget_access_token(grant)
        assert credentials.access_token(grant)  # refreshed as the desktop's client


def test_the_address_asks_for_reading_with_pkce_on_a_loopback_port(google, lena):
    asked = {}

    def browse(address: str) -> None:
        asked.update(parameters(address))
        requests.get(google.consent(address, LENA), timeout=5)

    Terminal(browse).run()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", asked["redirect_uri"])
    assert (asked["code_challenge_method"], asked["access_type"]) == ("S256", "offline")
    assert "analytics.readonly" in asked["scope"]
    assert "edit" not in asked["scope"]


def test_the_address_may_be_pasted_back(google, lena, pasting):
    def paste(address: str) -> None:
        os.write(pasting, b"what now?\n")
        os.write(pasting, f"  {google.consent(address, LENA)}\n".encode())

    said = Terminal(paste).run()
    assert "That is not the address that Google sent the browser to just now." in said
    assert f"{LENA} is connected." in said
    assert [each.email for each in stored()] == [LENA]


def test_a_return_of_another_try_is_not_taken(google, lena):
    pages = []

    def browse(address: str) -> None:
        back = google.consent(address, LENA)
        forged = re.sub(r"state=[^&]+", "state=forged", back)
        pages.append(requests.get(forged, timeout=5).text)
        requests.get(back, timeout=5)

    Terminal(browse).run()
    assert pages == ["This page belongs to another try. Open the address that the command line shows now."]
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"deny": True}, "It was not allowed at Google. Nothing was stored."),
        (
            {"refuse": ["analytics.readonly"]},
            "The box for seeing Analytics data was left empty at Google. Tick it, and try again.",
        ),
    ],
)
def test_what_was_not_allowed_is_said_and_nothing_is_stored(google, lena, how, said):
    def browse(address: str) -> None:
        requests.get(google.consent(address, LENA, **how), timeout=5)

    with pytest.raises(CommandError, match=re.escape(said)):
        Terminal(browse).run()
    assert stored() == []
    (kept,) = consents()
    denied = {"error": "access_denied"} if how.get("deny") else {}
    assert {name: kept.returned[name] for name in denied} == denied
    assert (kept.used_at is None, kept.credential, bool(kept.exchanged)) == (False, None, not denied)


def test_the_doctor_shows_how_it_went_masked(google, lena):
    came = {}

    def browse(address: str) -> None:
        back = google.consent(address, LENA)
        came.update(parameters(back))
        requests.get(back, timeout=5)

    Terminal(browse).run()
    (grant,) = stored()
    with all_tenants(reason="a test looks"):
        (one,) = recorded.of_grant(grant)
    shown = f"{one.address} {one.returned} {one.exchanged}"
    assert (one.words, one.remarks) == ("They came back, and Google gave a refresh token.", ())
    assert (DESKTOP_CLIENT_ID in one.address, len(one.exchanged)) == (True, 1)
    assert [name for name in ("state", "code") if came[name] in shown] == []


def test_a_second_time_renews(google, lena):
    def browse(address: str) -> None:
        requests.get(google.consent(address, LENA), timeout=5)

    Terminal(browse).run()
    first = stored()[0].pk
    Terminal(browse).run()
    assert [each.pk for each in stored()] == [first]


def test_without_a_client_it_is_the_agencys_own(google, lena):
    def browse(address: str) -> None:
        requests.get(google.consent(address, LENA), timeout=5)

    Terminal(browse).run(tenant=None)
    assert [each.tenant for each in stored()] == [None]


def test_google_down_is_said(google, lena):
    def browse(address: str) -> None:
        back = google.consent(address, LENA)
        google.fail("^/token", status=503)
        requests.get(back, timeout=5)

    with pytest.raises(CommandError, match="Google Analytics has a fault of its own at the moment"):
        Terminal(browse).run()
    assert stored() == []


def test_ctrl_c_stops_cleanly(lena, monkeypatch):
    def stopped(self, typed, complain):
        raise KeyboardInterrupt

    monkeypatch.setattr(Loopback, "wait", stopped)
    with pytest.raises(CommandError, match="Stopped. Nothing was stored.") as caught:
        call_command("connect_google", tenant="acme")
    assert caught.value.returncode == 130


def test_the_end_of_what_is_typed_is_not_the_end(google, lena, monkeypatch):
    """Under a service manager, or with input from /dev/null."""
    read, write = os.pipe()
    os.close(write)
    monkeypatch.setattr(connect_google, "_typed", lambda: read)

    def browse(address: str) -> None:
        requests.get(google.consent(address, LENA), timeout=5)

    assert "is connected" in Terminal(browse).run()
    os.close(read)


def test_without_a_desktop_client_the_setting_is_named(cast, settings):
    settings.GOOGLE_DESKTOP_CLIENT_ID = ""
    with pytest.raises(CommandError, match="GOOGLE_DESKTOP_CLIENT_ID is not set"):
        call_command("connect_google", tenant="acme")


def test_an_unknown_client_is_named(google, db):
    with pytest.raises(CommandError, match="There is no client with the address “nobody”"):
        call_command("connect_google", tenant="nobody")
