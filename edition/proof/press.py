"""The proof of a print file: it says what the archive PDF says, which is proven, in the same places.

Both are read back glyph by glyph. Imposed sheets are compared with the pages that they hold.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest

import pikepdf

from edition.findings import Finding, Severity, declare
from edition.proof.drawing import DrawnPage, Piece, UnreadableError
from edition.proof.reader import read_pages

PRINT_DIFFERS = declare(
    "C050",
    Severity.ERROR,
    """A print file does not say what the archive PDF says.

    Its text, a letter's place or its face is another, or it has another number of pages. This is a fault of the
    builder. The print file is not written.
    """,
)

MOVED = 0.01
"""Points by which a letter may be elsewhere."""


def prove_print(archive: bytes, made: bytes) -> tuple[Finding, ...]:
    """Compare a print file with the archive PDF, page by page."""
    return _compared(archive, made, _pages_differ)


def prove_imposed(
    pages: bytes, made: bytes, sides: Sequence[tuple[int | None, int | None]]
) -> tuple[Finding, ...]:
    """Compare imposed sheets with the pages that are said to be on their sides, left and right."""

    def differ(drawn: list[DrawnPage], sheets: list[DrawnPage]) -> Iterator[str]:
        if len(sheets) != len(sides):
            yield f"there are {len(sheets)} sides of sheets, not {len(sides)}"
        printed = sorted(page for side in sides for page in side if page is not None)
        if printed != list(range(len(drawn))):
            yield "not every page is imposed once"
        for number, (side, sheet) in enumerate(zip(sides, sheets, strict=False), 1):
            wanted = [piece.text for page in side if page is not None for piece in drawn[page].pieces]
            if "".join(wanted) != "".join(piece.text for piece in sheet.pieces):
                yield f"side {number} has other text than its pages"

    return _compared(pages, made, differ)


def _compared(
    one: bytes, other: bytes, differ: Callable[[list[DrawnPage], list[DrawnPage]], Iterator[str]]
) -> tuple[Finding, ...]:
    try:
        return tuple(PRINT_DIFFERS.at(None, message) for message in differ(read_pages(one), read_pages(other)))
    except (UnreadableError, pikepdf.PdfError) as error:
        return (PRINT_DIFFERS.at(None, f"it cannot be read back: {error}"),)


def _pages_differ(archive: list[DrawnPage], made: list[DrawnPage]) -> Iterator[str]:
    if len(archive) != len(made):
        yield f"it has {len(made)} pages, not {len(archive)}"
    for number, (before, after) in enumerate(zip(archive, made, strict=False), 1):
        for piece, printed in zip_longest(before.pieces, after.pieces):
            if piece is None or printed is None or not _same(piece, printed):
                words = (printed or piece).text[:40]
                yield f"page {number} of the file differs at {words!r}"
                break


def _same(piece: Piece, printed: Piece) -> bool:
    return (
        piece.text == printed.text
        and piece.font.name == printed.font.name
        and abs(piece.size - printed.size) < MOVED
        and all(
            abs(a - b) < MOVED for a, b in ((piece.x, printed.x), (piece.y, printed.y), (piece.end, printed.end))
        )
    )
