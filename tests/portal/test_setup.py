"""The Google set-up page: what it finds, in which words, and to whom it is open."""

import datetime
import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from accounts import mails
from accounts.models import User
from accounts.tenancy import all_tenants
from portal import heartbeat
from portal.models import Heartbeat
from portal.setup import google as at_google
from portal.setup import machine
from portal.setup.looking import Item, Mark
from portal.setup.redirects import redirects
from provisioning import flows
from provisioning.models import Credential
from tests import factories
from tests.conftest import Cast
from tests.google import Google
from tests.provisioning.granting import granted
from tests.provisioning.journey import travelling

PAGE, TEST_MAIL = "/admin/google/", "/admin/google/test-mail/"
WEB, DESKTOP = "Client of the kind “Web application”", "Client of the kind “Desktop app”"
ROBOT = "Service account"
ADMIN, DATA = "Google Analytics Admin API", "Google Analytics Data API"
ROBOTS, CLIENTS = "in the service account's project", "in the client's project"
KNOWN = "Google knows the client ID and takes its secret."


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def found() -> dict[str, Item]:
    with all_tenants(reason="a test looks"):
        return {item.name: item for item in at_google.items()}


def here() -> dict[str, Item]:
    with all_tenants(reason="a test looks"):
        return {item.name: item for item in machine.items()}


def said(item: Item) -> tuple[Mark, str]:
    return item.mark, item.words


@pytest.fixture
def robot(google: Google, db: None) -> Credential:
    with all_tenants(reason="a test's set-up"):
        return flows.add_service_account(key=google.key("310000001"))


# Who


def test_staff_and_owner_read_it_and_nobody_else(cast: Cast, google: Google):
    answers = {
        name: signed_in(getattr(cast, name)).get(PAGE, follow=True).status_code
        for name in ("olivia", "dana", "alice", "bob")
    }
    assert answers == {"olivia": 200, "dana": 200, "alice": 403, "bob": 403}
    assert Client().get(PAGE).status_code == 302


def test_it_only_reads_and_the_mail_takes_a_post(cast: Cast, google: Google):
    owner = signed_in(cast.olivia)
    assert {owner.post(PAGE).status_code, owner.get(TEST_MAIL).status_code} == {405}
    assert signed_in(cast.alice).post(TEST_MAIL, follow=True).status_code == 403
    assert mail.outbox == []


def test_it_shows_staff_nothing_of_other_clients_and_no_secret(cast: Cast, google: Google, robot, settings):
    granted("rita@rival.example", cast.other)
    page = signed_in(cast.dana).get(PAGE).content.decode()
    assert [each for each in ("rival", "marked", settings.GOOGLE_CLIENT_SECRET) if each in page] == []


def test_the_index_leads_there(cast: Cast):
    assert f'href="{PAGE}"' in signed_in(cast.dana).get("/admin/").content.decode()


# At Google


@pytest.mark.usefixtures("robot")
def test_what_is_right_is_ticked_off(google: Google):
    items = found()
    assert said(items[WEB]) == (Mark.DONE, KNOWN)
    assert said(items[ROBOT]) == (Mark.DONE, "robot@demo.iam.gserviceaccount.com signs in.")
    for name in (ADMIN, DATA):
        assert said(items[f"{name}, {ROBOTS}"]) == (Mark.DONE, "It is enabled and answers.")


def test_a_wrong_secret_and_an_unknown_id_are_told_apart(google: Google, settings, db):
    settings.GOOGLE_CLIENT_SECRET = "another"
    secret = found()[WEB]
    settings.GOOGLE_CLIENT_ID = "nobody.apps.googleusercontent.com"
    unknown = found()[WEB]
    assert (secret.mark, unknown.mark) == (Mark.WRONG, Mark.WRONG)
    assert secret.words.startswith("Google refuses this portal's client secret.")
    assert unknown.words.startswith("Google knows no OAuth client of this portal's client ID.")


def test_without_clients_it_says_what_does_without(google: Google, settings, db):
    settings.GOOGLE_CLIENT_ID = settings.GOOGLE_DESKTOP_CLIENT_ID = ""
    items = found()
    assert {name: items[name].mark for name in (WEB, DESKTOP)} == {WEB: Mark.TODO, DESKTOP: Mark.TODO}
    assert google.requests("/token") == []


def test_the_desktop_client_is_asked_about_by_its_own_secret(google: Google, settings, db):
    settings.GOOGLE_DESKTOP_CLIENT_ID = "belvedere-desktop.apps.googleusercontent.com"
    settings.GOOGLE_DESKTOP_CLIENT_SECRET = "sandbox-desktop-secret"
    assert said(found()[DESKTOP]) == (Mark.DONE, KNOWN)


@pytest.mark.usefixtures("robot")
@pytest.mark.parametrize(
    ("path", "broken", "whole"), [("accountSummaries", ADMIN, DATA), ("metadata", DATA, ADMIN)]
)
def test_an_api_that_is_off_is_told_apart_from_the_other(google: Google, path: str, broken: str, whole: str):
    google.fail(path, status=403, reason="SERVICE_DISABLED")
    items = found()
    assert items[f"{broken}, {ROBOTS}"].mark is Mark.WRONG
    assert items[f"{broken}, {ROBOTS}"].words.startswith("The Google Analytics API is not enabled")
    assert items[f"{whole}, {ROBOTS}"].mark is Mark.DONE


def test_without_a_service_account_its_apis_are_not_tried(google: Google, db):
    items = found()
    assert items[ROBOT].mark is Mark.TODO
    assert said(items[f"{ADMIN}, {ROBOTS}"]) == (
        Mark.UNKNOWN,
        "Not tried before what stands above is right.",
    )


def test_a_service_account_that_google_refuses_is_wrong(google: Google, robot: Credential):
    google.control("POST", "revoke", {"email": robot.email})
    item = found()[ROBOT]
    assert (item.mark, bool(item.detail)) == (Mark.WRONG, True)


def test_the_clients_project_is_asked_with_a_google_account_that_was_connected(
    google: Google, cast: Cast, robot
):
    assert found()[f"{ADMIN}, {CLIENTS}"].mark is Mark.UNKNOWN
    with travelling(google, cast.alice) as journey:
        journey.whole()
    items = found()
    assert [items[f"{name}, {CLIENTS}"].mark for name in (ADMIN, DATA)] == [Mark.DONE, Mark.DONE]
    assert items["Consent screen"].mark is Mark.DONE


def test_the_old_api_is_looked_at_where_it_is_chosen(google: Google, cast: Cast, settings):
    name = f"Google Analytics API (v3), {CLIENTS}"
    assert name not in found()
    settings.PROVISIONING_API = "v3"
    assert found()[name].mark is Mark.UNKNOWN


def test_testing_is_said_once_google_names_an_end(google: Google, cast: Cast):
    granted("nina@acme.example", cast.tenant, ends=timezone.now() + datetime.timedelta(days=7))
    item = found()["Consent screen"]
    assert (item.mark, item.words.startswith("It is in Testing: the last consent ends on ")) == (
        Mark.WRONG,
        True,
    )


def test_when_google_is_away_every_line_says_so_and_the_page_stands(cast: Cast):
    answer = signed_in(cast.olivia).get(PAGE)
    assert answer.status_code == 200
    assert "Google could not be reached in time." in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "mark"), [("http://localhost:8000", Mark.DONE), ("http://portal.example", Mark.WRONG)]
)
def test_the_portals_own_address_is_judged(google: Google, settings, db, address: str, mark: Mark):
    settings.BASE_URL = address
    assert found()["The portal's address"].mark is mark


# Redirect addresses


def test_redirect_addresses_are_printed_to_the_letter(cast: Cast, google: Google, settings):
    settings.BASE_URL = "https://portal.example"
    page = signed_in(cast.olivia).get(PAGE, secure=True).content.decode()
    assert re.findall(r'<code class="copy"[^>]*>([^<]+)</code>', page) == [
        "https://portal.example/provisioning/oauth/callback",
        "https://portal.example/provisioning/tos/callback",
        "https://portal.example/accounts/google/login/callback/",
    ]


def test_that_google_used_one_is_the_proof_that_it_is_registered(google: Google, cast: Cast, robot):
    assert [each.last_used for each in redirects()] == [None, None, None]
    with travelling(google, cast.alice) as journey:
        journey.whole()
    assert [each.last_used is not None for each in redirects()] == [True, True, False]


# On this server


def test_tick_and_worker_are_missed_until_they_run(db):
    items = here()
    assert (items["Regular jobs (tick)"].mark, items["Worker"].mark) == (Mark.TODO, Mark.TODO)
    heartbeat.note_tick()
    assert said(here()["Regular jobs (tick)"]) == (Mark.DONE, "They run.")


def test_a_tick_that_stopped_is_wrong(db):
    long_ago = timezone.now() - datetime.timedelta(hours=2)
    Heartbeat.objects.create(name=heartbeat.TICK, at=long_ago)
    assert said(here()["Regular jobs (tick)"]) == (
        Mark.WRONG,
        "They last ran 2\xa0hours ago. Start them again: manage.py tick --loop",
    )


@pytest.mark.parametrize(
    ("minutes", "mark", "words"),
    [
        (1, Mark.DONE, "It works. 1 task waits."),
        (120, Mark.WRONG,
         "It last did something 2\xa0hours ago. Start it again: manage.py db_worker. 1 task waits."),
    ],
)  # fmt: skip
def test_the_worker_is_judged_by_what_it_last_did(db, monkeypatch, minutes: int, mark: Mark, words: str):
    at = timezone.now() - datetime.timedelta(minutes=minutes)
    monkeypatch.setattr(heartbeat, "last_task", lambda: at)
    monkeypatch.setattr(heartbeat, "waiting", lambda: 1)
    assert said(here()["Worker"]) == (mark, words)


def test_a_secret_that_no_key_opens_is_counted(cast: Cast, settings):
    granted("nina@acme.example", cast.tenant)
    assert said(here()["Encryption keys"]) == (Mark.DONE, "The one stored secret opens.")
    settings.PORTAL_ENCRYPTION_KEYS = {"another": b"1" * 32}
    assert here()["Encryption keys"].mark is Mark.WRONG
    factories.CredentialFactory(name="empty")
    assert here()["Encryption keys"].words.startswith("1 stored secret of 1 cannot be opened")


@pytest.mark.parametrize(
    ("backend", "mark"), [("console", Mark.TODO), ("filebased", Mark.UNKNOWN), ("smtp", Mark.WRONG)]
)
def test_mail_is_judged_by_where_it_goes(db, settings, backend: str, mark: Mark):
    settings.DELIVERY_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    assert here()["Mail"].mark is mark


def test_a_test_mail_goes_to_whoever_asks(cast: Cast, google: Google):
    answer = signed_in(cast.dana).post(TEST_MAIL, follow=True)
    assert [str(each) for each in answer.context["messages"]] == [
        "A test mail went to dana@northlight.example."
    ]
    assert [(each.to, each.subject) for each in mail.outbox] == [
        (["dana@northlight.example"], "Northlight: a test mail")
    ]


def test_a_mail_server_that_does_not_answer_is_said(cast: Cast, google: Google, settings):
    settings.DELIVERY_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    answer = signed_in(cast.dana).post(TEST_MAIL, follow=True)
    assert [str(each) for each in answer.context["messages"]] == [str(mails.WAITS)]
