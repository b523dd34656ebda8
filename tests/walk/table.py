"""The walk as a table: address × person × verb → status, for one's own client's and for the other's."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from tests.walk.conftest import PEOPLE

HEAD = """GET and POST, each for acme's (viewer, chosen, owner, staff belong there), after the stroke for
rival's (outsider and other_staff); then what HEAD, PUT, PATCH, DELETE and OPTIONS were answered.

"""


class Table:
    """Collects answers, and writes them one address to a line."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[str, dict[str, list[int]]]] = defaultdict(lambda: defaultdict(dict))

    def add(self, route: str, person: str, verb: str, status: int) -> None:
        """Notes an answer; the second to the same question is that for the other client's."""
        self._rows[route][person].setdefault(verb, []).append(status)

    def write(self, path: Path) -> None:
        """One line for each address, one column for each kind of person."""
        people = [each for each in PEOPLE if any(each in row for row in self._rows.values())]
        lines = [("address", *people)]
        lines += [(f"/{route}", *(_cell(row[each]) for each in people)) for route, row in self._rows.items()]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)
        path.write_text(HEAD + text + "\n")


def _cell(verbs: dict[str, list[int]]) -> str:
    taken = ["/".join(map(str, verbs[each])) for each in ("get", "post") if each in verbs]
    others = sorted(
        {status for verb, found in verbs.items() if verb not in {"get", "post"} for status in found}
    )
    return " ".join([*taken, ",".join(map(str, others))])
