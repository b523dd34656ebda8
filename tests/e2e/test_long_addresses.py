"""The server in front of the portal takes addresses as long as filters may make them."""

from urllib.parse import quote

from tests.e2e.conftest import Visitor

PAGE = "/clients/osteria/views/site/"


def test_a_filter_beyond_measure_gets_its_sentence(olivia: Visitor):
    answer = olivia.get(f"{PAGE}?filter={quote('country==' + 'x' * 10_000)}")
    assert answer.status_code == 400
    assert "The filter is too long; it may have 2,000 characters." in answer.text


def test_a_long_one_that_is_good_gets_its_page(olivia: Visitor):
    answer = olivia.get(f"{PAGE}?filter={quote('city==' + 'Ж' * 1_900)}")
    assert answer.status_code == 200
