"""What Google's countries are called in the atlas that the map is drawn from. Pure.

Google's names are those of the CLDR in English; the atlas's are Natural Earth's (npm: world-atlas), which
shortens long ones. A country that the atlas leaves out, being small, stands in the list alone.
"""

_ATLAS = {
    "Bosnia & Herzegovina": "Bosnia and Herz.",
    "Central African Republic": "Central African Rep.",
    "Congo - Brazzaville": "Congo",
    "Congo - Kinshasa": "Dem. Rep. Congo",
    "Côte d’Ivoire": "Côte d'Ivoire",
    "Dominican Republic": "Dominican Rep.",
    "Equatorial Guinea": "Eq. Guinea",
    "Eswatini": "eSwatini",
    "Falkland Islands (Islas Malvinas)": "Falkland Is.",
    "French Southern Territories": "Fr. S. Antarctic Lands",
    "Myanmar (Burma)": "Myanmar",
    "North Macedonia": "Macedonia",
    "Solomon Islands": "Solomon Is.",
    "South Sudan": "S. Sudan",
    "The Bahamas": "Bahamas",
    "The Gambia": "Gambia",
    "Trinidad & Tobago": "Trinidad and Tobago",
    "Türkiye": "Turkey",
    "United States": "United States of America",
    "Western Sahara": "W. Sahara",
}


def atlas_name(country: str) -> str:
    """The atlas's name for Google's."""
    return _ATLAS.get(country, country)
