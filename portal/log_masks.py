"""Keeps tokens out of logs: links to invitations and shared pages carry theirs in the path."""

import re

# 32 random bytes in base64url, as accounts.tokens makes them: 43 characters.
LENGTH = 43
TOKEN = re.compile(r"(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{8})[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])")
# What allauth's mails lead to: whoever reads these in time sets somebody's password, or confirms an address.
MAILED = re.compile(r"(/password/reset/key/|/confirm-email/)[^/\s\"'?]+")


def masked(text: str) -> str:
    """The text, its tokens cut to their first eight characters, keys of mailed links left out."""
    if len(text) >= LENGTH:  # nearly no path is; each line of the log asks
        text = TOKEN.sub(r"\1…", text)
    if "/key/" in text or "/confirm-email/" in text:
        text = MAILED.sub(r"\1…", text)
    return text
