"""The lines of the pages: words with their places on each, what they belong to, and their numbers on the page.

The one place where drawn pieces become lines. What a piece belongs to is told by the labels of the layout, where rules
read what a build has just drawn (`runs`), or by the structure tree of a finished file (`printed_page`): galley, report,
comparison and comments read that. All speak of the same lines by the same numbers. Lengths are points from the top
left corner of the trim box, before a turned page is turned back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import Protocol, TypeVar

from edition.pages import Rectangle
from edition.proof.drawing import DrawnPage, Piece
from edition.proof.fonts import Font
from edition.proof.geometry import around
from edition.proof.matching import NEW_LINE, SPACE
from edition.proof.parts import Part
from edition.proof.places import Places
from edition.proof.streams import Key
from edition.proof.structure import BODY, Block, Marked
from edition.source import Place

FURNITURE = Block(-1, "Artifact", Key("generated", "furniture"))
"""What stands in the margins of pages, and whatever else is no part of the text."""
ASCENT, DESCENT = 0.75, 0.25
"""What letters take above and below their baseline, in sizes."""
ONE_NUMBER = 0.45
"""By how many sizes baselines may differ and still be one printed line: cells side by side, raised signs."""
INITIAL, INITIAL_LETTERS = 1.6, 2
"""So many times as large as the text, and so few letters, is one that a paragraph begins with for show."""

_WORD = re.compile(r"[^ ]+")
_HEAD = re.compile(r"([^\W\d_][\w'’-]*)[-‐]$")
_TAIL = re.compile(r"[^\W\d_][\w'’]*")


@dataclass(slots=True)
class Word:
    """Characters without a space between them, or the part of a divided word that stands on one line."""

    text: str
    left: float
    right: float
    number: int | None
    """The marked content that its first character is of, and which character of it that is."""
    character: int
    last: tuple[int | None, int]
    """The same of its last character."""
    part: Part = "text"
    leads_to: str = ""
    """The destination of the link that it stands in."""
    glued: bool = False
    """Whether nothing parts it from the word before: a call after its word."""
    size: float = 0.0
    """Of its first character."""


@dataclass(slots=True)
class Line:
    """Words on one baseline in one block, in reading order."""

    page: int
    y: float
    """Its baseline."""
    size: float
    """Of its largest letters."""
    block: Block
    words: list[Word] = field(default_factory=list)
    number: int = 0
    """Which printed line of the page it stands on, from 1 at the top; furniture has none."""
    face: Font | None = None
    """Of its largest letters, where that is known."""

    @property
    def text(self) -> str:
        return "".join(word.text if word.glued else f" {word.text}" for word in self.words).strip()

    @property
    def is_note(self) -> bool:
        return self.block.owner.kind == "note"

    @property
    def is_furniture(self) -> bool:
        return self.block is FURNITURE

    @property
    def left(self) -> float:
        return min(word.left for word in self.words)

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def box(self) -> Rectangle:
        return self.left, self.y - ASCENT * self.size, self.right, self.y + DESCENT * self.size

    def place_of(self, word: Word, places: Places | None) -> Place | None:
        """Where a word's first character was written, if the places file knows it."""
        if places is None:
            return None
        if word.number is not None:
            return places.place_of(self.page, word.number, word.character)
        return places.look_up(self.page, word.left + 0.2, self.y - 0.2 * self.size)


@dataclass
class PrintedPage:
    """A page with its lines in reading order, furniture last."""

    index: int
    folio: str
    width: float
    height: float
    lines: list[Line] = field(default_factory=list)
    turned: bool = False
    """Whether it is read after a quarter turn anticlockwise."""

    @property
    def text_lines(self) -> Iterator[Line]:
        """The lines that are no furniture."""
        return (line for line in self.lines if not line.is_furniture)

    def printed_lines(self) -> list[list[Line]]:
        """Lines by their numbers: what stands on one baseline together, from the top."""
        numbered: dict[int, list[Line]] = {}
        for line in self.text_lines:
            numbered.setdefault(line.number, []).append(line)
        return [sorted(numbered[number], key=lambda line: line.left) for number in sorted(numbered)]

    def line_at(self, x: float, y: float) -> Line | None:
        """The line at a point, or the nearest one at that height."""
        at_height = [line for line in self.lines if line.box[1] <= y <= line.box[3]]
        return min(at_height, key=lambda line: max(line.left - x, x - line.right, 0.0), default=None)


class Belonging(Protocol):
    """What a piece belongs to."""

    @property
    def block(self) -> Block: ...
    @property
    def part(self) -> Part: ...
    @property
    def leads_to(self) -> str: ...


AnyLine = TypeVar("AnyLine", bound=Line)


def printed_page(index: int, drawn: DrawnPage, marked: dict[int, Marked], folio: str, turned: bool) -> PrintedPage:
    """A page that our reader read, with its lines; `marked` is what the structure says of its marked content."""
    page = PrintedPage(index, folio, drawn.width, drawn.height, turned=turned)
    content = [(piece, marked[piece.number]) for piece in drawn.pieces if piece.number in marked and piece.level]
    content.sort(key=lambda pair: pair[1].rank)
    others = [(piece, None) for piece in drawn.pieces if piece.number not in marked and piece.level]
    page.lines = lines_of(content, Line) + lines_of(others, Line)
    number_lines(page.lines)
    return page


def number_lines(lines: Iterable[Line]) -> None:
    """Number the lines of a page that are no furniture, from the top."""
    number, last = 0, float("-inf")
    for line in sorted((line for line in lines if not line.is_furniture), key=lambda line: line.y):
        if line.y - last > ONE_NUMBER * line.size:
            number, last = number + 1, line.y
        line.number = number


def lines_of(
    pieces: Iterable[tuple[Piece, Belonging | None]], new_line: Callable[[int, float, float, Block], AnyLine]
) -> list[AnyLine]:
    """Pieces in reading order as lines, each with what it belongs to; None is furniture.

    A note comes after its call, in mid-line: what it stands in goes on.
    """
    lines: list[AnyLine] = []
    open_lines: dict[Block, tuple[AnyLine, Piece]] = {}
    for piece, of in pieces:
        block = of.block if of else FURNITURE
        line, last = open_lines.get(block, (None, None))
        if line is None or last is None or _opens_line(piece, line, last):
            line, last = new_line(piece.page, piece.y, 0.0, block), None
            lines.append(line)
        _add(line, piece, of, last)
        open_lines[block] = line, piece
    return [line for line in lines if line.words]


def _opens_line(piece: Piece, line: Line, last: Piece) -> bool:
    """As `matching` sees it, but against the line's baseline: a raised sign is no line."""
    return (
        piece.page != line.page
        or min(abs(piece.y - line.y), abs(piece.y - last.y)) > NEW_LINE * max(piece.size, last.size)
        or piece.x < last.end - 0.5 * piece.size
    )


def _add(line: Line, piece: Piece, of: Belonging | None, last: Piece | None) -> None:
    """Add the words of a piece to its line; what goes on without a space is one word."""
    part: Part = of.part if of else "text"
    leads_to = of.leads_to if of else ""
    joins = last is not None and not _opens_word(piece, last)
    starts = dict(piece.words)
    after_initial = last is not None and len(line.words) == 1 and _is_initial(last, piece)
    if piece.size > line.size or not line.words or after_initial:
        line.y, line.size, line.face = piece.y, piece.size, piece.font
    for match in _WORD.finditer(piece.text):
        begin, end = match.span()
        left = starts.get(begin, piece.x if begin == 0 else piece.word_ends.get(begin - 1, piece.x))
        right = piece.word_ends.get(end, piece.ink_end)
        before = line.words[-1] if line.words and joins and begin == 0 else None
        last_one = piece.number, end - 1
        if before is not None and before.part == part and before.leads_to == leads_to:
            before.text += match[0]
            before.right, before.last = right, last_one
        else:
            glued = before is not None
            line.words.append(
                Word(match[0], left, right, piece.number, begin, last_one, part, leads_to, glued, piece.size)
            )


def _is_initial(piece: Piece, following: Piece) -> bool:
    """Whether a piece is a large first letter, with a quote before it perhaps: a drop capital, and none of the rest."""
    return len(piece.text) <= INITIAL_LETTERS and piece.size >= INITIAL * following.size


def _opens_word(piece: Piece, last: Piece) -> bool:
    if _is_initial(last, piece):
        return piece.text[:1].isspace()
    return piece.x - last.end >= SPACE * piece.size or last.text[-1:].isspace() or piece.text[:1].isspace()


# Words divided at the ends of lines


@dataclass(frozen=True, slots=True)
class Divided:
    """A word that goes on on the next line."""

    head: str
    tail: str
    line: Line
    place: Place | None
    """Where the word was written."""
    over_page: bool

    @property
    def word(self) -> str:
        return self.head + self.tail


def divided_words(pages: Sequence[PrintedPage], places: Places | None) -> Iterator[Divided]:
    """Every word divided at a line's end, in reading order by page.

    A hyphen that the source has is no division of ours; without a places file that cannot be told, and all count.
    """
    for line, after in _neighbours(pages):
        last, first = line.words[-1], after.words[0]
        head, tail = _HEAD.search(last.text), _TAIL.match(first.text)
        if not head or not tail or last.part != "text" or first.part != "text":
            continue
        if places is None or not _is_written(line, after, places):
            place = line.place_of(last, places)
            yield Divided(head[1], tail[0], line, place, over_page=line.page != after.page)


def _neighbours(pages: Sequence[PrintedPage]) -> Iterator[tuple[Line, Line]]:
    """Lines of text with the next one of their block; a block goes on on the next page."""
    by_block: dict[Block, list[Line]] = {}
    for line in chain.from_iterable(page.text_lines for page in pages):
        by_block.setdefault(line.block, []).append(line)
    found = [pair for lines in by_block.values() for pair in pairwise(lines)]
    return iter(sorted(found, key=lambda pair: (pair[0].page, pair[0].number, pair[0].left)))


def _is_written(line: Line, after: Line, places: Places) -> bool:
    """Whether the hyphen at the end of a line stands in the source.

    One of ours has no place there: counted on from the letter before, it stands where the next line begins.
    """
    (number, character), first = line.words[-1].last, after.words[0]
    if number is None or first.number is None:
        return False
    hyphen = places.place_of(line.page, number, character)
    begins = places.place_of(after.page, first.number, first.character)
    return hyphen is not None and begins is not None and hyphen != begins


def box_around(lines: Sequence[Line]) -> Rectangle:
    """The box around lines, of which there is at least one."""
    return around([line.box for line in lines])


__all__ = [
    "BODY", "FURNITURE", "Belonging", "Divided", "Line", "PrintedPage", "Word", "box_around", "divided_words",
    "lines_of", "number_lines", "printed_page",
]  # fmt: skip
