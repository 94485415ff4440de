"""The lines of the finished pages: what each reads, where its words stand, and where they were written.

Made from the drawn pieces as the proof has matched them with the manuscript, with what only the layout knows:
which lines are one paragraph's, which is its last, how wide the face has its spaces. The rules of pages read it, a
run of consecutive pages at a time. Lengths are points from the top left corner of the page's trim box.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from statistics import median

from edition.pages import HtmlElement, Labels, PageLabels, Rectangle
from edition.proof.collation import Matched
from edition.proof.drawing import DrawnPage, Piece
from edition.proof.matching import Lines, normal
from edition.proof.origins import Origins
from edition.proof.parts import Drawn, Part, cells_around
from edition.proof.streams import Key
from edition.source import Place

INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "em", "i", "img", "ins", "mark", "q", "s",
    "small", "span", "strong", "sub", "sup", "svg", "u",
))  # fmt: skip
"""Elements that stand in lines; all others hold lines."""
HEADS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
SAME_LINE = 0.45
"""By how many sizes baselines of one line may differ on a page: those of cells, of columns."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands on a line. A call that is joined to it widens it and adds no letter."""

    text: str
    left: float
    right: float
    part: Part
    offset: int = -1
    """Where in its stream it begins; -1 where that is not known."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of print: of a paragraph, a head, a cell, a note."""

    page: int
    """Index of the page in its run, from 0."""
    number: int
    """From 1 at the top of the page. Lines side by side have one number; those of notes are counted on."""
    key: Key
    """The stream that it belongs to."""
    block: int
    """The element of the HTML whose lines follow one another, by its place in `Labels.elements`."""
    tag: str
    in_notes: bool
    in_cell: bool
    baseline: float
    size: float
    """The greatest of its letters'."""
    space: float
    """How wide its face has a space, in points."""
    words: tuple[Word, ...]
    place: Place | None
    """Where its first word was written."""
    is_first: bool = False
    is_last: bool = False
    """Whether it is the first or the last line of its block."""
    is_divided: bool = False
    """Whether its last word goes on in the next line after a hyphen, be it the builder's or a written one."""

    @property
    def left(self) -> float:
        return self.words[0].left

    @property
    def right(self) -> float:
        return self.words[-1].right

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words if word.text)

    @property
    def gaps(self) -> tuple[tuple[float, float], ...]:
        """The spaces between its words, from where to where."""
        pairs = zip(self.words, self.words[1:], strict=False)
        return tuple((before.right, after.left) for before, after in pairs)

    @property
    def stretch(self) -> float | None:
        """How wide its spaces are, as a multiple of the face's own; None with less than three of them."""
        widths = [end - start for start, end in self.gaps]
        return median(widths) / self.space if len(widths) > 2 and self.space else None


@dataclass(frozen=True, slots=True)
class NoteOnPage:
    """A note in the note area, or what of it stands on one page."""

    id: str
    mark: str
    place: Place | None
    line: int
    """The number of its first line on the page."""


@dataclass(frozen=True, slots=True)
class ImageOnPage:
    """A picture made of pixels."""

    box: Rectangle
    across: int
    down: int
    place: Place | None


@dataclass(frozen=True, slots=True)
class PageLines:
    """All lines of a page, from the top, those of the notes last."""

    index: int
    """From 0, in the run."""
    text_area: Rectangle
    lines: tuple[Line, ...]
    notes: tuple[NoteOnPage, ...] = ()
    images: tuple[ImageOnPage, ...] = ()

    @property
    def text_lines(self) -> tuple[Line, ...]:
        """Those above the note area."""
        return tuple(line for line in self.lines if not line.in_notes)


@dataclass(frozen=True)
class Run:
    """Consecutive pages: a whole book, or a part of it that begins and ends with a page."""

    pages: tuple[PageLines, ...]

    @cached_property
    def blocks(self) -> list[list[Line]]:
        """The lines of each block, in order."""
        found: dict[tuple[Key, int], list[Line]] = {}
        for page in self.pages:
            for line in page.lines:
                found.setdefault((line.key, line.block), []).append(line)
        return list(found.values())

    @cached_property
    def page(self) -> dict[int, PageLines]:
        return {page.index: page for page in self.pages}

    def edges(self, line: Line) -> tuple[float, float]:
        """Where a line begins and ends, from the left edge of its page's text area."""
        left = self.page[line.page].text_area[0]
        return line.left - left, line.right - left


def lines_of(
    drawn: Sequence[DrawnPage], labels: Labels, matches: Mapping[Key, Matched], origins: Origins
) -> tuple[PageLines, ...]:
    """The lines of pages, given what is drawn on them and how that was matched with the manuscript."""
    setter = _Setter(labels, origins)
    for key, matched in matches.items():
        setter.stream(key, matched)
    pages = zip(drawn, labels.pages, strict=True)
    return tuple(setter.page(index, page, own, matches) for index, (page, own) in enumerate(pages))


@dataclass(slots=True)
class _Open:
    """A line that is being read."""

    key: Key
    block: int
    item: Drawn
    words: list[Word] = field(default_factory=list)
    size: float = 0.0
    baseline: float = 0.0
    font: Piece | None = None


class _Setter:
    """Sorts pieces into lines."""

    def __init__(self, labels: Labels, origins: Origins) -> None:
        self.labels = labels
        self.origins = origins
        self.block_of = _blocks(labels.elements)
        self.cells = cells_around(labels.elements)
        self.spaces: dict[int, float] = {}
        self.on_page: dict[int, list[Line]] = {}

    def stream(self, key: Key, matched: Matched) -> None:
        lines: list[Line] = []
        follow = Lines()
        opened: _Open | None = None
        starts = matched.found.starts[: matched.found.failed]
        for number, item in enumerate(matched.drawn.items):
            block = self.block_of[item.label.element]
            if opened is None or block != opened.block or follow.opens_line(item):
                if opened and opened.words:
                    lines.append(self.line(opened, matched))
                opened = _Open(key, block, item)
            joins = bool(opened.words) and not (item.piece.text[:1] == " " or follow.opens_word(item))
            offset = starts[number] if number < len(starts) else -1
            _add(opened, item, joins, offset, matched.stream.text)
            follow.go_on(item)
        if opened and opened.words:
            lines.append(self.line(opened, matched))
        for line in _in_blocks(lines, matched.stream.text):
            self.on_page.setdefault(line.page, []).append(line)

    def line(self, opened: _Open, matched: Matched) -> Line:
        first = next((word.offset for word in opened.words if word.offset >= 0), -1)
        place = self.origins.place(matched.stream, first) if first >= 0 else matched.stream.at
        element, standing = opened.item.label.element, opened.item.standing
        return Line(
            opened.item.piece.page, 0, opened.key, opened.block, self.labels.elements[opened.block].tag,
            opened.key.kind == "note" and not standing.at_end, bool(self.cells[element]),
            opened.baseline, opened.size, self.space(opened.font), tuple(opened.words), place,
        )  # fmt: skip

    def space(self, piece: Piece | None) -> float:
        """The width of a space in a piece's face, in points."""
        if piece is None:
            return 0.0
        if id(piece.font) not in self.spaces:
            widths = [glyph.width for glyph in piece.font.glyphs.values() if glyph.text == " "]
            self.spaces[id(piece.font)] = widths[0] if widths else 0.0
        return self.spaces[id(piece.font)] * piece.size / 1000

    def page(self, index: int, drawn: DrawnPage, labels: PageLabels, matches: Mapping[Key, Matched]) -> PageLines:
        lines = _numbered(self.on_page.get(index, []))
        notes: dict[str, NoteOnPage] = {}
        for line in lines:
            if line.in_notes and line.key.id not in notes:
                stream = matches[line.key].stream
                notes[line.key.id] = NoteOnPage(line.key.id, stream.mark, stream.at, line.number)
        images = tuple(self.images(drawn, labels, matches))
        return PageLines(index, labels.text_area, lines, tuple(notes.values()), images)

    def images(
        self, drawn: DrawnPage, labels: PageLabels, matches: Mapping[Key, Matched]
    ) -> Iterator[ImageOnPage]:
        content = labels.content
        if not drawn.images:
            return
        places: dict[int, Place | None] = {}
        for matched in matches.values():
            elements = sorted(matched.drawn.pictures)
            if len(elements) == len(matched.stream.pictures):
                places.update(zip(elements, matched.stream.pictures, strict=True))
        for number, box, across, down in drawn.images:
            element = content[number].element if number in content else -1
            yield ImageOnPage(box, across, down, places.get(element))


def _blocks(elements: Sequence[HtmlElement]) -> list[int]:
    """The element that holds the lines of each element: itself, or the nearest around it that is not inline.

    Labels of items stand in lines of their own, beside those of their items.
    """
    found: list[int] = []
    for number, element in enumerate(elements):
        is_inline = element.tag in INLINE and element.parent >= 0 and "label" not in element.classes
        found.append(found[element.parent] if is_inline else number)
    return found


def _add(line: _Open, item: Drawn, joins: bool, start: int, text: str) -> None:
    """Add the words of a piece to a line; the first goes on the last word of the line if it joins it."""
    piece, part = item.piece, item.standing.part
    stripped = piece.text.strip()
    if not stripped:
        return
    lead = len(piece.text) - len(piece.text.lstrip())
    if part == "text" and (line.font is None or piece.size > line.size + 0.01):
        line.font, line.size, line.baseline = piece, piece.size, piece.y
    elif line.font is None:
        line.size, line.baseline = max(line.size, piece.size), piece.y
    offset = start + (text[start : start + 1] == " ") if start >= 0 and part == "text" else -1
    for begin, end, left, right in _spans(piece):
        shown = piece.text[begin:end] if part != "call" else ""
        own = offset + len(normal(piece.text[lead:begin])) if offset >= 0 else -1
        if joins and line.words:
            last = line.words[-1]
            line.words[-1] = Word(last.text + shown, last.left, max(last.right, right), last.part, last.offset)
        else:
            line.words.append(Word(shown, left, right, part, own))
        joins = False


def _spans(piece: Piece) -> Iterator[tuple[int, int, float, float]]:
    """The words of a piece: from and to which character, from and to where."""
    text = piece.text
    begins = [(0, piece.x), *piece.words] if text[:1] != " " else piece.words
    ends = [*(piece.ends if text[:1] != " " else piece.ends[1:]), piece.ink_end]
    for number, ((begin, left), right) in enumerate(zip(begins, ends, strict=False)):
        after = begins[number + 1][0] if number + 1 < len(begins) else len(text)
        end = begin + len(text[begin:after].rstrip())
        if end > begin:
            yield begin, end, left, right


def _in_blocks(lines: Sequence[Line], text: str) -> Iterator[Line]:
    """Lines of a stream with what their neighbours say of them."""
    blocks: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        blocks.setdefault(line.block, []).append(number)
    for number, line in enumerate(lines):
        of_block = blocks[line.block]
        is_last = of_block[-1] == number
        divided = False
        if not is_last and line.words[-1].text.endswith(("-", "\u2010", "\u00ad")):
            after = lines[of_block[of_block.index(number) + 1]] if len(of_block) < 40 else lines[number + 1]
            offset = after.words[0].offset
            divided = after.block == line.block and (offset < 1 or text[offset - 1 : offset] != " ")
        yield replace(line, is_first=of_block[0] == number, is_last=is_last, is_divided=divided)


def _numbered(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines of a page from the top, with their numbers."""
    ordered = sorted(lines, key=lambda line: (line.in_notes, round(line.baseline, 1), line.left))
    numbered: list[Line] = []
    number, baseline, in_notes = 0, 0.0, False
    for line in ordered:
        if not numbered or line.in_notes != in_notes or line.baseline - baseline > SAME_LINE * line.size:
            number, baseline, in_notes = number + 1, line.baseline, line.in_notes
        numbered.append(replace(line, number=number))
    return tuple(numbered)
