"""A person sets up a second step and signs in with it: an authenticator app, and a passkey of Chromium's."""

import base64
import hmac
import re
import struct
import time

from playwright.sync_api import expect

from tests.browser.visitor import NewVisitor, Visitor
from tests.browser.waiting import until
from tests.installation import Installation

SECURITY = "/accounts/security/"
PERIOD = 30  # seconds that a code of an app is good


def code_of(secret: str, periods: int) -> str:
    """What an app shows, some periods from now. https://www.rfc-editor.org/rfc/rfc6238"""
    counter = int(time.time()) // PERIOD + periods
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", counter), "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def newcomer(site: Installation, visitor: NewVisitor, email: str) -> Visitor:
    """Somebody of their own for a test: who has a second step signs in differently from then on."""
    site.add_person(email, "owner", "osteria")
    return visitor(email)


def test_an_app_is_set_up_and_asked_for(visitor: NewVisitor, site: Installation):
    pia = newcomer(site, visitor, "pia@osteria.example")
    pia.page.locator(".person summary").click()
    pia.page.get_by_role("link", name="Sign-in and security").click()
    pia.sees("Where you are signed in")
    pia.look("security")
    pia.page.get_by_role("link", name="Set up", exact=True).click()
    drawn = "() => document.querySelector('img.qr').naturalWidth > 0"
    until(pia.page, drawn)
    pia.look("second-step-app")
    secret = pia.page.locator(".hush code").inner_text()
    pia.page.get_by_label("code").fill(code_of(secret, -1))
    pia.page.get_by_role("button", name="Set it up").click()
    pia.sees("Keep these recovery codes")
    pia.look("second-step-codes")
    spare = pia.page.locator(".codes li").first.inner_text()
    pia.page.get_by_role("link", name="I have them").click()
    pia.sees("10 are left")
    pia.look("security-with-app")

    elsewhere = visitor().sign_in("pia@osteria.example")
    elsewhere.sees("Enter the code of your authenticator app")
    elsewhere.look("second-step-asked")
    elsewhere.page.get_by_label("Code").fill("000000")
    elsewhere.page.get_by_role("button", name="Sign in", exact=True).click()
    elsewhere.sees("This code is not right")
    elsewhere.page.get_by_label("Code").fill(code_of(secret, 1))
    elsewhere.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(elsewhere.page.get_by_title("pia@osteria.example")).to_be_visible()

    lost = visitor().sign_in("pia@osteria.example")
    lost.page.get_by_label("Code").fill(spare)
    lost.page.get_by_role("button", name="Sign in", exact=True).click()
    expect(lost.page.get_by_title("pia@osteria.example")).to_be_visible()

    lost.page.goto(SECURITY)
    lost.sees("9 are left")
    lost.page.get_by_role("button", name="Sign out everywhere else").click()
    lost.sees("Signed out there.")
    pia.page.goto(SECURITY)
    expect(pia.page).to_have_url(re.compile("/accounts/login/"))


def test_a_passkey_signs_in_alone(visitor: NewVisitor, site: Installation):
    leo = newcomer(site, visitor, "leo@osteria.example")
    chromium = leo.context.new_cdp_session(leo.page)
    chromium.send("WebAuthn.enable")
    device = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
    }
    more = {"isUserVerified": True, "automaticPresenceSimulation": True}
    made = chromium.send("WebAuthn.addVirtualAuthenticator", {"options": device | more})
    leo.page.goto(SECURITY)
    leo.page.get_by_role("link", name="Add a passkey").click()
    leo.look("passkey-add")
    leo.page.get_by_label("Name").fill("My laptop")
    leo.page.get_by_role("button", name="Add it").click()
    leo.sees("Keep these recovery codes")
    leo.page.get_by_role("link", name="I have them").click()
    leo.sees("My laptop")
    leo.look("security-with-passkey")

    leo.page.locator(".person summary").click()
    leo.page.get_by_role("button", name="Sign out").click()
    leo.page.goto("/accounts/login/")
    leo.look("sign-in-with-passkey")
    leo.page.get_by_role("button", name="Sign in with a passkey").click()
    expect(leo.page.get_by_title("leo@osteria.example")).to_be_visible()

    chromium.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": made["authenticatorId"]})
    other = chromium.send("WebAuthn.addVirtualAuthenticator", {"options": device | more})
    leo.page.goto("/accounts/security/passkeys/reauthenticate/?next=/accounts/security/")
    leo.page.get_by_role("button", name="Use a passkey").click()  # of a device that has none of the portal's
    leo.sees("The passkey did not work.")
    leo.look("asked-again-by-passkey")
    chromium.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": other["authenticatorId"]})
