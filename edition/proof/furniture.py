"""Texts that the builder makes: folios, running heads' spans, page numbers of the contents, repeated table heads.

Each is checked against the pages themselves, not against how it was made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TypeAlias

from edition.findings import Finding, Severity, declare
from edition.numerals import inclusive
from edition.pages import Label, Labels, Page, PagedEdition
from edition.proof.collation import quoted
from edition.proof.drawing import Piece
from edition.proof.lists import listed_lines
from edition.proof.parts import DrawnBook
from edition.proof.streams import generated_parts
from edition.proof.text import squeezed
from edition.resolved import ResolvedEdition

WRONG_FOLIO = declare(
    "C030",
    Severity.ERROR,
    """A page's printed number is not its number, or numbers are out of order.

    Roman folios count the front matter, arabic ones the text from 1; in facsimile mode the folio is the original
    page's.
    """,
)
WRONG_SPAN = declare(
    "C031",
    Severity.WARNING,
    """A running head gives other original pages than stand on its page.

    The span is that of the original page that the page begins with to the last one that begins on it.
    """,
)
WRONG_REFERENCE = declare(
    "C032",
    Severity.WARNING,
    """A line of the contents gives another page than that on which its entry stands.""",
)
WRONG_REPEAT = declare(
    "C033",
    Severity.ERROR,
    """A table's head reads otherwise where it is repeated.""",
)


Events: TypeAlias = Mapping[int, Sequence[str]]
"""By page, from 0, the original pages that begin there, in order."""


def check_furniture(
    resolved: ResolvedEdition, paged: PagedEdition, labels: Labels, book: DrawnBook, begun: Events | None
) -> Iterator[Finding]:
    """All findings of generated texts.

    `begun` says where original pages begin in the text as it was found; None if that is not known of all.
    """
    facsimile = resolved.edition.original_pages == "facsimile"
    yield from _folios(paged.pages, book, facsimile)
    if begun is not None:
        yield from _original_pages(paged.pages, book, begun, facsimile)
    yield from _contents(resolved, paged, labels, book)
    yield from _repeats(book, paged.pages)


def _folios(pages: Sequence[Page], book: DrawnBook, facsimile: bool) -> Iterator[Finding]:
    """Printed folios are those of their pages; those of the text rise by one, but for the original's."""
    for page, furniture in zip(pages, book.furniture, strict=True):
        printed = _reading(furniture, "folio")
        if printed and squeezed(printed).casefold() != squeezed(page.folio).casefold():
            message = f"the folio reads {quoted([printed])} on page {page.folio}"
            yield WRONG_FOLIO.at(None, message, folio=page.folio)
    for page, after in pairwise(page for page in pages if page.folio.isdecimal() and not facsimile):
        if int(after.folio) != int(page.folio) + 1:
            yield WRONG_FOLIO.at(None, f"page {after.folio} comes after page {page.folio}", folio=after.folio)


def _reading(furniture: Sequence[tuple[Piece, Label]], string: str) -> str:
    """What the margin boxes say that hold a named string before all others."""
    return "".join(piece.text for piece, label in furniture if label.strings[:1] == (string,)).strip()


def _original_pages(pages: Sequence[Page], book: DrawnBook, begun: Events, facsimile: bool) -> Iterator[Finding]:
    """The span in the running head, or in facsimile mode the folio, against what stands on each page.

    Parts that the builder makes are on no original page, and in front of the text folios are roman.
    """
    parts = [stream for key, stream in book.streams.items() if key.kind == "generated"]
    generated = {item.piece.page for stream in parts for item in stream.items}
    in_front = facsimile
    current = ""
    for page, furniture in zip(pages, book.furniture, strict=True):
        in_front = in_front and page.name != "main"
        here = list(begun.get(page.index, ()))
        known = [opening for opening in (current, *here) if opening]
        current = here[-1] if here else current
        if in_front or (page.index in generated and not here):
            continue
        if facsimile:
            printed, possible = _reading(furniture, "folio"), set(known)
        else:
            printed = _reading(furniture, "original-pages")
            possible = {inclusive(opening, current) for opening in known[:2]}
        if printed and known and squeezed(printed) not in map(squeezed, possible):
            wanted = inclusive(known[0], current)
            message = f"the head gives the original page {quoted([printed])} instead of {quoted([wanted])}"
            yield WRONG_SPAN.at(None, message, folio=page.folio)


def _contents(
    resolved: ResolvedEdition, paged: PagedEdition, labels: Labels, book: DrawnBook
) -> Iterator[Finding]:
    """The page numbers of contents lists, line by line, against the folios of the pages they lead to."""
    folios = {anchor: page.folio for anchor, page in paged.first_pages().items()}
    parts = generated_parts(resolved)
    for key, lines in book.contents_lines.items():
        numbers: dict[int, list[Piece]] = {}
        for item in book.streams[key].items if key in book.streams else ():
            if item.label.pseudo and labels.elements[item.label.element].tag == "a":
                numbers.setdefault(item.label.element, []).append(item.piece)
        for line, element in zip(listed_lines(resolved, parts[key]), lines, strict=False):
            pieces = numbers.get(element, [])
            said = "".join(piece.text for piece in pieces).strip()
            folio = folios.get(line.anchor, "")
            if said and squeezed(said).casefold() != squeezed(folio).casefold():
                message = f"the contents send to page {said}, but {line.anchor} stands on page {folio}"
                yield WRONG_REFERENCE.at(line.entry.at, message, folio=paged.pages[pieces[0].page].folio)


def _repeats(book: DrawnBook, pages: Sequence[Page]) -> Iterator[Finding]:
    for (head, page), pieces in book.repeated.items():
        first = sorted(squeezed("".join(piece.text for piece in book.heads.get(head, ()))))
        if head >= 0 and sorted(squeezed("".join(piece.text for piece in pieces))) != first:
            words = quoted(" ".join(piece.text for piece in pieces).split())
            yield WRONG_REPEAT.at(None, f"the repeated table head reads {words}", folio=pages[page].folio)
