"""A document in reading order: every node once, each with the scope that its note calls belong to.

Reading order: source note, title, headnote, then the blocks; a note comes right after its first call, notes
that nobody calls come at the end of their document or enclosure. Knows the shape of the model and nothing
of numbers, anchors or pages. Depth costs memory, never the interpreter's stack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain, count
from operator import attrgetter
from typing import Any, NamedTuple, TypeAlias

from edition.model import (
    Block,
    Cell,
    Container,
    Document,
    Emphasis,
    Enclosure,
    Heading,
    Inline,
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
from edition.resolved import Scope

Node: TypeAlias = Inline | Block | Item | Row | Cell | Note


def children(node: Node) -> tuple[Node, ...]:
    """What stands directly inside a node, in reading order; an enclosure's notes are none of it."""
    return _INSIDE.get(type(node), _nothing)(node)


def _nothing(_: Node) -> tuple[Node, ...]:
    return ()


_INSIDE: dict[type, Callable[[Any], tuple[Node, ...]]] = {
    **dict.fromkeys((Paragraph, Heading, Emphasis, Strong, Span, Reference), attrgetter("inlines")),
    **dict.fromkeys((Container, Quote, Cell, Note, Enclosure), attrgetter("blocks")),
    ItemList: attrgetter("items"),
    Item: lambda item: (*item.label, *item.blocks),
    Table: lambda table: (*table.caption, *table.rows),
    Row: attrgetter("cells"),
}
"""By the kind of node; the others hold none."""


def walk(document: Document, *, notes: bool = True) -> Iterator[tuple[Scope, Node]]:
    """Every node of a document with its scope, parents before children.

    An enclosure and what is in it have the enclosure's scope, `ID-en`; a note has the scope it is defined
    in. Of several notes with one label in a scope only the first is walked. With `notes` false the notes and
    what is in them are left out; scopes stay the same.
    """
    enclosures = count(1)
    text = (*document.source_note, *document.title, *document.headnote, *document.blocks)
    levels = [_open(document.id, text, document.notes)]
    while levels:
        level = levels[-1]
        node = next(level.nodes, None)
        if node is None:
            levels.pop()
            continue
        in_note = level.in_note or isinstance(node, Note)
        if isinstance(node, Enclosure):
            inner = _open(f"{document.id}-e{next(enclosures)}", node.blocks, node.notes, in_note)
            levels.append(inner)
        else:
            inner = level
            inside = children(node)
            if inside:
                levels.append(_Level(level.scope, level.pending, iter(inside), in_note))
            elif isinstance(node, NoteCall) and (note := level.pending.pop(node.label, None)):
                levels.append(_Level(level.scope, level.pending, iter((note,)), in_note))
        if notes or not in_note:
            yield inner.scope, node


def all_nodes(document: Document) -> Iterator[Node]:
    """Every node of a document and of all its notes, called or not, once, in any order, and fast."""
    waiting: list[Node] = [
        *document.source_note,
        *document.title,
        *document.headnote,
        *document.blocks,
        *document.notes,
    ]
    while waiting:
        node = waiting.pop()
        yield node
        waiting += _INSIDE.get(type(node), _nothing)(node)
        if isinstance(node, Enclosure):
            waiting += node.notes


def tables_of(document: Document) -> dict[str, Table]:
    """Every table of a document by a name of its own, those in cells and notes included, in reading order."""
    tables = (node for _, node in walk(document) if isinstance(node, Table))
    return {f"{document.id}-table-{number}": table for number, table in enumerate(tables, 1)}


class _Level(NamedTuple):
    """What is left to walk at one depth, and the notes of its scope that were not yet called."""

    scope: Scope
    pending: dict[str, Note]
    nodes: Iterator[Node]
    in_note: bool


def _open(scope: Scope, text: tuple[Node, ...], notes: tuple[Note, ...], in_note: bool = False) -> _Level:
    pending: dict[str, Note] = {}
    for note in notes:
        pending.setdefault(note.label, note)
    return _Level(scope, pending, chain(text, _unplaced(pending)), in_note)


def _unplaced(pending: dict[str, Note]) -> Iterator[Note]:
    """The notes still pending; asked for one at a time, as each may call the next."""
    while pending:
        yield pending.pop(next(iter(pending)))


def mention_anchor(document_id: str, mention: Span | PageBreak) -> str:
    """The anchor of what an index or a list points to, by where it was written; empty where that is not known.

    No id of an editor's begins with a low line.
    """
    return f"_{document_id}.{mention.at.line}.{mention.at.column}" if mention.at else ""


def words(inlines: Iterable[Inline]) -> str:
    """The words of a title alone: no calls, no page breaks, no pictures, nothing from the margin.

    A line break is a space.
    """
    parts = []
    for inline in inlines:
        if isinstance(inline, Text):
            parts.append(inline.text)
        elif isinstance(inline, LineBreak):
            parts.append(" ")
        elif not (isinstance(inline, Span) and inline.kind == "margin"):
            parts.append(words(children(inline)))  # type: ignore[arg-type]  # an inline holds inlines
    return "".join(parts)
