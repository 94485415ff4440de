"""How things are drawn: off the page, clipped, invisible, covered, overlapping, sticking out, in a strange face.

It looks at one page at a time and at pieces alone, whatever they say. Places in the source come from the
collation, where it knows them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain
from typing import TypeAlias

from edition.findings import Finding, Rule, Severity, declare
from edition.pages import HtmlElement, Labels, PageLabels, Rectangle
from edition.proof.collation import quoted
from edition.proof.drawing import DrawnPage, Piece
from edition.proof.parts import Drawn, DrawnBook
from edition.source import Place

OFF_PAGE = declare(
    "C020",
    Severity.ERROR,
    """Text is off the page or cut off.

    It was drawn beyond the page's edge or outside of what its box shows (`overflow: hidden`), so that no reader
    sees it. What was too wide or too high needs room, a smaller size or a place to break. Where `page-size` is smaller
    than the style's own, `measure` and `lines` must be, too, or `page-by: margins` makes the text what the page leaves.
    """,
)
INVISIBLE = declare(
    "C021",
    Severity.ERROR,
    """Text cannot be seen.

    It has the colour of what it stands on, is transparent, or something is painted over it.
    """,
)
OVERLAPPING = declare(
    "C022",
    Severity.WARNING,
    """Text stands on other text.

    Two lines take the same room. Look at the page: a negative margin, an absolute position, or a line height
    too small for what stands in the line.
    """,
)
STICKS_OUT = declare(
    "C023",
    Severity.WARNING,
    """Text or a picture sticks out of the text area.

    It is too wide for the measure: a table's column, a long word that cannot be hyphenated, a picture. Of a table
    or a paragraph one finding is told on each page, with the first words and how far the farthest stick out.
    """,
)
NO_GLYPH = declare(
    "C024",
    Severity.ERROR,
    """A character has no glyph: an empty box stands on the page.

    The face lacks it, though the style's other faces may have it. Add a family that has it to the style's
    `faces`.
    """,
)
STRANGE_FACE = declare(
    "C025",
    Severity.ERROR,
    """A face that the style does not name.

    The PDF has text in a face of a family that is not among the style's `faces`.
    """,
)
UNTAGGED = declare(
    "C026",
    Severity.ERROR,
    """Text on the page that belongs to nothing.

    Something is drawn that is neither part of the text nor furniture. This is a fault of the builder.
    """,
)
OUTSIDE_ITS_AREA = declare(
    "C027",
    Severity.ERROR,
    """A note stands outside the note area.

    It was drawn over the text or below the page's text area. This is a fault of the builder or of a style that
    positions notes by itself.
    """,
)

TOLERANCE = 1.0
"""Points that text may be beyond an edge: side bearings, slants, rounding."""
OVERHANG = 2.0
"""Points that text may stick out of the text area: trailing letterspacing."""
HANGING = 0.24
"""The same for points that hang in the margin, of the size: most of the widest of them."""
CONTRAST = 0.08
"""The least difference, of 1, of a text's colour from that of its ground in one channel."""
FAINTEST = 0.1
"""The least opacity that can be seen."""
BLOCKS = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "caption", "li", "div"))
"""Elements that hold lines."""

Where: TypeAlias = Callable[[Piece], Place | None]
"""The place in the source of a piece, where it is known."""


def check_pages(
    pages: Sequence[DrawnPage], book: DrawnBook, labels: Labels, folios: Sequence[str], where: Where
) -> Iterator[Finding]:
    """Everything that is wrong with how things are drawn, but for their faces."""
    for index, page in enumerate(pages):
        yield from check_page(page, folios[index], where)
    for piece in book.strays:
        if piece.text.strip():
            message = f"the text {quoted([piece.text.strip()])} belongs to nothing"
            yield UNTAGGED.at(None, message, folio=folios[piece.page])
    yield from _outside(book, labels, folios, where)


def check_page(page: DrawnPage, folio: str, where: Where) -> Iterator[Finding]:
    """What is wrong with how a page's text is drawn, whatever it belongs to."""
    faults = chain(
        (fault for piece in page.pieces if piece.text.strip() for fault in faults_of(piece, page)),
        (_stands_on(piece, other) for piece, other in overlaps(page)),
    )
    for rule, piece, message in faults:
        hint = NO_ROOM if rule is OFF_PAGE else None
        yield rule.at(where(piece), f"the text {quoted([piece.text.strip()])} {message}", hint=hint, folio=folio)


NO_ROOM = "is the text too large for its page? `page-by: margins` fits it, or fewer `lines`, a smaller `measure`"


Fault: TypeAlias = tuple[Rule, Piece, str]


def _stands_on(piece: Piece, other: Piece) -> Fault:
    return OVERLAPPING, piece, f"stands on {quoted([other.text.strip()])}"


def check_crossing(
    body: DrawnPage, furniture: DrawnPage, whole: DrawnPage, folio: str, where: Where
) -> Iterator[Finding]:
    """What is wrong between body and furniture, each of which has been looked at alone; `whole` is both of them.

    `where` knows pieces of the whole.
    """
    in_body = {id(piece) for piece in whole.pieces[: len(body.pieces)]}
    for piece, alone in zip(whole.pieces, (*body.pieces, *furniture.pieces), strict=True):
        if piece.covered and not alone.covered and piece.text.strip():
            message = f"the text {quoted([piece.text.strip()])} is painted over"
            yield INVISIBLE.at(where(piece), message, folio=folio)
    for piece, other in overlaps(whole):
        if (id(piece) in in_body) != (id(other) in in_body):
            rule, _, message = _stands_on(piece, other)
            yield rule.at(where(piece), f"the text {quoted([piece.text.strip()])} {message}", folio=folio)


def faults_of(piece: Piece, page: DrawnPage) -> Iterator[Fault]:
    """What is wrong with a piece by itself."""
    left, top, right, bottom = piece.band
    if not _inside((left, top, right, bottom), page.sheet):
        yield OFF_PAGE, piece, "is off the page"
    elif piece.clip is not None and not _inside((left, top, right, bottom), piece.clip):
        yield OFF_PAGE, piece, "is cut off"
    if not piece.painted or piece.alpha < FAINTEST:
        yield INVISIBLE, piece, "is not painted" if not piece.painted else "is transparent"
    elif _alike(piece.colour, piece.background):
        yield INVISIBLE, piece, "has the colour of its ground"
    elif piece.covered:
        yield INVISIBLE, piece, "is painted over"
    if piece.missing:
        codes = " ".join(f"{char} (U+{ord(char):04X})" for char in dict.fromkeys(piece.missing))
        yield NO_GLYPH, piece, f"has no glyph for {codes}"


def overlaps(page: DrawnPage) -> Iterator[tuple[Piece, Piece]]:
    """Pieces that stand on others: of about one size, baselines nearer than half of it, over each other."""
    pieces = [piece for piece in page.pieces if piece.text.strip() and piece.level]
    pieces.sort(key=lambda piece: (piece.y, piece.x))
    for number, piece in enumerate(pieces):
        for other in pieces[number + 1 :]:
            if other.y - piece.y >= 0.45 * max(piece.size, other.size):
                break
            smaller = min(piece.size, other.size)
            shared = min(piece.ink_end, other.ink_end) - max(piece.x, other.x)
            near = other.y - piece.y < 0.45 * smaller
            if near and shared > 0.3 * smaller:
                yield other, piece
                break


def strange_faces(
    pages: Sequence[DrawnPage], folios: Sequence[str], families: frozenset[str], where: Where
) -> Iterator[tuple[str, Finding]]:
    """Each family that the style does not name, with the first piece that is set in it."""
    strange: set[str] = set()
    for folio, piece in (
        (folio, piece) for page, folio in zip(pages, folios, strict=True) for piece in page.pieces
    ):
        if piece.font.family not in families and piece.font.family not in strange and piece.text.strip():
            strange.add(piece.font.family)
            message = f"the text {quoted([piece.text.strip()])} is set in {piece.font.family}"
            hint = "the style's `faces` do not name it"
            yield piece.font.family, STRANGE_FACE.at(where(piece), message, hint=hint, folio=folio)


def _outside(book: DrawnBook, labels: Labels, folios: Sequence[str], where: Where) -> Iterator[Finding]:
    """Notes outside the note area, text and pictures outside the text area."""
    sticking: dict[tuple[int, int], list[tuple[Piece, float]]] = {}
    for key, drawn in book.streams.items():
        for item in drawn.items:
            area = labels.pages[item.piece.page]
            text = item.piece.text.strip()
            if not text or (item.standing.part == "break" and item.label.pseudo == "after"):
                continue  # a mark in the margin
            if key.kind == "note" and not item.standing.at_end and not _in_note_area(item, area):
                message = f"the text {quoted([text])} of a note stands outside the note area"
                yield OUTSIDE_ITS_AREA.at(where(item.piece), message, folio=folios[item.piece.page])
            elif (beyond := _beyond(_line(item.piece), area.text_area)) > max(OVERHANG, HANGING * item.piece.size):
                block = _block_around(item.label.element, labels.elements)
                sticking.setdefault((item.piece.page, block), []).append((item.piece, beyond))
        for page, box in drawn.pictures.values():
            if not _inside(box, labels.pages[page].text_area, OVERHANG):
                message = f"a picture of {key.name} sticks out of the text area"
                yield STICKS_OUT.at(None, message, folio=folios[page])
    for (page, block), pieces in sticking.items():
        yield _sticking(pieces, labels.elements[block].tag == "table", where, folios[page])


def _sticking(pieces: Sequence[tuple[Piece, float]], in_table: bool, where: Where, folio: str) -> Finding:
    """One finding for everything in one block that sticks out on one page, given how far each piece does."""
    (first, _), *others = pieces
    beyond = max(distance for _, distance in pieces)
    more = f" with {len(others)} more in its {'table' if in_table else 'paragraph'}" if others else ""
    message = f"the text {quoted([first.text.strip()])}{more} sticks out of the text area by {beyond:.0f} pt"
    return STICKS_OUT.at(where(first), message, folio=folio)


def _block_around(number: int, elements: Sequence[HtmlElement]) -> int:
    """The outermost table that an element stands in, or else the block of lines; the element itself if neither."""
    block, at = number, number
    while at >= 0 and elements[at].tag not in ("aside", "article"):
        if elements[at].tag == "table" or (block == number and elements[at].tag in BLOCKS):
            block = at
        at = elements[at].parent
    return block


def _in_note_area(item: Drawn, area: PageLabels) -> bool:
    if area.note_area is None:
        return False
    _, top, _, bottom = area.note_area
    return top - TOLERANCE <= item.piece.y <= bottom + TOLERANCE


def _line(piece: Piece) -> Rectangle:
    """A piece's baseline."""
    return piece.x, piece.y, piece.ink_end, piece.y


def _inside(inner: Rectangle, outer: Rectangle, tolerance: float = TOLERANCE) -> bool:
    return _beyond(inner, outer) <= tolerance


def _beyond(inner: Rectangle, outer: Rectangle) -> float:
    """How far one rectangle reaches out of another at most; below 0 if it is all inside."""
    left, top, right, bottom = inner
    return max(outer[0] - left, outer[1] - top, right - outer[2], bottom - outer[3])


def _alike(one: tuple[float | str, ...], other: tuple[float | str, ...]) -> bool:
    """Whether a text's colour can be told from its ground."""
    if len(one) != len(other):
        return False
    pairs = list(zip(one, other, strict=True))
    if any(isinstance(value, str) for pair in pairs for value in pair):
        return one == other and one[0] != "unknown"
    return all(abs(float(a) - float(b)) < CONTRAST for a, b in pairs)
