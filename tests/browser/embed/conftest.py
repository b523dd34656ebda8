"""A client with two views, its own site on another host, and browsers that keep no third party's cookies."""

import json
import sys
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS
from tests.browser.embed.site import Site, serving
from tests.browser.visitor import Visitor
from tests.installation import Installation, installed

NO_THIRD_PARTY_COOKIES = "--test-third-party-cookie-phaseout"
OPEN = """
import json
from accounts.models import Tenant
from accounts.tenancy import all_tenants
from dashboards.embed import keys
from dashboards.models import View
with all_tenants(reason="a test's client lists its site"):
    tenant = Tenant.objects.get(slug="osteria")
    for view in View.objects.filter(tenant=tenant):
        view.origins = [{origin!r}]
        view.save(update_fields=["origins"])
    key = keys.make(tenant=tenant, name="site", made_by="a test").token.value
    ids = {{view.slug: f"ga:{{view.embed_id}}" for view in View.objects.filter(tenant=tenant)}}
    print(json.dumps({{"key": key, "ids": ids}}))
"""


@pytest.fixture(scope="session")
def portal(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation with one client, who has two views and an owner."""
    with installed(tmp_path_factory.mktemp("embedding")) as made:
        made.add_key("310000001")
        made.add_views(
            "osteria,Osteria da Nino,site,Whole site,310000001,,overview",
            "osteria,Osteria da Nino,italy,From Italy,310000001,country==Italy,overview",
        )
        made.add_person("nino@osteria.example", "owner", "osteria")
        for command in (["db_worker"],):
            made.start(command[0], [sys.executable, "manage.py", *command])
        yield made


@pytest.fixture(scope="session")
def _shop(portal: Installation) -> Iterator[Site]:
    with serving(portal.url) as shop:
        said = json.loads(portal.manage("shell", "-v", "0", "-c", OPEN.format(origin=shop.origin)))
        shop.key = said["key"]
        shop.all_views = [said["ids"]["site"], said["ids"]["italy"]]
        yield shop


@pytest.fixture
def shop(_shop: Site) -> Site:
    """The client's own site; its tokens open the first view."""
    _shop.views = _shop.all_views[:1]
    _shop.policy = ""
    return _shop


@pytest.fixture(scope="module")
def strict_browser(chromium: str) -> Iterator[Browser]:
    """Chromium as it is for people who let no third party keep anything."""
    with sync_playwright() as playwright:
        arguments = [*ARGUMENTS, NO_THIRD_PARTY_COOKIES]
        running = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield running
        running.close()


Guest = Callable[..., Visitor]


@pytest.fixture
def guest(strict_browser: Browser, shop: Site) -> Iterator[Guest]:
    """Makes visitors of the client's site, or of what is at `url`. What goes wrong unseen fails the test."""
    made: list[Visitor] = []

    def new(page: str = "", *, url: str = "") -> Visitor:
        made.append(Visitor(strict_browser, url or shop.origin))
        if page:
            made[-1].page.goto(f"/{page}")
        return made[-1]

    yield new
    for each in made:
        each.leave()
