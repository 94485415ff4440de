"""A document as the rules of transcription read it: its passages, each a run of text as it was written.

A passage is a paragraph, a head, a cell's paragraph, a label, a caption. Unlike the streams that the pages are
compared with, its text is just as written: hyphens, spaces and quotes are those of the file.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

from edition.model import (
    Block,
    Cell,
    Container,
    Document,
    Emphasis,
    Enclosure,
    Heading,
    Inline,
    ItemList,
    LineBreak,
    Note,
    PageBreak,
    Paragraph,
    Quote,
    Reference,
    Row,
    Span,
    Strong,
    Table,
    Text,
)
from edition.proof.origins import Origins
from edition.proof.streams import Written
from edition.source import Place, Source

Kind = Literal["title", "field", "head", "text", "label", "cell", "caption", "verse", "margin"]
"""`field` is a source note or headnote of the front matter; in verse and addresses (`verse`) lines are as they
are; `margin` is what stands beside the text."""
Wanted = TypeVar("Wanted", bound=Inline)


@dataclass(frozen=True, slots=True)
class Marked:
    """An inline that marks a stretch of a passage, or (with nothing between start and end) stands at a point."""

    start: int
    end: int
    inline: Inline


@dataclass(slots=True)
class Passage:
    """A run of text, with its inlines and the way back to the file."""

    kind: Kind
    language: str
    """BCP 47: its own, or the document's, or the edition's."""
    group: int
    """Passages that follow one another in one text have the same: the body, a cell, a note each have their own."""
    at: Place | None
    origins: Origins
    quotation: int = 0
    """The block quotation that it stands in, which opens and closes its quotes for all of its passages; or 0."""
    text: str = ""
    written: list[Written] = field(default_factory=list)
    marked: list[Marked] = field(default_factory=list)

    def place(self, offset: int) -> Place | None:
        """Where the character at an offset of the text was written."""
        if not self.written:
            return self.at
        number = max(0, bisect_right(self.written, offset, key=lambda written: written.offset) - 1)
        written = self.written[number]
        if written.at is None:
            return self.at
        return self.origins.place_in(written, min(offset - written.offset, len(written.text)))

    def marks(self, kind: type[Wanted]) -> Iterator[tuple[Marked, Wanted]]:
        """The inlines of a kind, with where they stand."""
        for mark in self.marked:
            if isinstance(mark.inline, kind):
                yield mark, mark.inline

    def language_at(self, offset: int) -> str:
        """The language of the text at an offset: that of the innermost span that has one."""
        spans = [
            (mark.end - mark.start, span.get("lang") or "und")
            for mark, span in self.marks(Span)
            if mark.start <= offset < mark.end and (span.get("lang") or span.kind == "foreign")
        ]
        return min(spans)[1] if spans else self.language

    def is_within(self, offset: int, kind: type[Inline]) -> bool:
        """Whether an inline of a kind is around the character at an offset."""
        return any(mark.start <= offset < mark.end for mark, _ in self.marks(kind))


@dataclass(frozen=True, slots=True)
class Passages:
    """A document with all its passages, in reading order: its text, then its notes."""

    document: Document
    all: tuple[Passage, ...]

    def groups(self) -> Iterator[list[Passage]]:
        """The passages that follow one another in one text."""
        return self._by(lambda passage: passage.group)

    def quotations(self) -> Iterator[list[Passage]]:
        """The same, but each block quotation by itself."""
        return self._by(lambda passage: (passage.group, passage.quotation))

    def _by(self, key: Callable[[Passage], Hashable]) -> Iterator[list[Passage]]:
        found: dict[Hashable, list[Passage]] = {}
        for passage in self.all:
            found.setdefault(key(passage), []).append(passage)
        return iter(found.values())


def passages_of(document: Document, language: str, sources: Mapping[str, Source]) -> Passages:
    """The passages of a document of an edition in a language."""
    reader = _Reader(document.language or language, Origins(sources))
    return Passages(document, tuple(reader.document(document)))


@dataclass(frozen=True, slots=True)
class _Around:
    """What passages have from what they stand in."""

    kind: Kind
    language: str
    group: int
    quotation: int = 0


class _Reader:
    """Goes through a document. Blocks stand at most so deep in one another as the manuscript allows."""

    def __init__(self, language: str, origins: Origins) -> None:
        self.language = language
        self.origins = origins
        self.groups = 0
        self.quotations = 0

    def open(self, kind: Kind, language: str = "") -> _Around:
        """A new group of passages."""
        self.groups += 1
        return _Around(kind, language or self.language, self.groups)

    def document(self, document: Document) -> Iterator[Passage]:
        yield from self.run(document.source_note, self.open("field"), document.at)
        yield from self.run(document.title, self.open("title"), document.at)
        yield from self.run(document.headnote, self.open("field"), document.at)
        yield from self.blocks(document.blocks, self.open("text"))
        yield from self.notes(document.notes, self.language)

    def notes(self, notes: Iterable[Note], language: str) -> Iterator[Passage]:
        for note in notes:
            yield from self.blocks(note.blocks, self.open("text", language))

    def blocks(self, blocks: Iterable[Block], around: _Around) -> Iterator[Passage]:
        for block in blocks:
            yield from self.block(block, around)

    def block(self, block: Block, around: _Around) -> Iterator[Passage]:
        match block:
            case Paragraph():
                yield from self.run(block.inlines, around, block.at)
            case Heading():
                yield from self.run(block.inlines, self.open("head", around.language), block.at)
            case Quote():
                self.quotations += 1
                language = block.language or around.language
                yield from self.blocks(block.blocks, replace(around, language=language, quotation=self.quotations))
            case Container():
                kind: Kind = "verse" if block.kind in ("verse", "address") else around.kind
                language = block.language or around.language
                yield from self.blocks(block.blocks, replace(around, kind=kind, language=language))
            case Enclosure():
                yield from self.blocks(block.blocks, self.open("text", block.language or around.language))
                yield from self.notes(block.notes, block.language or around.language)
            case ItemList():
                for item in block.items:
                    yield from self.run(item.label, replace(around, kind="label"), item.at)
                    yield from self.blocks(item.blocks, around)
            case Table():
                yield from self.table(block, around.language)

    def table(self, table: Table, language: str) -> Iterator[Passage]:
        yield from self.run(table.caption, self.open("caption", language), table.at)
        cells: Iterator[Cell] = (cell for row in table.rows if isinstance(row, Row) for cell in row.cells)
        for cell in cells:
            yield from self.blocks(cell.blocks, self.open("cell", language))

    def run(self, inlines: tuple[Inline, ...], around: _Around, at: Place | None) -> Iterator[Passage]:
        """A passage, and what stands in the margin beside it."""
        if not inlines:
            return
        passage = Passage(around.kind, around.language, around.group, at, self.origins, around.quotation)
        pieces: list[str] = []
        beside: list[Span] = []
        _read_inlines(inlines, passage, pieces, beside, 0)
        passage.text = "".join(pieces)
        yield passage
        for span in beside:
            yield from self.run(span.inlines, self.open("margin", around.language), span.at or at)


def _read_inlines(
    inlines: tuple[Inline, ...], passage: Passage, pieces: list[str], beside: list[Span], length: int
) -> int:
    """Add inlines at the end of a passage that is so long by now; how long it is then."""
    for inline in inlines:
        start = length
        match inline:
            case Text(text, at):
                passage.written.append(Written(start, text, 0, at))
                pieces.append(text)
                length += len(text)
                continue
            case LineBreak():
                pieces.append("\n")
                length += 1
                continue
            case Span(kind="margin"):
                beside.append(inline)
                continue
            case Emphasis() | Strong() | Span() | Reference():
                length = _read_inlines(inline.inlines, passage, pieces, beside, length)
        passage.marked.append(Marked(start, length, inline))
    return length


def breaks_of(passage: Passage) -> Iterator[tuple[int, PageBreak]]:
    """The page breaks of a passage, with the offset of the character that each stands before."""
    return ((mark.start, inline) for mark, inline in passage.marks(PageBreak))


def token_at(text: str, offset: int) -> str:
    """What stands around an offset between two spaces, shortened."""
    start, end = max(text.rfind(" ", 0, offset), text.rfind("\n", 0, offset)) + 1, text.find(" ", offset)
    return text[start : len(text) if end < 0 else end][:40]
