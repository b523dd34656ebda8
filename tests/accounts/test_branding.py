"""A logo is known by its first bytes, and a stylesheet by its content."""

import pytest

from accounts import branding, colours
from tests.factories import PIXEL


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PIXEL, "image/png"),
        (b"\xff\xd8\xff\xe0JFIF", "image/jpeg"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", ""),
        (b"GIF89a", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"<?xml version='1.0'?><svg/>", ""),
        (b"\x89PNG", ""),
        (b"", ""),
    ],
)
def test_the_kind_of_a_picture(data: bytes, kind: str):
    assert branding.logo_type(data) == kind


def test_a_sheet_without_a_colour_leaves_the_portals_own():
    assert "--accent" not in branding.page_sheet("").css
    assert "--link-fg" not in branding.admin_sheet("").css


def test_another_colour_is_another_address():
    digests = {make(each).digest for each in ("", "#0044cc", "#cc0044") for make in
               (branding.page_sheet, branding.admin_sheet)}  # fmt: skip
    assert len(digests) == 6


def test_the_admins_header_can_be_read():
    assert "--header-bg: #836806" in branding.admin_sheet("#ffcc00").css
    assert colours.contrast("#836806", "#ffffff") > colours.AA
