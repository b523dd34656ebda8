"""Where Google's countries are in the atlas."""

import json

import pytest

from dashboards import countries
from tests.installation import ROOT

ATLAS = ROOT / "node_modules" / "world-atlas" / "countries-110m.json"
NOBODYS = {"N. Cyprus", "Somaliland"}  # Google counts them with others


def test_a_country_is_found_by_its_letters():
    assert [countries.shape_of(name) for name in ("IT", "CI", "XK")] == ["380", "384", "Kosovo"]


def test_small_and_unknown_countries_have_no_shape():
    assert [countries.shape_of(name) for name in ("MT", "(not set)", "")] == ["", "", ""]


@pytest.mark.skipif(not ATLAS.exists(), reason="the atlas is not installed: npm ci")
def test_every_shape_of_the_atlas_is_somebodys():
    shapes = json.loads(ATLAS.read_text())["objects"]["countries"]["geometries"]
    found = {shape.get("id", shape["properties"]["name"]) for shape in shapes}
    assert found - set(countries._SHAPES.values()) == NOBODYS
