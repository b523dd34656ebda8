"""A dashboard in a frame of another site, and by a link: looked at, gone through, and kept alive."""

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.embed.conftest import Guest
from tests.browser.embed.site import Site
from tests.browser.visitor import Visitor
from tests.browser.waiting import until
from tests.installation import Installation

FIND = """
from accounts.tenancy import all_tenants
from dashboards.models import View
with all_tenants(reason="a test asks for a view's id"):
    print(View.objects.get(slug="site").pk)
"""
SHARE = """
from accounts.tenancy import all_tenants
from dashboards.embed import sharing
from dashboards.models import View
with all_tenants(reason="a test shares a view"):
    view = View.objects.get(slug="site")
    print(sharing.make(view=view, made_by="a test", password={password!r}).token.value)
"""
PUT = """([address, script]) => {
  const frame = Object.assign(document.createElement("iframe"), { title: "Figures", src: address });
  Object.assign(frame.style, { width: "100%", border: 0 });
  frame.dataset.tokenUrl = "/fresh-token";
  document.body.replaceChildren(frame, Object.assign(document.createElement("script"), { src: script }));
}"""
FITS = """() => {
  const [page, seen] = [document.body.getBoundingClientRect().height, innerHeight];
  return page > 200 && Math.abs(page - seen) <= 1 && document.documentElement.scrollWidth <= innerWidth;
}"""


@pytest.fixture(scope="session")
def view_id(portal: Installation) -> str:
    """What the view's frame is called by."""
    return portal.manage("shell", "-v", "0", "-c", FIND).strip()


def put(visitor: Visitor, shop: Site, view_id: str, query: str = "", token: str = "") -> FrameLocator:
    """The frame, in a page of the shop's."""
    shown = token or shop.token()["access_token"]
    address = f"{shop.portal}/embed/views/{view_id}/?token={shown}{query}"
    visitor.page.evaluate(PUT, [address, f"{shop.portal}/embed/frames.js"])
    return visitor.page.frame_locator("iframe")


FILL = """([address, script]) => {
  const frame = Object.assign(document.createElement("iframe"), { title: "Figures" });
  Object.assign(frame.dataset, { src: address, tokenUrl: "/fresh-token" });
  document.body.replaceChildren(frame, Object.assign(document.createElement("script"), { src: script }));
}"""


def is_there(frame: FrameLocator) -> None:
    """All its figures have come."""
    expect(frame.locator("main.dashboard")).to_have_attribute("data-complete", "true")
    expect(frame.locator("main.dashboard.turning")).to_have_count(0)


def fits(page: Page) -> None:
    """The frame is as high as what is in it."""
    until(page.frames[1], FITS)


def test_a_page_that_is_the_same_for_everybody_has_its_frame_filled(
    guest: Guest, shop: Site, view_id: str
) -> None:
    visitor = guest("blank")
    addresses = [f"{shop.portal}/embed/views/{view_id}/?theme=dark", f"{shop.portal}/embed/frames.js"]
    visitor.page.evaluate(FILL, addresses)
    is_there(visitor.page.frame_locator("iframe"))
    fits(visitor.page)


@pytest.mark.parametrize("width", [1440, 360])
def test_a_frame_shows_the_dashboard_at_its_own_height(
    guest: Guest, shop: Site, view_id: str, width: int
) -> None:
    visitor = guest("blank")
    visitor.page.set_viewport_size({"width": width, "height": 900})
    frame = put(visitor, shop, view_id)
    is_there(frame)
    expect(frame.locator(".tile").first).to_contain_text("Visits")
    fits(visitor.page)
    assert visitor.context.cookies() == []


def test_other_days_are_shown_in_its_place(guest: Guest, shop: Site, view_id: str) -> None:
    visitor = guest("blank")
    frame = put(visitor, shop, view_id, "&widgets=lead,figures")
    is_there(frame)
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    frame.locator("#bar summary").first.click()
    frame.get_by_role("link", name="Last 7 days").click()
    expect(frame.locator("#bar summary").first).to_contain_text("Last 7 days")
    is_there(frame)
    expect(frame.locator("#lead")).to_contain_text("the 7 days before")
    expect(frame.locator(".card")).to_have_count(0)
    assert [url for url in asked if "token=" in url] == []
    fits(visitor.page)


def test_a_token_that_ended_is_renewed_by_the_page_around(guest: Guest, shop: Site, view_id: str) -> None:
    visitor = guest("blank")
    visitor.expected |= {401}
    frame = put(visitor, shop, view_id, token="not.a-token")
    is_there(frame)

    def refuse_once(route):
        route.fulfill(status=401, body="{}")
        visitor.page.unroute("**/data.json*")

    visitor.page.route("**/data.json*", refuse_once)
    given = shop.tokens_given
    frame.locator("#bar summary").first.click()
    frame.get_by_role("link", name="Yesterday").click()
    expect(frame.locator("#bar summary").first).to_contain_text("Yesterday")
    is_there(frame)
    assert shop.tokens_given == given + 1


def test_it_is_light_or_dark_as_the_page_wants(guest: Guest, shop: Site, view_id: str) -> None:
    visitor = guest("blank")
    grounds = {}
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme="dark" if scheme == "light" else "light")
        is_there(put(visitor, shop, view_id, f"&theme={scheme}"))
        grounds[scheme] = visitor.page.frames[1].evaluate("getComputedStyle(document.body).backgroundColor")
    assert grounds == {"light": "rgb(246, 245, 241)", "dark": "rgb(20, 23, 26)"}


def test_another_site_may_not_frame_it(guest: Guest, shop: Site, view_id: str, portal: Installation) -> None:
    visitor = guest(url=portal.url.replace("localhost", "127.0.0.1"))
    visitor.expected.add(404)  # of the icon, for which the browser asks on its own
    visitor.page.goto("/healthz")
    token = shop.token()["access_token"]
    visitor.page.evaluate(
        """(address) => new Promise((resolve) => {
          const frame = Object.assign(document.createElement("iframe"), { src: address, onload: resolve });
          document.body.append(frame);
        })""",
        f"{portal.url}/embed/views/{view_id}/?token={token}",
    )
    assert visitor.page.frames[1].url.startswith("chrome-error:")
    refused = [
        each
        for each in visitor.troubles
        if "frame-ancestors" in each or "frame-src" in each or "default-src" in each
    ]
    visitor.troubles.clear()
    assert refused


def test_a_link_is_read_by_whoever_has_it(guest: Guest, portal: Installation) -> None:
    token = portal.manage("shell", "-v", "0", "-c", SHARE.format(password="")).strip()
    visitor = guest(url=portal.url).open(f"/share/{token}/")
    visitor.look("share")
    visitor.page.get_by_label("Period: Last 28 days").click()
    visitor.page.get_by_role("link", name="Last 7 days").click()
    visitor.sees_everything()
    expect(visitor.page).to_have_url(f"{portal.url}/share/{token}/?period=7d")
    assert visitor.context.cookies() == []


def test_a_links_password_is_typed_once(guest: Guest, portal: Installation) -> None:
    token = portal.manage("shell", "-v", "0", "-c", SHARE.format(password="sesame")).strip()
    visitor = guest(url=portal.url)
    visitor.expected |= {403}
    visitor.page.goto(f"/share/{token}/")
    visitor.look("share-password")
    visitor.page.get_by_label("Password").fill("open")
    visitor.page.get_by_role("button", name="Show them").click()
    visitor.sees("That is not the password.")
    visitor.page.get_by_label("Password").fill("sesame")
    visitor.page.get_by_role("button", name="Show them").click()
    visitor.sees_everything()
    visitor.page.reload()
    visitor.sees_everything()


def test_an_owner_shares_a_view_from_its_menu(guest: Guest, portal: Installation) -> None:
    visitor = guest(url=portal.url).sign_in("nino@osteria.example")
    page = visitor.page
    page.get_by_title("nino@osteria.example").wait_for()
    page.goto("/clients/osteria/views/site/")
    page.get_by_title("nino@osteria.example").click()
    page.get_by_role("link", name="Share this view").click()
    page.get_by_label("For whom, or what for").fill("The board")
    page.locator("summary", has_text="What it shows").click()
    for name in ("Countries", "People now"):
        page.get_by_label(name).uncheck()
    visitor.look("sharing")
    page.get_by_role("button", name="Make the link").click()
    address = page.locator("pre").inner_text()
    stranger = guest(url=portal.url).open(address)
    expect(stranger.page.get_by_role("heading", level=1)).to_be_visible()
    expect(stranger.page.locator("#now")).to_have_count(0)
    titles = stranger.page.locator(".pane h2").all_text_contents()
    assert ("Pages" in titles, "Countries" in titles) == (True, False)
    page.get_by_role("link", name="To the links").click()
    expect(page.get_by_text("opened once")).to_be_visible()
    page.get_by_role("button", name="End the link The board").click()
    visitor.sees("opens nothing any more")
    stranger.expected |= {404}
    stranger.page.reload()
    stranger.sees("This link shows nothing.")
