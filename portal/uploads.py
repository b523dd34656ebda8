"""How much a request may bring. Django bounds a form's fields, and bodies that are no form, but no files:
they go to the disk before anybody has looked who sends them.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

LIMIT = 12_000_000
"""Bytes of a whole request: the longest file taken, a list of views, has ten million."""


class BoundedUploads(FileUploadHandler):
    """Refuses a request by the length that it names, before a byte of it is read; no more than that length is
    ever read. Otherwise leaves files to the handlers after it.
    """

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: str, encoding: Any = None
    ) -> None:
        """Raises RequestDataTooBig, which is answered with 400."""
        if content_length > LIMIT:
            raise RequestDataTooBig(f"{content_length} bytes")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """As it came."""
        return raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """Another handler's."""
        return None
