"""What is read of Google's JSON can be stored."""

from datetime import UTC, datetime

import pytest

from google_api import errors, shapes


def test_a_text_has_nothing_that_a_database_refuses():
    assert shapes.text({"name": "a\0b\ud800ü"}, "name") == "a\ufffdb?ü"


def test_nor_have_texts():
    assert shapes.texts({"names": ["a\0", "\ud800"]}, "names") == ("a\ufffd", "?")


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("2026-11-01T10:00:00Z", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        ("2026-11-01T10:00:00.5Z", datetime(2026, 11, 1, 10, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-01T10:00:00.123456789Z", datetime(2026, 11, 1, 10, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-11-01T12:00:00+02:00", datetime(2026, 11, 1, 10, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_moment(value, moment):
    assert shapes.moment({"createTime": value}, "createTime") == moment


@pytest.mark.parametrize(
    "value", ["", "2026-11-01", "2026-02-30T10:00:00Z", "2026-11-01T10:00:00", 5, "soon"]
)
def test_what_is_no_moment(value):
    with pytest.raises(errors.BadAnswer, match="unexpected createTime") as caught:
        shapes.moment({"createTime": value}, "createTime")
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)
