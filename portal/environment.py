"""Reads settings from the environment, so that a wrong one stops the start with a line that names it."""

import base64
import binascii
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

T = TypeVar("T")


def read(env: Env, kind: str, name: str, default: Any) -> Any:
    """The setting `name`, cast by django-environ's `kind` (``"int"``, ``"db_url"`` …).

    Raises ImproperlyConfigured naming the variable when it cannot be read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # django-environ only warns of a database that it does not know
            return getattr(env, kind)(name, default=default)
    except Exception as error:  # whatever a cast may raise
        raise ImproperlyConfigured(f"{name} cannot be read: it is not a valid {kind}.") from error


def url(env: Env, kind: str, name: str, default: str) -> Any:
    """As `read`, an address with a password in it: or from the file that `name`_FILE names."""
    path = env.str(f"{name}_FILE", default="")
    if not path:
        return read(env, kind, name, default)
    held = Env()
    held.ENVIRON = {name: _contents(name, path)}
    return read(held, kind, name, default)


def flag(env: Env, name: str, *, default: bool) -> bool:
    """True or false; django-environ would take a misspelt word for false."""
    yes, no = ("true", "on", "yes", "1"), ("false", "off", "no", "0")
    text = env.str(name, default=str(default)).strip().lower()
    if text not in (*yes, *no):
        raise ImproperlyConfigured(f"{name} must be one of: {', '.join((*yes, *no))}.")
    return text in yes


def secret(env: Env, name: str, hint: str) -> str:
    """A secret from `name`, or from the file that `name`_FILE names. There is no default."""
    path = env.str(f"{name}_FILE", default="")
    value = _contents(name, path) if path else env.str(name, default="")
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. {hint}")
    return value


def _contents(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE names a file that cannot be read: {path}") from error


def secret_of(env: Env, name: str, owner: str) -> str:
    """The secret `name` where the setting `owner` that it belongs to is set; else empty."""
    if not env.str(owner, default=""):
        return ""
    return secret(env, name, f"It belongs to {owner} and stands beside it in the Google Cloud console.")


def optional_secret(env: Env, name: str) -> str:
    """The same where it is set; empty where neither it nor its file is."""
    given = env.str(name, default="") or env.str(f"{name}_FILE", default="")
    return secret(env, name, "") if given else ""


def log_formats(*, debug: bool) -> tuple[str, ...]:
    """How lines of the log may look, the default first: text for who develops, objects for machines."""
    return ("line", "json") if debug else ("json", "line")


def encryption_keys(text: str) -> dict[str, bytes]:
    """Key ids to 32-byte keys from ``id:base64key,…``, in the order given: the first one encrypts."""
    keys: dict[str, bytes] = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        key_id, _, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not key_id or len(key) != 32 or key_id in keys:
            raise ImproperlyConfigured(
                "PORTAL_ENCRYPTION_KEYS is malformed: it must read id:base64key,… with keys of 32 bytes and "
                "each id once. `manage.py new_key` prints one."
            )
        keys[key_id] = key
    if not keys:
        raise ImproperlyConfigured("PORTAL_ENCRYPTION_KEYS is not set. `manage.py new_key` prints one.")
    return keys


def address(env: Env, name: str, default: str) -> str:
    """An http(s) address without a trailing slash."""
    value = env.str(name, default=default).rstrip("/")
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise ImproperlyConfigured(f"{name} must be an address that begins with http:// or https://.")
    return value


def choice(env: Env, name: str, choices: tuple[str, ...]) -> str:
    """One of `choices`; the first is the default."""
    value = env.str(name, default=choices[0])
    if value not in choices:
        raise ImproperlyConfigured(f"{name} must be one of: {', '.join(choices)}.")
    return value


def checked(name: str, value: T, valid: Callable[[T], object], must: str) -> T:
    """`value`, or ImproperlyConfigured that says what the setting `name` must be."""
    try:
        valid(value)
    except Exception as error:
        raise ImproperlyConfigured(f"{name} must be {must}.") from error
    return value


def positive(number: int) -> None:
    """Raises ValueError for 0 and below."""
    if number <= 0:
        raise ValueError(number)


def environment(base_dir: Path) -> Env:
    """The process environment, filled up from `.env` beside manage.py where that exists."""
    env = Env()
    if (dotenv := base_dir / ".env").exists():
        env.read_env(str(dotenv))
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    return env
