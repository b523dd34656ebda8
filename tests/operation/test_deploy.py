"""The files under deploy/, the image and compose.yaml are true: what they start does start."""

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.installation import free_port

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
PORTAL = [unit for unit in UNITS if "backup" not in unit.name]
IMAGE = (ROOT / "Dockerfile").read_text()


def values(unit: Path, key: str) -> list[str]:
    """What a unit says under a key, in order."""
    pairs = [line.partition("=")[::2] for line in unit.read_text().splitlines()]
    return [value for name, value in pairs if name == key]


def hardening(unit: Path) -> list[str]:
    """The lines about what a process may not, which are the same everywhere."""
    lines = unit.read_text().partition("# Hardening")[2].partition("[Install]")[0].splitlines()
    return [line for line in lines[1:] if line and not line.startswith(("#", "UMask="))]


def portal_files() -> list[Path]:
    """What .dockerignore lets into the image."""
    wanted = re.findall(r"(?m)^!(\S+)$", (ROOT / ".dockerignore").read_text())
    return [ROOT / name for name in wanted]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_every_unit_is_hardened_alike(unit: Path):
    assert hardening(unit) == hardening(UNITS[0])
    assert len(hardening(unit)) > 20
    assert values(unit, "User")[0].startswith("belvedere_")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_systemd_understands_every_unit(unit: Path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed")
    ended = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True, check=False
    )
    about_this = [line for line in ended.stderr.splitlines() if unit.name in line]
    assert [
        line for line in about_this if "is not executable" not in line
    ] == []  # /opt/belvedere is not here


@pytest.mark.parametrize("unit", PORTAL, ids=lambda unit: unit.stem)
def test_no_unit_holds_a_secret(unit: Path):
    assert values(unit, "LoadCredential") == [
        "secret-key:/etc/belvedere/secret-key",
        "encryption-keys:/etc/belvedere/encryption-keys",
    ]
    given = dict(each.split("=", 1) for each in values(unit, "Environment"))
    assert given["SECRET_KEY_FILE"] == "%d/secret-key"
    assert given["PORTAL_ENCRYPTION_KEYS_FILE"] == "%d/encryption-keys"
    assert (given["TRUSTED_PROXY"], "@" in given["DATABASE_URL"]) == ("1", False)


def test_only_the_migration_runs_as_the_owner_of_the_database():
    who = {unit.stem: values(unit, "User") for unit in UNITS}
    owners = {name for name, users in who.items() if users == ["belvedere_owner"]}
    assert owners == {"belvedere-migrate", "belvedere-backup"}


def test_commands_of_the_units_exist():
    commands = [shlex.split(line) for unit in PORTAL for line in values(unit, "ExecStart")]
    management = {each[2] for each in commands if each[1] == "manage.py"}
    assert management == {"db_worker", "tick", "migrate", "collectstatic", "check"}
    assert (DEPLOY / "backup").stat().st_mode & 0o111 == 0o111


def test_the_web_unit_s_gunicorn_says_when_it_is_ready(tmp_path: Path):
    """With just these flags; systemd waits for the message (`Type=notify`)."""
    (command,) = values(DEPLOY / "systemd" / "belvedere-web.service", "ExecStart")
    port = free_port()
    program, *arguments = shlex.split(command.replace("127.0.0.1:8000", f"127.0.0.1:{port}"))
    assert program == "/opt/belvedere/.venv/bin/gunicorn"
    environment = os.environ | {
        "NOTIFY_SOCKET": str(tmp_path / "notify"),
        "DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3",
    }
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notified:
        notified.bind(environment["NOTIFY_SOCKET"])
        notified.settimeout(60)
        gunicorn = str(Path(sys.executable).parent / "gunicorn")
        with (tmp_path / "log").open("w") as log:
            process = subprocess.Popen([gunicorn, *arguments], cwd=ROOT, env=environment, stderr=log)
        try:
            assert notified.recv(1000).startswith(b"READY=1")
        finally:
            process.terminate()
            process.wait(timeout=20)


def test_manage_runs_as_the_portal_does(tmp_path: Path):
    """With a systemd-run that prints what it was given."""
    fake = tmp_path / "systemd-run"
    fake.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    fake.chmod(0o755)
    path = f"{tmp_path}:{os.environ['PATH']}"
    said = subprocess.run(
        [DEPLOY / "manage", "doctor", "osteria/site"],
        env=os.environ | {"PATH": path}, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    assert said[-3:] == ["manage.py", "doctor", "osteria/site"]
    unit = said[said.index("--unit") + 1]
    assert f"Environment=SECRET_KEY_FILE=/run/credentials/{unit}.service/secret-key" in said
    assert {"User=belvedere_web", "EnvironmentFile=/etc/belvedere/settings"} <= set(said)
    assert "%d" not in " ".join(said)


def test_nginx_takes_its_file(tmp_path: Path):
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not nginx or not shutil.which("openssl"):
        pytest.skip("nginx is not installed")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
         "-subj", "/CN=portal.example", "-keyout", "privkey.pem", "-out", "fullchain.pem"],
        cwd=tmp_path, capture_output=True, check=True,
    )  # fmt: skip
    site = (DEPLOY / "nginx.conf").read_text().replace("/etc/letsencrypt/live/portal.example", str(tmp_path))
    site = site.replace("/var/log/nginx", str(tmp_path))
    folders = "".join(
        f"{kind}_temp_path {tmp_path}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    http = f"http {{ access_log off; {folders}\n{site} }}\n"
    whole = f"pid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\n{http}"
    (tmp_path / "nginx.conf").write_text(whole)
    ended = subprocess.run(
        [nginx, "-t", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert (ended.returncode, "test is successful" in ended.stderr) == (0, True), ended.stderr


def test_proxies_drop_what_a_client_claims():
    """TRUSTED_PROXY=1 is only true of a proxy that does."""
    nginx = (DEPLOY / "nginx.conf").read_text()
    assert re.findall(r"proxy_set_header X-Forwarded-(\w+) (\S+);", nginx) == [
        ("For", "$remote_addr"),
        ("Proto", "$scheme"),
        ("Host", '""'),
    ]
    assert "trusted_proxies" not in (DEPLOY / "Caddyfile").read_text()  # Caddy then replaces them by itself


def test_proxies_write_no_address_into_a_log():
    """Links to share and Google's answers carry tokens there."""
    assert re.findall(r"(?:access|error)_log [^;]+;", (DEPLOY / "nginx.conf").read_text()) == [
        "access_log off;",
        "error_log /var/log/nginx/belvedere.log crit;",
    ]
    assert not re.search(r"(?m)^\s*log\b", (DEPLOY / "Caddyfile").read_text())


def test_what_the_image_gets_is_enough_and_no_secret(tmp_path: Path):
    """The image's last step, and the deployment check, with nothing but these files."""
    for path in portal_files():
        copy = tmp_path / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copytree(path, copy) if path.is_dir() else shutil.copy(path, copy)
    assert [path.name for path in tmp_path.rglob(".env")] == []
    (step,) = re.findall(r"(?m)^RUN (SECRET_KEY=.*)$", IMAGE)
    bare = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "HOME": str(tmp_path)}
    built = subprocess.run(
        ["sh", "-c", step], cwd=tmp_path, env=bare, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stderr
    assert (tmp_path / "var" / "static" / "staticfiles.json").exists()


def test_the_image_runs_as_nobody_who_owns_its_files():
    last = IMAGE.rpartition("FROM ")[2]
    assert re.findall(r"(?m)^USER (\S+)$", last) == ["10001"]
    assert "chown" not in last
    assert re.findall(r"(?m)^(?:ENV|ARG) .*(?:SECRET|KEY|PASSWORD)", IMAGE) == []


def test_what_the_image_starts_is_what_the_unit_starts():
    (unit,) = values(DEPLOY / "systemd" / "belvedere-web.service", "ExecStart")
    command = " ".join(re.findall(r'"([^"]*)"', IMAGE.rpartition("\nCMD ")[2]))
    assert command.removesuffix(" --worker-tmp-dir /dev/shm").replace("0.0.0.0", "127.0.0.1") == (
        unit.removeprefix("/opt/belvedere/.venv/bin/")
    )


def test_compose_has_every_secret_that_it_names():
    compose = (ROOT / "compose.yaml").read_text()
    made = set(re.findall(r"(?m)^keep (\w+) ", (DEPLOY / "docker" / "secrets").read_text()))
    assert set(re.findall(r"/run/secrets/(\w+)", compose)) == made
    assert set(re.findall(r"\./secrets/(\w+)", compose)) == made


def test_secrets_are_made_once_for_nobody_else_and_the_portal_takes_them(tmp_path: Path):
    script = tmp_path / "deploy" / "docker" / "secrets"
    script.parent.mkdir(parents=True)
    shutil.copy(DEPLOY / "docker" / "secrets", script)
    subprocess.run([script], check=True)
    kept = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    subprocess.run([script], check=True)
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == kept
    assert (tmp_path / "secrets").stat().st_mode & 0o777 == 0o700
    named = {"SECRET_KEY": "secret_key", "PORTAL_ENCRYPTION_KEYS": "encryption_keys"}
    named |= {"DATABASE_URL": "web_url", "EMAIL_URL": "email_url"}
    files = {f"{name}_FILE": f"{tmp_path}/secrets/{file}" for name, file in named.items()}
    code = "from django.conf import settings as s; print(s.DATABASES['default']['USER'], s.DELIVERY_BACKEND)"
    said = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", code],
        cwd=ROOT, env={"PATH": os.environ["PATH"]} | files, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert said.stdout.split() == [
        "belvedere_web",
        "django.core.mail.backends.console.EmailBackend",
    ], said.stderr
