"""What is read of Google's JSON can be stored."""

from google_api import shapes


def test_a_text_has_nothing_that_a_database_refuses():
    assert shapes.text({"name": "a\0b\ud800ü"}, "name") == "a\ufffdb?ü"


def test_nor_have_texts():
    assert shapes.texts({"names": ["a\0", "\ud800"]}, "names") == ("a\ufffd", "?")
