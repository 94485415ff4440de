"""What one walk through a document finds that resolving needs; it judges nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TypeAlias

from edition.model import Document, Enclosure, Heading, Note, NoteCall, PageBreak, Reference, Span
from edition.resolve.contents import PlacedDocument
from edition.resolved import Scope
from edition.walk import Node, children, walk

NoteKey: TypeAlias = tuple[Scope, str]
"""A scope and a label in it."""


@dataclass
class Survey:
    """Notes, calls, page breaks, references and ids of one document, each in reading order."""

    document: Document
    chapter: int
    notes: dict[NoteKey, Note] = field(default_factory=dict)
    """By reading order of the first calls; notes that nobody calls at the end of their scope."""
    calls: Counter[NoteKey] = field(default_factory=Counter)
    first_calls: dict[NoteKey, NoteCall] = field(default_factory=dict)
    definitions: list[tuple[Scope, tuple[Note, ...]]] = field(default_factory=list)
    """All notes as defined, scope by scope."""
    breaks: list[PageBreak] = field(default_factory=list)
    """Of the text."""
    note_breaks: list[PageBreak] = field(default_factory=list)
    """Those inside notes: a note runs on while the text is still on an earlier page."""
    references: list[Reference] = field(default_factory=list)
    named: list[Span] = field(default_factory=list)
    """Spans that refer to a person or a term, and entries of the index: those with attributes."""
    headings: list[Heading] = field(default_factory=list)
    enclosures: list[tuple[Scope, Enclosure]] = field(default_factory=list)

    @staticmethod
    def of(placed: PlacedDocument) -> Survey:
        """Survey a document."""
        document, chapter = placed
        survey = Survey(document, chapter, definitions=[(document.id, document.notes)])
        for scope, node in walk(document):
            if isinstance(node, Note):
                survey.notes[scope, node.label] = node
            elif isinstance(node, NoteCall):
                survey.calls[scope, node.label] += 1
                survey.first_calls.setdefault((scope, node.label), node)
            elif isinstance(node, Reference):
                survey.references.append(node)
            elif isinstance(node, Span):
                if node.attributes or node.kind == "index":
                    survey.named.append(node)
            elif isinstance(node, Heading):
                survey.headings.append(node)
            elif isinstance(node, Enclosure):
                survey.enclosures.append((scope, node))
                survey.definitions.append((scope, node.notes))
            elif isinstance(node, PageBreak):
                survey.breaks.append(node)
        if survey.breaks and survey.notes:
            survey._part_breaks()
        return survey

    def notes_around(self) -> dict[int, NoteKey]:
        """The note that each of the spans in notes stands in, by the span's identity."""
        found: dict[int, NoteKey] = {}
        for key, note in self.notes.items():
            inside: list[Node] = [note]
            while inside:
                node = inside.pop()
                inside += children(node)
                if isinstance(node, Span):
                    found[id(node)] = key
        return found

    def _part_breaks(self) -> None:
        """Tell the breaks of the text from those inside notes."""
        found = self.breaks
        self.breaks = [node for _, node in walk(self.document, notes=False) if isinstance(node, PageBreak)]
        of_text = {id(page_break) for page_break in self.breaks}
        self.note_breaks = [page_break for page_break in found if id(page_break) not in of_text]
