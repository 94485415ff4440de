"""The one owner of the engine: what it relies on, and how it is put in place."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from inspect import isclass, isfunction
from pathlib import Path
from xml.etree.ElementTree import ParseError

import pytest

from edition.typeset import engine

PACKAGE = Path(engine.__file__).parent


@pytest.mark.parametrize("name", engine.RELIED_ON)
def test_the_engine_is_what_it_was(name: str) -> None:
    assert engine.fingerprint(name) == engine.RELIED_ON[name], f"{name} has changed: read it again"


def test_every_hook_is_relied_on() -> None:
    """A hook replaces a name where it is used; the table names the place where it is defined."""
    engine.install()
    defined = {f"{value.__module__}.{value.__qualname__}" for value in engine._originals.values()}
    assert defined <= set(engine.RELIED_ON)


def used_of_the_engine(path: Path) -> set[str]:
    """Where what a module uses of the engine is defined: what it imports, or reads from imported modules."""
    tree = ast.parse(path.read_text())
    imported = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("weasyprint")
        for alias in node.names
    }
    read = {
        f"{imported[node.value.id]}.{node.attr}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in imported
    }
    return set(filter(None, map(definition, {*imported.values(), *read})))


def definition(name: str) -> str:
    """Where the class or function with a dotted name is defined; empty for anything without a source."""
    owner, attribute = engine._owner(name)
    value = engine._originals.get(name, getattr(owner, attribute, None))
    if isfunction(value) or (isclass(value) and not issubclass(value, tuple)):
        return f"{value.__module__}.{value.__qualname__}"
    return ""


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_all_that_is_used_is_relied_on(path: Path) -> None:
    engine.install()
    listed = {*engine.RELIED_ON, *(name.rpartition(".")[0] for name in engine.RELIED_ON)}
    assert used_of_the_engine(path) <= listed


def test_use_of_the_engine_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "stranger.py"
    path.write_text(
        "from weasyprint.layout import page as p\nfrom weasyprint.text.fonts import Font\np.make_page()\n"
    )
    assert used_of_the_engine(path) == {"weasyprint.layout.page.make_page"}
    path.write_text("from weasyprint.layout.inline import split_inline_box\n")
    assert used_of_the_engine(path) == {"weasyprint.layout.inline.split_inline_box"}


def test_installing_twice_changes_nothing() -> None:
    engine.install()
    before = {name: getattr(*engine._owner(name)) for name in engine._originals}
    engine.install()
    assert before == {name: getattr(*engine._owner(name)) for name in engine._originals}


def test_without_gives_the_original_back_for_a_while() -> None:
    engine.install()
    name = "weasyprint.layout.make_all_pages"
    hooked = getattr(*engine._owner(name))
    with engine.without(name):
        assert getattr(*engine._owner(name)) is engine._originals[name]
    assert getattr(*engine._owner(name)) is hooked


def test_importing_changes_nothing() -> None:
    program = (
        "import weasyprint.document as d; from edition.typeset import engine;"
        "assert d.LayoutContext is not engine.EngineContext;"
        "engine.install(); assert d.LayoutContext is engine.EngineContext"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=PACKAGE.parent.parent)


def assigned_in_the_engine(path: Path) -> list[str]:
    """What a module assigns to attributes of what it imports from the engine."""
    tree = ast.parse(path.read_text())
    imported = {
        (alias.asname or alias.name).split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
        if "weasyprint" in (getattr(node, "module", None) or alias.name)
    }
    targets = [
        *(target for node in ast.walk(tree) if isinstance(node, ast.Assign) for target in node.targets),
        *(
            ast.Attribute(node.args[0], "set")
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "setattr"
        ),
    ]
    return [
        ast.unparse(target)
        for target in targets
        if isinstance(target, ast.Attribute) and ast.unparse(target).split(".")[0] in imported
    ]


def test_only_the_owner_assigns_to_the_engine() -> None:
    for path in PACKAGE.rglob("*.py"):
        assert path.name == "engine.py" or not assigned_in_the_engine(path), path


def test_an_assignment_to_the_engine_is_seen(tmp_path: Path) -> None:
    path = tmp_path / "stranger.py"
    path.write_text("from weasyprint.layout import page\npage.make_page = None\nsetattr(page, 'x', 1)\n")
    assert assigned_in_the_engine(path) == ["page.make_page", "page.set"]


def test_xhtml_is_taken_as_it_is() -> None:
    html = engine.html_from(
        '<html xmlns="http://www.w3.org/1999/xhtml"><body><p>a<aside><p>b</p></aside></p></body></html>',
        "file:///nowhere/",
    )
    assert [element.tag for element in html.etree_element.iter()] == ["html", "body", "p", "aside", "p"]
    assert html.wrapper_element.etree_element is html.etree_element


@pytest.mark.parametrize(
    "xhtml",
    [
        '<!DOCTYPE html [<!ENTITY a "aaaa">]><html>&a;</html>',
        '<!DOCTYPE html SYSTEM "file:///etc/passwd"><html/>',
        "<html>&nbsp;</html>",
        "<html><p></html>",
    ],
)
def test_what_is_not_plain_xml_is_refused(xhtml: str) -> None:
    with pytest.raises(ParseError):
        engine.html_from(xhtml, "file:///nowhere/")


def test_all_state_is_on_the_layout_context() -> None:
    """No module of the notes keeps anything of a document."""
    for name in ("area", "context", "flow", "foot", "hooks", "tally"):
        module = import_module(f"edition.typeset.notes.{name}")
        for attribute, value in vars(module).items():
            if isinstance(value, list | dict | set) and not attribute.startswith("__"):
                assert attribute == "HOOKS", (name, attribute)
