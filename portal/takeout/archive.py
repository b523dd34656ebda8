"""A zip archive that leaves as it is written: however much is in it, little of it is held. Pure."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from typing import Any


class _Outlet:
    """What zipfile writes to, and what was written since somebody last looked."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._waiting.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is kept back."""

    def taken(self) -> bytes:
        data = b"".join(self._waiting)
        self._waiting.clear()
        return data


def zipped(files: Iterable[tuple[str, Iterable[str]]]) -> Iterator[bytes]:
    """The archive's bytes. `files` are names with their text, piece by piece."""
    outlet: Any = _Outlet()  # zipfile asks for no more of what it cannot seek in
    with zipfile.ZipFile(outlet, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, pieces in files:
            with archive.open(name, "w", force_zip64=True) as entry:
                for piece in pieces:
                    entry.write(piece.encode())
                    if data := outlet.taken():
                        yield data
            yield outlet.taken()
    yield outlet.taken()
