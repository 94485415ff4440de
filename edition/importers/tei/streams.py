"""What a TEI file says and what an Edition says, as three streams each, so that nothing is lost unseen.

Body text, notes, page breaks. This is the first stage of the proof from the source to the PDF, and so it
shares no code with the importer: what that overlooks, this must not overlook for the same reason.

Blocks, cells, line breaks and page breaks count as one space, and all white space does; texts are compared
in NFC. A brace that groups rows of a table is drawn and not written, so it counts as nothing.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from lxml import etree

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


@dataclass(frozen=True, slots=True)
class NoteText:
    """A call, or a note that nothing calls: the printed mark, empty if the source gives none, and the text."""

    mark: str
    text: str
    offset: int
    """How many letters and signs of the body precede the call."""
    line: int = 0


@dataclass(frozen=True, slots=True)
class BreakAt:
    """A page break: its number as printed, its scan, and how many letters and signs of the body precede it."""

    number: str
    facs: str
    offset: int
    line: int = 0


@dataclass
class Streams:
    """The three streams of a volume; those of a file and of the edition made from it must be equal.

    Lines are those of the TEI file, from 1; 0 where they are not known, as in an edition.
    """

    written: list[str] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    """On which line each piece of `written` begins."""
    notes: list[NoteText] = field(default_factory=list)
    breaks: list[BreakAt] = field(default_factory=list)
    heads: list[tuple[int, int]] = field(default_factory=list)
    """Where the heads of divisions stand in the body, by the same count as breaks."""
    offset: int = 0

    @property
    def body(self) -> str:
        return normal("".join(self.written))

    def write(self, text: str, line: int = 0) -> None:
        self.written.append(text)
        self.lines.append(line)
        self.offset += len(re.sub(r"\s", "", unicodedata.normalize("NFC", text)))

    def words(self) -> list[tuple[str, int]]:
        """The words of the body, each with the line on which it begins."""
        starts = list(accumulate(map(len, self.written), initial=0))[:-1]
        written, found = "".join(self.written), []
        for match in re.finditer(r"[^ \t\r\n]+", written):
            piece = bisect_right(starts, match.start()) - 1
            line = self.lines[piece] + written.count("\n", starts[piece], match.start())
            found.append((unicodedata.normalize("NFC", match[0]), line))
        return found


def normal(text: str) -> str:
    """A text as it is compared."""
    return re.sub(r"[ \t\r\n]+", " ", unicodedata.normalize("NFC", text)).strip()


# The file

_APART = frozenset(
    """text front body back group div div0 div1 div2 div3 div4 div5 div6 div7 attachment floatingText titlePage
    docTitle titlePart docImprint docEdition imprimatur byline p ab head list item label table row cell opener
    closer dateline salute signed postscript trailer epigraph argument lg l address addrLine lb pb figure figDesc
    cit blockquote listBibl listPerson person castList castItem sp speaker stage""".split()  # noqa: SIM905
)


def streams_of_tei(path: Path) -> Streams:
    """The streams of the `text` of a TEI file, which was imported and so can be read."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, collect_ids=False)
    streams = Streams()
    text = next(etree.parse(str(path), parser).iter("{*}text"))
    _Reader(streams).read(text)
    return streams


class _Reader:
    """Walks the file in its own order. Text in a note goes to the note, elsewhere to the body."""

    def __init__(self, streams: Streams) -> None:
        self.streams = streams
        self.notes: list[list[str]] = []
        self.line = 1

    def read(self, element: etree._Element) -> None:
        tag = etree.QName(element).localname
        self.line = _line(element) or self.line
        if tag == "note" and not _printed_in_place(element):
            return self._note(element)
        if tag == "pb":
            number = re.sub(r"\s", "", element.get("n") or "")
            bare = re.sub(r"[\[\]]", "", number)
            shown = number if bare and number == bare else f"[{bare}]"
            self.streams.breaks.append(BreakAt(shown, _facs(element), self.streams.offset, self.line))
        if tag == "fw" or (tag == "cell" and _is_brace(element)):
            return None
        apart = tag in _APART or tag == "note" or _is_apart_here(tag, element)
        start = self.streams.offset
        self._text(" " if apart else "")
        self._content(element)
        self._text(" " if apart else "")
        if tag == "head" or (tag == "note" and _heads_division(element)):
            self.streams.heads.append((start, self.streams.offset))
        return None

    def _content(self, element: etree._Element) -> None:
        self._text(element.text or "")
        for child in element:
            if isinstance(child.tag, str):
                self.read(child)
            else:  # a comment, an instruction
                self.line = (_line(child) or self.line) + (child.text or "").count("\n")
            self._text(child.tail or "")

    def _text(self, text: str) -> None:
        if self.notes:
            self.notes[-1].append(text)
        elif text:
            self.streams.write(text, self.line)
        self.line += text.count("\n")

    def _note(self, element: etree._Element) -> None:
        turn, line, offset = len(self.streams.notes), self.line, self.streams.offset
        mark = (element.get("n") or "").strip()
        self.streams.notes.append(NoteText(mark, "", offset, line))
        self.notes.append([])
        self._content(element)
        self.streams.notes[turn] = NoteText(mark, normal("".join(self.notes.pop())), offset, line)


def _line(element: etree._Element) -> int:
    line = element.sourceline
    return line if isinstance(line, int) else 0


def _facs(element: etree._Element) -> str:
    return re.sub(r"\s+", " ", element.get("facs") or "")


def _printed_in_place(note: etree._Element) -> bool:
    if note.get("rend") == "inline":
        return True
    parent = note.getparent()
    among_blocks = parent is not None and etree.QName(parent).localname in (
        "div",
        "attachment",
        "front",
        "body",
        "back",
    )
    return not note.get("n") and (note.get("type") == "source" or among_blocks)


def _heads_division(note: etree._Element) -> bool:
    parent = note.getparent()
    return parent is not None and parent.get("type") != "document" and etree.QName(parent).localname == "div"


def _is_brace(cell: etree._Element) -> bool:
    spans = cell.get("role") == "brace" or (cell.get("rows") or "1") != "1"
    return spans and "".join(str(text) for text in cell.itertext()).strip() in ("{", "}")


def _is_apart_here(tag: str, element: etree._Element) -> bool:
    """Whether an element that may stand in running text stands apart: block quotes, readings of a choice."""
    parent = element.getparent()
    inside = "" if parent is None else etree.QName(parent).localname
    return inside == "choice" or (tag in ("quote", "q", "said") and _is_block_quote(element, inside))


def _is_block_quote(quote: etree._Element, inside: str) -> bool:
    return quote.get("rend") == "blockquote" or inside in ("div", "attachment") or quote.find("{*}p") is not None


# The edition


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
