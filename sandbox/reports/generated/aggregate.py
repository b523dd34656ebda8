"""Reports of a generated property, added up from its days.

Two ways lead through a day. Where nothing finer than the session is asked and the day is over, the sums
kept with each kind of visitor are enough (the quick way, nearly every report). Otherwise each kind's day
is cut into sessions (an hour, the part of today that has passed, new visitors) and into groups of event rows
(a page).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sandbox.reports.dates import DateRange, calendar
from sandbox.reports.generated.formulas import DISTINCT, FORMULAS
from sandbox.reports.generated.happenings import BASE, BASES, SESSION_BASES, Runs, contributions
from sandbox.reports.generated.layout import Layout, Values, names_of
from sandbox.reports.generated.population import Cell
from sandbox.reports.generated.traffic import CellDay, Traffic
from sandbox.reports.question import Question, Rows

_USERS, _ACTIVE, _BUYERS = range(len(BASES), len(BASES) + len(DISTINCT))
_NO_SESSIONS = (0,) * SESSION_BASES


@dataclass(slots=True)
class _Group:
    """One row in the making: sums, and of each distinct count the visitors met so far."""

    sums: list[float]
    met: tuple[dict[int, Any], ...]
    counts: list[int] = field(default_factory=lambda: [0] * len(DISTINCT))
    used: bool = False


@dataclass(frozen=True, slots=True)
class _Sub:
    """The event rows of a kind of visitor that fall into one row of the answer."""

    values: Values
    others: tuple[int, ...]  # its event rows without `first_visit`
    first_visit: int | None  # the row among them that only new visitors reach
    additions: tuple[tuple[int, int, bool], ...]  # (event row, base, whether its value and not its count)


class Aggregation:
    def __init__(self, traffic: Traffic, question: Question) -> None:
        self.traffic = traffic
        self.question = question
        self.cells = traffic.population.cells
        self.calendar_names = names_of(question, "date")
        self.cell_names = names_of(question, "session")
        self.slice_names = names_of(question, "slice")
        self.event_names = names_of(question, "event")
        names = (self.calendar_names, self.cell_names, self.slice_names, self.event_names)
        self.layout = Layout(question, names)
        self.cell_values = [tuple(cell.values[name] for name in self.cell_names) for cell in self.cells]
        self.groups: dict[Values, _Group] = {}
        self._subs: dict[int, list[_Sub]] = {}
        self._by_day: dict[Values, list[_Group | None]] = {}
        self._by_piece: dict[tuple[int, Values, Values], list[tuple[_Sub, _Group]]] = {}
        formulas = [FORMULAS[name] for name in question.metrics if name in FORMULAS]
        needed = {index for formula in formulas for index in formula.needs}
        self.bases = sorted(index for index in needed if index < len(BASES))
        self.per_session = [index for index in self.bases if index < SESSION_BASES]
        self.distinct = sorted(index for index in needed if index >= len(BASES))
        # Runs of visitors arrive in rising order, except where a day is cut up or new visitors stand alone.
        self.ordered = (
            not self.slice_names and question.minutes is None and "eventName" not in self.event_names
        )

    def rows(self) -> Rows:
        for day in self.traffic.days(self._range(), self.question.now.date()):
            values = calendar(self.calendar_names, day, self.question.range.start)
            if self._whole(day):
                self._add_whole_day(day, values)
            else:
                self._add_pieces(day, values)
        return {key: self._metrics(group) for key, group in self.groups.items() if group.used}

    def _range(self) -> DateRange:
        """The days to look at: for the last half hour, shortly after midnight, yesterday too."""
        if self.question.minutes is None:
            return self.question.range
        begin = self.question.now - timedelta(minutes=self.question.minutes[0] + 1)
        return DateRange(begin.date(), self.question.now.date())

    def _whole(self, day: date) -> bool:
        return not self.slice_names and not self.event_names and day < self.question.now.date()

    # The quick way

    def _add_whole_day(self, day: date, values: Values) -> None:
        bases = self.bases
        groups = self._groups_of_cells(values)
        for found in self.traffic.day(day):
            group = groups[found.cell]
            if group is None:
                continue
            totals, sums = found.totals, group.sums
            for base in bases:
                sums[base] += totals[base]
            if self.distinct:
                self._meet(group, found, 0, found.sessions)
            group.used = True

    def _groups_of_cells(self, values: Values) -> list[_Group | None]:
        """The row that each kind of visitor is added to on a day with these calendar values."""
        found = self._by_day.get(values)
        if found is None:
            parts = ((values, cell, (), ()) for cell in self.cell_values)
            found = self._by_day[values] = [self._group(one) for one in parts]
        return found

    def _group(self, parts: tuple[Values, ...]) -> _Group | None:
        """The row for these values, begun if new; None where the filter says no."""
        if not self.layout.passes(parts):
            return None
        key = self.layout.key(parts)
        group = self.groups.get(key)
        if group is None:
            group = self.groups[key] = _Group([0] * len(BASES), ({}, {}, {}))
        return group

    # The thorough way

    def _add_pieces(self, day: date, values: Values) -> None:
        whole = not self.slice_names and day < self.question.now.date() and self.question.minutes is None
        for found in self.traffic.day(day):
            slices = [((), [(0, found.sessions)])] if whole else list(self._slices(found, day))
            for slice_values, runs in slices:
                for sub, group in self._groups_of_subs(found.cell, values, slice_values):
                    self._add_piece(group, found, sub, runs)

    def _groups_of_subs(self, cell: int, values: Values, slice_values: Values) -> list[tuple[_Sub, _Group]]:
        """The rows that the event groups of a kind of visitor are added to."""
        key = (cell, values, slice_values)
        found = self._by_piece.get(key)
        if found is None:
            found = self._by_piece[key] = []
            for sub in self._subs_of(cell):
                group = self._group((values, self.cell_values[cell], slice_values, sub.values))
                if group is not None:
                    found.append((sub, group))
        return found

    def _slices(self, found: CellDay, day: date) -> Iterator[tuple[Values, Runs]]:
        """The sessions that the day is cut into, with their values. Empty parts are left out."""
        for moment, begin, end in self._moments(found, day):
            if begin < end:
                for kind, runs in self._kinds(found, found.sessions_between(begin, end)):
                    if runs:
                        yield self._slice_values(day, moment, kind), runs

    def _moments(self, found: CellDay, day: date) -> Iterator[tuple[int, int, int]]:
        """(hour or minutes ago, first session in time, after the last): only what has happened by now."""
        if self.question.minutes is not None:
            yield from self._minutes(found, day)
            return
        now = self.question.now
        until = self.traffic.share_of_day(now) if day == now.date() else 1.0
        if not {"hour", "dateHour", "nthHour"} & set(self.slice_names):
            yield 0, 0, found.sessions_before(until)
            return
        marks = self.traffic.hours_of(day)
        for hour in range(24):
            if marks[hour] < until:
                yield (
                    hour,
                    found.sessions_before(marks[hour]),
                    found.sessions_before(min(until, marks[hour + 1])),
                )

    def _minutes(self, found: CellDay, day: date) -> Iterator[tuple[int, int, int]]:
        oldest, newest = self.question.minutes or (0, 0)
        for ago in range(newest, oldest + 1):
            minute = self.question.now - timedelta(minutes=ago)
            end = self._share(minute, day)
            begin = self._share(minute - timedelta(minutes=1), day)
            yield ago, found.sessions_before(begin), found.sessions_before(end)

    def _share(self, moment: datetime, day: date) -> float:
        """The share of that day's sessions that begin before a moment: none before the day, all after it."""
        if moment.date() != day:
            return float(moment.date() > day)
        return self.traffic.share_of_day(moment)

    def _kinds(self, found: CellDay, runs: Runs) -> Iterator[tuple[str, Runs]]:
        if "newVsReturning" not in self.slice_names:
            yield "", runs
            return
        border = found.first_new_session()
        yield "returning", _before(runs, border)
        yield "new", _from(runs, border)

    def _slice_values(self, day: date, moment: int, kind: str) -> Values:
        texts = {
            "hour": lambda: f"{moment:02}",
            "dateHour": lambda: f"{day:%Y%m%d}{moment:02}",
            "nthHour": lambda: f"{(day - self.question.range.start).days * 24 + moment:04}",
            "newVsReturning": lambda: kind,
            "minutesAgo": lambda: f"{moment:02}",
        }
        return tuple(texts[name]() for name in self.slice_names)

    def _subs_of(self, cell_index: int) -> list[_Sub]:
        found = self._subs.get(cell_index)
        if found is None:
            found = self._subs[cell_index] = self._make_subs(self.cells[cell_index])
        return found

    def _make_subs(self, cell: Cell) -> list[_Sub]:
        together: dict[Values, list[int]] = {}
        for index, row in enumerate(cell.events):
            values = row.values(cell)
            together.setdefault(tuple(values[name] for name in self.event_names), []).append(index)
        return [self._sub(cell, values, tuple(rows)) for values, rows in together.items()]

    def _sub(self, cell: Cell, values: Values, rows: tuple[int, ...]) -> _Sub:
        needed = set(self.bases)
        additions = []
        first_visit = None
        for index in rows:
            counted, valued = contributions(cell.events[index])
            additions += [(index, base, False) for base in counted if base in needed]
            additions += [(index, valued, True)] if valued in needed and valued is not None else []
            first_visit = index if cell.events[index].name == "first_visit" else first_visit
        others = tuple(row for row in rows if row != first_visit)
        return _Sub(values, others, first_visit, tuple(additions))

    def _add_piece(self, group: _Group, found: CellDay, sub: _Sub, runs: Runs) -> None:
        """Add what the event rows of `sub` have in these sessions."""
        detail, first_visit = self.traffic.detail(found), sub.first_visit
        reach = max([detail.reaches[row] for row in sub.others], default=0)
        reaching = _before(runs, reach)
        if first_visit is not None and reach < found.sessions:
            reaching += _from(runs, max(reach, found.first_new_session()))
        if not reaching:
            return
        group.used = True
        for first, last in reaching:
            if self.per_session:
                self._add_sessions(group, found, first, last)
            if self.distinct:
                self._meet(group, found, first, last)
        whole = runs[0] == (0, found.sessions)
        for row, base, valued in sub.additions:
            if whole:
                group.sums[base] += (detail.values if valued else detail.counts)[row]
            elif valued:
                group.sums[base] += detail.value_in(row, runs, money=base == BASE["cents"])
            elif row == first_visit:
                group.sums[base] += sum(found.new_between(first, last) for first, last in runs)
            else:
                group.sums[base] += detail.count_in(row, runs)

    def _add_sessions(self, group: _Group, found: CellDay, first: int, last: int) -> None:
        after = found.session_sums(last)
        before = found.session_sums(first) if first else _NO_SESSIONS
        for base in self.per_session:
            group.sums[base] += after[base] - before[base]

    # Distinct visitors

    def _meet(self, group: _Group, found: CellDay, first: int, last: int) -> None:
        """Note the visitors of the sessions from `first` to before `last`."""
        cell = found.cell
        for index in self.distinct:
            end = min(last, found.buyers) if index == _BUYERS else last
            if first >= end or (index == _ACTIVE and not self.cells[cell].active):
                continue
            low = found.low + first * found.users // found.sessions
            high = found.low + found.users_before(end)
            place = index - len(BASES)
            met = group.met[place]
            if self.ordered:
                known = met.get(cell, low)
                if high > known:
                    group.counts[place] += high - max(low, known)
                    met[cell] = high
            else:
                met.setdefault(cell, []).append((low, high))

    def _metrics(self, group: _Group) -> list[float]:
        if not self.ordered:
            group.counts = [sum(_union(runs) for runs in met.values()) for met in group.met]
        figures = [*group.sums, *group.counts]
        return [self._metric(name, figures) for name in self.question.metrics]

    @staticmethod
    def _metric(name: str, figures: list[float]) -> float:
        formula = FORMULAS.get(name)
        return formula.compute(*(figures[index] for index in formula.needs)) if formula else 0.0


def _before(runs: Runs, border: int) -> Runs:
    return [(first, min(last, border)) for first, last in runs if first < border]


def _from(runs: Runs, border: int) -> Runs:
    return [(max(first, border), last) for first, last in runs if last > border]


def _union(runs: list[tuple[int, int]]) -> int:
    """How many numbers lie in at least one of the runs."""
    count, known = 0, -1
    for low, high in sorted(runs):
        if high > known:
            count += high - max(low, known)
            known = high
    return count
