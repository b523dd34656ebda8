"""Modules that become one script."""

from pathlib import Path

import pytest

from dashboards.embed import library
from dashboards.embed.composing import Composition


def _composition(folder: Path, **files: str) -> Composition:
    for name, text in files.items():
        (folder / f"{name}.js").write_text(text)
    return Composition(folder)


MAIN = """import { one } from "./one.js";
import { two } from "./two.js";

// Said.
  alert(one, two);
"""
COMPOSED = """(function () {
"use strict";
const $_two = (() => {
function two() {
return 2;
}
return { two };
})();
const $_one = (() => {
const { two } = $_two;
const one = two;
return { one };
})();
const $_main = (() => {
const { one } = $_one;
const { two } = $_two;
alert(one, two);
return {  };
})();
})();
"""


def test_a_module_comes_after_what_it_imports_and_once(tmp_path: Path) -> None:
    composition = _composition(
        tmp_path,
        main=MAIN,
        one='import { two } from "./two.js";\nexport const one = two;\n',
        two="export function two() {\n  return 2;\n}\n",
    )
    assert composition.script("main.js") == COMPOSED


def test_a_module_script_exports_what_its_entry_does_and_imports_what_is_elsewhere(tmp_path: Path) -> None:
    made = _composition(tmp_path, main='import { far } from "./far.js";\nexport const near = far;\n')
    composition = Composition(tmp_path, made.made, {"far.js": "/far.js?v=1"})
    assert composition.module("main.js") == (
        "import * as $_far from '/far.js?v=1';\n"
        "const $_main = (() => {\nconst { far } = $_far;\nconst near = far;\nreturn { near };\n})();\n"
        "export const { near } = $_main;\n"
    )


def test_modules_that_import_one_another_are_refused(tmp_path: Path) -> None:
    composition = _composition(
        tmp_path,
        one='import { two } from "./two.js";\nexport const one = 1;\n',
        two='import { one } from "./one.js";\nexport const two = 2;\n',
    )
    with pytest.raises(ValueError, match=r"^modules import one another: one\.js > two\.js > one\.js$"):
        composition.script("one.js")


def test_the_librarys_modules_are_written_as_composing_understands() -> None:
    left = [
        f"{path.name}: {line}"
        for path in library.MODULES.glob("*.js")
        for line in path.read_text().splitlines()
        if line.startswith(("import ", "export "))
        and not line.startswith(
            ("import { ", "export const ", "export class ", "export function ", "export async ")
        )
    ]
    assert left == []


def test_no_module_of_the_librarys_is_left_out() -> None:
    scripts = (library.platform("en"), library.charts(), library.geo(), library.frames())
    composed = b"".join(found.plain for found in scripts).decode()
    modules = {path.stem for path in library.MODULES.glob("*.js")}
    assert {name for name in modules if f"const $_{name} = " not in composed} == set()
