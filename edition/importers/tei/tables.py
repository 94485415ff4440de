"""Tables: rows of a file brought into a grid, page breaks between them. Knows no other block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from lxml import etree

from edition.findings import Severity, declare
from edition.importers.tei.elements import (
    ALIGNMENTS,
    Piece,
    elements_in,
    name_of,
    pieces,
    plain,
    renderings_of,
    role_of,
    words_of,
)
from edition.importers.tei.reading import Report
from edition.model import Block, Brace, Cell, CellAlignment, Inline, PageBreak, Row, Table

MENDED = declare(
    "I114",
    Severity.INFO,
    """A table was brought into a grid.

    Rows that are shorter than the others got empty cells at their end, and spans that reach into other cells
    or beyond the last row were shortened. Compare the table with the source.
    """,
)

_MOST_SPANNED = 100
_BRACES: dict[str, Brace] = {"}": "right", "{": "left"}
_HEAD = {"label", "head"}

Content = Callable[[Iterable[Piece]], tuple[Block, ...]]
Inlines = Callable[[Iterable[Piece]], tuple[Inline, ...]]


def make_table(element: etree._Element, report: Report, content: Content, inlines: Inlines) -> tuple[Block, ...]:
    """The table that a `table` becomes, every row as wide as the widest; nothing if it holds nothing."""
    maker = _Maker(report, content, sum(1 for child in element if _is_row(child)))
    caption: tuple[Inline, ...] = ()
    loose: list[Piece] = []
    for piece in pieces(element):
        if isinstance(piece, str):
            loose += [piece] if piece.strip(" \t\r\n") else []
        elif _is_row(piece):
            maker.between(loose)
            maker.row(piece)
            loose = []
        elif name_of(piece) == "head" and not caption:
            caption = inlines(pieces(piece))
        else:
            loose.append(piece)
    maker.between(loose)
    maker.pad()
    if maker.mended:
        report.add(MENDED, element, "short rows or spans that collide: the table was brought into a grid")
    if not maker.rows and not caption:
        return ()
    return (Table(tuple(maker.rows), maker.head_rows(), caption, maker.alignments(), report.place(element)),)


@dataclass
class _Maker:
    """Lays cells into a grid, row by row; each takes the next free place, as in HTML."""

    report: Report
    content: Content
    rows_left: int
    rows: list[Row | PageBreak] = field(default_factory=list)
    filled: list[int] = field(default_factory=list)
    """For each Row, how many of its columns are taken, by its own cells and by those from above."""
    reach: list[int] = field(default_factory=list)
    """For each column, how many rows further down it is taken."""
    figures: dict[int, list[bool]] = field(default_factory=dict)
    """For each column, whether its cells with text hold numbers."""
    head: list[bool] = field(default_factory=list)
    waiting: list[Piece] = field(default_factory=list)
    mended: bool = False

    def between(self, loose: Sequence[Piece]) -> None:
        """Page breaks between rows; text there, which no table should have, is a row of its own.

        Where a cell reaches down from above, no row of ours can stand, so a break opens the next row's text.
        """
        if any(self.reach) and all(not isinstance(p, str) and role_of(p) == "page-break" for p in loose):
            self.waiting = list(loose)
            return
        blocks = self.content(loose)
        self.rows += [block for block in blocks if isinstance(block, PageBreak)]
        if others := tuple(block for block in blocks if not isinstance(block, PageBreak)):
            self._keep([Cell(others)], 1, False)
            self.rows_left += 1

    def row(self, element: etree._Element) -> None:
        cells = [child for child in element if isinstance(child.tag, str)]
        opening = [] if any(self.reach) else _opening_breaks(cells)
        self.rows += [block for block in self.content(opening) if isinstance(block, PageBreak)]
        made: list[Cell] = []
        column = 0
        taken = [rows > 0 for rows in self.reach]
        for cell in cells:
            while column < len(taken) and taken[column]:
                column += 1
            columns = self._columns(cell, column, taken)
            rows = min(_number(cell, "rows"), self.rows_left)
            self.mended |= rows < _number(cell, "rows")
            self._take(column, columns, rows, taken)
            made.append(self._cell(cell, columns, rows, opening))
            if columns == 1 and plain(cell):
                self.figures.setdefault(column, []).append("num" in words_of(cell, "role"))
            column += columns
        is_head = bool(_HEAD & set(words_of(element, "role"))) or (
            bool(cells) and all(_HEAD & set(words_of(cell, "role")) for cell in cells)
        )
        self._keep(made, sum(taken), is_head)

    def _keep(self, cells: list[Cell], filled: int, head: bool) -> None:
        self.rows.append(Row(tuple(replace(cell, head=True) if head else cell for cell in cells)))
        self.filled.append(filled)
        self.head.append(head)
        self.reach = [max(0, rows - 1) for rows in self.reach]
        self.rows_left -= 1

    def _columns(self, cell: etree._Element, column: int, taken: list[bool]) -> int:
        """How many columns a cell can span before it meets one from above."""
        wanted = _number(cell, "cols")
        free = len(list(takewhile(lambda full: not full, taken[column : column + wanted])))
        columns = wanted if column + free >= len(taken) else max(1, free)
        self.mended |= columns < wanted
        return columns

    def _take(self, column: int, columns: int, rows: int, taken: list[bool]) -> None:
        missing = column + columns - len(taken)
        taken += [False] * missing
        self.reach += [0] * missing
        for index in range(column, column + columns):
            taken[index], self.reach[index] = True, rows

    def _cell(self, element: etree._Element, columns: int, rows: int, opening: Sequence[etree._Element]) -> Cell:
        at = self.report.place(element)
        spans = _number(element, "rows") > 1 or "brace" in words_of(element, "role")
        brace = _BRACES.get(plain(element), "") if spans else ""
        if (
            brace
            and not self.waiting
            and not any(role_of(e) in ("note", "page-break") for e in elements_in(element))
        ):
            return Cell((), columns, rows, brace=brace, at=at)
        side: CellAlignment = next((ALIGNMENTS[word] for word in renderings_of(element) if word in ALIGNMENTS), "")
        blocks = self.content([*self.waiting, *(piece for piece in pieces(element) if piece not in opening)])
        self.waiting = []
        return Cell(blocks, columns, rows, bool(_HEAD & set(words_of(element, "role"))), side, at=at)

    def pad(self) -> None:
        """Give short rows empty cells, unless a few spans would make a grid of nothing."""
        width = max([*self.filled, len(self.reach)], default=0)
        missing = sum(width - filled for filled in self.filled)
        if missing > 20 * sum(self.filled) + 1000:
            return
        number = 0
        for index, row in enumerate(self.rows):
            if isinstance(row, Row):
                short = width - self.filled[number]
                empty = Cell((), head=self.head[number])
                self.rows[index] = replace(row, cells=(*row.cells, *[empty] * short))
                self.mended |= short > 0
                number += 1

    def head_rows(self) -> int:
        """How many rows at the beginning are heads."""
        return len(
            list(takewhile(lambda row: isinstance(row, Row) and row.cells and row.cells[0].head, self.rows))
        )

    def alignments(self) -> tuple[CellAlignment, ...]:
        """Columns that hold mostly numbers stand at the right."""
        numeric = {column for column, cells in self.figures.items() if sum(cells) * 2 > len(cells)}
        if not numeric:
            return ()
        return tuple("right" if column in numeric else "" for column in range(len(self.reach)))


def _is_row(element: etree._Element) -> bool:
    """Whether it is a row; one without any cell says nothing."""
    return name_of(element) == "row" and any(isinstance(child.tag, str) for child in element)


def _opening_breaks(cells: Sequence[etree._Element]) -> list[etree._Element]:
    """The page breaks before the first word of a row: the page breaks between it and the row before."""
    breaks: list[etree._Element] = []
    for cell in cells:
        for piece in pieces(cell):
            if isinstance(piece, str) and not piece.strip(" \t\r\n"):
                continue
            if isinstance(piece, str) or role_of(piece) != "page-break":
                return breaks
            breaks.append(piece)
    return breaks


def _number(cell: etree._Element, attribute: str) -> int:
    written = str(cell.get(attribute) or "1").strip()
    if not written.isascii() or not written.isdigit() or len(written) > 4:
        return 1
    limit = _MOST_SPANNED if attribute == "cols" else 1000
    return max(1, min(int(written), limit))
