"""Countries by the atlas's names."""

import json

import pytest

from dashboards import countries
from tests.installation import ROOT

ATLAS = ROOT / "node_modules" / "world-atlas" / "countries-110m.json"


def test_other_names_stay():
    names = ("Italy", "United States", "Türkiye", "Narnia")
    assert [countries.atlas_name(name) for name in names] == [
        "Italy",
        "United States of America",
        "Turkey",
        "Narnia",
    ]


@pytest.mark.skipif(not ATLAS.exists(), reason="the atlas is not installed: npm ci")
def test_every_name_is_in_the_atlas():
    shapes = json.loads(ATLAS.read_text())["objects"]["countries"]["geometries"]
    known = {shape["properties"]["name"] for shape in shapes}
    assert set(countries._ATLAS.values()) - known == set()
