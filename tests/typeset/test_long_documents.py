"""Documents and lists that are several fragments: as in one run of the engine, and one part for the proof."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings

from edition.cache import Memory
from edition.model import (
    Block,
    Cell,
    Document,
    Edition,
    Enclosure,
    Generated,
    Heading,
    Item,
    ItemList,
    Note,
    NoteCall,
    OriginalPage,
    OriginalPages,
    PageBreak,
    Paragraph,
    Quote,
    Row,
    Table,
    Text,
)
from edition.render import render
from edition.resolve import resolve
from edition.typeset import Typesetting, engine
from edition.typeset.book import _Book as Book
from edition.typeset.fragments.stretch import Stretch
from tests.editing import Step, chapter, document, edited, steps, text
from tests.typeset.agreement import differences
from tests.typeset.test_chains import LONG as CHAINS
from tests.typeset.test_fragments import book, laid_out, style_of


def paragraph(seed: int, length: int) -> Paragraph:
    return Paragraph((Text(text(seed, length)),))


def items(count: int, labelled: bool = False) -> ItemList:
    labels = (((Text(f"{number}."),) if labelled else ()) for number in range(count))
    return ItemList(tuple(Item((paragraph(n, 8 + n * 7 % 30),), label) for n, label in enumerate(labels)))


def table(seed: int, rows: int) -> Table:
    cells = ((Cell((paragraph(seed + row, 3),)), Cell((paragraph(seed + row + 1, 5),))) for row in range(rows))
    return Table(tuple(Row(pair) for pair in cells))


def written(count: int, seed: int = 0) -> list[Block]:
    """Paragraphs of many lengths, some of which call a note or begin an original page."""
    blocks: list[Block] = []
    for number in range(count):
        blocks.append(paragraph(seed + number, 20 + (seed + number) * 37 % 130))
        if number % 4 == 1:
            blocks.append(PageBreak(OriginalPage(str(seed + number))))
    return blocks


def noted(blocks: Sequence[Block], every: int) -> tuple[tuple[Block, ...], tuple[Note, ...]]:
    made: list[Block] = []
    notes: list[Note] = []
    for number, block in enumerate(blocks):
        if isinstance(block, Paragraph) and number % every == every - 1:
            label = str(len(notes) + 1)
            notes.append(Note(label, (paragraph(number, 12 + number * 11 % 60),)))
            block = replace(block, inlines=(*block.inlines, NoteCall(label)))
        made.append(block)
    return tuple(made), tuple(notes)


def long_document() -> Document:
    plain = written(14)
    others: list[Block] = [
        Heading(3, (Text("Ropes"),)),
        items(26),
        Heading(4, (Text("Lamps"),)),
        items(20, labelled=True),
        *(table(number, 2) for number in range(16)),
        Quote((*written(8, 200), items(9))),
        table(60, 40),
        Enclosure((Heading(3, (Text("Enclosed"),)), *written(8, 300), items(9)), id="enc"),
    ]
    blocks, notes = noted([*plain, *others, *written(6, 400)], 5)
    return Document("long", (Text("A long one"),), blocks, notes)


LONG = book(
    chapter(1, document(1, 60), long_document(), document(2, 80)),
    chapter(2, *(document(number, 2) for number in range(3, 130))),
)


def pieces(edition: Edition, css: str = "", cache: Memory | None = None) -> tuple[list[int], int]:
    """How many fragments each part is, and how many were laid out."""
    with Typesetting(style_of(edition, css), Path(), cache or Memory()) as setting:
        paged = setting.pages_of(render(resolve(edition)))
        firsts = [part.first for part in paged.parts] + [len(paged.pages)]
        starts = [placed.first + placed.blanks for placed in paged.placed]
        return [sum(first <= start < end for start in starts) for first, end in pairwise(firsts)], setting.anew


def test_long_documents_and_lists_are_of_several_fragments() -> None:
    counts, _ = pieces(LONG)
    document_, contents = sorted(counts)[:-3:-1]
    assert document_ >= 3
    assert contents >= 2


def nested(seed: int, depth: int) -> ItemList:
    """Items of one to three paragraphs, each with a list in its middle or at its end."""
    made = []
    for number in range(4):
        own = seed * 4 + number
        paragraphs = [paragraph(own + turn, 15 + own * 13 % 60) for turn in range(1 + own % 3)]
        inner = [nested(own, depth - 1)] if depth else []
        made.append(Item((*paragraphs[:2], *inner, *paragraphs[2:])))
    return ItemList(tuple(made))


def test_lists_in_items_are_as_in_one_run() -> None:
    """Fragments end in items that have no marks: before an item in one, or a paragraph after a list in one."""
    lists = Document("lists", (Text("Lists"),), tuple(nested(number, 3) for number in range(2)))
    edition, css = book(chapter(1, lists)), "ul.bullets, ul.bullets > li { list-style: none; display: block }"
    counts, _ = pieces(edition, css)
    assert max(counts) > 5
    assert differences(edition, style_of(edition, css), Path()) == []


@pytest.mark.parametrize("mode", ["inline", "margin", "facsimile", "hidden"])
def test_they_are_as_in_one_run_in_all_modes(mode: OriginalPages) -> None:
    edition = replace(LONG, original_pages=mode)
    assert differences(edition, style_of(edition), Path()) == []


@pytest.mark.parametrize(
    "css",
    [
        "p, li, table, blockquote { margin-top: 11pt; margin-bottom: 7pt }",
        "p { margin-break: auto; margin-top: 9pt } li { margin-break: discard; margin-top: 9pt }",
        "p { margin-break: keep; margin-top: 9pt } table { margin-break: keep; margin-top: 20pt }",
        "article.document { padding: 12pt; border: 2pt solid; margin: 9pt 0 } blockquote { background: #eef; padding: 9pt }",
        "p + p { padding-top: 4pt } p + p + p { color: #222 } p + p + p + p { color: #444 } table + table { margin-top: 3pt }",
        "li:nth-child(-n+2) { color: red } li:nth-last-child(3) { color: blue } p:first-child { color: green }",
        "article.document > p:last-child { color: red } li:first-child { margin-top: 20pt } li:last-child { margin-bottom: 20pt }",
        "ul { list-style: disc } nav ol > li { display: list-item; list-style: decimal inside }",
        "nav ol { list-style: none } nav li { display: block; margin: 2pt }",
        "ul.bullets { columns: 2 } blockquote { columns: 2 }",
        "blockquote { break-inside: avoid } ul { break-before: page } article.enclosure { break-before: page }",
        "blockquote, article.document { box-decoration-break: clone; border: 1pt solid; padding: 5pt }",
        "article.document::after { content: 'End.' } article.document::before { content: 'Begins.' }",
        "table { page: wide } @page wide { size: a5 landscape }",
        "article.document { string-set: document-title 'x' } p { string-set: volume-title content(text) }",
        "blockquote { float: left; width: 50% } h4 + ul { position: relative; left: 9pt }",
    ],
)
def test_they_are_as_in_one_run(css: str) -> None:
    assert differences(LONG, style_of(LONG, css), Path(), look_at=3) == []


def test_labels_are_those_of_the_part_laid_out_in_one() -> None:
    """The proof sees one document whether it was laid out as one fragment or kept as several."""
    html = render(resolve(LONG))
    with Typesetting(style_of(LONG), Path()) as setting:
        paged = setting.pages_of(html)
        for part in paged.parts:
            elements = list(engine.root_of(part.html).iter())
            assert [one.tag for one in part.labels.elements] == [one.tag for one in elements]
            parents = {child: number for number, element in enumerate(elements) for child in element}
            assert [one.parent for one in part.labels.elements] == [parents.get(one, -1) for one in elements]
            of_text = {one.element for page in part.labels.pages for one in page.content.values()}
            assert min(of_text) > 0
            assert not any("data-elsewhere" in elements[number].attrib for number in of_text)
            reads = {number for number, one in enumerate(elements) if (one.text or "").strip() and one.tag == "p"}
            assert reads <= of_text


def test_the_end_of_a_new_text_is_laid_out_with_the_contents(monkeypatch: pytest.MonkeyPatch) -> None:
    """With the page numbers that it is likely to have: a wrong one would be mended, a right one saves a round."""
    rounds: list[list[int]] = []
    lay_out = Book.lay_out
    monkeypatch.setattr(
        Book, "lay_out", lambda it, numbers, *rest: rounds.append(numbers) or lay_out(it, numbers, *rest)
    )
    edition = replace(
        LONG, contents=(*LONG.contents, chapter(3, document(500, 300)), chapter(4, document(501, 300)))
    )
    content, _, _ = laid_out(edition, Memory(), jobs=2)
    contents, text = 1, [0, 2, 3, 4, 5]
    assert 0 < len(rounds[0]) < len(text)
    assert rounds[0] + rounds[1] == [*text[: len(rounds[0])], contents, *text[len(rounds[0]) :]]
    laid_out_twice = sum(map(len, rounds[2:]))
    assert laid_out_twice <= 1
    rounds.clear()
    assert content == laid_out(edition, Memory())[0]
    assert rounds[0] == text


def test_a_word_in_a_long_document_costs_a_part_of_it() -> None:
    cache = Memory()
    _, anew = pieces(LONG, cache=cache)
    long = next(document for document in LONG.documents if document.id == "long")
    blocks = (replace(long.blocks[0], inlines=(Text("Wharf " + text(0, 20)),)), *long.blocks[1:])
    contents = tuple(
        replace(
            entry, contents=tuple(replace(one, blocks=blocks) if one is long else one for one in entry.contents)
        )
        if not isinstance(entry, Generated)
        else entry
        for entry in LONG.contents
    )
    changed = replace(LONG, contents=contents)
    _, again = pieces(changed, cache=cache)
    assert 0 < again < anew / 4
    assert laid_out(changed, cache)[0] == laid_out(changed, Memory())[0]


@pytest.mark.parametrize("mode", ["inline", "margin"])
@pytest.mark.parametrize("edition", [LONG, CHAINS], ids=["long documents", "many documents"])
@settings(max_examples=5)
@given(steps())
def test_whatever_is_edited_the_cache_changes_no_byte(
    edition: Edition, mode: OriginalPages, sequence: Sequence[Step]
) -> None:
    edition, cache = replace(edition, original_pages=mode), Memory()
    laid_out(edition, cache)
    for step in sequence:
        edition = edited(edition, step)
        warm = laid_out(edition, cache)[0]
    assert warm == laid_out(edition, Memory())[0]


def test_where_a_fragment_may_begin_only_its_own_text_says() -> None:
    """So that an edit elsewhere in a list changes nothing of where it is divided."""
    html = render(resolve(LONG))
    stretch = Stretch(html)
    inside = [place for place in stretch.places_after(0) if stretch.is_inside(place)]
    assert all(stretch.is_place(place) for place in inside)
    words = {html[place : place + 60] for place in inside}
    edited_html = html.replace(">Ropes<", ">Ropes and sails<").replace("Letter 3<", "Letter III<")
    other = Stretch(edited_html)
    assert {edited_html[place : place + 60] for place in other.places_after(0) if other.is_inside(place)} == words
    items_there = html.count("<li")
    assert 0 < sum(html.startswith("<li", place) for place in inside) < items_there / 2
