"""Serves the folder SAVED_PAGES with what serves the portal's own files."""

import os
from collections.abc import Iterable
from typing import Any

from whitenoise import WhiteNoise


def _nothing(environ: Any, start_response: Any) -> Iterable[bytes]:
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return [b"not saved"]


application = WhiteNoise(_nothing, root=os.environ["SAVED_PAGES"], index_file=True)
