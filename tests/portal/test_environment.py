"""A wrong setting stops the start with one line that names it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
GOOD = {"SECRET_KEY": "s" * 60, "PORTAL_ENCRYPTION_KEYS": f"k1:{KEY}"}


def run(*args: str, **changes: str | None) -> subprocess.CompletedProcess[str]:
    """manage.py with just these settings; None takes one away."""
    bare = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/")}
    env = bare | {key: value for key, value in (GOOD | changes).items() if value is not None}
    command = [sys.executable, str(ROOT / "manage.py"), *args]
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=60)


def test_good_settings_pass():
    assert run("check").returncode == 0


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": None, "SECRET_KEY_FILE": "/nowhere"}, "SECRET_KEY_FILE"),
        ({"PORTAL_ENCRYPTION_KEYS": None}, "PORTAL_ENCRYPTION_KEYS"),
        ({"PORTAL_ENCRYPTION_KEYS": "k1:short"}, "PORTAL_ENCRYPTION_KEYS"),
        ({"PORTAL_ENCRYPTION_KEYS": f"k1:{KEY},k1:{KEY}"}, "PORTAL_ENCRYPTION_KEYS"),
        ({"PORTAL_ENCRYPTION_KEYS": "k1:not base64!"}, "PORTAL_ENCRYPTION_KEYS"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"DATABASE_URL_FILE": "/nowhere"}, "DATABASE_URL_FILE"),
        ({"CACHE_URL": "nonsense"}, "CACHE_URL"),
        ({"EMAIL_URL": "nonsense"}, "EMAIL_URL"),
        ({"BASE_URL": "portal.example"}, "BASE_URL"),
        ({"GOOGLE_DATA_API": "ftp://x"}, "GOOGLE_DATA_API"),
        ({"SIGNUP": "maybe"}, "SIGNUP"),
        ({"TIME_ZONE": "Mars/Olympus"}, "TIME_ZONE"),
        ({"TRUSTED_PROXY": "yes please"}, "TRUSTED_PROXY"),
        ({"DEBUG": "perhaps"}, "DEBUG"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line(changes, names):
    ended = run("check", **changes)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert ended.stderr.startswith(f"Belvedere cannot start: {names} ")


def test_a_missing_key_names_the_command_that_makes_one_and_it_does():
    assert "manage.py new_key" in run("check", PORTAL_ENCRYPTION_KEYS=None).stderr
    made = run("new_key", PORTAL_ENCRYPTION_KEYS=None, SECRET_KEY=None).stdout.strip()
    assert run("check", PORTAL_ENCRYPTION_KEYS=made).returncode == 0


def test_secrets_may_come_from_files(tmp_path):
    (tmp_path / "secret").write_text("s" * 60 + "\n")
    assert run("check", SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "secret")).returncode == 0


def test_addresses_with_a_password_may_come_from_files(tmp_path):
    files = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/named.sqlite3",
        "EMAIL_URL": "smtp://me:secret@mail.example:25",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text + "\n")
    code = (
        "from django.conf import settings as s; print(s.DATABASES['default']['NAME'], s.EMAIL_HOST_PASSWORD)"
    )
    named = {f"{name}_FILE": str(tmp_path / name) for name in files}
    said = run("shell", "-v", "0", "-c", code, **named).stdout
    assert said.split() == [f"{tmp_path}/named.sqlite3", "secret"]


def test_production_settings_pass_the_deploy_check():
    ended = run(
        "check",
        "--deploy",
        "--fail-level=WARNING",
        BASE_URL="https://portal.example",
        SECRET_KEY="".join(chr(33 + (i * 7) % 90) for i in range(64)),
    )
    assert ended.stderr.replace("System check identified no issues (0 silenced).\n", "") == ""
    assert ended.returncode == 0
