"""A client reads its figures."""

from playwright.sync_api import expect

from tests.browser.visitor import NewVisitor


def test_a_client_signs_in_and_lands_on_its_only_view(visitor: NewVisitor):
    nino = visitor()
    nino.page.goto("/")
    nino.look("landing")
    nino.page.get_by_role("link", name="Sign in").click()
    nino.look("sign-in")
    nino.sign_in("nino@osteria.example")
    expect(nino.page).to_have_url(nino.url + "/clients/osteria/views/site/")
    expect(nino.page.locator("main")).to_have_attribute("data-complete", "true")
    nino.look("overview")
