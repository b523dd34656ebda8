"""Which settings `manage.py check` refuses, because Google would."""

import pytest

from provisioning import base_address
from provisioning.base_address import BARE_IP, PLAIN
from provisioning.checks import google_settings

ID = "123-abc.apps.googleusercontent.com"


def found() -> list[str | None]:
    return [each.id for each in google_settings(None)]


@pytest.fixture(autouse=True)
def _right(settings):
    settings.BASE_URL = "https://portal.example"
    settings.GOOGLE_CLIENT_ID = ID
    settings.GOOGLE_DESKTOP_CLIENT_ID = ""
    settings.PROVISIONING_API = "admin"


@pytest.mark.parametrize(
    ("address", "trouble"),
    [
        ("https://portal.example", ""),
        ("http://localhost:8000", ""),
        ("http://127.0.0.1:8000", ""),
        ("http://[::1]:8000", ""),
        ("http://portal.example", PLAIN),
        ("http://localhost.portal.example", PLAIN),
        ("http://10.0.0.7", BARE_IP),
        ("https://203.0.113.9", BARE_IP),
        ("https://[2001:db8::1]", BARE_IP),
    ],
)
def test_google_takes_https_names_and_this_machine(address, trouble):
    assert base_address.trouble_with(address) == trouble


def test_good_settings_are_clean():
    assert found() == []


@pytest.mark.parametrize(
    ("address", "expected"), [("http://portal.example", "E001"), ("https://203.0.113.9", "E002")]
)
def test_an_address_that_google_refuses_fails_once_people_are_sent_there(settings, address, expected):
    settings.BASE_URL = address
    assert found() == [f"provisioning.{expected}"]
    assert [each.level for each in google_settings(None)] == [40]
    settings.GOOGLE_CLIENT_ID = ""
    assert found() == []


def test_the_old_api_warns_that_it_makes_no_ga4_property(settings):
    settings.PROVISIONING_API = "v3"
    (warning,) = google_settings(None)
    assert (warning.id, warning.level) == ("provisioning.W001", 30)
    assert "no GA4 property" in warning.msg


@pytest.mark.parametrize("name", ["GOOGLE_CLIENT_ID", "GOOGLE_DESKTOP_CLIENT_ID"])
def test_what_is_no_client_id_is_said_by_name(settings, name):
    setattr(settings, name, "My portal")
    (warning,) = google_settings(None)
    assert (warning.id, warning.msg.startswith(name)) == ("provisioning.W002", True)


def test_one_client_for_both_kinds_is_said(settings):
    settings.GOOGLE_DESKTOP_CLIENT_ID = ID
    assert found() == ["provisioning.W003"]
