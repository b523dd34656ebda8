"""What is pasted into a website."""

import re

import pytest

from provisioning.requests import tags


def test_tag_names_the_measurement_id_where_google_wants_it():
    tag = tags.tag_of("G-1A2BCD345E")
    assert re.findall("G-[A-Z0-9]+", tag) == ["G-1A2BCD345E", "G-1A2BCD345E"]
    assert 'src="https://www.googletagmanager.com/gtag/js?id=G-1A2BCD345E"' in tag
    assert "gtag('config', 'G-1A2BCD345E');" in tag
    assert "consent" not in tag


def test_asking_tag_denies_everything_before_it_counts_anything():
    tag = tags.asking_tag_of("G-1A2BCD345E")
    assert re.findall(r"'(\w+)': 'denied'", tag) == [
        "analytics_storage",
        "ad_storage",
        "ad_user_data",
        "ad_personalization",
    ]
    assert tag.index("'default'") < tag.index("gtag('js'") < tag.index("gtag('config'")


def test_consent_given_grants_statistics_alone():
    assert re.findall(r"'(\w+)': 'granted'", tags.CONSENT_GIVEN) == ["analytics_storage"]


@pytest.mark.parametrize("wrong", ["", "UA-1-1", "G-1');alert(1)//", "G-1</script>", "g-1", "G-1\n"])
def test_nothing_but_a_measurement_id_becomes_a_script(wrong: str):
    for make in (tags.tag_of, tags.asking_tag_of):
        with pytest.raises(ValueError, match="not a measurement id"):
            make(wrong)
