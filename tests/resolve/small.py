"""Short ways to write small editions."""

from __future__ import annotations

from edition.model import (
    Block,
    Document,
    Edition,
    Entry,
    Inline,
    Note,
    NoteCall,
    NotePolicy,
    Numbering,
    OriginalPage,
    PageBreak,
    Paragraph,
    Reference,
    Text,
)
from edition.source import Place


def inlines(written: str) -> tuple[Inline, ...]:
    """`a ^1 b |404 c >#page-3`: text, a call, a page break, a reference."""
    return tuple(map(inline, written.split()))


def inline(word: str) -> Inline:
    if word[0] == "^":
        return NoteCall(word[1:])
    if word[0] == "|":
        return PageBreak(OriginalPage(word[1:]))
    if word[0] == ">":
        return Reference(word[1:], (Text("there"),))
    return Text(word)


def paragraph(written: str) -> Paragraph:
    return Paragraph(inlines(written))


def note(label: str, written: str = "text", mark: str = "") -> Note:
    return Note(label, (paragraph(written),), mark, Place("d.md", 9))


def document(name: str, *written: str | Block, notes: str | tuple[Note, ...] = (), **fields: object) -> Document:
    """A document; `notes` are labels, or the notes."""
    blocks = tuple(paragraph(block) if isinstance(block, str) else block for block in written)
    defined = tuple(map(note, notes.split())) if isinstance(notes, str) else notes
    fields.setdefault("at", Place(f"{name}.md"))
    return Document(id=name, blocks=blocks, notes=defined, **fields)  # type: ignore[arg-type]


def edition(*contents: Entry, numbering: Numbering = "source", **fields: object) -> Edition:
    return Edition("Title", contents, notes=NotePolicy(numbering), **fields)  # type: ignore[arg-type]
