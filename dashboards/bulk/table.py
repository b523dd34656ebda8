"""Reads the table of `load_views`: bytes → rows, and for each bad line what is wrong with it. Pure.

CSV in UTF-8, with commas, semicolons or tabs, as spreadsheets write it in different countries.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import slug_validator
from dashboards import filters
from dashboards.embed import origins

REQUIRED = ("tenant", "tenant_name", "view", "view_name", "property", "service_account", "filter")
OPTIONAL = ("dashboard", "ua_view_id", "origins")
COLUMNS = REQUIRED + OPTIONAL
DELIMITERS = (",", ";", "\t")
_CONTROL = re.compile("[\0-\x1f\x7f]")
MAX_SLUG = 50
MAX_NAME = 150
MAX_OLD_ID = 20

Cells = dict[str, str]


class TableError(ValueError):
    """The file as a whole is no such table; its text is a sentence in the reader's language."""


@dataclass(frozen=True, order=True)
class Problem:
    """What is wrong with one line, in the reader's language."""

    line: int
    sentence: str

    def __str__(self) -> str:
        return _("Line %(line)s: %(sentence)s") % {"line": self.line, "sentence": self.sentence}


@dataclass(frozen=True)
class Row:
    """One line whose cells, taken by themselves, are good. Empty names and optional cells: leave as they are.

    `origins` are parted by spaces, as browsers write them.
    """

    line: int
    tenant: str
    tenant_name: str
    view: str
    view_name: str
    property: str
    service_account: str
    filter: str
    dashboard: str = ""
    ua_view_id: str = ""
    origins: str = ""


@dataclass(frozen=True)
class Table:
    """The good rows, and the problems of the others."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]


def read(content: bytes) -> Table:
    """The table in a file. Raises TableError when it is none at all."""
    lines = _lines(_text(content))
    header = _header(next(lines, (0, []))[1])
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, cells in lines:
        row, sentences = _row(line, header, cells)
        problems += [Problem(line, sentence) for sentence in sentences]
        if row:
            rows.append(row)
    if not rows and not problems:
        raise TableError(_("The file has no lines below its header."))
    return Table(tuple(rows), (*problems, *between(rows)))


# ---- the file


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TableError(
            _("The file is not UTF-8. In a spreadsheet, save it as “CSV UTF-8 (comma delimited)”.")
        ) from None


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each line that says something, with the number of its first line in the file."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    start = 1
    while True:
        try:
            cells = next(reader, None)
        except csv.Error:
            raise TableError(
                _("The file is not CSV: line %(line)s cannot be read. Is a quotation mark left open?")
                % {"line": start}
            ) from None
        if cells is None:
            return
        if any(cell.strip() for cell in cells):
            yield start, [cell.strip() for cell in cells]
        start = reader.line_num + 1


def _delimiter(text: str) -> str:
    """What stands most often in the first line: names of columns hold none of them."""
    header = text.lstrip().partition("\n")[0]
    return max(DELIMITERS, key=header.count)


def _header(names: Sequence[str]) -> list[str]:
    header = [name.lower() for name in _without_empty_end(names)]
    if not header:
        raise TableError(_("The file is empty."))
    if missing := [name for name in REQUIRED if name not in header]:
        raise TableError(
            _("These columns are missing from the first line: %(columns)s.") % {"columns": ", ".join(missing)}
        )
    if unknown := [name for name in header if name not in COLUMNS]:
        raise TableError(
            _("The first line names unknown columns: %(unknown)s. Known are: %(known)s.")
            % {"unknown": ", ".join(name or "“”" for name in unknown), "known": ", ".join(COLUMNS)}
        )
    if twice := [name for name in COLUMNS if header.count(name) > 1]:
        raise TableError(
            _("The first line names a column twice: %(columns)s.") % {"columns": ", ".join(twice)}
        )
    return header


def _without_empty_end(cells: Sequence[str]) -> list[str]:
    """Spreadsheets write a delimiter for every column that was ever touched."""
    kept = list(cells)
    while kept and not kept[-1]:
        kept.pop()
    return kept


# ---- one line


def _row(line: int, header: Sequence[str], cells: Sequence[str]) -> tuple[Row | None, list[str]]:
    """The row, or what is wrong with it."""
    cells = [*cells[: len(header)], *_without_empty_end(cells[len(header) :])]
    if len(cells) != len(header):
        return None, [
            _("It has %(found)s cells where the first line has %(expected)s.")
            % {"found": len(cells), "expected": len(header)}
        ]
    named = dict(zip(header, cells, strict=True))
    problems = [sentence for check in _CHECKS for sentence in check(named)]
    if problems:
        return None, problems
    wanted = {name: named.get(name, "") for name in REQUIRED + OPTIONAL}
    wanted["origins"] = " ".join(origins.normal_list(wanted["origins"].split()))
    return Row(line, **wanted), []


def _unstorable(cells: Cells) -> Iterator[str]:
    for name, value in cells.items():
        if _CONTROL.search(value):
            yield _("The %(column)s contains a line break or another character that cannot be stored.") % {
                "column": name
            }


def _slugs(cells: Cells) -> Iterator[str]:
    for name in ("tenant", "view"):
        if not cells[name]:
            yield _("The %(column)s is missing.") % {"column": name}
        elif not _is_slug(cells[name]):
            yield _(
                "The %(column)s “%(value)s” is no address: write lower-case letters, digits and single "
                "hyphens, %(limit)s at most."
            ) % {"column": name, "value": _short(cells[name]), "limit": MAX_SLUG}


def _is_slug(value: str) -> bool:
    try:
        slug_validator(value)
    except ValidationError:
        return False
    return len(value) <= MAX_SLUG


def _names(cells: Cells) -> Iterator[str]:
    for name in ("tenant_name", "view_name"):
        if len(cells[name]) > MAX_NAME:
            yield _("The %(column)s is longer than %(limit)s characters.") % {
                "column": name,
                "limit": MAX_NAME,
            }


def _property(cells: Cells) -> Iterator[str]:
    value = cells["property"]
    if not (value.isascii() and value.isdigit() and len(value) < 20):
        yield _("The property “%(value)s” is not a number, as a GA4 property's id is.") % {
            "value": _short(value)
        }


def _service_account(cells: Cells) -> Iterator[str]:
    if not cells["service_account"]:
        yield _("The service_account is missing: write its e-mail address.")


def _filter(cells: Cells) -> Iterator[str]:
    if not cells["filter"]:
        return
    try:
        filters.parse(cells["filter"])
    except filters.FilterError as error:
        yield error.sentence


def _old_view(cells: Cells) -> Iterator[str]:
    value = cells.get("ua_view_id", "")
    if value and not (value.isascii() and value.isdigit() and len(value) <= MAX_OLD_ID):
        yield _("The ua_view_id “%(value)s” is not a number, as a view's id in Universal Analytics was.") % {
            "value": _short(value)
        }


def _origins(cells: Cells) -> Iterator[str]:
    try:
        origins.normal_list(cells.get("origins", "").split())
    except origins.OriginError as error:
        yield str(error)


_CHECKS: tuple[Callable[[Cells], Iterator[str]], ...] = (
    _unstorable,
    _slugs,
    _names,
    _property,
    _service_account,
    _filter,
    _old_view,
    _origins,
)


def _short(value: str) -> str:
    return value if len(value) <= 60 else value[:60] + "…"


# ---- lines against each other


def between(rows: Sequence[Row]) -> tuple[Problem, ...]:
    """Where lines that are good by themselves contradict each other."""
    return (*_twice(rows), *_two_names(rows), *_one_old_view_twice(rows))


def _twice(rows: Sequence[Row]) -> Iterator[Problem]:
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        line = first.setdefault((row.tenant, row.view), row.line)
        if line != row.line:
            yield Problem(
                row.line,
                _("The view %(tenant)s/%(view)s stands in line %(line)s already.")
                % {"tenant": row.tenant, "view": row.view, "line": line},
            )


def _two_names(rows: Sequence[Row]) -> Iterator[Problem]:
    first: dict[str, Row] = {}
    for row in rows:
        named = first.setdefault(row.tenant, row) if row.tenant_name else row
        if named.tenant_name != row.tenant_name:
            yield Problem(
                row.line,
                _("The client %(tenant)s has another name in line %(line)s: “%(name)s”.")
                % {"tenant": row.tenant, "line": named.line, "name": named.tenant_name},
            )


def _one_old_view_twice(rows: Sequence[Row]) -> Iterator[Problem]:
    first: dict[tuple[str, str], Row] = {}
    for row in rows:
        named = first.setdefault((row.tenant, row.ua_view_id), row) if row.ua_view_id else row
        if named.view != row.view:
            yield Problem(
                row.line,
                _("The ua_view_id %(number)s is the view %(view)s's already, in line %(line)s.")
                % {"number": row.ua_view_id, "view": named.view, "line": named.line},
            )
