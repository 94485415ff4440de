"""Two books compared: what words changed, and what moved, apart from each other.

Works on any two PDFs of ours, however their lines and pages are broken; on PDFs of others by their text alone.
Knows no manuscript: all is read from the finished files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from edition.proof.book import PrintedBook
from edition.proof.comparison.moves import Move, moves, order_of
from edition.proof.comparison.texts import Change, PageNumber, Renumbered, Texts, compare_texts, old_page_of
from edition.proof.drawing import DrawnPage
from edition.proof.foreign import foreign_pages
from edition.proof.lines import PrintedPage
from edition.proof.streams import Key

__all__ = ["Change", "Compared", "Move", "compare_books"]


class Furniture(NamedTuple):
    """What stands in the margins of a page, where it is another than on the old page of the same folio."""

    folio: str
    old: str
    new: str


@dataclass
class Compared:
    """Everything that two books differ in."""

    old: PrintedBook
    new: PrintedBook
    changes: list[Change] = field(default_factory=list)
    moved: list[Move] = field(default_factory=list)
    out_of_order: list[tuple[Key, Key]] = field(default_factory=list)
    renumbered: list[Renumbered] = field(default_factory=list)
    page_numbers: list[PageNumber] = field(default_factory=list)
    furniture: list[Furniture] = field(default_factory=list)
    pages: list[tuple[int | None, int]] = field(default_factory=list)
    """For each new page the old one that its text begins on, and the new one; indices from 0."""
    look_different: list[int] = field(default_factory=list)
    """New pages that are drawn otherwise than the old ones that they were; empty where that cannot be seen."""

    @property
    def by_text_alone(self) -> bool:
        """Whether one of the files is not of ours: then nothing is known of notes, documents and moves."""
        return not (self.old.is_ours and self.new.is_ours)

    @property
    def changed_pages(self) -> list[tuple[int | None, int | None]]:
        """Pages with changed words, old and new ones together."""
        found: dict[tuple[int | None, int | None], None] = {}
        for change in self.changes:
            found[change.old.page if change.old else None, change.new.page if change.new else None] = None
        return list(found)


def compare_books(old: PrintedBook, new: PrintedBook) -> Compared:
    """Compare two books that were read."""
    if old.is_ours != new.is_ours:  # both are to be read in the same way
        for book in (old, new):
            if book.is_ours:
                book.pages, book.drawn, book.is_ours = foreign_pages(book.content), [], False
    texts = compare_texts(old, new)
    pages = list(_page_pairs(texts, old, new))
    compared = Compared(
        old, new, texts.changes, renumbered=texts.renumbered, page_numbers=texts.page_numbers, pages=pages
    )
    compared.furniture = _furniture(old.pages, new.pages)
    if not compared.by_text_alone:
        compared.moved = moves(texts, old, new)
        compared.out_of_order = order_of(texts)
        compared.look_different = [
            page
            for before, page in pages
            if before is None or not _looks_alike(old.drawn[before], new.drawn[page])
        ]
    return compared


def _page_pairs(texts: Texts, old: PrintedBook, new: PrintedBook) -> Iterator[tuple[int | None, int]]:
    """For each new page the old one that its first text stood on; without text, that of the same folio."""
    firsts: dict[int, tuple[Key, int]] = {}
    for key, (_, other) in texts.pairs.items():
        for number, (line, _) in enumerate(other.words):
            firsts.setdefault(id(line), (key, number))
    by_folio = {page.folio: page.index for page in old.pages}
    for page in new.pages:
        lines = [line for line in page.text_lines if not line.is_note]
        known = (old_page_of(texts, *firsts[id(line)]) for line in lines if id(line) in firsts)
        yield (
            next((before for before in known if before is not None), None if lines else by_folio.get(page.folio)),
            page.index,
        )


def _looks_alike(one: DrawnPage, other: DrawnPage) -> bool:
    """Whether two pages have the same letters and pictures in the same places, to a tenth of a point."""

    def drawn(page: DrawnPage) -> list[tuple[object, ...]]:
        pieces: list[tuple[object, ...]] = [
            (
                round(piece.x, 1),
                round(piece.y, 1),
                round(piece.size, 1),
                piece.text,
                piece.font.family,
                piece.colour,
            )
            for piece in page.pieces
        ]
        pictures = [tuple(round(edge, 1) for edge in box) for _, box in page.pictures]
        return [*pieces, *pictures, (round(page.width), round(page.height))]

    return drawn(one) == drawn(other)


def _furniture(old: Sequence[PrintedPage], new: Sequence[PrintedPage]) -> list[Furniture]:
    """Running heads and folios of pages with the same folio, where they differ."""
    before = {page.folio: _margins(page) for page in old}
    return [
        Furniture(page.folio, before[page.folio], now)
        for page in new
        if page.folio in before and (now := _margins(page)) != before[page.folio]
    ]


def _margins(page: PrintedPage) -> str:
    return " | ".join(
        line.text for line in sorted(page.lines, key=lambda line: (line.y, line.left)) if line.is_furniture
    )
