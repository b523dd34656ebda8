"""Keeps tokens out of logs: links to invitations and shared pages carry theirs in the path."""

import logging
import re

# 32 random bytes in base64url, as accounts.tokens makes them: 43 characters.
TOKEN = re.compile(r"(?<![A-Za-z0-9_-])([A-Za-z0-9_-]{8})[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])")


def masked(text: str) -> str:
    """The text, its tokens cut to their first eight characters."""
    return TOKEN.sub(r"\1…", text)


class MaskTokens(logging.Filter):
    """Masks each line as it will be written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Changes the record; lets every one pass."""
        text = record.getMessage()
        if (safe := masked(text)) != text:
            record.msg, record.args = safe, ()
        return True
