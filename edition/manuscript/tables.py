"""Tables: pipe tables and full ones, a list of rows that are lists of cells. Knows no other block."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from typing import TypeAlias, cast

from edition.findings import Severity, declare
from edition.manuscript.attributes import Attributes, read_attributes
from edition.manuscript.inlines import only_page_breaks, read_inlines
from edition.manuscript.lines import Line, Lines, content_of, cut, take_bullet
from edition.manuscript.reading import Within
from edition.manuscript.syntax import ATTRIBUTES, BULLET, LABELLED, ONLY_PAGE_BREAKS
from edition.model import Block, Brace, Cell, CellAlignment, Inline, PageBreak, Paragraph, Row, Table

BAD_TABLE = declare(
    "M020",
    Severity.ERROR,
    """A table is not built as a table.

    A full table is a list: an item a row, and in it a list with an item a cell. Before it one paragraph may
    stand, the caption; between rows an item that holds only page breaks.""",
)
BAD_NUMBER = declare(
    "M021",
    Severity.ERROR,
    """A table's number or word cannot be used.

    `head` counts rows, `cols` and `rows` count what a cell spans, at least 1; `align` holds for each column
    left, center, right or `-`; `brace` is left or right.""",
)
OVERLAP = declare(
    "M022",
    Severity.ERROR,
    """Spans of a table collide.

    A cell that spans rows or columns reaches into another cell, or beyond the last row.""",
)
RAGGED = declare(
    "M023",
    Severity.WARNING,
    """A row is shorter or longer than the others.

    It is set as it is; usually a cell was forgotten.""",
)

MOST_SPANNED = 1000
"""No table has more columns or rows in one cell."""

_CELL_PART = re.compile(r"\\.|\||[^\\|]+|\\$")
_COLUMN = {"-": "", "left": "left", "center": "center", "right": "right"}

BlockReader: TypeAlias = Callable[[list[Line], int], tuple[Block, ...]]


# Pipe tables


def read_pipe_table(lines: Lines, within: Within) -> Table:
    """The pipe table whose first line is next; the delimiter row under it was seen."""
    at, text = within.reading.place(lines.line.start), lines.text
    head = _pipe_row(text, lines.line, within)
    alignments = tuple(_delimiter(text[start:end]) for start, end in _pieces(text, lines.lines[lines.next + 1]))
    lines.next += 2
    rows: list[Row | PageBreak] = [head] if any(cell.blocks for cell in head.cells) else []
    head_rows = len(rows)
    while lines:
        if text.startswith("|", lines.line.start) and not lines.line.blank:
            rows.append(_pipe_row(text, lines.line, within, head=False))
        elif _page_breaks_between_rows(lines):
            breaks = read_inlines(content_of(text, [lines.line]), within)
            rows += [inline for inline in breaks if isinstance(inline, PageBreak)]
        else:
            break
        lines.next += 1
    caption: tuple[Inline, ...] = ()
    if lines and (found := lines.matches(LABELLED)):
        taken = lines.take_paragraph()
        taken[0] = cut(text, found.start() + 1, taken[0].end)
        caption = read_inlines(content_of(text, taken), within)
    table = Table(tuple(rows), head_rows, caption, alignments if any(alignments) else (), at)
    check_grid(table, len(alignments), within)
    return table


def _page_breaks_between_rows(lines: Lines) -> bool:
    following = lines.next + 1 < len(lines.lines) and lines.lines[lines.next + 1]
    return bool(
        lines.matches(ONLY_PAGE_BREAKS)
        and following
        and not following.blank
        and lines.text.startswith("|", following.start)
    )


def _pipe_row(text: str, line: Line, within: Within, *, head: bool = True) -> Row:
    cells = []
    for start, end in _pieces(text, line):
        piece = cut(text, start, end)
        inlines = read_inlines(content_of(text, [piece]), within)
        blocks: tuple[Block, ...] = (Paragraph(inlines, "", within.reading.place(piece.start)),)
        if only_page_breaks(inlines):
            blocks = tuple(inline for inline in inlines if isinstance(inline, PageBreak))
        cells.append(Cell(blocks if inlines else (), head=head, at=within.reading.place(piece.start)))
    return Row(tuple(cells), within.reading.place(line.start))


def _pieces(text: str, line: Line) -> list[tuple[int, int]]:
    """Where the cells of a pipe row begin and end: between pipes that no backslash stands before."""
    bounds = [part.start() for part in _CELL_PART.finditer(text, line.start, line.end) if part[0] == "|"]
    if bounds[-1] != line.end - 1 or len(bounds) == 1:
        bounds.append(line.end)
    return [(start + 1, end) for start, end in pairwise(bounds)]


def _delimiter(cell: str) -> CellAlignment:
    cell = cell.strip()
    left, right = cell.startswith(":"), cell.endswith(":")
    return "center" if left and right else "left" if left else "right" if right else ""


# Full tables


def read_full_table(
    lines: Lines, within: Within, attributes: Attributes, offset: int, read_blocks: BlockReader
) -> Table:
    """The table whose lines, without its fences, are given. `read_blocks` reads the blocks of a cell."""
    attributes.one_of(within.reading, (), ("head", "align"))
    caption: tuple[Inline, ...] = ()
    lines.skip_blank()
    if lines and not lines.matches(BULLET):
        caption = read_inlines(content_of(lines.text, _caption_lines(lines)), within)
    rows: list[Row | PageBreak] = []
    while _skip_to_item(lines, within):
        rows += _full_row(lines, within, read_blocks)
    head_rows = _count(attributes, "head", 0, within)
    table = Table(tuple(rows), head_rows, caption, _alignments(attributes, within), within.reading.place(offset))
    check_grid(table, 0, within)
    return table


def _caption_lines(lines: Lines) -> list[Line]:
    taken = []
    while lines and not lines.line.blank and not lines.matches(BULLET):
        taken.append(lines.line)
        lines.next += 1
    return taken


def _skip_to_item(lines: Lines, within: Within) -> bool:
    """Whether another item follows; reports what stands between items and is none."""
    while True:
        lines.skip_blank()
        if not lines or lines.matches(BULLET):
            return bool(lines)
        hint = "indent it under its cell, or begin an item with `- `"
        within.reading.report(BAD_TABLE, lines.line.start, "this line belongs to no cell", hint=hint)
        lines.next += 1


def _full_row(lines: Lines, within: Within, read_blocks: BlockReader) -> list[Row | PageBreak]:
    offset = lines.line.start
    inner = Lines(lines.text, take_bullet(lines))
    within = within.deeper(offset)
    inner.skip_blank()
    if inner and not inner.matches(BULLET):
        breaks = read_blocks(list(inner.lines), offset)
        if not all(isinstance(block, PageBreak) for block in breaks):
            hint = "begin a row with `- - ` and its first cell"
            within.reading.report(BAD_TABLE, offset, "this row holds no list of cells", hint=hint)
        return [block for block in breaks if isinstance(block, PageBreak)]
    cells = []
    while _skip_to_item(inner, within):
        cells.append(_full_cell(inner, within, read_blocks))
    return [Row(tuple(cells), within.reading.place(offset))]


def _full_cell(lines: Lines, within: Within, read_blocks: BlockReader) -> Cell:
    offset, reading, text = lines.line.start, within.reading, lines.text
    taken = take_bullet(lines)
    attributes = Attributes(at=offset)
    if found := ATTRIBUTES.match(text, taken[0].start, taken[0].end):
        attributes = read_attributes(found[0], found.start(), reading)
        taken[0] = cut(text, found.end(), taken[0].end)._replace(indent=0)
        attributes.one_of(reading, ("head", "left", "center", "right"), ("cols", "rows", "brace"))
    sides = [name for name in attributes.classes if name != "head"]
    if len(sides) > 1:
        reading.report(BAD_NUMBER, attributes.at, "a cell has one alignment")
    brace = attributes.values.get("brace", "")
    if brace not in ("", "left", "right"):
        reading.report(BAD_NUMBER, attributes.places["brace"], f"`brace={brace[:40]}` is neither left nor right")
    return Cell(
        read_blocks(taken, offset),
        _count(attributes, "cols", 1, within),
        _count(attributes, "rows", 1, within),
        "head" in attributes.classes,
        cast("CellAlignment", sides[0] if sides else ""),
        cast("Brace", brace),
        reading.place(offset),
    )


def _count(attributes: Attributes, key: str, least: int, within: Within) -> int:
    value = attributes.values.get(key, str(least))
    if value.isascii() and value.isdigit() and len(value) < 5 and least <= int(value) <= MOST_SPANNED:
        return int(value)
    message = f"`{key}={value[:40]}` is no number from {least} to {MOST_SPANNED}"
    within.reading.report(BAD_NUMBER, attributes.places[key], message)
    return least


def _alignments(attributes: Attributes, within: Within) -> tuple[CellAlignment, ...]:
    words = attributes.values.get("align", "").split()
    for word in words:
        if word not in _COLUMN:
            message = f"`{word[:40]}` is no alignment of a column"
            hint = "left, center, right or `-`, one for each column"
            within.reading.report(BAD_NUMBER, attributes.places["align"], message, hint=hint)
    sides = tuple(cast("CellAlignment", _COLUMN.get(word, "")) for word in words)
    return sides if any(sides) else ()


# The grid


def check_grid(table: Table, columns: int, within: Within) -> None:
    """Report spans that collide or reach beyond the last row, and rows of another width.

    `columns` is the width that a delimiter row gives, or 0. Cells take the next free place, as in HTML.
    """
    rows = [row for row in table.rows if isinstance(row, Row)]
    down: list[int] = []
    """For each column, how many rows further down it is taken by a cell from above."""
    widths, before = [], len(within.reading.findings)
    for number, row in enumerate(rows):
        widths.append(_place_row(row, down, len(rows) - number, within))
    if len(within.reading.findings) > before:
        return  # widths say nothing where cells collide
    width = columns or max(len(table.alignments), *widths, 0)
    for row, found in zip(rows, widths, strict=True):
        if found != width:
            message = f"this row is {found} columns wide, the table {width}"
            within.reading.findings.append(RAGGED.at(row.at, message))


def _place_row(row: Row, down: list[int], rows_left: int, within: Within) -> int:
    column, taken = 0, [left > 0 for left in down]
    for cell in row.cells:
        while column < len(taken) and taken[column]:
            column += 1
        end = column + cell.columns
        if any(taken[column:end]) or cell.rows > rows_left:
            trouble = "reaches into another cell" if any(taken[column:end]) else "reaches beyond the last row"
            within.reading.findings.append(OVERLAP.at(cell.at, f"this cell {trouble}"))
        grow = end - len(taken)
        taken += [False] * grow
        down += [0] * grow
        for index in range(column, end):
            taken[index] = True
            down[index] = max(down[index], min(cell.rows, rows_left))
        column = end
    for index, left in enumerate(down):
        down[index] = max(0, left - 1)
    return max((index + 1 for index, full in enumerate(taken) if full), default=0)
