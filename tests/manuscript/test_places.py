"""Every place is the exact line and column: checked on generated documents and by hand for front matter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from hypothesis import given
from strategies import QUICK, Around, documents

from edition.manuscript import load_document, save_document
from edition.model import (
    Cell,
    Container,
    Document,
    Enclosure,
    Heading,
    Image,
    Item,
    ItemList,
    Note,
    NoteCall,
    PageBreak,
    Paragraph,
    Quote,
    Reference,
    Row,
    Span,
    Table,
    Text,
)
from edition.source import Source


def nodes(value: Any) -> Iterator[Any]:
    """Everything in the model under a value."""
    if isinstance(value, tuple):
        for child in value:
            yield from nodes(child)
    elif is_dataclass(value):
        yield value
        for field in fields(value):
            yield from nodes(getattr(value, field.name))


SIGNS: dict[type, tuple[str, ...]] = {
    PageBreak: ("[Page ",),
    Span: ("[",),
    Reference: ("[",),
    Image: ("![",),
    Heading: ("#",),
    Quote: (">", ":::"),
    Container: (":::",),
    Enclosure: (":::",),
    Table: ("|", ":::"),
    Row: ("|", "-"),
}


def stands_there(node: Any, rest: str) -> bool:
    """Whether the source from the node's place on begins with what the node is written as."""
    match node:
        case Text():
            return rest.startswith(node.text[0]) or rest[:2] == "\\" + node.text[0]
        case NoteCall():
            return rest.startswith(f"[^{node.label}]")
        case Note():
            return rest.startswith(f"[^{node.label}]") and ":" in rest.partition("\n")[0]
        case Cell() if not node.blocks:
            return True  # an empty cell of a pipe table begins after its pipe
        case Paragraph() | Cell() | Item() | ItemList():
            return bool(rest) and rest[0] not in " \t\n"  # it may begin with a no-break space
    return rest.startswith(SIGNS[type(node)])


@QUICK
@given(documents(Around(images=("plate.png",))))
def test_every_node_of_a_generated_document_stands_where_it_says(document: Document) -> None:
    text = save_document(document)
    source = Source("d.md", text)
    read, _ = load_document(source)
    for node in nodes((read.blocks, read.notes)):
        if getattr(node, "at", None) is None:
            continue
        offset = source.offset(node.at.line, node.at.column)
        assert stands_there(node, text[offset:]), (node, node.at, text[offset : offset + 40])


@pytest.mark.parametrize(
    "title",
    [
        "title: See *this*[^1] here",
        "title:   'It''s *this*[^1] here'",
        'title: "\\"Quoted\\" \\u0041 *this*[^1] here"',
        "title: |-\n  First *this*[^1]\\\n  here",
        "title: >-\n  Folded words\n  *this*[^1] here",
        "title: Plain words\n  folded *this*[^1] here",
        "title: 'Single words\n  folded *this*[^1] here'",
        'title: "Double words\n  folded *this*[^1] here"',
    ],
)
def test_places_in_titles_are_exact(title: str) -> None:
    text = f"---\nid: d\n{title}\n---\n\n[^1]: Note.\n"
    source = Source("d.md", text)
    document, _ = load_document(source)
    [call] = [node for node in nodes(document.title) if isinstance(node, NoteCall)]
    assert call.at is not None
    assert source.offset(call.at.line, call.at.column) == text.index("[^1]")
    last = document.title[-1]
    assert isinstance(last, Text)
    assert last.at is not None
    words = text[source.offset(last.at.line, last.at.column) :]
    assert words.lstrip().startswith("here")
