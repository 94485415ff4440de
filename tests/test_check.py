"""`edition check`: what it prints for people, editors and other programs, and how less is asked of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from edition import pipeline
from edition.cli import app
from edition.cli.formats import as_annotation, as_line
from edition.findings import Finding, Severity
from edition.proof import rules
from edition.proof.rules.passages import Passages
from edition.source import Place


def check(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["check", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    return result.exit_code, result.output


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An edition with one warning and one info of the manuscript."""
    pipeline.new(tmp_path / "edition")
    document = tmp_path / "edition" / "documents" / "d1.md"
    document.write_text(document.read_text() + "\nThe the last paragrph.\n")
    return tmp_path / "edition"


def told(output: str) -> list[str]:
    return [line for line in output.splitlines() if not line.endswith("…")]


def test_a_finding_says_its_page_and_line(folder: Path) -> None:
    code, output = check(folder)
    assert code == 0
    assert re.search(r"d1\.md:\d+:5: W001 the word “the” stands twice \(p\. \d+, line \d+\)", output)
    assert told(output)[-1] == "1 warning, 1 info"


def test_what_is_written_in_the_volumes_file_is_found_on_its_page(tmp_path: Path) -> None:
    """Titles of divisions and their notes; also after a line above them was put in, and their pages were kept."""
    (tmp_path / "documents").mkdir()
    for name in "ab":
        (tmp_path / "documents" / f"{name}.md").write_text(f"---\nid: {name}\ntitle: A\n---\n\nJust this.\n")
    text = """title: Titles
contents:
  - division: chapter
    title: First, see [p. 3](other#page-3)
    contents: [documents/a.md]
  - division: chapter
    title: Second[^1]
    notes: |
      [^1]: See [p. 3](other#page-3).
    contents: [documents/b.md]
"""
    for more in (0, 2):
        (tmp_path / "edition.yaml").write_text("# a remark\n" * more + text)
        found = [(finding.place, finding.folio, finding.line) for finding in pipeline.check(tmp_path)]
        assert [(place.line - more, folio, line) for place, folio, line in found if place] == [
            (4, "1", 1),
            (9, "2", 4),
        ]


def test_without_pages_it_finds_the_same_in_the_manuscript(folder: Path) -> None:
    code, output = check(folder, "--manuscript")
    assert (code, told(output)[-1]) == (0, "1 warning, 1 info")
    assert "(p." not in output


@pytest.mark.parametrize(
    ("options", "codes"),
    [
        (["--select", "W001"], {"W001"}),
        (["--select", "w"], {"W001", "W010"}),
        (["--select", "N,W010"], {"W010"}),
        (["--ignore", "W010"], {"W001"}),
        (["--select", "W", "--ignore", "W001"], {"W010"}),
        (["--ignore", "W"], set()),
    ],
)
def test_codes_are_selected_and_ignored(folder: Path, options: list[str], codes: set[str]) -> None:
    _, output = check(folder, "--manuscript", "--json", *options)
    assert {finding["code"] for finding in json.loads(output)["findings"]} == codes


def test_a_code_that_no_rule_has_stops(folder: Path) -> None:
    code, output = check(folder, "--manuscript", "--select", "Q7")
    assert code == 2
    assert "no rule's code begins with `Q7`" in output


def test_lines_for_editors(folder: Path) -> None:
    _, output = check(folder, "--manuscript", "--format", "lines", "--select", "W001")
    assert re.fullmatch(r"\S+/d1\.md:\d+:5: warning: the word “the” stands twice \[W001\]\n", output)


def test_annotations_for_github(folder: Path) -> None:
    _, output = check(folder, "--manuscript", "--format", "github")
    for line in output.splitlines():
        assert re.fullmatch(r"::(warning|notice) file=\S+/d1\.md,line=\d+,col=\d+,title=W\d+::.+", line)


def test_what_ends_a_command_is_escaped() -> None:
    finding = Finding("F101", Severity.ERROR, "100 %\nof it", Place("a,b:c.md", 2, 3), "look")
    assert as_annotation(finding) == "::error file=a%2Cb%3Ac.md,line=2,col=3,title=F101::100 %25 of it; look"
    assert as_line(finding) == "a,b:c.md:2:3: error: 100 % of it; look [F101]"


def test_sarif(folder: Path) -> None:
    _, output = check(folder, "--format", "sarif")
    log = json.loads(output)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in ("error", "warning", "note")
        region = result["locations"][0]["physicalLocation"]["region"]
        assert region["startLine"] > 0
        assert region["startColumn"] > 0
        assert result["properties"]["page"]


def test_words_of_the_list_are_known_and_the_list_must_be_readable(folder: Path) -> None:
    (folder / "words.txt").write_text("# mine\nparagrph # so it is spelt\n")
    assert "W010" not in check(folder, "--manuscript")[1]
    (folder / "words.txt").write_bytes(b"\xff\xfe")
    code, output = check(folder, "--manuscript")
    assert code == 1
    assert "F104" in output


def test_an_allowance_silences_and_is_told_when_it_silences_nothing(folder: Path) -> None:
    document = folder / "documents" / "d1.md"
    front = document.read_text().replace(
        "id: d1\n", "id: d1\nallow: {W001: so it is, W010: so it is, T107: so it is}\n"
    )
    document.write_text(front)
    (finding,) = told(check(folder)[1])[:-1]
    assert "A001 the allowance of T107 silences nothing" in finding
    assert "A001" not in check(folder, "--manuscript")[1]


def test_a_build_leaves_infos_to_the_check(folder: Path, tmp_path: Path) -> None:
    built = pipeline.build(folder, tmp_path / "out")
    assert {finding.code for finding in built.findings} == {"W001"}


def test_what_was_found_is_kept_while_documents_and_words_are_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EDITION_CACHE", str(tmp_path / "cache"))
    asked: list[str] = []
    check_document = rules.check_document

    def noted(passages: Passages, *rest: Any) -> Iterator[Finding]:
        asked.append(passages.document.id)
        return check_document(passages, *rest)

    monkeypatch.setattr(rules, "check_document", noted)
    first = pipeline.check(folder)
    assert asked
    asked.clear()
    assert pipeline.check(folder) == first
    assert asked == []
    document = folder / "documents" / "d1.md"
    document.write_text(document.read_text() + "\nAnd and more.\n")
    assert len(pipeline.check(folder)) == len(first) + 1
    assert asked == ["d1"]
    (folder / "words.txt").write_text("paragrph\n")
    assert "W010" not in {finding.code for finding in pipeline.check(folder)}
    for entry in (tmp_path / "cache").glob("??/*-rules"):
        entry.write_bytes(b"edition1 spoilt")
    assert "W001" in {finding.code for finding in pipeline.check(folder)}
