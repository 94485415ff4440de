"""The cases in tests/cases/manuscript: what a document says, node by node with places, or what is found in it.

A case has a title (`## …`), the text of a document and either its outline or its findings, each in a block
between lines of tildes. The front matter `id: d` is put before a text that has none; its lines do not count.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from outline import outline

from edition.findings import EditionError
from edition.manuscript import load_document
from edition.source import Source

CASES = Path(__file__).parent.parent / "cases" / "manuscript"
_CASE = re.compile(
    r"^## (?P<title>.+?)\n.*?^~~~ document\n(?P<text>.*?)\n?"
    r"^~~~ (?P<kind>outline|findings)\n(?P<expected>.*?)^~~~$",
    re.MULTILINE | re.DOTALL,
)


def cases() -> list[object]:
    found = []
    for path in sorted(CASES.glob("*.md")):
        for case in _CASE.finditer(path.read_text("utf-8")):
            name = f"{path.stem}: {case['title']}"
            found.append(pytest.param(case["text"], case["kind"], case["expected"].strip(), id=name))
    return found


def result(text: str, kind: str) -> str:
    bare = not text.startswith("---")
    source = Source("d.md", f"---\nid: d\n---\n{text}\n" if bare else text + "\n")
    try:
        document, findings = load_document(source)
    except EditionError as error:
        if kind == "outline":
            return str(error)
        document, findings = None, error.findings
    lines = "\n".join(str(finding).removeprefix("d.md:") for finding in findings)
    if kind == "outline":
        assert document is not None
        lines = outline(document).replace("id d\n", "", 1) if bare else outline(document)
    return _shifted(lines) if bare else lines


def _shifted(lines: str) -> str:
    """Line numbers without the three lines of front matter put before."""
    return re.sub(r"(?m)(^ *|d\.md:)(\d+):(\d+)", lambda at: f"{at[1]}{int(at[2]) - 3}:{at[3]}", lines)


@pytest.mark.parametrize(("text", "kind", "expected"), cases())
def test_case(text: str, kind: str, expected: str) -> None:
    assert result(text, kind) == expected


def test_there_are_cases() -> None:
    written = sum(path.read_text("utf-8").count("~~~ document\n") for path in CASES.glob("*.md"))
    assert len(cases()) == written > 40
