"""The agency owner's way: from a new client and a key to that client's people reading their figures."""

import json
import re
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.browser.visitor import NewVisitor, Visitor
from tests.installation import ROBOT, Installation, fetch

OLIVIA = "olivia@northlight.example"
ATELIER = "atelier@demo.iam.gserviceaccount.com"
NEW_PASSWORD = "a password of my own"


def key_file(site: Installation, email: str, *properties: str, p12: Path | None = None) -> FilePayload:
    """A new key as Google would download it."""
    also = ["--p12", str(p12)] if p12 else []
    made = site.sandbox("keygen", "--state", f"{site.folder}/google.sqlite3", "--email", email,
                        "--grant", ",".join(properties), *also)  # fmt: skip
    return {"name": "key.json", "mimeType": "application/json", "buffer": made.encode()}


def follow(page: Page, *links: str) -> None:
    """From the admin's first page through links by their names."""
    page.goto("/admin/")
    for name in links:
        page.locator("#content").get_by_role("link", name=name, exact=True).first.click()


def fill(page: Page, **fields: str) -> None:
    """Types into fields by the beginnings of their labels, as in `Name` or `E_mail`; `_` is any character."""
    for label, text in fields.items():
        field = page.get_by_label(re.compile("^" + label.replace("_", ".")))
        field.fill("")
        field.press_sequentially(text)


def row(page: Page, text: str) -> dict[str, str]:
    """The table row that holds a text, by the columns' names."""
    table = page.locator("#content table", has_text=text).first
    cells = table.locator("tbody tr", has_text=text).first.locator("th, td")
    names, values = table.locator("thead th").all_text_contents(), cells.all_text_contents()
    return {_plain(name): _plain(value) for name, value in zip(names, values, strict=True)}


def _plain(text: str) -> str:
    return " ".join(text.split())


def pick(page: Page, label: str, name: str) -> None:
    """Chooses one of many, by typing a part of its name."""
    open_choice(page, label)
    page.locator(".select2-search__field").fill(name[:5])
    page.get_by_role("option", name=name).click()


def open_choice(page: Page, label: str) -> None:
    """Shows what a field offers. The admin's script puts it in the place of a plain one, which is hidden by
    that: whoever has taken hold of the plain one clicks in vain."""
    page.locator(".select2-selection").and_(page.get_by_role("combobox", name=label)).click()


def sees_in_red(visitor: Visitor, sentence: str) -> None:
    """An error that the page shows."""
    expect(visitor.page.locator(".errorlist, .messagelist .error").first).to_contain_text(sentence)


def link_in_mail(site: Installation, to: str) -> str:
    """The link of the last mail to somebody, as plain text shows it."""
    files = sorted((site.folder / "mail").iterdir())
    mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
    body = [mail for mail in mails if mail["To"] == to][-1].get_body(["plain"])
    assert body
    return re.findall(rf"{re.escape(site.url)}/\S+", body.get_content())[0]


def test_the_admin_has_the_same_door(visitor: NewVisitor):
    olivia = visitor()
    olivia.page.goto("/admin/")
    expect(olivia.page).to_have_url(f"{olivia.url}/accounts/login/?next=%2Fadmin%2F")
    olivia.sign_in(OLIVIA, at=olivia.page.url)
    expect(olivia.page).to_have_url(f"{olivia.url}/admin/")
    olivia.sees("Northlight: clients, views and people")
    olivia.look("admin", phone=False)


def test_from_a_new_client_to_its_first_reader(visitor: NewVisitor, site: Installation):
    olivia = visitor(OLIVIA)
    page = olivia.page

    follow(page, "Clients", "Add client")
    fill(page, Name="Atelier Ode")
    expect(page.get_by_label(re.compile("^Address"))).to_have_value("atelier-ode")
    olivia.look("admin-client-add", phone=False)
    page.get_by_role("button", name="Save", exact=True).click()
    olivia.sees("The client “Atelier Ode” was added successfully.")
    client_page = page.url

    follow(page, "Service accounts", "Add service account")
    olivia.look("admin-key-add", phone=False)
    page.get_by_label("Key file").set_input_files(key_file(site, ATELIER, "310000004", "310000006"))
    page.get_by_label("Name").fill("Atelier robot")
    pick(page, "Client", "Atelier Ode")
    page.get_by_role("button", name="Sign in and save").click()
    olivia.sees("It signs in and reaches 2 properties.")
    reached = row(page, "310000004")
    name = reached["Property"]
    shown = [reached[column] for column in ("Account", "Property", "Number", "Time zone", "Currency")]
    assert shown == ["Marlow Cycles", "Kestrel Toys", "310000004", "America/New_York", "USD"]
    olivia.look("admin-key", phone=False)

    page.goto(client_page)
    olivia.look("admin-client", phone=False)
    page.get_by_role("link", name="Add a view").click()
    page.get_by_label("Search").fill("Atelier robot nonsense")
    page.get_by_role("button", name="Search").click()
    olivia.sees("No property matches.")
    page.get_by_label("Search").fill("310000004")
    page.get_by_role("button", name="Search").click()
    olivia.look("admin-choose", phone=False)
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_label(re.compile("^Name"))).to_have_value(name)
    page.locator("summary", has_text="As text").click()
    fill(page, Name="Mobile visitors", Filter="deviceCategory=mobile")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".errorlist").first).to_be_visible()
    expect(page.get_by_label(re.compile("^Filter"))).to_have_value("deviceCategory=mobile")
    olivia.look("admin-view-refused", phone=False)
    fill(page, Filter="deviceCategory==mobile")
    page.get_by_role("button", name="Save and continue editing").click()
    olivia.sees("was added successfully")
    page.get_by_role("button", name="Test connection").click()
    olivia.sees(re.compile(r"It works: [\d,]+ sessions yesterday\."))
    olivia.look("admin-view", phone=False)
    page.get_by_role("link", name="Open as client").click()
    olivia.sees_everything()
    olivia.sees("only deviceCategory==mobile")

    page.goto(client_page)
    page.get_by_role("link", name="Invite a person").click()
    fill(page, E_mail_address="colette@atelier.example")
    olivia.look("admin-invite", phone=False)
    page.get_by_role("button", name="Send the invitation").click()
    olivia.sees("colette@atelier.example")

    colette = visitor()
    colette.page.goto(link_in_mail(site, "colette@atelier.example"))
    colette.sees("You are invited to see how Atelier Ode is doing.")
    colette.look("invitation")
    fill(colette.page, Your_name="Colette", Choose_a_password=NEW_PASSWORD)
    colette.page.get_by_role("button", name="Accept and sign in").click()
    expect(colette.page).to_have_url(re.compile(r"/clients/atelier-ode/views/[\w-]+/$"))
    colette.sees_everything()
    expect(colette.page.locator("h1")).to_have_text(re.compile(r"^[\d,]+ visits, .+\.$"))
    colette.look("new-view")
    colette.page.locator("summary", has_text="Colette").click()
    colette.page.get_by_role("button", name="Sign out").click()
    colette.sign_in("colette@atelier.example", NEW_PASSWORD)
    colette.sees_everything()


def test_a_forgotten_password_is_chosen_anew_by_mail(visitor: NewVisitor, site: Installation):
    email = "forgetful@osteria.example"
    site.add_person(email, "viewer", "osteria")
    person = visitor()
    person.page.goto("/accounts/login/")
    person.page.get_by_role("link", name="Forgot your password?").click()
    person.look("forgot")
    person.page.get_by_label("Email").fill(email)
    person.page.locator("main button").click()
    person.sees("A mail is on its way.")
    person.look("forgot-sent")
    link = link_in_mail(site, email)
    person.page.goto(link)
    person.look("choose-password")
    person.page.get_by_label("New Password", exact=True).fill(NEW_PASSWORD)
    person.page.get_by_label("New Password (again)").fill(NEW_PASSWORD)
    person.page.get_by_role("button", name="Save").click()
    person.sees("Your password is set.")
    person.look("password-set")
    person.page.goto(link)
    person.sees("This link has been used, or is too old.")
    person.look("link-used")
    person.sign_in(email, NEW_PASSWORD)
    # On one view or a list of them: other tests add to this client.
    expect(person.page.get_by_title(email)).to_be_visible()


OAUTH_CLIENT = json.dumps({"web": {"client_id": "1.apps.googleusercontent.com"}}).encode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG and so on", "This file is not JSON."),
        (OAUTH_CLIENT, "This is the file of an OAuth client, not the key of a service account."),
        (b'{"type": "service_account"}', "The e-mail address of the service account is missing or is none."),
    ],
)
def test_a_file_that_is_no_key_is_told_apart(visitor: NewVisitor, content: bytes, sentence: str):
    olivia = visitor(OLIVIA)
    follow(olivia.page, "Service accounts", "Add service account")
    wrong: FilePayload = {"name": "file.json", "mimeType": "application/json", "buffer": content}
    olivia.page.get_by_label("Key file").set_input_files(wrong)
    fill(olivia.page, Name="A robot of mine")
    olivia.page.get_by_role("button", name="Sign in and save").click()
    sees_in_red(olivia, sentence)
    expect(olivia.page.get_by_label(re.compile("^Name"))).to_have_value("A robot of mine")


def test_a_p12_key_wants_its_address_and_password(visitor: NewVisitor, site: Installation, tmp_path: Path):
    olivia = visitor(OLIVIA)
    page = olivia.page
    email = "old-style@demo.iam.gserviceaccount.com"
    key_file(site, email, "310000005", p12=tmp_path / "key.p12")

    def upload(**fields: str) -> None:
        page.get_by_label("Key file").set_input_files(tmp_path / "key.p12")
        fill(page, **fields)
        page.get_by_role("button", name="Sign in and save").click()

    follow(page, "Service accounts", "Add service account")
    upload(Name="Old style")
    sees_in_red(olivia, "The e-mail address of the service account is missing or is none.")
    upload(E_mail=email, Password="wrong")
    sees_in_red(olivia, "This password does not open the P12 key.")
    expect(page.get_by_label(re.compile("^E-mail"))).to_have_value(email)
    expect(page.get_by_label(re.compile("^Name"))).to_have_value("Old style")
    olivia.look("admin-key-refused", phone=False)
    upload(Password="")
    olivia.sees("It signs in and reaches 1 property.")


def test_a_key_that_google_refuses_is_not_kept(visitor: NewVisitor, site: Installation):
    olivia = visitor(OLIVIA)
    email = "revoked@demo.iam.gserviceaccount.com"
    key = key_file(site, email, "310000005")
    fetch(f"{site.google}/_sandbox/revoke", "POST", {"email": email})
    follow(olivia.page, "Service accounts", "Add service account")
    olivia.page.get_by_label("Key file").set_input_files(key)
    fill(olivia.page, Name="Revoked robot")
    olivia.page.get_by_role("button", name="Sign in and save").click()
    sees_in_red(olivia, "key")
    expect(olivia.page.get_by_label(re.compile("^Name"))).to_have_value("Revoked robot")
    follow(olivia.page, "Service accounts")
    assert "Revoked robot" not in olivia.page.locator("#content").inner_text()


def test_access_taken_away_at_google_is_said_on_the_view_and_in_the_list(
    visitor: NewVisitor, site: Installation
):
    olivia = visitor(OLIVIA)
    page = olivia.page
    site.add_views("closing,Closing Down,site,Closing site,310000002,,overview")
    fetch(f"{site.google}/_sandbox/revoke", "POST", {"email": ROBOT, "property": "310000002"})
    try:
        follow(page, "Views", "Closing site")
        page.get_by_role("button", name="Test connection").click()
        sees_in_red(olivia, "may not read this Google Analytics property")
        olivia.look("admin-view-failing", phone=False)
        follow(page, "Views")
        listed = row(page, "Closing site")
        assert listed["State"] == "failing"
        assert listed["Last error"].startswith("This credential may not read this Google Analytics property.")
        olivia.look("admin-views", phone=False)
    finally:
        key_file(site, ROBOT, "310000002")  # gives access back
