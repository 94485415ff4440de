"""The streams of an edition, in reading order, without what the builder makes. Knows no TEI."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edition.importers.tei.streams import BreakAt, NoteText, Streams
from edition.model import (
    Cell,
    Container,
    Division,
    Document,
    Edition,
    Emphasis,
    Enclosure,
    Entry,
    Heading,
    Item,
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


def streams_of_edition(edition: Edition) -> Streams:
    """The streams of an edition, without what the builder makes."""
    writer = _Writer(Streams())
    writer.entries(edition.contents)
    return writer.streams


class _Writer:
    """Walks an edition in reading order; where `follows` is false, no note that is called."""

    def __init__(self, streams: Streams, follows: bool = True) -> None:
        self.streams = streams
        self.follows = follows
        self.scopes: list[dict[str, Note]] = []
        self.seen: set[int] = set()
        self.in_note = 0

    def entries(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            if isinstance(entry, Division):
                self.document(entry.head(entry.id))
                self.entries(entry.contents)
            elif isinstance(entry, Document):
                self.document(entry)

    def document(self, document: Document) -> None:
        self.scopes.append({note.label: note for note in document.notes})
        uncalled = set(self.scopes[-1]) - set(_calls(document))
        for note in document.notes:
            if note.label in uncalled:
                self.call(note)
        for part in (document.source_note, document.title, document.headnote, document.blocks):
            self.apart(part)
        self.scopes.pop()

    def apart(self, nodes: Iterable[object]) -> None:
        self.write(" ")
        for node in nodes:
            self.node(node)
        self.write(" ")

    def write(self, text: str) -> None:
        if not self.in_note:
            self.streams.write(text)

    def node(self, node: object) -> None:
        match node:
            case Text():
                self.write(node.text)
            case LineBreak():
                self.apart(())
            case PageBreak():
                self.apart(())
                self.streams.breaks.append(BreakAt(str(node.page), node.facs, self.streams.offset))
            case NoteCall():
                if self.follows:
                    self.call(self.scopes[-1][node.label])
            case Span(kind="index") if not node.inlines:
                entry = NoteText(node.get("passage"), node.get("entry"), self.streams.offset)
                self.streams.entries.append(entry)
            case Emphasis() | Strong() | Span() | Reference():
                for inline in node.inlines:
                    self.node(inline)
            case Enclosure():
                self.scopes.append({note.label: note for note in node.notes})
                self.apart(node.blocks)
                self.scopes.pop()
            case _:
                self.apart(_held(node))

    def call(self, note: Note) -> None:
        self.streams.notes.append(NoteText(note.mark or note.label, _words_of(note), self.streams.offset))
        if id(note) not in self.seen:
            self.seen.add(id(note))
            self.in_note += 1
            for block in note.blocks:
                self.node(block)
            self.in_note -= 1


def _held(node: object) -> Iterator[object]:
    """What a block holds, each part of it apart from the next where it is a block itself."""
    match node:
        case Paragraph() | Heading():
            yield from node.inlines
        case Container() | Quote() | Cell():
            yield from node.blocks
        case ItemList():
            yield from node.items
        case Item():
            yield from (*node.label, LineBreak(), *node.blocks)
        case Table():
            yield from (*node.caption, LineBreak(), *node.rows)
        case Row():
            yield from node.cells


def _words_of(note: Note) -> str:
    inner = _Writer(Streams(), follows=False)
    inner.apart(note.blocks)
    return inner.streams.body


def _calls(node: object) -> Iterator[str]:
    """The labels called in a document itself, not in its enclosures."""
    held: Iterable[object]
    match node:
        case NoteCall():
            yield node.label
            return
        case Document():
            held = (*node.source_note, *node.title, *node.headnote, *node.blocks, *node.notes)
        case Note():
            held = node.blocks
        case Emphasis() | Strong() | Span() | Reference():
            held = node.inlines
        case Enclosure():
            return
        case _:
            held = _held(node)
    for inner in held:
        yield from _calls(inner)
