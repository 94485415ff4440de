"""Letters on pages: what leads on, what is signed and who is addressed are not parted from what they belong to."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest

from edition.assemble import assemble
from edition.model import (
    Block,
    Container,
    Document,
    Edition,
    OriginalPage,
    PageBreak,
    Paragraph,
    StyleChoice,
    Text,
)
from edition.render import render
from edition.render.shape import is_in_capitals, turns_of_letters
from edition.resolve import resolve
from edition.styles import load_style
from edition.typeset import typeset_whole
from tests.editing import chapter, text

HEAD = "The Terms Of The Treaty".upper()
COLON = "Appendix to this letter:"
SIGNED = "Edward Everett"
ADDRESSEE = "Daniel Webster, Esq."


def paragraph(words: str) -> Paragraph:
    return Paragraph((Text(words),))


def signature(words: str) -> Container:
    return Container("signed", (paragraph(words),))


def letter(number: int) -> Document:
    """A letter of another length each."""
    blocks: tuple[Block, ...] = (
        paragraph(text(number, 40 + number * 31 % 170)),
        paragraph(HEAD),
        paragraph(text(number + 1, 30 + number * 17 % 90)),
        paragraph(COLON),
        paragraph(text(number + 2, 60)),
        signature(SIGNED),
        paragraph(ADDRESSEE),
    )
    return Document(f"l{number}", (Text(f"Letter {number}"),), blocks)


def texts_of_pages(*chapters: object) -> list[list[str]]:
    """The lines of each page between its furniture."""
    edition = Edition("A Book", tuple(chapters), style=StyleChoice("reading"), language="en")  # type: ignore[arg-type]
    resolved = resolve(edition)
    pdf = assemble(resolved, typeset_whole(render(resolved), load_style(edition.style, Path()), Path()))
    pages = [page.get_textpage().get_text_bounded().splitlines() for page in pypdfium2.PdfDocument(BytesIO(pdf))]
    return [[line.strip() for line in page if line.strip()] for page in pages]


@cache
def pages() -> list[list[str]]:
    return texts_of_pages(chapter(1, *(letter(number) for number in range(90))))


@pytest.mark.parametrize("line", [HEAD, COLON])
def test_what_leads_on_never_ends_a_page(line: str) -> None:
    assert sum(line in page for page in pages()) > 30
    for page in pages():
        assert line not in page[-3:], page


@pytest.mark.parametrize("line", [SIGNED, ADDRESSEE])
def test_what_closes_a_letter_never_begins_a_page(line: str) -> None:
    for page in pages():
        assert not any(found.startswith(line) for found in page[:2]), page


def test_marks_at_the_end_of_a_chapter_have_no_page_of_their_own() -> None:
    """In chapters of sixty lengths."""
    marks = tuple(PageBreak(OriginalPage(str(number))) for number in (51, 52, 53, 54))

    def ended(number: int) -> Document:
        words = text(number, 300 + number * 9).split()
        return Document(f"d{number}", (Text("Letter"),), (paragraph(" ".join(words)), *marks))

    for page in texts_of_pages(*(chapter(number, ended(number)) for number in range(1, 60))):
        alone = [line for line in page if line.startswith("[Page 5")]
        assert not alone or len(page) > len(alone) + 2, page


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("THE TERMS OF 1818", True),
        ("THE END.", False),
        ("SIR:", False),
        ("The TERMS of the treaty", False),
        ("1818, 1819, 1820", False),
        ("THE TERMS " * 40, False),
    ],
)
def test_heads_in_capitals(words: str, wanted: bool) -> None:
    assert is_in_capitals(paragraph(words)) == wanted


def test_what_stands_beside_a_signature() -> None:
    blocks = [
        paragraph("Yours,"), signature("Q."), paragraph("Mr. Fish"), paragraph("[Inclosure 1.]"), paragraph("NOTE:"), paragraph("x" * 80),
    ]  # fmt: skip
    assert turns_of_letters(blocks) == {0: "closing", 2: "closing", 4: "opening"}
    assert turns_of_letters([paragraph("Appendix:")]) == {}
