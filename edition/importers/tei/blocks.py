"""Blocks: paragraphs, containers, enclosures, verses, and the notes that are called from them.

Where an element holds both running text and blocks, the text between the blocks becomes paragraphs. Knows
nothing of the volume around a document.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from lxml import etree

from edition.importers.tei import lists
from edition.importers.tei.elements import (
    ALIGNMENTS,
    Piece,
    has_words,
    is_block,
    is_structural,
    kind_of,
    name_of,
    pieces,
    plain,
    renderings_of,
    role_of,
)
from edition.importers.tei.inlines import RunningText
from edition.importers.tei.notes import is_source_note
from edition.importers.tei.survey import Survey
from edition.importers.tei.tables import make_table
from edition.importers.tei.tidy import add_line
from edition.model import (
    CONTAINER_KINDS,
    Alignment,
    Block,
    Container,
    ContainerKind,
    Enclosure,
    Heading,
    Inline,
    LineBreak,
    Note,
    NoteCall,
    PageBreak,
    Paragraph,
    Quote,
    Span,
    Text,
)
from edition.source import Place


@dataclass
class Blocks:
    """Makes blocks of one document or enclosure, and keeps the notes that it calls."""

    survey: Survey
    running: RunningText
    depth: int = 0
    """In how many sections of the document the blocks stand."""
    _called: dict[str, etree._Element] = field(default_factory=dict)
    """Label → where the note is called first: the note itself, or a reference to it."""

    def content(self, run: Iterable[Piece], alignment: Alignment = "") -> tuple[Block, ...]:
        """The blocks that some pieces make."""
        made: list[Block] = []
        loose: list[Piece] = []
        for piece in run:
            if isinstance(piece, str) or not self._stands_alone(piece):
                loose.append(piece)
                continue
            opening = self.running.read(loose) if _is_entry(loose) else ()
            if not opening:
                self._paragraph(loose, made, alignment)
            block = self._block(piece)
            if opening and (opened := _with_opening(block, opening)):
                block = opened
            elif opening:
                self._paragraph(loose, made, alignment)
            made += block
            loose = []
        self._paragraph(loose, made, alignment)
        return tuple(made)

    def of(self, element: etree._Element, alignment: Alignment = "") -> tuple[Block, ...]:
        """The blocks that an element holds."""
        return self.content(pieces(element), alignment)

    def inlines(self, run: Iterable[Piece]) -> tuple[Inline, ...]:
        """Running text of this scope, such as a title; the notes called in it are kept."""
        run = list(run)
        self._keep_notes(run)
        return self.running.read(run)

    def notes(self) -> tuple[Note, ...]:
        """The notes that were called so far and those that they call, in the order of their calls."""
        made: dict[str, Note] = {}
        while waiting := {label: call for label, call in self._called.items() if label not in made}:
            for label, call in waiting.items():
                note = self.survey.notes.called_from.get(call, call)
                made[label] = Note(label, self.of(note), self.survey.notes.calls[call].mark, self.at(note))
        return tuple(made.values())

    def at(self, element: etree._Element) -> Place:
        return self.survey.report.place(element)

    # Running text

    def _keep_notes(self, run: Iterable[Piece]) -> None:
        for piece in run:
            if isinstance(piece, str):
                continue
            if self.survey.notes.is_call(piece):
                self._called.setdefault(self.survey.notes.calls[piece].label, piece)
            else:
                self._keep_notes(pieces(piece))

    def _paragraph(self, run: Sequence[Piece], made: list[Block], alignment: Alignment) -> None:
        """Add what a run of text makes: a paragraph, page breaks, or calls for the block before."""
        inlines = self.inlines(run)
        words = [inline for inline in inlines if not isinstance(inline, Text) or inline.text.strip(" ")]
        if not words:
            return
        if all(isinstance(inline, PageBreak) for inline in words):
            made += [inline for inline in words if isinstance(inline, PageBreak)]
        elif made and _is_called(words[0]) and all(_is_called(i) or isinstance(i, PageBreak) for i in words):
            calls = tuple(inline for inline in words if _is_called(inline))
            called = _with_calls(made[-1], calls)
            made[-1:] = [called] if called else [made[-1], Paragraph(calls, alignment)]
            made += [inline for inline in words if isinstance(inline, PageBreak)]
        else:
            first = next((piece for piece in run if not isinstance(piece, str)), None)
            made.append(Paragraph(inlines, alignment, None if first is None else self.at(first)))

    def _stands_alone(self, element: etree._Element) -> bool:
        if role_of(element) == "note":
            parent = element.getparent()
            return not self.survey.notes.is_call(element) and parent is not None and is_structural(parent)
        return element not in self.survey.notes.called_from and is_block(element)

    # Blocks

    def _block(self, element: etree._Element) -> tuple[Block, ...]:
        match role_of(element):
            case "paragraph":
                return self._in_language(element, self.of(element, alignment_of(element)))
            case "head":
                return self._head(element)
            case "list":
                return lists.make_lists(element, self.content, self.inlines, self.at)
            case "table":
                return make_table(element, self.survey.report, self.content, self.inlines)
            case "quote":
                return (Quote(self.of(element), self.running.language_of(element), self.at(element)),)
            case "container":
                return self._container(element)
            case "lines":
                return self._lines(element)
            case "note":
                return self._headnote(element)
            case "enclosure":
                return (self._enclosure(element),)
            case "division":
                return self._division(element)
            case "figure":
                return self._figure(element)
            case None:
                self.survey.report.unknown(element)
        return self.of(element)

    def _in_language(self, element: etree._Element, blocks: tuple[Block, ...]) -> tuple[Block, ...]:
        """Paragraphs marked with the language of their element, if it has one of its own."""
        if not self.running.language_of(element):
            return blocks
        return tuple(
            replace(block, inlines=self.running.in_language(element, block.inlines))
            if isinstance(block, Paragraph)
            else block
            for block in blocks
        )

    def _head(self, element: etree._Element) -> tuple[Block, ...]:
        """A Heading of a section, an enclosure or a document; elsewhere a paragraph."""
        inlines, parent = self.inlines(pieces(element)), element.getparent()
        if not inlines or parent is None:
            return ()
        if role_of(parent) not in ("division", "enclosure", "front-page"):
            made: list[Block] = []
            self._paragraph([*pieces(element)], made, "center")
            return tuple(made)
        names_section = self.survey.shapes.get(parent) == "section" and parent.find("{*}head") is element
        own = self.survey.ids.get(parent, "") if names_section else ""
        return (Heading(max(1, min(6, self.depth)), inlines, own, self.at(element)),)

    def _division(self, element: etree._Element) -> tuple[Block, ...]:
        """A section's blocks, or a document in this one."""
        if self.survey.shapes.get(element) == "enclosure":
            return (self._enclosure(element),)
        self.depth += 1
        made = self.of(element)
        self.depth -= 1
        return made

    def _container(self, element: etree._Element) -> tuple[Block, ...]:
        """A container; a closer that holds nothing but containers is left out around them."""
        blocks, kind = self.of(element), _container_kind(kind_of(element))
        if kind == "closer" and all(isinstance(block, Container | PageBreak) for block in blocks):
            return blocks
        return self._contained(kind, blocks, element)

    def _contained(
        self, kind: ContainerKind, blocks: tuple[Block, ...], element: etree._Element
    ) -> tuple[Block, ...]:
        language = self.running.language_of(element)
        return (Container(kind, blocks, language, self.at(element)),) if blocks else ()

    def _headnote(self, element: etree._Element) -> tuple[Block, ...]:
        """A source note or headnote; a note that a reference calls stands where it is called."""
        if element in self.survey.notes.elsewhere:
            return ()
        return self._contained("source-note" if is_source_note(element) else "headnote", self.of(element), element)

    def _enclosure(self, element: etree._Element) -> Enclosure:
        inner = Blocks(self.survey, self.running)
        blocks, own = inner.of(element), self.survey.ids.get(element, "")
        return Enclosure(blocks, inner.notes(), own, self.running.language_of(element), self.at(element))

    def _figure(self, element: etree._Element) -> tuple[Block, ...]:
        """The picture with its description as the words instead of it, or its texts where it is missing."""
        graphic, described = element.find("{*}graphic"), element.find("{*}figDesc")
        if graphic is None or not self.running.has_picture(str(graphic.get("url") or "").strip()):
            return self.of(element)
        words = plain(described) if described is not None else ""
        picture = Paragraph(tuple(self.running.picture(graphic, words)), "center", self.at(element))
        return (picture, *self.content(p for p in pieces(element) if p is not graphic and p is not described))

    # Verses and addresses

    def _lines(self, element: etree._Element) -> tuple[Block, ...]:
        """A verse or an address: its lines are lines of paragraphs, a stanza is a paragraph."""
        run = [element] if name_of(element) == "l" else pieces(element)
        return self._contained(_container_kind(kind_of(element)), self._stanzas(run), element)

    def _stanzas(self, run: Iterable[Piece]) -> tuple[Block, ...]:
        made: list[Block] = []
        lines: list[Piece] = []
        for piece in run:
            if isinstance(piece, str) or name_of(piece) in ("l", "addrLine") or not is_block(piece):
                lines.append(piece)
            else:
                self._stanza(lines, made)
                lines = []
                made += self._stanzas(pieces(piece)) if name_of(piece) == "lg" else self.content([piece])
        self._stanza(lines, made)
        return tuple(made)

    def _stanza(self, lines: Sequence[Piece], made: list[Block]) -> None:
        self._keep_notes(lines)
        inlines: list[Inline] = []
        waiting: list[Piece] = []
        for piece in lines:
            if not isinstance(piece, str) and name_of(piece) in ("l", "addrLine"):
                add_line(inlines, self.running.inlines([*waiting, *pieces(piece)]))
                waiting = []
            elif _opens_next_line(piece) or (waiting and isinstance(piece, str) and not piece.strip()):
                waiting.append(piece)
            elif isinstance(piece, str) or role_of(piece) != "line-break" or not _ends_line(inlines):
                inlines += self.running.inlines([*waiting, piece])
                waiting = []
        inlines += self.running.inlines(waiting)
        tidied = self.running.tidy(inlines)
        if all(isinstance(inline, PageBreak) for inline in tidied):
            made += [inline for inline in tidied if isinstance(inline, PageBreak)]
        else:
            made.append(Paragraph(tidied))


def _opens_next_line(piece: Piece) -> bool:
    """Whether it stands between lines and belongs to the next one: a page break."""
    return not isinstance(piece, str) and role_of(piece) == "page-break"


def _ends_line(inlines: Sequence[Inline]) -> bool:
    words = [inline for inline in inlines if not isinstance(inline, Text) or inline.text.strip(" ")]
    return not words or isinstance(words[-1], LineBreak)


def alignment_of(element: etree._Element) -> Alignment:
    return next((ALIGNMENTS[word] for word in renderings_of(element) if word in ALIGNMENTS), "")


def _container_kind(kind: str) -> ContainerKind:
    return next(known for known in CONTAINER_KINDS if known == kind)


def _is_called(inline: Inline) -> bool:
    """Whether it belongs to the words before it: a call, an entry of the index."""
    return isinstance(inline, NoteCall) or (isinstance(inline, Span) and inline.kind == "index")


def _is_entry(run: Sequence[Piece]) -> bool:
    """Whether some pieces are entries of the index and nothing else."""
    elements = [piece for piece in run if not isinstance(piece, str)]
    return bool(elements) and all(role_of(piece) == "index" for piece in elements) and not has_words(run)


def _with_opening(blocks: tuple[Block, ...], opening: tuple[Inline, ...]) -> tuple[Block, ...] | None:
    """The blocks with something before the first word, if they begin with running text."""
    first = blocks[0] if blocks else None
    if isinstance(first, Paragraph | Heading):
        return (replace(first, inlines=(*opening, *first.inlines)), *blocks[1:])
    if isinstance(first, Container | Quote) and (inner := _with_opening(first.blocks, opening)):
        return (replace(first, blocks=inner), *blocks[1:])
    return None


def _with_calls(block: Block, calls: tuple[Inline, ...]) -> Block | None:
    """The block with calls at its end, if it ends with running text."""
    if isinstance(block, Paragraph | Heading):
        return replace(block, inlines=(*block.inlines, *calls))
    if isinstance(block, Container | Quote) and block.blocks:
        last = _with_calls(block.blocks[-1], calls)
        return replace(block, blocks=(*block.blocks[:-1], last)) if last else None
    return None
