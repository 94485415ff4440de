"""The way back from the pages to the source: exact to the character, the same bytes wherever it is made."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from edition import pipeline
from edition.proof.places import Places, look_up, read_places
from edition.proof.reader import read_pages
from tests.proof.planting import FOLDER, Book, lay_out, resolved_edition, sound
from tests.reading import read_pdf


@pytest.fixture(scope="module")
def book() -> Book:
    return sound()


@pytest.fixture(scope="module")
def places(book: Book) -> Places:
    return read_places(book.proof().places)


def written_at(places: Places, page: int, number: int, character: int) -> str:
    """The rest of the source line at a character of a piece."""
    place = places.place_of(page, number, character)
    assert place is not None
    line = (FOLDER / place.path).read_text("utf-8").split("\n")[place.line - 1]
    return line[place.column - 1 :]


def test_every_word_leads_to_where_it_was_written(book: Book, places: Places) -> None:
    """By number of marked content and character, over line ends of the source, in notes, cells and heads."""
    found = 0
    for index, page in enumerate(read_pages(book.pdf)):
        numbers = {row[0] for row in places.pages[index]}
        for piece in page.pieces:
            if piece.number not in numbers:
                continue
            for word in re.finditer(r"[^\W_]+", piece.text):
                source = written_at(places, index, piece.number or 0, word.start()).casefold()
                assert source.startswith(word[0].casefold()), (piece.text, word[0], source)
                found += 1
    assert found > 200


def test_every_point_of_a_word_leads_to_that_word(book: Book, places: Places, tmp_path: Path) -> None:
    """By coordinates, as a click gives them: pdfium says where each letter is, the source which word it is in."""
    path = tmp_path / "quay.pdf"
    path.write_bytes(book.pdf)
    hits = exact = 0
    for index, page in enumerate(read_pdf(path)):
        for char in page.characters:
            place = places.look_up(index, char.x + 0.4, char.y - 1) if char.text.isalpha() else None
            if place is None:
                continue  # furniture
            line = (FOLDER / place.path).read_text("utf-8").split("\n")[place.line - 1]
            around = re.search(r"\S*$", line[: place.column - 1]), re.match(r"\S*", line[place.column - 1 :])
            word = "".join(part[0] for part in around if part).casefold()
            assert char.text.casefold() in word, (char, word, line)
            hits += 1
            exact += line[place.column - 1 : place.column].casefold() == char.text.casefold()
    assert hits > 900
    assert exact / hits > 0.6  # within a word letters count as equally wide


def test_beside_the_text_is_nothing(places: Places) -> None:
    assert places.look_up(3, 1, 1) is None
    assert places.look_up(99, 100, 100) is None
    assert places.look_up(-1, 100, 100) is None
    assert places.place_of(3, 99999) is None


def test_the_file_is_the_same_wherever_the_edition_stands(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path / "elsewhere")
    once = lay_out(resolved_edition(folder=FOLDER)).proof().places
    there = tmp_path / "elsewhere"
    again = lay_out(resolved_edition(folder=there), folder=there).proof().places
    assert once == again
    assert json.loads(once)["files"] == [
        "edition.yaml", "documents/preface.md", "documents/q1.md", "documents/q2.md",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[]", b'{"format": 9}', b'{"format": 2, "files": 3, "pages": 4}']
)
def test_what_is_no_places_file_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        read_places(content)


def test_a_build_writes_it_beside_the_pdf(tmp_path: Path) -> None:
    built = pipeline.build(FOLDER, tmp_path)
    place = look_up(built.pdf.with_suffix(".places.json"), 4, 60, 272)
    assert place is not None
    assert (place.path, place.line) == ("documents/q1.md", 13)
    assert (built.proof.notes, built.proof.page_breaks) == (5, 3)


def test_source_lines_may_have_escapes_quotes_and_indents(tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    (folder / "documents").mkdir(parents=True)
    (folder / "edition.yaml").write_text("title: Odd\ncontents: [documents/a.md]\n", "utf-8")
    text = (
        "---\nid: a\ntitle: 'It''s a *title*'\n---\n\n"
        "> A quotation \\[with brackets\\] over\n> two lines, e\u0301t\u00e9\u2026 and \\*stars\\*  far\n\n"
        "- item one goes\n  over lines\n"
    )
    (folder / "documents" / "a.md").write_text(text, "utf-8")
    book = lay_out(resolved_edition(folder=folder), folder=folder)
    proof = book.proof()
    assert proof.findings == ()
    places = read_places(proof.places)
    lines = text.split("\n")
    seen = []
    for index, page in enumerate(read_pages(book.pdf)):
        for piece in page.pieces:
            for word in re.finditer(r"[a-z]{3,}", piece.text):
                place = (
                    places.place_of(index, piece.number or 0, word.start()) if piece.number is not None else None
                )
                if place is not None:
                    seen.append(word[0])
                    assert lines[place.line - 1][place.column - 1 :].startswith(word[0]), (word[0], place)
    assert {"brackets", "lines", "stars", "far", "item", "over", "title"} <= set(seen)
