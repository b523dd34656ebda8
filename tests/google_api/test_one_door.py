"""Nothing but the door speaks HTTP, and nothing but what asks for access tokens uses google-auth."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("portal", "dashboards", "provisioning", "accounts", "google_api")
CLIENTS = {"requests", "urllib3", "httpx", "aiohttp", "urllib.request", "http.client", "socket"}


def files_that_import(names):
    files = (file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))
    return sorted(str(file.relative_to(ROOT)) for file in files if _imports(file) & names)


def _imports(file):
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found | {name.split(".")[0] for name in found}


def test_one_file_speaks_http():
    assert files_that_import(CLIENTS) == ["google_api/http.py"]


def test_google_auth_is_used_for_access_tokens_alone():
    assert files_that_import({"google"}) == [
        "google_api/oauth.py",
        "google_api/service_accounts.py",
        "google_api/token_endpoint.py",
    ]


def test_the_api_package_knows_no_django():
    assert [file for file in files_that_import({"django"}) if file.startswith("google_api/")] == []
