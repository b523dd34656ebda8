"""Every package is pinned, with the hashes of its files, and nothing is installed without looking at them."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINNED = ("requirements.txt", "requirements-dev.txt", "requirements-node.txt")
NAMED = re.compile(r"^([A-Za-z0-9._-]+)(\[[a-z,]+\])?==(\S+)")
HASHED = re.compile(r"^(\S+)==(\S+)(?: ; [^\\]+)?((?: --hash=sha256:[0-9a-f]{64})+)$")


def lines(name: str) -> list[str]:
    """The lines of a file of requirements, those that go on joined, without comments."""
    text = re.sub(r"\s*\\\n\s*", " ", (ROOT / name).read_text())
    return [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def pinned(name: str) -> dict[str, str]:
    """Package to version in a file that script/pin wrote."""
    found = {}
    for line in lines(name):
        package = HASHED.match(line)
        assert package, f"{name}: without a version or a hash: {line}"
        found[package[1]] = package[2]
    return found


def named(name: str) -> dict[str, str]:
    """Package to version in a file that people write."""
    found = {}
    for line in lines(name):
        if not line.startswith("-r "):
            package = NAMED.match(line)
            assert package, f"{name}: without a version: {line}"
            found[re.sub(r"[-_.]+", "-", package[1]).lower()] = package[3]
    return found


@pytest.mark.parametrize("name", PINNED)
def test_every_package_has_its_version_and_hashes(name):
    assert len(pinned(name)) == len(lines(name))


@pytest.mark.parametrize("name", PINNED)
def test_what_is_named_is_what_is_pinned(name):
    wanted = named(name.replace(".txt", ".in"))
    assert {package: pinned(name).get(package) for package in wanted} == wanted


def test_tests_run_on_what_the_portal_runs_on():
    both = pinned("requirements-dev.txt")
    portal = pinned("requirements.txt")
    assert {package: both.get(package) for package in portal} == portal


def test_every_package_from_npm_has_its_hash():
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, each in packages.items() if name and not each.get("integrity")] == []


@pytest.mark.parametrize(
    "name",
    ["script/setup", "script/install", "Dockerfile", "README.md", "docs/install.md", "docs/upgrade.md"],
)
def test_whatever_installs_looks_at_the_hashes(name):
    text = (ROOT / name).read_text().replace("\\\n", " ")
    installing = re.findall(r"pip3? install [^\n;&|]*", text)
    assert [each for each in installing if "--require-hashes" not in each] == []
    assert "npm install" not in text.replace("npm install --package-lock-only", "")
