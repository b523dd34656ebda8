"""Puts one batch of questions to Google, and sees that nothing which a page shows is missing. Knows no
database: it runs in threads of its own.

A table's report carries its comparison as a second date range, and its limit counts the rows of both. What
was cut still holds each range's first rows in their order, only nobody knows beforehand how many of each.
Where these are too few, say because the site had a hundred times as many visits before, each range is asked
by itself. A row beyond the limit is then not known, and never taken for nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from dashboards.planner import batches, rows_enough
from google_api import data, errors
from google_api.data import Report, ReportMetadata, ReportRequest
from google_api.http import Api
from google_api.reports import Part

Outcome = Report | errors.GoogleError


def ask(api: Api, property_id: str, requests: Sequence[ReportRequest]) -> list[Outcome]:
    """An answer for each of at most five requests, or the reason why Google refuses it alone. Raises a
    GoogleError that concerns them all. Never has more reports under way than there are requests.
    """
    outcomes = _together(api, property_id, requests)
    short = [at for at, each in enumerate(outcomes) if _is_short(requests[at], each)]
    apart = _apart(api, property_id, [requests[at] for at in short], len(requests)) if short else []
    for at, report in zip(short, apart, strict=True):
        outcomes[at] = report
    return outcomes


def _together(api: Api, property_id: str, requests: Sequence[ReportRequest]) -> list[Outcome]:
    """A batch refused with 400 is asked again one by one: one bad report spoils no other."""
    if len(requests) == 1:
        return [_alone(api, property_id, requests[0])]
    try:
        return list(data.batch_run_reports(api, property_id, requests))
    except errors.InvalidArgument:
        share = replace(api, deadline=api.deadline / len(requests))  # all of them as long as the batch had
        return [_alone(share, property_id, request) for request in requests]


def _alone(api: Api, property_id: str, request: ReportRequest) -> Outcome:
    try:
        return data.run_report(api, property_id, request)
    except errors.InvalidArgument as error:
        return error


# ---- answers that were cut


def _is_short(request: ReportRequest, outcome: Outcome) -> bool:
    """Whether rows of one date range have left too little room for those of another."""
    if isinstance(outcome, errors.GoogleError) or len(request.date_ranges) < 2:
        return False
    may_be_cut = len(outcome.rows) >= request.limit
    return may_be_cut and min(len(part.rows) for part in outcome.parts) < rows_enough(request)


def _apart(api: Api, property_id: str, requests: Sequence[ReportRequest], at_once: int) -> list[Report]:
    """The answers to the same requests, each range asked by itself."""
    alone = [replace(each, date_ranges=(one,)) for each in requests for one in each.date_ranges]
    groups = [[alone[at] for at in group] for group in batches(range(len(alone)), at_once)]
    share = replace(api, deadline=api.deadline / len(groups))
    answers = iter(
        [report for group in groups for report in data.batch_run_reports(share, property_id, group)]
    )
    return [_joined(request, [next(answers) for _ in request.date_ranges]) for request in requests]


def _joined(request: ReportRequest, reports: Sequence[Report]) -> Report:
    """One answer of those for each range."""
    parts = [
        Part(name, report.rows, report.totals_of(name))
        for name, report in zip(request.range_names, reports, strict=True)
    ]
    return replace(
        reports[0],
        parts=tuple(parts),
        row_count=sum(report.row_count for report in reports),
        metadata=said_of_any([report.metadata for report in reports]),
        quota=reports[-1].quota,
    )


def said_of_any(metadata: Sequence[ReportMetadata]) -> ReportMetadata:
    """What holds for one of the ranges is said of both."""
    return replace(
        metadata[0],
        data_loss_from_other_row=any(each.data_loss_from_other_row for each in metadata),
        subject_to_thresholding=any(each.subject_to_thresholding for each in metadata),
        sampled=min((each.sampled for each in metadata if each.sampled is not None), default=None),
        truncated=_each_once(name for each in metadata for name in each.truncated),
        restricted_metrics=_each_once(name for each in metadata for name in each.restricted_metrics),
    )


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
