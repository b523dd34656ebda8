"""Pages as they were last rendered for a reader, kept in the memory of this process and ready to send: what
does not change is rendered and compressed once.

A page is found by all that it is made from, its reader included: so it is never out of date nor somebody
else's, and no process needs to know what another keeps. The longest unused go first.
"""

import secrets
import struct
import zlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import reduce
from threading import Lock

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.middleware.gzip import re_accepts_gzip
from django.utils.cache import patch_vary_headers

MOST_PAGES = 200  # of some 70 KB each
TOKEN = secrets.token_hex(16)
"""Stands in a kept page for the token against forged requests, which differs each time."""

_LONGEST_NAME = 100
_HEADER = b"\x1f\x8b\x08\x08" + bytes(6)  # gzip, with a file's name; https://www.rfc-editor.org/rfc/rfc1952
_LAST_BLOCK = b"\x01\x00\x00\xff\xff"


@dataclass(frozen=True)
class _Piece:
    """A piece of a page: as it is, and as blocks of a deflate stream that refer to nothing before them."""

    plain: bytes
    packed: bytes


Page = tuple[_Piece, ...]

_pages: OrderedDict[Hashable, Page] = OrderedDict()
_lock = Lock()


def answer(request: HttpRequest, made_from: Hashable, render: Callable[[], str]) -> HttpResponse:
    """The page that is made from these things; `render` makes it where none is kept, with TOKEN for the token
    against forged requests. One without a form is sent without a cookie, too.
    """
    page = _kept(made_from)
    if page is None:
        page = tuple(_deflated(text.encode()) for text in render().split(TOKEN))
        _keep(made_from, page)
    if len(page) == 1:
        return _response(request, list(page))
    return _response(request, _with_token(page, get_token(request).encode()))


def forget() -> None:
    """Drops everything, as a new process would find it."""
    with _lock:
        _pages.clear()


def _kept(made_from: Hashable) -> Page | None:
    with _lock:
        if made_from in _pages:
            _pages.move_to_end(made_from)
        return _pages.get(made_from)


def _keep(made_from: Hashable, page: Page) -> None:
    with _lock:
        _pages[made_from] = page
        if len(_pages) > MOST_PAGES:
            _pages.popitem(last=False)


def _deflated(plain: bytes) -> _Piece:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return _Piece(plain, packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH))


def _stored(plain: bytes) -> _Piece:
    """A short piece in a block without compression: whatever else is in the page, its length tells nothing of
    the token.
    """
    return _Piece(plain, struct.pack("<BHH", 0, len(plain), len(plain) ^ 0xFFFF) + plain)


def _with_token(page: Page, token: bytes) -> list[_Piece]:
    between = _stored(token)
    return [each for piece in page for each in (between, piece)][1:]


def _response(request: HttpRequest, pieces: list[_Piece]) -> HttpResponse:
    if re_accepts_gzip.search(request.headers.get("Accept-Encoding", "")):
        response = HttpResponse(_gzipped(pieces), headers={"Content-Encoding": "gzip"})
    else:
        response = HttpResponse(b"".join(piece.plain for piece in pieces))
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


def _gzipped(pieces: list[_Piece]) -> bytes:
    """The pieces as one gzip file. Its name's length is random, as Django's own, so that the length of the
    answer tells less of what is in it.
    """
    name = b"a" * secrets.randbelow(_LONGEST_NAME) + b"\0"
    checksum = reduce(lambda known, piece: zlib.crc32(piece.plain, known), pieces, 0)
    length = sum(len(piece.plain) for piece in pieces)
    packed = b"".join(piece.packed for piece in pieces)
    return _HEADER + name + packed + _LAST_BLOCK + struct.pack("<II", checksum, length & 0xFFFFFFFF)
