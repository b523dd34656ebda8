"""What the documents name is there: tests, files, pages, settings."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)\s#]*)(?:#([^)\s]+))?\)")
COMMANDS = ("portal", "accounts", "provisioning", "dashboards")


def anchors(page: Path) -> set[str]:
    """What can be linked to in a page, as forges name it."""
    titles = re.findall(r"(?m)^#+ (.+)$", page.read_text())
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_somewhere(page: Path):
    for target, anchor in LINK.findall(re.sub(r"(?m)^    .*$", "", page.read_text())):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), target
        assert not anchor or anchor in anchors(file), f"{target}#{anchor}"


def test_every_page_is_found_from_the_readme():
    linked = {target for target, _ in LINK.findall((ROOT / "README.md").read_text())}
    assert {f"docs/{page.name}" for page in PAGES[1:]} - linked == set()


def test_every_test_that_a_page_names_is_there():
    named = {each for page in PAGES for each in re.findall(r"`([\w/]+\.py)::(test_\w+)`", page.read_text())}
    assert len(named) > 60
    missing = [
        f"{file}::{test}"
        for file, test in sorted(named)
        if not (ROOT / "tests" / file).exists() or f"def {test}(" not in (ROOT / "tests" / file).read_text()
    ]
    assert missing == []


def test_every_file_that_a_page_names_is_there():
    known = "script|deploy|tests|bench|portal|accounts|provisioning|dashboards|google_api|sandbox"
    named = {
        each.rstrip("/")
        for page in PAGES
        for each in re.findall(rf"`((?:{known})/[\w./-]+)[`\s]", page.read_text())
        if "*" not in each
    }
    assert sorted(each for each in named if not list(ROOT.glob(f"{each}*"))) == []


def test_every_command_that_a_page_names_is_there():
    named = {
        each
        for page in PAGES
        for each in re.findall(r"(?:manage\.py|deploy/manage) (?!ARGS)([a-z_]+)", page.read_text())
    }
    ours = {path.stem for app in COMMANDS for path in (ROOT / app / "management" / "commands").glob("*.py")}
    djangos = {"migrate", "collectstatic", "check", "dumpdata", "makemigrations", "shell", "loaddata"}
    assert named - ours - djangos - {"new_key"} == set()


def test_every_setting_of_a_unit_or_of_compose_is_one():
    shown = set(re.findall(r"(?m)^(?:# )?([A-Z_]+)=", (ROOT / ".env.example").read_text()))
    units = "".join(path.read_text() for path in (ROOT / "deploy" / "systemd").glob("*.service"))
    compose = (ROOT / "compose.yaml").read_text()
    given = set(re.findall(r"(?m)^Environment=([A-Z_]+)=", units))
    given |= set(re.findall(r"(?m)^ +([A-Z_]+): ", compose))
    assert given - shown == {"KEEP_DAYS", "POSTGRES_PASSWORD_FILE"}
