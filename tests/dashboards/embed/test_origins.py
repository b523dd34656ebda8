"""An origin is kept as browsers send it; what they would never send is refused."""

import pytest

from dashboards.embed import origins


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://shop.example", "https://shop.example"),
        (" HTTPS://Shop.Example/ ", "https://shop.example"),
        ("https://shop.example:443", "https://shop.example"),
        ("https://shop.example:8443", "https://shop.example:8443"),
        ("https://müller.example", "https://xn--mller-kva.example"),
        ("https://10.0.0.1", "https://10.0.0.1"),
        ("http://localhost:8000", "http://localhost:8000"),
        ("http://shop.localhost:80", "http://shop.localhost"),
        ("http://127.0.0.1:9000", "http://127.0.0.1:9000"),
        ("http://[::1]:9000", "http://[::1]:9000"),
    ],
)
def test_it_is_written_as_browsers_do(typed, kept):
    assert (origins.normal(typed), origins.normal(kept)) == (kept, kept)


@pytest.mark.parametrize(
    "typed",
    [
        "", "null", "*", "shop.example", "//shop.example", "https://", "https:///", "https://*.shop.example",
        "https://shop.example/path", "https://shop.example?x", "https://shop.example#x",
        "https://me@shop.example", "https://shop.example:99999", "https://shop.example:x", "ftp://shop.example",
        "javascript:alert(1)", "data:text/html,x", "https://shop example", "https://[::1", "https://a'b.example",
        "https://straße.example", "https://" + "a" * 64 + ".example", "https://shop..example", "https://;x",
        'https://"x', "https://shop.example\nhttps://evil.example",
    ],
)  # fmt: skip
def test_what_is_no_site_is_refused(typed):
    with pytest.raises(origins.OriginError):
        origins.normal(typed)


@pytest.mark.parametrize(
    "typed", ["http://shop.example", "http://127.0.0.1.example", "http://localhost.example"]
)
def test_elsewhere_than_on_ones_own_machine_it_is_https(typed):
    with pytest.raises(origins.OriginError, match="must begin with https://"):
        origins.normal(typed)


def test_a_list_holds_each_once():
    assert origins.normal_list(["https://b.example", "", "https://a.example/", "https://B.example"]) == [
        "https://b.example",
        "https://a.example",
    ]
    with pytest.raises(origins.OriginError, match="20 sites at most"):
        origins.normal_list(f"https://s{number}.example" for number in range(21))
