"""What is remembered of a token's views is asked for again when any of it changes."""

from dashboards.embed import recall
from dashboards.models import View


def test_every_column_of_a_view_that_an_answer_is_made_from_is_watched():
    assert {field.name for field in View._meta.concrete_fields} >= recall.UNREAD
    assert recall.UNREAD.isdisjoint(
        {"property_id", "filter", "ua_map", "ua_view_id", "embed_id", "origins", "embed_valid_from", "name"}
    )
