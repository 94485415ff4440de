"""Every example in docs/content-format.md loads without a finding, and says what the text around it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from edition.manuscript import load, load_document, save_document
from edition.model import (
    CONTAINER_KINDS,
    DIVISION_KINDS,
    GENERATED_KINDS,
    SPAN_ATTRIBUTES,
    SPAN_KINDS,
    Division,
    Document,
    Generated,
)
from edition.source import Source

GUIDE = (Path(__file__).parents[2] / "docs" / "content-format.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```(markdown|yaml)\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
BODIES = [text for kind, text in EXAMPLES if kind == "markdown"]
VOLUME, CONTENTS, PERSONS = [text for kind, text in EXAMPLES if kind == "yaml"]


def document(example: str) -> Document:
    front = "" if example.startswith("---") else "---\nid: d\n---\n"
    read, findings = load_document(Source("d.md", front + example))
    assert not findings
    return read


@pytest.mark.parametrize("example", BODIES, ids=range(len(BODIES)))
def test_the_example_loads_and_is_saved_alike(example: str) -> None:
    read = document(example)
    assert document(save_document(read)) == read


def test_the_example_of_a_volume_loads(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "edition.yaml").write_text(VOLUME)
    (tmp_path / "persons.yaml").write_text(PERSONS)
    for number in (1, 21):
        (tmp_path / "documents" / f"d{number}.md").write_text(f"---\nid: d{number}\n---\n")
    edition, findings = load(tmp_path)
    assert not findings
    assert [found.id for found in edition.documents] == ["d1", "d21"]
    assert edition.imprint == "Further text of the imprint page.\n\nBlank lines part its paragraphs."
    assert edition.persons[0].name == "Welles, Sumner"


def test_the_example_of_contents_loads(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "edition.yaml").write_text("title: T\n" + CONTENTS)
    (tmp_path / "documents" / "d1.md").write_text("---\nid: d1\n---\n")
    edition, findings = load(tmp_path)
    assert not findings
    contents, chapter, index = edition.contents
    assert contents == Generated("contents", "Table of Contents", 2)
    assert index == Generated("index")
    assert isinstance(chapter, Division)
    assert (chapter.running_title, [note.label for note in chapter.notes]) == ("China", ["1"])
    assert str(chapter.notes[0].at).endswith("edition.yaml:11:7")


@pytest.mark.parametrize("word", [*CONTAINER_KINDS, *GENERATED_KINDS, *DIVISION_KINDS])
def test_every_kind_is_named(word: str) -> None:
    assert f"`{word}`" in GUIDE


def test_every_span_is_shown() -> None:
    shown = "".join(BODIES)
    assert all(f"{{.{kind}" in shown for kind in SPAN_KINDS if kind != "foreign")
    assert all(f"{name}=" in shown for name in SPAN_ATTRIBUTES)
