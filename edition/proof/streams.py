"""What the manuscript says must stand in the book: a stream of text for each document, division and note.

It walks the resolved edition by itself and shares no code with rendering: an error there is not repeated here.
Beside its text a stream has its original pages' breaks, calls of notes and pictures, each with the offset in the
text where it stands. Knows nothing of HTML, pages and PDFs.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias

from edition.model import (
    Block,
    Container,
    Division,
    Document,
    Emphasis,
    Enclosure,
    Entry,
    Generated,
    Heading,
    Image,
    Inline,
    ItemList,
    LineBreak,
    Note,
    NoteCall,
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
from edition.proof.lists import index_words, listed_lines, number_of, words_of
from edition.proof.text import alike
from edition.resolved import ResolvedEdition, ResolvedNote, Scope
from edition.source import Place

StreamKind = Literal["document", "division", "note", "generated"]

_PLAIN = re.compile(r"(?: ?[!-~]+)+ ?")
"""ASCII with single spaces."""


class Key(NamedTuple):
    """What a stream belongs to: a document's, division's or note's id; of a generated part kind and count."""

    kind: StreamKind
    id: str

    @property
    def name(self) -> str:
        """What messages call it; two parts of one kind are not told apart there."""
        return f"the {self.id.partition(' ')[0]}" if self.kind == "generated" else f"{self.kind} {self.id}"


class Written(NamedTuple):
    """Where a run of a stream's text was written: from `offset` on it is the text from its character `begin`."""

    offset: int
    text: str
    begin: int
    at: Place | None


class BreakExpected(NamedTuple):
    offset: int
    mark: PageBreak


class CallExpected(NamedTuple):
    offset: int
    note: str
    """The id of the note called."""
    mark: str
    at: Place | None


class MentionExpected(NamedTuple):
    document: str
    """The id of the document that it stands in, a note's of that which calls it."""
    mention: Span


@dataclass
class Stream:
    """Expected text, in the form in which texts are compared, with single spaces between words and blocks."""

    key: Key
    name: str
    """What an editor calls it: `document d12`, `note 3`."""
    at: Place | None
    mark: str = ""
    """Of a note: its printed mark."""
    breaks: list[BreakExpected] = field(default_factory=list)
    calls: list[CallExpected] = field(default_factory=list)
    pictures: list[Place | None] = field(default_factory=list)
    mentions: list[MentionExpected] = field(default_factory=list)
    """What an index or a list points to."""
    written: list[Written] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    length: int = 0
    _text: str | None = None

    @property
    def text(self) -> str:
        if self._text is None:
            self._text = "".join(self._pieces)
        return self._text

    def gap(self) -> None:
        """A boundary: what comes next is another word."""
        if self._pieces and self._pieces[-1][-1] != " ":
            self._add(" ")

    def add(self, text: str, at: Place | None) -> None:
        """Text as written at a place; white space counts once."""
        if _is_plain(text) and not (text[:1] == " " and self._ends_in_space):
            self._note(text, 0, at)
            self._add(text)
            return
        expected = -1  # the index in the text that would go on without a break
        for index, same in _stretches(text):
            if same[0] == " " and self._ends_in_space:
                index, same = index + 1, same[1:]
                expected = -1
            if not same:
                continue
            if index != expected:
                self._note(text, index, at)
            self._add(same)
            expected = index + len(same)

    @property
    def _ends_in_space(self) -> bool:
        return not self._pieces or self._pieces[-1][-1:] == " "

    def _note(self, text: str, index: int, at: Place | None) -> None:
        self.written.append(Written(self.length, text, index, at))

    def _add(self, text: str) -> None:
        if text:
            self._pieces.append(text)
            self.length += len(text)

    def origin(self, offset: int) -> tuple[Written | None, int]:
        """The written text that the character at an offset comes from, and its index in it."""
        number = bisect_right(self.written, offset, key=lambda written: written.offset) - 1
        if number < 0:
            return None, 0
        written = self.written[number]
        return written, written.begin + offset - written.offset


Streams: TypeAlias = dict[Key, Stream]


def streams_of(resolved: ResolvedEdition) -> Streams:
    """All streams of an edition, in the order of its contents; notes after the text that calls them."""
    walker = _Walker(resolved)
    walker.entries(resolved.edition.contents)
    return walker.streams


def generated_parts(resolved: ResolvedEdition) -> dict[Key, Generated]:
    """The parts that the builder makes, by the keys of their streams."""
    counts: Counter[str] = Counter()
    found: dict[Key, Generated] = {}
    waiting: list[Entry] = list(reversed(resolved.edition.contents))
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, Division):
            waiting += reversed(entry.contents)
        elif isinstance(entry, Generated):
            counts[entry.kind] += 1
            found[Key("generated", f"{entry.kind} {counts[entry.kind]}")] = entry
    return found


def _is_plain(text: str) -> bool:
    return text.isascii() and text.isprintable() and "  " not in text


def _stretches(text: str) -> Iterator[tuple[int, str]]:
    """A text in the form in which texts are compared, in pieces with their offsets.

    A piece is one character's own or a stretch of ASCII with single spaces, each of its characters at its place.
    """
    position = 0
    while position < len(text):
        found = _PLAIN.match(text, position)
        end = found.end() if found else position
        if end < len(text) and unicodedata.combining(text[end]):
            end -= 1  # what combines with a letter is compared with it
        if end > position:
            yield position, text[position:end]
            position = end
            continue
        end = position + 1
        while end < len(text) and unicodedata.combining(text[end]):
            end += 1
        yield from ((position, same) for same in alike(text[position:end]))
        position = end


Walk: TypeAlias = Iterator["Walk"]
"""A walk that goes on; each walk that it gives is to be gone first, to its end."""


class _Walker:
    """Walks entries, blocks and inlines. Notes call notes without end: they are walked off the stack."""

    def __init__(self, resolved: ResolvedEdition) -> None:
        self.resolved = resolved
        self.edition = resolved.edition
        self.streams: Streams = {}
        self.anchors = {id(line.entry): line.anchor for line in resolved.contents}
        self.parts = generated_parts(resolved)
        self.document = ""
        self.in_document = False
        self.scope: Scope = ""
        self.enclosures = 0

    def open(self, key: Key, name: str, at: Place | None, mark: str = "") -> Stream:
        self.streams[key] = stream = Stream(key, name, at, mark)
        return stream

    def entries(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            match entry:
                case Document():
                    self.run(self.document_text(entry))
                case Division():
                    self.run(self.division_title(entry))
                    self.entries(entry.contents)
                case Generated():
                    self.generated_part(entry)

    def run(self, walk: Walk) -> None:
        waiting = [walk]
        while waiting:
            inner = next(waiting[-1], None)
            if inner is None:
                waiting.pop()
            else:
                waiting.append(inner)

    # Documents, divisions, notes

    def division_title(self, division: Division) -> Walk:
        anchor = self.anchors[id(division)]
        self.document, self.in_document = anchor, False
        self.scope = anchor
        stream = self.open(Key("division", anchor), f"the head of {division.kind} {anchor}", division.at)
        yield from self.inlines(division.title, stream)
        yield from self.notes_left(division.notes)

    def document_text(self, document: Document) -> Walk:
        self.document, self.in_document = document.id, True
        self.scope = document.id
        self.enclosures = 0
        stream = self.open(Key("document", document.id), f"document {document.id}", document.at)
        yield from self.inlines(document.source_note, stream)
        stream.gap()
        stream.add(document.number, document.at)
        stream.gap()
        yield from self.inlines(document.title, stream)
        stream.gap()
        yield from self.inlines(document.headnote, stream)
        yield from self.blocks(document.blocks, stream)
        yield from self.notes_left(document.notes)

    def notes_left(self, notes: Iterable[Note]) -> Walk:
        """The notes of the present scope that nothing has called yet."""
        for note in notes:
            resolved = self.resolved.notes.get((self.scope, note.label))
            if resolved and Key("note", resolved.id) not in self.streams:
                yield self.note(resolved)

    def note(self, resolved: ResolvedNote) -> Walk:
        at = resolved.note.at
        stream = self.open(Key("note", resolved.id), f"note {resolved.mark}", at, resolved.mark)
        yield from self.blocks(resolved.note.blocks, stream)

    # Blocks

    def blocks(self, blocks: Iterable[Block], stream: Stream) -> Walk:
        for block in blocks:
            stream.gap()
            yield from self.block(block, stream)
            stream.gap()

    def block(self, block: Block, stream: Stream) -> Walk:
        match block:
            case Paragraph() | Heading():
                yield from self.inlines(block.inlines, stream)
            case Container() | Quote():
                yield from self.blocks(block.blocks, stream)
            case ItemList():
                for item in block.items:
                    stream.gap()
                    yield from self.inlines(item.label, stream)
                    yield from self.blocks(item.blocks, stream)
            case Enclosure():
                yield from self.enclosure(block, stream)
            case Table():
                yield from self.table(block, stream)
            case PageBreak():
                yield from self.inlines((block,), stream)

    def enclosure(self, enclosure: Enclosure, stream: Stream) -> Walk:
        self.enclosures += 1
        outer, self.scope = self.scope, f"{self.document}-e{self.enclosures}"
        yield from self.blocks(enclosure.blocks, stream)
        yield from self.notes_left(enclosure.notes)
        self.scope = outer

    def table(self, table: Table, stream: Stream) -> Walk:
        yield from self.inlines(table.caption, stream)
        for row in table.rows:
            stream.gap()
            if isinstance(row, Row):
                for cell in row.cells:
                    yield from self.blocks(cell.blocks, stream)
            else:
                yield from self.inlines((row,), stream)

    # Inlines

    def inlines(self, inlines: Iterable[Inline], stream: Stream) -> Walk:
        for inline in inlines:
            match inline:
                case Text(text, at):
                    stream.add(text, at or stream.at)
                case Emphasis() | Strong() | Reference():
                    yield from self.inlines(inline.inlines, stream)
                case Span():
                    if self.in_document and inline.kind in self.resolved.mentions:
                        stream.mentions.append(MentionExpected(self.document, inline))
                    yield from self.inlines(inline.inlines, stream)
                case LineBreak():
                    stream.gap()
                case PageBreak():
                    stream.breaks.append(BreakExpected(stream.length, inline))
                case Image():
                    stream.pictures.append(inline.at)
                case NoteCall():
                    yield from self.call(inline, stream)

    def call(self, call: NoteCall, stream: Stream) -> Walk:
        resolved = self.resolved.notes.get((self.scope, call.label))
        if resolved is None:
            return
        stream.calls.append(CallExpected(stream.length, resolved.id, resolved.mark, call.at))
        if Key("note", resolved.id) not in self.streams:
            yield self.note(resolved)

    # What the builder makes from the edition's fields

    def generated_part(self, part: Generated) -> None:
        key = next(key for key, own in self.parts.items() if own is part)
        stream = self.open(key, part.kind.replace("-", " "), part.at or self.edition.at)
        for text, at in self.generated_texts(part):
            stream.gap()
            stream.add(text, at or stream.at)

    def generated_texts(self, part: Generated) -> Iterator[tuple[str, Place | None]]:
        edition = self.edition
        if part.kind not in ("title-page", "imprint"):
            yield part.heading, part.at
        match part.kind:
            case "title-page":
                origin = ", ".join(filter(None, (edition.place, edition.year)))
                editors = ", ".join(edition.editors)
                texts = (edition.title, edition.subtitle, edition.volume, editors, edition.publisher, origin)
                yield from ((text, edition.at) for text in texts)
            case "imprint":
                origin = ", ".join(filter(None, (edition.publisher, edition.place, edition.year)))
                yield edition.imprint if edition.imprint.strip() else origin or edition.title, edition.at
            case "contents" | "documents":
                for line in listed_lines(self.resolved, part):
                    yield number_of(line), line.entry.at
                    yield words_of(line.entry.title), line.entry.at
            case "persons" | "terms":
                for named in edition.persons if part.kind == "persons" else edition.terms:
                    yield ", ".join(filter(None, (named.name, named.description))), named.at
            case "index":
                for words in index_words(self.resolved.index):
                    yield words, None
            case "concordance":
                for page in self.resolved.concordance:
                    yield str(page.page), None
