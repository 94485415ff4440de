"""One edition with every construct of the content format, in both styles and all four modes of original pages.

Text first, then position: what a reader of the printed page would notice.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import pytest

from edition import pipeline
from tests.reading import ReadPage, read_pdf

SOURCE = Path(__file__).parent / "editions" / "constructs"
STYLES = ("reading", "frus")
MODES = ("inline", "margin", "facsimile", "hidden")
LEADING = {"reading": 13.5, "frus": 12.0}


@dataclass(frozen=True)
class Book:
    """A finished build of the edition, and its PDF read back."""

    built: pipeline.Built
    pages: list[ReadPage]
    style: str

    @property
    def text(self) -> str:
        """All words, with one space between them and line-end hyphens gone."""
        return re.sub(r"\s+", " ", "\n".join(page.text for page in self.pages))

    def page_with(self, words: str) -> ReadPage:
        found = [page for page in self.pages if words in re.sub(r"\s+", " ", page.text)]
        assert found, f"no page says {words!r}"
        return found[0]


@pytest.fixture(scope="session")
def books(tmp_path_factory: pytest.TempPathFactory):
    """A function that gives the book in a style and a mode; each is built once for all tests of a process."""

    @cache
    def book(style: str, mode: str) -> Book:
        folder = tmp_path_factory.mktemp(f"{style}-{mode}")
        shutil.copytree(SOURCE, folder / "edition")
        settings = folder / "edition" / "edition.yaml"
        text = settings.read_text("utf-8")
        text = text.replace("original-pages: inline", f"original-pages: {mode}")
        settings.write_text(text.replace("style: reading", f"style: {style}"), "utf-8")
        built = pipeline.build(folder / "edition", folder / "out")
        return Book(built, read_pdf(built.pdf), style)

    return book


each = pytest.mark.parametrize(("style", "mode"), list(product(STYLES, MODES)))
each_style = pytest.mark.parametrize("style", STYLES)


@each
def test_it_builds_with_nothing_to_complain_of(books, style: str, mode: str) -> None:
    """The reference to another volume is worth a word; marks that repeat on a page, and how words stand under each
    other, are of the text."""
    codes = [finding.code for finding in books(style, mode).built.findings]
    assert [code for code in codes if code not in ("N201", "T106", "T107")] == ["R002"]


@each
def test_every_note_stands_whole_on_the_page_of_its_call(books, style: str, mode: str) -> None:
    book = books(style, mode)
    pages = book.built.pages.pages
    called = {note: page.index for page in reversed(pages) for note in page.calls}
    printed = {part.id: page.index for page in pages for part in page.notes if not part.continued}
    assert called == printed
    assert len(printed) == book.built.notes == 23
    for words in (
        "A note from the title.", "A note from the source note.", "A note from the headnote.",
        "A note from the dateline.", "High water was at six.", "The note has a second paragraph.",
        "A note from verse.", "A note from a quotation.", "A note from a head.", "A note from a signature.",
        "A note two enclosures deep.", "A note from a table head.", "A note from a cell.", "A note from a list.",
        "A note from a full table.", "The inner note.", "A quotation in a note.", "page twenty-three.",
    ):  # fmt: skip
        assert book.text.count(words) == 1, words


@each
def test_the_text_is_whole_and_as_written(books, style: str, mode: str) -> None:
    text = books(style, mode).text
    for words in (
        "861.24/441", "S[umner] W[elles]", "½ ⅓", "† ‡ § £ №", "1861. In that year nothing was renumbered",
        "underlined, struck", "supplied", "Guten Tag", "The first line of verse,", "A labelled item.",
        "and steel", "P.S. The tide was high.", "The preface is short.", "Mason, John, harbour master from 1858",
        "H.M., Her Majesty", "Set for the tests.", "Goods landed",
    ):  # fmt: skip
        assert words in text, words


@each
def test_original_pages_can_be_found(books, style: str, mode: str) -> None:
    """A destination for each, on the page where the break falls."""
    anchors = {name for page in books(style, mode).built.pages.pages for name in page.anchors}
    assert {f"page-{number}" for number in range(11, 24)} <= anchors


@each_style
def test_inline_marks_stand_in_the_text(books, style: str) -> None:
    text = books(style, "inline").text
    assert "her papers are in [Page 12] order but" in text
    assert "the word trans[Page 13]parent breaks" in text
    assert "[Page 14]" in text
    assert "[Page [14]]" not in text
    assert "a call3 and [Page 17] a break" in text


@each_style
def test_hidden_marks_leave_no_trace(books, style: str) -> None:
    text = books(style, "hidden").text
    assert "[Page" not in text
    assert "her papers are in order but" in text
    assert "the word transparent breaks" in text


@each_style
def test_margin_marks_stand_outside_on_the_line_of_their_break(books, style: str) -> None:
    book = books(style, "margin")
    page = book.page_with("morning tide")  # a verso
    left = page.line_with("Gentlemen:").left
    for number, words in (("12", "her papers are in"), ("13", "transparent")):
        line = page.line_with(words)
        marks = [line for line in page.lines if line.text == number and line.left < left]
        assert len(marks) == 1
        assert abs(marks[0].baseline - line.baseline) < 0.1
        assert marks[0].characters[-1].x < left - 4
    assert "[Page" not in book.text


@each_style
def test_two_margin_marks_of_one_line_can_be_read(books, style: str) -> None:
    page = books(style, "margin").page_with("A note with blocks.")
    line = page.line_with("And the next page breaks")
    marks = [
        character
        for character in page.characters
        if abs(character.y - line.baseline) < 0.2 and character.x > page.width * 0.8
        and character.text.isdigit()
    ]  # fmt: skip
    text = "".join(mark.text for mark in marks)
    assert text in ("2021", "202122")
    places = sorted(mark.x for mark in marks)
    assert all(after - before > 2 for before, after in pairwise(places))
    assert places[-1] < page.width - 9


@each_style
def test_facsimile_pages_begin_with_their_original_page(books, style: str) -> None:
    book = books(style, "facsimile")
    labels = {page.label: page for page in reversed(book.pages)}
    for label, opening in (
        ("12", "order but for the list"),
        ("13", "parent breaks over a page"),
        ("15", "inside."),
        ("21", "here and"),
        ("22", "in the same line."),
    ):
        lines = [line.text for line in labels[label].lines]
        assert any(line.startswith(opening.replace(" ", "")) for line in lines), (label, lines)
    assert [page.label for page in book.pages[-4:]] == ["19", "20", "21", "22"]


@each_style
def test_a_facsimile_page_that_runs_on_says_so(books, style: str, tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    pipeline.new(folder)
    document = folder / "documents" / "d1.md"
    long = "The quay was long and the days were longer. " * 200
    document.write_text(document.read_text("utf-8").replace("order, but", f"order, {long} but"), "utf-8")
    settings = folder / "edition.yaml"
    text = settings.read_text("utf-8").replace("original-pages: inline", "original-pages: facsimile")
    settings.write_text(text.replace("style: reading", f"style: {style}"), "utf-8")
    pages = read_pdf(pipeline.build(folder, tmp_path / "out").pdf)
    twelfth = [page for page in pages if page.label == "12"]
    assert len(twelfth) > 2
    assert ["12 continued" in page.text for page in twelfth] == [False] + [True] * (len(twelfth) - 1)


@each
def test_text_stands_on_the_grid(books, style: str, mode: str) -> None:
    """Every line of text that is as large as the text, on all pages, whatever stands above it."""
    book = books(style, mode)
    first = book.page_with("Gentlemen:").line_with("Gentlemen:")
    size, leading = first.characters[0].size, LEADING[style]
    off = []
    for page in (page for page in book.pages if page.label.isdigit()):
        body = [line for line in page.lines if abs(line.characters[0].size - size) < 0.01 and len(line.text) > 3]
        for line in body:
            steps = (line.baseline - first.baseline) / leading
            if abs(steps - round(steps)) > 0.02:
                off.append((page.label, round(steps, 3), line.text))
    assert off == []


@each_style
def test_folios_are_roman_in_front_and_begin_again(books, style: str) -> None:
    labels = [page.label for page in books(style, "inline").pages]
    main = labels.index("1")
    assert labels[:main] == ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii"][:main]
    assert labels[main:] == [str(number) for number in range(1, len(labels) - main + 1)]
    assert main % 2 == 0  # a recto


@each_style
def test_running_heads_name_volume_division_and_document_but_not_over_openings(books, style: str) -> None:
    book = books(style, "inline")
    documents = {"reading": ("harbourmaster", "tables", "notes")}.get(style, ())
    verso = {"reading": ("letters", "notes"), "frus": ("everyconstruct",)}[style]

    def head(page: ReadPage) -> str:
        return " ".join(line.text for line in page.lines if line.baseline < 60).lower()

    for page in book.pages:
        opening = any(words in page.text for words in ("1. The Harbour Master to", "Notes of All Kinds"))
        if opening or not page.label.isdigit() or "first part" in page.text[:20].lower():
            assert head(page) == ""
        elif int(page.label) % 2:
            assert "14" in head(page) or any(words in head(page) for words in (*documents, "letters", "notes"))
        else:
            assert any(words in head(page) for words in verso)
