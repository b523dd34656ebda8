"""Metrics of one key event count that event alone."""

from sandbox.reports import per_event
from sandbox.reports.question import Question, Rows


def test_only_key_events_have_metrics_of_their_own():
    names = ("keyEvents:purchase", "sessionKeyEventRate:sign_up", "keyEvents:page_view", "sessions:purchase")
    assert [getattr(per_event.metric(name), "type", None) for name in names] == ["FLOAT", "FLOAT", None, None]
    assert per_event.metric("conversions").api_name == "keyEvents"


def test_each_is_read_among_its_event_alone():
    asked: list[Question] = []

    def read(question: Question) -> Rows:
        asked.append(question)
        if question.filter is None:
            return {("a",): [9.0, 40.0, 40.0], ("b",): [1.0, 10.0, 10.0]}
        return {("a",): [4.0]}

    question = Question(
        property=None, range=None, dimensions=("country",), now=None,
        metrics=("keyEvents:purchase", "sessionKeyEventRate:purchase", "sessions"),
    )  # fmt: skip
    assert per_event.rows(question, read) == {("a",): [4.0, 0.1, 40.0], ("b",): [0.0, 0.0, 10.0]}
    assert [each.metrics for each in asked] == [
        ("keyEvents", "sessions", "sessions"),
        ("keyEvents",),
        ("sessions",),
    ]
