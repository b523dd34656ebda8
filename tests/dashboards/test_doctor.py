"""The doctor: each link broken in turn is the one that is named, the links after it are not tried."""

import io

import pytest
from django.core.management import CommandError, call_command

from accounts.tenancy import all_tenants, tenant_scope
from dashboards import doctor
from dashboards.models import Dashboard, View, Widget
from google_api.errors import ERRORS
from provisioning.doctor import Found
from provisioning.models import Credential
from tests import factories

ROBOT = "doctor@demo.iam.gserviceaccount.com"
OPENS, SIGNS_IN, CLOCK, ADMIN, PROPERTY, DATA, FILTER, OVERVIEW = LINKS = (
    "The encryption key opens the stored key",
    "The key signs in",
    "This server's clock is right",
    "The Admin API answers",
    "The property can be read",
    "The Data API reads figures",
    "The saved filter is accepted",
    "The dashboard “Overview” fits the property",
)


@pytest.fixture
def view(google, db):
    """A view whose key works and reads one property."""
    view = factories.ViewFactory(tenant__slug="acme", tenant__name="Acme", slug="site")
    factories.store_key(view.agency_credential, google.key("310000001", email=ROBOT))
    return view


def change(view, **values):
    with all_tenants(reason="a test's set-up"):
        View.objects.filter(pk=view.pk).update(**values)


def ask():
    """What the doctor says, and its last word; None when all is well."""
    out = io.StringIO()
    try:
        call_command("doctor", "acme/site", stdout=out)
    except CommandError as error:
        return out.getvalue().splitlines(), str(error)
    return out.getvalue().splitlines(), None


def found():
    """Each link's sign."""
    lines, last = ask()
    return {line[2:].partition(": ")[0]: line[0] for line in lines}, last


def signs(*broken, untried=()):
    return {link: "✗" if link in broken else "–" if link in untried else "✓" for link in LINKS}


def test_a_whole_chain(view):
    with tenant_scope({view.tenant_id}):
        steps = doctor.examine(View.objects.for_page().get())
    assert [(step.link, step.found) for step in steps] == [(link, Found.WHOLE) for link in LINKS]
    words = {step.link: step.words for step in steps}
    assert words[OPENS] == ROBOT
    assert words[ADMIN] == "It lists 1 property."
    assert words[PROPERTY] == "Osteria da Nino, Europe/Rome, EUR"
    assert words[FILTER] == "there is none"
    assert ask()[1] is None


def test_it_signs_in_afresh_and_shares_the_token(view, google):
    ask()
    ask()
    assert len(google.requests("/token")) == 2
    with all_tenants(reason="a test looks"):
        credential = Credential.objects.get()
    assert credential.sealed_access_token != ""
    assert credential.state == "works"


def test_widgets_of_the_same_dimensions_are_asked_about_together(view, google):
    ask()
    with all_tenants(reason="a test looks"):
        dimensions = {tuple(each.dimensions) for each in Widget.objects.filter(dashboard__slug="overview")}
    asked = [request["body"] for request in google.requests("checkCompatibility")]
    assert len(asked) == len(dimensions)


def test_nothing_secret_is_said(view):
    with all_tenants(reason="a test looks"):
        sealed = Credential.objects.get().sealed_secret
    lines, _ = ask()
    assert [word for word in ("PRIVATE KEY", "ya29", sealed) if word in "\n".join(lines)] == []


def test_a_key_that_cannot_be_opened(view):
    with all_tenants(reason="a test's set-up"):
        Credential.objects.update(sealed_secret="v1:gone:AAAA")
    said, last = found()
    assert said == signs(OPENS, untried=LINKS[1:])
    assert last == (
        f"{OPENS}: {ERRORS['secret_unreadable'].sentence} (the key 'gone' is not in PORTAL_ENCRYPTION_KEYS)"
    )


def test_a_key_that_google_refuses(view, google):
    google.control("POST", "revoke", {"email": ROBOT})
    said, last = found()
    assert said == signs(SIGNS_IN, untried=LINKS[3:])
    assert last.startswith(f"{SIGNS_IN}: {ERRORS['key_refused'].sentence} (400 invalid_grant")
    with all_tenants(reason="a test looks"):
        assert Credential.objects.get().state == "refused"


def test_google_not_to_be_reached(view, settings):
    settings.GOOGLE_TOKEN_URI = "http://127.0.0.1:9/token"
    said, last = found()
    assert said == signs(SIGNS_IN, untried=LINKS[2:])
    assert last.startswith(f"{SIGNS_IN}: {ERRORS['unreachable'].sentence} (")


def test_an_admin_api_that_is_not_enabled_hides_no_other_link(view, google):
    google.fail("accountSummaries", status=403, reason="SERVICE_DISABLED")
    said, last = found()
    assert said == signs(ADMIN, untried=(PROPERTY,))
    assert last.startswith(
        f"{ADMIN}: {ERRORS['api_disabled'].sentence} https://console.developers.google.com/"
    )


def test_a_property_that_the_account_may_not_read(view, google):
    change(view, property_id="310000002")
    said, last = found()
    assert said == signs(PROPERTY, DATA, untried=(FILTER, OVERVIEW))
    assert last.startswith(f"{PROPERTY}: {ERRORS['property_forbidden'].sentence} (403")


def test_a_property_in_the_trash(view, google):
    google.control("POST", "trash", {"property": "310000001"})
    said, last = found()
    assert last == f"{PROPERTY}: {ERRORS['not_found'].sentence} (the property is in Google's trash)"
    assert said[PROPERTY] == "✗"


@pytest.mark.parametrize(
    ("values", "stored"),
    [({"time_zone": "Europe/Paris"}, "Europe/Paris, EUR"), ({"currency": "USD"}, "Europe/Rome, USD")],
)
def test_zone_and_currency_that_differ_from_googles(view, values, stored):
    change(view, **values)
    said, last = found()
    assert said == signs(PROPERTY)
    assert last == (
        f"{PROPERTY}: The view is set to {stored}, the property to Europe/Rome, EUR: save it anew or load it "
        "again."
    )


def test_a_data_api_that_is_not_enabled(view, google):
    google.fail(":runReport", status=403, reason="SERVICE_DISABLED")
    said, last = found()
    assert said == signs(DATA, untried=(FILTER, OVERVIEW))
    assert last.startswith(f"{DATA}: {ERRORS['api_disabled'].sentence}")


def test_a_filter_that_google_refuses(view):
    change(view, filter="customEvent:colour==red")
    said, last = found()
    assert said == signs(FILTER, untried=(OVERVIEW,))
    assert last.startswith(f"{FILTER}: {ERRORS['unknown_field'].sentence} (customEvent:colour) (400")


def test_a_filter_that_can_no_longer_be_read(view):
    change(view, filter="country")
    said, last = found()
    assert said == signs(FILTER, untried=(OVERVIEW,))
    assert last.startswith(f"{FILTER}: “country” is not a condition; ")


def test_a_filter_that_works_says_how_much_it_leaves(view):
    change(view, filter="country==Italy")
    lines, last = ask()
    assert last is None
    assert lines[6].startswith(f"✓ {FILTER}: country==Italy: ")


def test_a_widget_that_the_property_does_not_know(view):
    with all_tenants(reason="a test's set-up"):
        dashboard = Dashboard.objects.get(slug="overview")
        for position, title, dimension in ((90, "Colours", "colour"), (91, "Bought", "itemName")):
            Widget.objects.create(
                dashboard=dashboard,
                position=position,
                title=title,
                kind="table",
                metrics=["sessions"],
                dimensions=[dimension],
            )
    said, last = found()
    assert said == signs(OVERVIEW)
    assert last == (
        f"{OVERVIEW}: Colours: {ERRORS['unknown_field'].sentence} (colour) "
        f"Bought: {ERRORS['incompatible_fields'].sentence} (itemName)"
    )


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("gone/site", "There is no client with the address “gone”."),
        ("acme/gone", "Acme has no view with the address “gone”."),
        ("acme", "Acme has no view with the address “”."),
    ],
)
def test_a_view_that_is_not_there(view, asked, sentence):
    with pytest.raises(CommandError) as error:
        call_command("doctor", asked)
    assert (str(error.value), error.value.returncode) == (sentence, 1)
