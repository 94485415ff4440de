"""How notes are numbered and where they stand, seen on the printed page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from edition import manuscript, pipeline
from edition.model import (
    Division,
    Document,
    Edition,
    Note,
    NoteCall,
    NotePolicy,
    Numbering,
    OriginalPage,
    PageBreak,
    Paragraph,
    Text,
)
from tests.reading import ReadPage, read_pdf


def document(name: str, *labels: str, pages: int = 0) -> Document:
    """A document with a paragraph for each label, and `pages` pages of text before the last one."""
    long = Paragraph((Text(f"Filling {name}. " * 170 * pages),)) if pages else None
    blocks = [
        Paragraph((Text(f"Word {name}{label}"), NoteCall(label), Text(" goes on.")))
        for label in dict.fromkeys(labels)
    ]
    if long:
        blocks.insert(-1, Paragraph((Text(long.inlines[0].text.strip()),)))  # type: ignore[union-attr]
    if len(set(labels)) < len(labels):
        blocks.append(Paragraph((Text(f"Again {name}{labels[0]}"), NoteCall(labels[0]), Text("."))))
    notes = tuple(Note(label, (Paragraph((Text(f"Note {name}{label}."),)),)) for label in dict.fromkeys(labels))
    return Document(name, (Text(f"Title {name}"),), tuple(blocks), notes)


def volume(numbering: Numbering, place: str = "foot") -> Edition:
    first = (document("a", "7", "7a", "*"), document("b", "8", "9", "8", pages=1))
    second = (document("c", "1", "2"),)
    chapters = (
        Division("chapter", (Text("One"),), first, id="one"),
        Division("chapter", (Text("Two"),), second, id="two"),
    )
    return Edition("Marks", chapters, id="marks", notes=NotePolicy(numbering, place))  # type: ignore[arg-type]


def printed(edition: Edition, folder: Path) -> list[ReadPage]:
    manuscript.save(edition, folder / "edition")
    return read_pdf(pipeline.build(folder / "edition", folder).pdf)


def marks(pages: list[ReadPage]) -> dict[str, tuple[str, str]]:
    """For each note's name the mark at its call and the mark in the note."""
    text = re.sub(r"\s+", " ", " ".join(page.text for page in pages))
    calls = dict(re.findall(r"Word ([abc](?:7a|\d|\*)) ?(\S+?) goes on", text))
    notes = {name: mark for mark, name in re.findall(r"(\S+?)\.? Note ([abc]\S+)\.", text)}
    return {name: (calls[name], notes[name]) for name in notes}


EXPECTED = {
    "source": {"a7": "7", "a7a": "7a", "a*": "*", "b8": "8", "b9": "9", "c1": "1", "c2": "2"},
    "document": {"a7": "1", "a7a": "2", "a*": "3", "b8": "1", "b9": "2", "c1": "1", "c2": "2"},
    "chapter": {"a7": "1", "a7a": "2", "a*": "3", "b8": "4", "b9": "5", "c1": "1", "c2": "2"},
    "volume": {"a7": "1", "a7a": "2", "a*": "3", "b8": "4", "b9": "5", "c1": "6", "c2": "7"},
    "page": {"a7": "1", "a7a": "2", "a*": "3", "b8": "4", "b9": "1", "c1": "1", "c2": "2"},
}


@pytest.mark.parametrize("numbering", EXPECTED)
def test_marks_by_policy(numbering: Numbering, tmp_path: Path) -> None:
    found = marks(printed(volume(numbering), tmp_path))
    assert found == {name: (mark, mark) for name, mark in EXPECTED[numbering].items()}


def test_a_repeated_call_has_the_mark_of_its_note(tmp_path: Path) -> None:
    text = " ".join(page.text for page in printed(volume("document"), tmp_path))
    assert re.search(r"Again b8 ?1\.", text)
    assert text.count("Note b8.") == 1


def test_notes_at_the_end_stand_after_their_document(tmp_path: Path) -> None:
    text = re.sub(r"\s+", " ", " ".join(page.text for page in printed(volume("source", "end"), tmp_path)))
    places = [
        text.index(words) for words in ("Word a7", "Word a*", "7. Note a7.", "Note a*.", "Title b", "Note b8.")
    ]
    assert places == sorted(places)


def test_links_lead_there_and_back(tmp_path: Path) -> None:
    import pikepdf

    manuscript.save(volume("source"), tmp_path / "edition")
    with pikepdf.open(pipeline.build(tmp_path / "edition", tmp_path).pdf) as pdf:
        links = {
            str(link.Dest if "/Dest" in link else link.A.D)
            for page in pdf.pages
            for link in page.get("/Annots", [])
        }
        names = set(pikepdf.NameTree(pdf.Root.Names.Dests))
    assert {"a-n7", "a-n7-r1", "b-n8", "b-n8-r1"} <= links <= names


def test_original_pages_of_one_number_are_told_apart(tmp_path: Path) -> None:
    breaks = [PageBreak(OriginalPage("5"), id=name) for name in ("", "p5b", "p5c")]
    blocks = tuple(Paragraph((Text("Before "), mark, Text(" after."))) for mark in breaks)
    manuscript.save(Edition("Breaks", (Document("a", (Text("A"),), blocks),), id="breaks"), tmp_path / "edition")
    built = pipeline.build(tmp_path / "edition", tmp_path)
    anchors = {name for page in built.pages.pages for name in page.anchors}
    assert {"page-5", "p5b", "p5c"} <= anchors


@pytest.mark.parametrize("place", ["foot", "end"])
def test_notes_that_call_only_each_other_are_printed_once(tmp_path: Path, place: str) -> None:
    calling = {"1": ("1",), "2": ("3",), "3": ("2",), "4": ("5",), "5": ()}
    notes = tuple(
        Note(label, (Paragraph((Text(f"Note n{label}"), *map(NoteCall, called), Text("."))),))
        for label, called in calling.items()
    )
    document = Document("a", (Text("A"),), (Paragraph((Text("Text."),)),), notes)
    edition = Edition("Round", (document,), id="round", notes=NotePolicy("source", place))  # type: ignore[arg-type]
    text = " ".join(page.text for page in printed(edition, tmp_path))
    assert [text.count(f"Note n{label}") for label in calling] == [1, 1, 1, 1, 1]


def test_many_margin_marks_of_one_line_stay_on_the_page(tmp_path: Path) -> None:
    marks = [PageBreak(OriginalPage(str(number))) for number in range(1001, 1009)]
    blocks = (Paragraph((Text("Before "), *marks, Text(" after."))),)
    edition = Edition("Margin", (Document("a", (Text("A"),), blocks),), id="margin", original_pages="margin")
    (page,) = printed(edition, tmp_path)
    drawn = [character for character in page.characters if character.text.isdigit()]
    assert len(drawn) >= 32
    assert all(0 < character.x < page.width - 6 for character in drawn)


def test_a_note_over_four_pages_is_one_note(tmp_path: Path) -> None:
    """It stands with its call, runs on at the foot of the next pages and is one element; veraPDF sees it, too."""
    from structure_tree import StructureTree

    words = " ".join(f"word{number}" for number in range(1700))
    text = "Text that goes on beside it. " * 120
    note = Note("1", (Paragraph((Text(words),)),))
    blocks = (Paragraph((Text("Called here"), NoteCall("1"), Text("."))), Paragraph((Text(text.strip()),)))
    manuscript.save(
        Edition("Long", (Document("a", (Text("A"),), blocks, (note,)),), id="long"), tmp_path / "edition"
    )
    built = pipeline.build(tmp_path / "edition", tmp_path)
    parts = [part for page in built.pages.pages for part in page.notes]
    assert len(parts) >= 4
    assert [part.continued for part in parts] == [False] + [True] * (len(parts) - 1)
    (element,) = StructureTree(built.pdf.read_bytes()).document.all("Note")
    (paragraph,) = element.all("P")
    assert len(paragraph.pages) == len(parts)
