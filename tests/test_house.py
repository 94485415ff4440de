"""The shape of the house: which stage may import which, and who owns which outside library."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "edition"

SHARED = {
    "source", "findings", "model", "resolved", "pages", "walk", "numerals", "strict_yaml", "files", "allowances",
    "cache", "drawings", "workers",
}  # fmt: skip
"""What every stage may use: values and small pure things, no stage among them."""
STAGES = {"manuscript", "importers", "resolve", "render", "styles", "typeset", "assemble", "proof"}
ALLOWED_BETWEEN_STAGES = {("typeset", "styles")}
"""Typesetting is given a Style, which is a value of `styles`."""
OWNERS = {
    "yaml": {"strict_yaml"},
    "pydantic": {"manuscript"},
    "lxml": {"importers"},
    "jinja2": {"render", "proof"},
    "markupsafe": {"render"},
    "weasyprint": {"typeset"},
    "fontTools": {"typeset"},
    "pydyf": {"typeset"},
    "pyphen": {"typeset"},
    "pikepdf": {"assemble", "proof"},
    "pypdfium2": {"proof", "preview"},
    "spylls": {"proof"},
    "PIL": {"proof", "assemble", "preview"},
    "typer": {"cli"},
    "rich": {"cli"},
    "watchfiles": {"pipeline"},
}

MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    """The top-level module or package of a file: `resolve` for `edition/resolve/notes.py`."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    """Every module that a file imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def parts_imported(path: Path) -> set[str]:
    return {name.split(".")[1] for name in imported(path) if name.startswith("edition.")}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_stages_do_not_know_each_other(path: Path) -> None:
    part = part_of(path)
    if part in STAGES:
        others = (parts_imported(path) & (STAGES | {"pipeline", "cli", "preview"})) - {part}
        assert {other for other in others if (part, other) not in ALLOWED_BETWEEN_STAGES} == set()
    elif part in SHARED:
        assert parts_imported(path) <= SHARED


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_each_library_has_one_owner(path: Path) -> None:
    libraries = {name.split(".")[0] for name in imported(path)}
    strangers = {library for library in libraries if part_of(path) not in OWNERS.get(library, {part_of(path)})}
    assert strangers == set()


def test_every_part_has_its_place() -> None:
    known = (
        SHARED | STAGES | {"__init__", "__main__", "pipeline", "cli", "preview", "templates", "starter", "styles"}
    )
    assert {part_of(path) for path in MODULES} <= known


def test_modules_stay_small() -> None:
    long = {str(path): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert {name: lines for name, lines in long.items() if lines > 480} == {}
