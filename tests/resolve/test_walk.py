"""Reading order, scopes and depth."""

from __future__ import annotations

from small import document, inlines, note, paragraph

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
    Note,
    PageBreak,
    Quote,
    Row,
    Table,
    Text,
)
from edition.walk import walk


def texts(of: Document, *, notes: bool = True) -> list[str]:
    return [node.text for _, node in walk(of, notes=notes) if isinstance(node, Text)]


def scopes(of: Document) -> list[tuple[str, str]]:
    return [(scope, node.text) for scope, node in walk(of) if isinstance(node, Text)]


def test_head_comes_before_the_text_and_notes_after_their_first_call() -> None:
    of = document(
        "d1",
        "body ^1 after ^1 end",
        notes=(note("1", "one"), note("2", "two"), note("3", "three")),
        title=inlines("title ^2"),
        source_note=inlines("source ^3"),
        headnote=inlines("headnote"),
    )
    assert texts(of) == [
        "source", "three", "title", "two", "headnote", "body", "one", "after", "end",
    ]  # fmt: skip
    assert texts(of, notes=False) == ["source", "title", "headnote", "body", "after", "end"]


def test_notes_called_from_notes_come_right_after_their_caller() -> None:
    of = document("d1", "a ^1 b", notes=(note("1", "one ^2 on"), note("2", "two")))
    assert texts(of) == ["a", "one", "two", "on", "b"]


def test_notes_that_call_each_other_are_walked_once() -> None:
    of = document("d1", "a ^1", notes=(note("1", "one ^2"), note("2", "two ^1 ^2")))
    assert texts(of) == ["a", "one", "two"]


def test_notes_that_nobody_calls_end_their_scope() -> None:
    inner = Enclosure((paragraph("in"),), (note("x", "unplaced"),))
    of = document("d1", "a", inner, "z", notes=(note("1", "one ^2"), note("2", "two")))
    assert texts(of) == ["a", "in", "unplaced", "z", "one", "two"]


def test_enclosures_are_numbered_through_and_have_notes_of_their_own() -> None:
    deepest = Enclosure((paragraph("c ^1"),), (note("1", "nc"),))
    first = Enclosure((paragraph("b ^1"), deepest), (note("1", "nb"),))
    last = Enclosure((paragraph("d"),))
    of = document("d1", "a ^1", first, last, "e", notes=(note("1", "na"),))
    assert scopes(of) == [
        ("d1", "a"), ("d1", "na"), ("d1-e1", "b"), ("d1-e1", "nb"), ("d1-e2", "c"), ("d1-e2", "nc"),
        ("d1-e3", "d"), ("d1", "e"),
    ]  # fmt: skip


def test_an_enclosure_inside_a_note_keeps_its_number_when_notes_are_left_out() -> None:
    kept = Note("1", (Enclosure((paragraph("in"),)),))
    of = document("d1", "a ^1", Enclosure((paragraph("out"),)), notes=(kept,))
    assert scopes(of)[-1] == ("d1-e2", "out")
    assert [scope for scope, node in walk(of, notes=False) if node == Text("out")] == ["d1-e2"]


def test_every_kind_of_block_is_entered_in_order() -> None:
    table = Table(
        (Row((Cell((paragraph("cell"),)),)), PageBreak(inlines("|5")[0].page)),  # type: ignore[union-attr]
        caption=inlines("caption"),
    )
    of = document(
        "d1",
        Heading(2, inlines("heading")),
        ItemList((Item((paragraph("item"),), inlines("label")),)),
        Quote((paragraph("quote"),)),
        Container("signed", (paragraph("signed"),)),
        table,
    )
    assert texts(of) == ["heading", "label", "item", "quote", "signed", "caption", "cell"]
    assert any(isinstance(node, PageBreak) for _, node in walk(of))


def test_depth_is_no_danger() -> None:
    inner: Inline = Text("deep")
    for _ in range(20_000):
        inner = Emphasis((inner,))
    block: Block = paragraph("deeper")
    for _ in range(20_000):
        block = Quote((block,))
    of = document("d1", block)
    walked = list(walk(document("d2", block, title=(inner,))))
    assert texts(of) == ["deeper"]
    assert len(walked) == 40_003
