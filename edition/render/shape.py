"""Shapes of the model that printing needs: front matter, nested contents, text cut at its page breaks, widths.

Pure; knows no HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Any

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
    Inline,
    Item,
    ItemList,
    PageBreak,
    Paragraph,
    Quote,
    Reference,
    Row,
    Span,
    Strong,
    Table,
    Text,
    documents_of,
)
from edition.resolved import ContentsLine
from edition.walk import Node, children, walk, words

FRONT_TYPES = frozenset({"preface", "foreword", "acknowledgments", "note-on-sources", "front"})
"""Types of documents that belong to the front matter when they stand before everything else."""

SHORT = 60
"""Letters of a paragraph that may lead to a signature, as `I am, Sir, your obedient servant,`, or be a number."""
CAPITALS = 12, 200
"""So many letters at least and at most a paragraph in capitals has that is a head."""
MOST_CLOSINGS = 3
LONGEST_LABEL = 8
"""Letters of a label that has a column of its own; after a longer one the text runs on."""
LABEL_BESIDE = 30
"""Letters of a label that has text beside it at all; a longer one stands above it."""


def split_front(contents: tuple[Entry, ...]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Front matter, which has roman folios, and the rest."""
    for index, entry in enumerate(contents):
        front = (
            isinstance(entry, Generated)
            or (isinstance(entry, Division) and entry.kind == "front")
            or (isinstance(entry, Document) and entry.type in FRONT_TYPES)
        )
        if not front:
            return contents[:index], contents[index:]
    return contents, ()


def all_entries(entries: tuple[Entry, ...]) -> Iterator[Entry]:
    """Entries and all that is in them."""
    for entry in entries:
        yield entry
        if isinstance(entry, Division):
            yield from all_entries(entry.contents)


def first_document(division: Division) -> Document | None:
    """The document that a division opens with, directly or in a division of its own."""
    return next(documents_of(division.contents[:1]), None)


def titled(lines: Iterable[ContentsLine]) -> Iterator[ContentsLine]:
    """Contents lines without those that have nothing to print; what is under such a one moves up a level."""
    dropped: list[int] = []
    for line in lines:
        while dropped and line.level <= dropped[-1]:
            dropped.pop()
        number = line.entry.number if isinstance(line.entry, Document) else ""
        if number or words(line.entry.title).strip():
            yield replace(line, level=line.level - len(dropped))
        else:
            dropped.append(line.level)


def without_empty_divisions(lines: Sequence[ContentsLine]) -> list[ContentsLine]:
    """Contents lines without divisions that have no document under them."""
    kept: list[ContentsLine] = []
    for line in reversed(lines):
        if isinstance(line.entry, Document) or (kept and kept[0].level > line.level):
            kept.insert(0, line)
    return kept


def nest(lines: Iterable[Any]) -> list[tuple[Any, list[Any]]]:
    """Contents lines by level as a tree of (line, lines below it)."""
    root: list[tuple[Any, list[Any]]] = []
    open_lists = [(0, root)]
    for line in lines:
        while open_lists[-1][0] >= line.level:
            open_lists.pop()
        below: list[tuple[Any, list[Any]]] = []
        open_lists[-1][1].append((line, below))
        open_lists.append((line.level, below))
    return root


def split_at_breaks(
    inlines: tuple[Inline, ...],
) -> Iterator[tuple[PageBreak | None, tuple[Inline, ...]]]:
    """Inlines cut at their page breaks, also at those inside other inlines: (break before, inlines)."""
    mark: PageBreak | None = None
    piece: list[Inline] = []
    for inline in inlines:
        if isinstance(inline, PageBreak):
            yield mark, tuple(piece)
            mark, piece = inline, []
        elif isinstance(inline, Emphasis | Strong | Span | Reference):
            for index, (inner, part) in enumerate(split_at_breaks(inline.inlines)):
                if index:
                    yield mark, tuple(piece)
                    mark, piece = inner, []
                if part or not inline.inlines:  # an empty one may be an entry of the index
                    piece.append(replace(inline, inlines=part))
        else:
            piece.append(inline)
    yield mark, tuple(piece)


def breaks_in_flow(blocks: Iterable[Block]) -> Iterator[PageBreak]:
    """The page breaks that begin facsimile pages, in order: those in no head, cell, label or note."""
    for block in blocks:
        match block:
            case PageBreak():
                yield block
            case Paragraph():
                yield from (mark for mark, _ in split_at_breaks(block.inlines) if mark)
            case ItemList():
                yield from breaks_in_flow(inner for item in block.items for inner in item.blocks)
            case Quote() | Container() | Enclosure():
                yield from breaks_in_flow(block.blocks)
            case Table():
                yield from (row for row in block.rows if isinstance(row, PageBreak))


_DASHES = ("-", "–", "—")


def is_span(inlines: tuple[Inline, ...]) -> bool:
    """Whether two references with a dash between them are the ends of one span of pages: 403–5."""
    match inlines:
        case (Reference(), Text(text), Reference()):
            return text.strip() in _DASHES
    return False


def trimmed(inlines: tuple[Inline, ...]) -> tuple[Inline, ...]:
    """Inlines without white space at their ends, where a line begins or ends anyway."""
    pieces = list(inlines)
    if pieces and isinstance(pieces[0], Text):
        pieces[0] = replace(pieces[0], text=pieces[0].text.lstrip(" "))
    if pieces and isinstance(pieces[-1], Text):
        pieces[-1] = replace(pieces[-1], text=pieces[-1].text.rstrip(" "))
    return tuple(pieces)


def table_width(table: Table) -> int:
    """How many columns a table has, rows reached into from above included."""
    reach: list[int] = []  # for each column, how many more rows it is taken
    for row in table.rows:
        if not isinstance(row, Row):
            continue
        column = 0
        taken = [max(0, rows - 1) for rows in reach]
        for cell in row.cells:
            while column < len(reach) and reach[column]:
                column += 1
            for _ in range(cell.columns):
                taken += [0] * (column + 1 - len(taken))
                reach += [0] * (column + 1 - len(reach))
                taken[column] = cell.rows - 1
                column += 1
        reach = taken
    return max(len(reach), 1)


def opens_with_head(blocks: tuple[Block, ...]) -> bool:
    """Whether an enclosure opens with a head of its own."""
    return bool(blocks) and isinstance(blocks[0], Heading)


LOCATING_TYPES = frozenset({"index", "contents", "papers"})
"""Types of documents that hold the volume's own lists, whose references are locators."""


def anchors_in(documents: Iterable[Document]) -> Iterator[str]:
    """The anchors of documents, and of the page breaks, heads and enclosures in them."""
    for document in documents:
        yield document.id
        for scope, node in walk(document):
            if isinstance(node, PageBreak):
                yield node.anchor
            elif isinstance(node, Heading | Enclosure) and node.id:
                yield node.id
            if isinstance(node, Enclosure):
                yield scope


_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def written_out(date: str, language: str) -> str:
    """A date as a list of documents prints it: 1940-10-30 in words where the edition is in English."""
    found = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", date)
    if not found or language.partition("-")[0] != "en" or not 1 <= int(found[2]) <= 12:
        return date
    day, month = int(found[3]), _MONTHS[int(found[2]) - 1]
    return f"{month} {day}, {found[1]}" if language != "en-GB" else f"{day} {month} {found[1]}"


RUNNING_HEAD = 44
"""Letters that a running head holds at most; a longer title is cut at a word."""


def shortened(title: str) -> str:
    """A title as a running head has room for: whole, or its beginning and an ellipsis."""
    title = " ".join(title.split())
    capitals = sum(letter.isupper() for letter in title)
    room = RUNNING_HEAD * 3 // 4 if 2 * capitals > len(title) else RUNNING_HEAD  # capitals are wide
    if len(title) <= room:
        return title
    cut = title[: room - 1].rsplit(" ", 1)[0].rstrip(" ,;:.—–-(")
    return f"{cut}…"


LONG_TITLE = 200
"""Letters in a title from which on styles may set it smaller."""


def is_long_title(title: str) -> bool:
    return len(" ".join(title.split())) > LONG_TITLE


LONG_CELL = 400
"""Letters in a cell from which on its row may break over pages."""


def is_long(row: Row) -> bool:
    """Whether a cell of a row holds a text that is long enough to be broken over pages."""
    return any(letters(cell) > LONG_CELL for cell in row.cells)


def letters(node: Node) -> int:
    """How much text stands in a node."""
    return len(node.text) if isinstance(node, Text) else sum(map(letters, children(node)))


def label_letters(items: Iterable[Item]) -> int:
    """The letters of a list's longest label that stands in a column; marks of pages and calls are none."""
    lengths = (len(words(item.label)) for item in items)
    return max((length for length in lengths if length <= LONGEST_LABEL), default=0)


def is_beside(item: Item) -> bool:
    """Whether an item's label is short enough for text to stand beside it."""
    return len(words(item.label)) <= LABEL_BESIDE


def turns_of_letters(blocks: Sequence[Block]) -> dict[int, str]:
    """Which blocks are paragraphs that are not to be parted from what stands beside them, by their turn.

    `closing` are short ones that lead to a signature, or stand under it, as an addressee does; `opening` are those
    that come right after a dateline, and those that lead on to the block after them.
    """
    found: dict[int, str] = {}
    for turn, block in enumerate(blocks):
        if isinstance(block, Container) and block.kind in ("closer", "signed"):
            before = range(turn - 1, max(-1, turn - 1 - MOST_CLOSINGS), -1)
            after = range(turn + 1, min(len(blocks), turn + 1 + MOST_CLOSINGS))
            found |= dict.fromkeys(takewhile(lambda turn: _is_short(blocks[turn]), before), "closing")
            found |= dict.fromkeys(takewhile(lambda turn: _is_under_signature(blocks[turn]), after), "closing")
        elif turn + 1 < len(blocks):
            if isinstance(block, Container) and block.kind == "dateline" and _is_short(blocks[turn + 1]):
                found[turn + 1] = "opening"
            elif turn not in found and _leads_on(block):
                found[turn] = "opening"
    return found


def _is_under_signature(block: Block) -> bool:
    return _is_short(block) and not _leads_on(block) and not words(block.inlines).startswith("[")  # type: ignore[union-attr]  # a paragraph


def _leads_on(block: Block) -> bool:
    """Whether a paragraph is a head that the source does not call one, or ends with a colon: `Appendix:`."""
    if not isinstance(block, Paragraph):
        return False
    return is_in_capitals(block) or (_is_short(block) and words(block.inlines).rstrip().endswith(":"))


def is_in_capitals(block: Paragraph) -> bool:
    """Whether a paragraph of two words and more is in capitals, as heads are."""
    text = words(block.inlines)
    return text.isupper() and " " in text.strip() and CAPITALS[0] <= len(text) <= CAPITALS[1]


def _is_short(block: Block) -> bool:
    return isinstance(block, Paragraph) and len(words(block.inlines)) <= SHORT
