"""Makes one script of the library's modules in `js/`, so that a page asks for one file and nothing
has to be built. Pure but for reading the files.

A module becomes a function's body whose names nobody else sees. Only what the modules use is understood:
`import { a, b } from "./x.js";` on a line of its own, and `export` before `const`, `class` or `function`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

_IMPORT = re.compile(r'^import \{ (?P<names>[\w, ]+) \} from "\./(?P<file>\w+\.js)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export (?P<kind>const|class|(?:async )?function) (?P<name>\w+)", re.MULTILINE)
_UNREAD = re.compile(r"^(?:\s*//.*\n|\n|[ ]+(?=\S))", re.MULTILINE)

Source = Callable[[], str]


@dataclass(frozen=True)
class Composition:
    """What goes into one script: modules from `folder`, those that are `made` instead of written, and those
    that are `elsewhere`, in a script at another address."""

    folder: Path
    made: Mapping[str, Source] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)

    def script(self, entry: str) -> str:
        """A classic script, which runs `entry` and leaves no name behind."""
        return f'(function () {{\n"use strict";\n{self._bodies(entry)}}})();\n'

    def module(self, entry: str) -> str:
        """A module script that exports what `entry` does."""
        names = _exported(self._source(entry))
        imports = "".join(
            f"import * as {_variable(file)} from {address!r};\n" for file, address in self.elsewhere.items()
        )
        exports = f"export const {{ {', '.join(names)} }} = {_variable(entry)};\n"
        return f"{imports}{self._bodies(entry)}{exports}"

    def _bodies(self, entry: str) -> str:
        return "".join(self._body(file) for file in self._order(entry))

    def _order(self, entry: str) -> list[str]:
        """Every module that is needed, each after those that it imports. Raises ValueError on a circle."""
        done: list[str] = []

        def add(file: str, under: tuple[str, ...]) -> None:
            if file in under:
                raise ValueError(f"modules import one another: {' > '.join((*under, file))}")
            if file in done or file in self.elsewhere:
                return
            for found in _IMPORT.finditer(self._source(file)):
                add(found["file"], (*under, file))
            done.append(file)

        add(entry, ())
        return done

    def _body(self, file: str) -> str:
        source = self._source(file)
        exported = ", ".join(_exported(source))
        text = _EXPORT.sub(r"\g<kind> \g<name>", _IMPORT.sub(_taken, source))
        shorter = text if file in self.made else _UNREAD.sub("", text)
        return f"const {_variable(file)} = (() => {{\n{shorter}return {{ {exported} }};\n}})();\n"

    def _source(self, file: str) -> str:
        if file in self.made:
            return self.made[file]()
        return (self.folder / file).read_text(encoding="utf-8")


def _exported(source: str) -> list[str]:
    return [found["name"] for found in _EXPORT.finditer(source)]


def _taken(found: re.Match[str]) -> str:
    return f"const {{ {found['names']} }} = {_variable(found['file'])};"


def _variable(file: str) -> str:
    return f"$_{file.removesuffix('.js')}"
