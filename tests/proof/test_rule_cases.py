"""The cases in tests/cases/rules: for each rule what it finds, and what it must not find.

A file has the code of its rule as title. A case has a title that says whether the rule fires, one document or more
(`d.md`, or `d1.md`, `d2.md` …; the front matter `id` and `title` is put before a text that has none), for rules of pages
the CSS that is added to the style (`~~~ css`), and the findings of that rule, each with its place. Lists of persons and
words stand beside every edition: `welles` is listed, and so is the word quaymaster.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PIL import Image
from planting import lay_out

from edition import manuscript
from edition.findings import EditionError, Finding
from edition.pipeline import all_rules
from edition.proof.rules import check_manuscript, codes_for, located
from edition.resolve import resolve
from edition.source import Source

CASES = Path(__file__).parent.parent / "cases" / "rules"
_CASE = re.compile(r"^## (fires|does not fire): (.+)\n((?:(?!## fires|## does not fire).*\n?)*)", re.M)
_BLOCK = re.compile(r"^~~~ (document|css|findings)\n(.*?)^~~~$", re.M | re.S)
PAGES = re.compile(r"T1\d\d|N2\d\d")
EDITION = "title: The Harbour\nlanguage: en-US\ncontents:\n  - documents/*.md\n  - generated: persons\n"
PERSONS = "- {id: welles, name: Welles}\n"
ELSEWHERE = frozenset("N001 N102 N004 N005 P001 P002 P003 P004 P005 R001 R002 R003".split())
"""Rules of the stages before, which these cases hold as well."""


def cases() -> list[object]:
    found = []
    for path in sorted(CASES.glob("*.md")):
        for fires, title, body in _CASE.findall(path.read_text("utf-8")):
            found.append(pytest.param(path.stem, fires == "fires", body, id=f"{path.stem} {fires}: {title}"))
    return found


def written(body: str, folder: Path) -> tuple[str, str]:
    """Write the edition of a case; its CSS and its findings."""
    blocks = _BLOCK.findall(body)
    documents = [text for kind, text in blocks if kind == "document"]
    (folder / "documents").mkdir(parents=True)
    (folder / "edition.yaml").write_text(EDITION)
    (folder / "persons.yaml").write_text(PERSONS)
    Image.new("L", (72, 72), 128).save(folder / "quay.png")
    (folder / "words.txt").write_text("quaymaster  # who keeps a quay\n")
    for number, text in enumerate(documents, 1):
        name = f"d{number:02}" if len(documents) > 1 else "d"
        front = "" if text.startswith("---") else f"---\nid: {name}\ntitle: The Quay\n---\n"
        (folder / "documents" / f"{name}.md").write_text(front + text)
    return "".join(text for kind, text in blocks if kind == "css"), next(
        text for kind, text in blocks if kind == "findings"
    )


def found_in(folder: Path, css: str, code: str) -> list[Finding]:
    """All findings of a rule in the edition of a folder, those of pages where it is one of these."""
    try:
        edition, findings = manuscript.load(folder)
    except EditionError as error:
        return [finding for finding in error.findings if finding.code == code]
    resolved = resolve(edition)
    found = [*findings, *resolved.findings]
    if PAGES.fullmatch(code):
        proof = lay_out(resolved, css=css, folder=folder).proof()
        found += located(proof.of_rules, proof.lines)
    else:
        paths = [folder / "edition.yaml", *(folder / "documents").iterdir()]
        sources = {str(path): Source(str(path), path.read_text()) for path in paths}
        words, _ = manuscript.load_words(folder)
        found += check_manuscript(edition, sources, words, codes_for("check"))
    return [finding for finding in found if finding.code == code]


def shown(finding: Finding) -> str:
    """`d.md:5:3 message (p. 1, line 3)`: the finding without its folder and its code."""
    return re.sub(r"/\S*/(\w+\.\w+:)", r"\1", str(finding)).replace(f": {finding.code} ", " ")


@pytest.mark.parametrize(("code", "fires", "body"), cases())
def test_case(code: str, fires: bool, body: str, tmp_path: Path) -> None:
    css, expected = written(body, tmp_path / "edition")
    found = [shown(finding) for finding in found_in(tmp_path / "edition", css, code)]
    assert found == expected.splitlines()
    assert bool(found) is fires


def test_every_rule_has_a_case_that_fires_and_one_that_does_not() -> None:
    having = {
        path.stem: {fires for fires, _, _ in _CASE.findall(path.read_text("utf-8"))} for path in CASES.glob("*.md")
    }
    both = {"fires", "does not fire"}
    assert {code for code in codes_for("check") | ELSEWHERE if having.get(code) != both} == set()
    assert having.keys() <= all_rules().keys()
