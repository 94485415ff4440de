"""Runs of pages as the rules of pages read them: their lines, with what only the layout knows.

Which lines are one paragraph's, which is its last, how wide the face has its spaces, where each was written: made from
the drawn pieces as the proof has matched them with the manuscript. How pieces become lines is for `lines` to know.
Lengths are points from the top left corner of the page's trim box.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise
from statistics import median
from typing import NamedTuple

from edition.pages import HtmlElement, Labels, PageLabels, Rectangle
from edition.proof.collation import Matched
from edition.proof.drawing import DrawnPage
from edition.proof.fonts import Font
from edition.proof.lines import Line, Word, lines_of, number_lines
from edition.proof.matching import normal
from edition.proof.origins import Origins
from edition.proof.parts import Part, cells_around
from edition.proof.streams import Key
from edition.proof.structure import Block
from edition.source import Place

INLINE = frozenset((
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "em", "i", "img", "ins", "mark", "q", "s",
    "small", "span", "strong", "sub", "sup", "svg", "u",
))  # fmt: skip
"""Elements that stand in lines; all others hold lines."""
SMALLER = 0.9
"""Text of less than this part of its line's size is smaller text."""
HEADS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))


class Whole(NamedTuple):
    """A word with the call that is joined to it: that widens it and adds no letter."""

    text: str
    left: float
    right: float


@dataclass(slots=True)
class SetLine(Line):
    """A line of a paragraph, a head, a cell, a note, as it was set.

    The number of its block is that of the element of the HTML whose lines follow one another, its role the tag.
    """

    in_notes: bool = False
    in_cell: bool = False
    space: float = 0.0
    """How wide its face has a space, in points."""
    place: Place | None = None
    """Where its first word was written."""
    is_first: bool = False
    is_last: bool = False
    """Whether it is the first or the last line of its block."""
    is_divided: bool = False
    """Whether its last word goes on in the next line after a hyphen, be it the builder's or a written one."""

    @property
    def tag(self) -> str:
        return self.block.role

    @property
    def wholes(self) -> list[Whole]:
        """Its words."""
        found: list[Whole] = []
        for word in self.words:
            shown = word.text if word.part != "call" else ""
            if word.glued and found:
                text, left, right = found[-1]
                found[-1] = Whole(text + shown, left, max(right, word.right))
            else:
                found.append(Whole(shown, word.left, word.right))
        return found

    @property
    def said(self) -> str:
        """What it reads, without calls."""
        return " ".join(word.text for word in self.wholes if word.text)

    @property
    def gaps(self) -> tuple[tuple[float, float], ...]:
        """The spaces between its words, from where to where."""
        return self._gaps_among(self.words)

    @staticmethod
    def _gaps_among(own: Sequence[Word]) -> tuple[tuple[float, float], ...]:
        pairs = (
            (own[number - 1].right, own[number].left) for number in range(1, len(own)) if not own[number].glued
        )
        return tuple((start, end) for start, end in pairs if end > start)

    @property
    def stretch(self) -> float | None:
        """How wide its spaces are, as a multiple of the face's own; None with less than three of them.

        Those of smaller text in it don't count: they are narrower.
        """
        largest = [
            list(words) for is_smaller, words in groupby(self.words, key=self._is_smaller) if not is_smaller
        ]
        widths = [end - start for words in largest for start, end in self._gaps_among(words)]
        return median(widths) / self.space if len(widths) > 2 and self.space else None

    def _is_smaller(self, word: Word) -> bool:
        return word.part != "call" and word.size < SMALLER * self.size


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
    lines: tuple[SetLine, ...]
    notes: tuple[NoteOnPage, ...] = ()
    images: tuple[ImageOnPage, ...] = ()

    @property
    def text_lines(self) -> tuple[SetLine, ...]:
        """Those above the note area."""
        return tuple(line for line in self.lines if not line.in_notes)


@dataclass(frozen=True)
class Run:
    """Consecutive pages: a whole book, or a part of it that begins and ends with a page."""

    pages: tuple[PageLines, ...]

    @cached_property
    def blocks(self) -> list[list[SetLine]]:
        """The lines of each block, in order."""
        found: dict[Block, list[SetLine]] = {}
        for page in self.pages:
            for line in page.lines:
                found.setdefault(line.block, []).append(line)
        return list(found.values())

    @cached_property
    def page(self) -> dict[int, PageLines]:
        return {page.index: page for page in self.pages}

    def edges(self, line: SetLine) -> tuple[float, float]:
        """Where a line begins and ends, from the left edge of its page's text area."""
        left = self.page[line.page].text_area[0]
        return line.left - left, line.right - left


def pages_of(
    drawn: Sequence[DrawnPage], labels: Labels, matches: Mapping[Key, Matched], origins: Origins
) -> tuple[PageLines, ...]:
    """Pages with their lines, given what is drawn on them and how that was matched with the manuscript."""
    setter = _Setter(labels, origins)
    for key, matched in matches.items():
        setter.stream(key, matched)
    pages = zip(drawn, labels.pages, strict=True)
    return tuple(setter.page(index, page, own, matches) for index, (page, own) in enumerate(pages))


class _Of(NamedTuple):
    """What a piece belongs to, by the labels."""

    block: Block
    part: Part
    leads_to: str = ""


class _Setter:
    """Gathers the lines of streams, page by page."""

    def __init__(self, labels: Labels, origins: Origins) -> None:
        self.labels = labels
        self.origins = origins
        self.block_of = _blocks(labels.elements)
        self.cells = cells_around(labels.elements)
        self.spaces: dict[int, float] = {}
        self.on_page: dict[int, list[SetLine]] = {}

    def stream(self, key: Key, matched: Matched) -> None:
        elements, items = self.labels.elements, matched.drawn.items
        numbers = {self.block_of[item.label.element] for item in items}
        blocks = {number: Block(number, elements[number].tag, key) for number in numbers}
        pieces = (
            (item.piece, _Of(blocks[self.block_of[item.label.element]], item.standing.part)) for item in items
        )
        lines = lines_of(pieces, SetLine)
        offsets = _Offsets(matched)
        at_end = key.kind == "note" and any(item.standing.at_end for item in items)
        of_block: dict[Block, list[SetLine]] = {}
        for line in lines:
            first = next((at for word in line.words if (at := offsets.of(line, word)) >= 0), -1)
            line.place = self.origins.place(matched.stream, first) if first >= 0 else matched.stream.at
            line.in_notes = key.kind == "note" and not at_end
            line.in_cell = bool(self.cells[line.block.number])
            line.space = self.space(line.face) * line.size
            of_block.setdefault(line.block, []).append(line)
            self.on_page.setdefault(line.page, []).append(line)
        for its in of_block.values():
            its[0].is_first = its[-1].is_last = True
            for line, after in pairwise(its):
                line.is_divided = _is_divided(line, offsets.of(after, after.words[0]), matched.stream.text)

    def space(self, face: Font | None) -> float:
        """The width of a space in a face, in sizes."""
        if face is None:
            return 0.0
        if id(face) not in self.spaces:
            widths = [glyph.width for glyph in face.glyphs.values() if glyph.text == " "]
            self.spaces[id(face)] = widths[0] / 1000 if widths else 0.0
        return self.spaces[id(face)]

    def page(self, index: int, drawn: DrawnPage, labels: PageLabels, matches: Mapping[Key, Matched]) -> PageLines:
        lines = self.on_page.get(index, [])
        lines.sort(key=lambda line: (line.in_notes, round(line.y, 1), line.left))
        number_lines(lines)
        notes: dict[str, NoteOnPage] = {}
        for line in lines:
            owner = line.block.owner
            if line.in_notes and owner.id not in notes:
                stream = matches[owner].stream
                notes[owner.id] = NoteOnPage(owner.id, stream.mark, stream.at, line.number)
        images = tuple(self.images(drawn, labels, matches))
        return PageLines(index, labels.text_area, tuple(lines), tuple(notes.values()), images)

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


class _Offsets:
    """Where in its stream each word begins."""

    def __init__(self, matched: Matched) -> None:
        self.text = matched.stream.text
        items = matched.drawn.items[: matched.found.failed]
        pairs = zip(items, matched.found.starts, strict=False)
        self.starts = {
            (item.piece.page, item.piece.number): (item.piece, start)
            for item, start in pairs
            if item.standing.part == "text"
        }

    def of(self, line: Line, word: Word) -> int:
        """-1 where that is not known: of what the builder says by itself, and after what was not found."""
        piece, start = self.starts.get((line.page, word.number), (None, -1))
        if piece is None:
            return -1
        start += self.text[start : start + 1] == " "
        return start + len(normal(piece.text[: word.character].lstrip()))


def _is_divided(line: SetLine, after: int, text: str) -> bool:
    """Whether the last word of a line goes on in the next, which begins at an offset of the stream's text."""
    ends = line.words[-1].text.endswith(("-", "\u2010", "\u00ad"))
    return ends and (after < 1 or text[after - 1 : after] != " ")
