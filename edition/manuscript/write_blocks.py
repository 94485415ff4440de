"""Blocks written: lines of text, one paragraph a line. Knows no front matter and no file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from edition.manuscript.attributes import write_attributes
from edition.manuscript.syntax import HEADING_ID
from edition.manuscript.write_inlines import normal, protect_lines, write_inlines, write_page_break
from edition.model import (
    Block,
    Cell,
    Container,
    Enclosure,
    Heading,
    Inline,
    ItemList,
    LineBreak,
    Note,
    PageBreak,
    Paragraph,
    Quote,
    Row,
    Table,
)


def write_blocks(blocks: Sequence[Block], *, lined: bool = False, in_item: bool = False) -> list[str]:
    """The lines of some blocks, a blank line between them; in an item its lists follow at once."""
    lines: list[str] = []
    previous: Block | None = None
    for block in blocks:
        if previous is not None and not (in_item and _follows_at_once(previous, block)):
            lines.append("")
        if _would_run_on(previous, block):
            lines.append("{.list}")
        lines += _block(block, lined)
        previous = block
    return lines


def _follows_at_once(previous: Block, block: Block) -> bool:
    return isinstance(previous, Paragraph) and isinstance(block, ItemList) and not _is_labelled(block)


def _would_run_on(previous: Block | None, block: Block) -> bool:
    """Whether two lists would be read as one."""
    if not isinstance(previous, ItemList) or not isinstance(block, ItemList):
        return False
    return _is_labelled(previous) == _is_labelled(block)


def _is_labelled(items: ItemList) -> bool:
    return any(item.label for item in items.items)


def _block(block: Block, lined: bool) -> list[str]:
    match block:
        case Paragraph():
            lines = protect_lines(write_inlines(block.inlines, lined=lined))
            return [f"{{.{block.alignment}}}", *lines] if block.alignment else lines
        case Heading():
            return _heading(block)
        case PageBreak():
            return [write_page_break(block)]
        case ItemList():
            return _items(block, lined)
        case Quote():
            return _quote(block, lined)
        case Container():
            inner = write_blocks(block.blocks, lined=block.kind in ("verse", "address"))
            return _fenced(block.kind, "", block.language, inner)
        case Enclosure():
            inner = write_scope(write_blocks(block.blocks), block.notes)
            return _fenced("enclosure", block.id, block.language, inner)
        case Table():
            return _pipe_table(block, lined) or _full_table(block, lined)


def _fenced(kind: str, id: str, language: str, inner: list[str]) -> list[str]:
    longest = max((len(line) - len(line.lstrip(":")) for line in inner), default=0)
    colons = ":" * max(3, longest + 1 if longest >= 3 else 3)
    attributes = write_attributes(id, values=[("lang", language)] if language else [])
    return [f"{colons} {kind}" + (f" {attributes}" if attributes != "{}" else ""), *inner, colons]


def _heading(heading: Heading) -> list[str]:
    """A head goes on to another line only after a backslash, in a verse as well."""
    inlines = normal(heading.inlines)
    text = write_inlines(inlines)
    if heading.id:
        gap = "\n" if inlines and isinstance(inlines[-1], LineBreak) else " "
        text = f"{text}{gap}{{#{heading.id}}}" if text else f"{{#{heading.id}}}"
    elif HEADING_ID.search(text.rpartition("\n")[2]):
        brace = text.rfind("{")
        text = f"{text[:brace]}\\{text[brace:]}"
    return f"{'#' * heading.level} {text}".rstrip(" ").split("\n")


def _quote(quote: Quote, lined: bool) -> list[str]:
    inner = write_blocks(quote.blocks, lined=lined)
    if quote.language:
        return _fenced("quote", "", quote.language, inner)
    return [f"> {line}" if line else ">" for line in inner] or [">"]


# Lists and notes


def _items(items: ItemList, lined: bool) -> list[str]:
    lines: list[str] = []
    for item in items.items:
        inner = write_blocks(item.blocks, lined=lined, in_item=True)
        if item.label:
            lines += protect_lines(write_inlines(item.label, lined=lined))
            lines += indented(":", inner)
        else:
            lines += indented("-", inner)
    return lines


def indented(sign: str, lines: list[str], columns: int = 2) -> list[str]:
    """The lines under a sign: the first behind it, the others indented."""
    if not lines:
        return [sign]
    return [f"{sign} {lines[0]}", *(" " * columns + line if line else "" for line in lines[1:])]


def write_scope(lines: list[str], notes: Sequence[Note]) -> list[str]:
    """The lines of a document or enclosure with the definitions of its notes below them."""
    lines, after_long = list(lines), True
    for note in notes:
        written = _note(note)
        if lines and (after_long or len(written) > 1):
            lines.append("")
        lines += written
        after_long = len(written) > 1
    return lines


def _note(note: Note) -> list[str]:
    mark = write_attributes(values=[("mark", note.mark)]) if note.mark else ""
    return indented(f"[^{note.label}]{mark}:", write_blocks(note.blocks), 4)


# Tables


def _pipe_table(table: Table, lined: bool) -> list[str]:
    """The lines of a pipe table, or none if the table cannot be one."""
    width = _pipe_width(table)
    if not width:
        return []
    sides = table.alignments or ("",) * width
    dashes = {"": "---", "left": ":--", "center": ":-:", "right": "--:"}
    delimiter = "|" + "|".join(dashes[side] for side in sides) + "|"
    lines = [] if table.head_rows else [_pipe_row([""] * width), delimiter]
    breaks: list[str] = []
    for row in table.rows:
        if isinstance(row, PageBreak):
            breaks.append(write_page_break(row))
            continue
        cells = [_pipe_cell(cell, lined) for cell in row.cells]
        if any(cell is None for cell in cells):
            return []
        lines += [" ".join(breaks)] if breaks else []
        lines.append(_pipe_row([cell or "" for cell in cells]))
        if len(lines) == 1:
            lines.append(delimiter)
        breaks = []
    if table.caption:
        first, *others = protect_lines(write_inlines(table.caption, lined=lined), first=False)
        lines += [f": {first}", *others]
    return lines


def _pipe_width(table: Table) -> int:
    """How many columns the table has as a pipe table; 0 if its rows and cells are no plain grid."""
    rows = [row for row in table.rows if isinstance(row, Row)]
    if not rows or table.head_rows > 1 or isinstance(table.rows[-1], PageBreak):
        return 0
    width = len(rows[0].cells)
    head = table.head_rows == 1
    first = table.rows[0]
    if head and not (isinstance(first, Row) and any(cell.blocks for cell in first.cells)):
        return 0
    plain = all(
        len(row.cells) == width and all(_is_plain(cell, head and number == 0) for cell in row.cells)
        for number, row in enumerate(rows)
    )
    return width if plain and len(table.alignments) in (0, width) else 0


def _is_plain(cell: Cell, head: bool) -> bool:
    return (cell.columns, cell.rows, cell.head, cell.alignment, cell.brace) == (1, 1, head, "", "")


def _pipe_cell(cell: Cell, lined: bool) -> str | None:
    """The text of a cell on one line, or None if it has to be longer."""
    if not cell.blocks:
        return ""
    if all(isinstance(block, PageBreak) for block in cell.blocks):
        text = " ".join(write_page_break(block) for block in cell.blocks if isinstance(block, PageBreak))
    elif len(cell.blocks) == 1 and isinstance(block := cell.blocks[0], Paragraph) and not block.alignment:
        text = write_inlines(block.inlines, lined=lined, in_cell=True)
    else:
        return None
    return None if "\n" in text or re.search(r"(?<!\\)(?:\\\\)*\||\\$", text) else text


def _pipe_row(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _full_table(table: Table, lined: bool) -> list[str]:
    values = [("head", str(table.head_rows))] if table.head_rows else []
    if table.alignments:
        values.append(("align", " ".join(side or "-" for side in table.alignments)))
    inner: list[str] = []
    if table.caption:
        inner = [*protect_lines(write_inlines(table.caption, lined=lined)), ""]
    for row in table.rows:
        if isinstance(row, PageBreak):
            inner.append(f"- {write_page_break(row)}")
            continue
        cells = [line for cell in row.cells for line in indented("-", _cell(cell, lined))]
        inner += indented("-", cells)
    attributes = write_attributes(values=values)
    opening = "::: table" + (f" {attributes}" if attributes != "{}" else "")
    return [opening, *inner, ":::"]


def _cell(cell: Cell, lined: bool) -> list[str]:
    lines = write_blocks(cell.blocks, lined=lined)
    classes = (["head"] if cell.head else []) + ([cell.alignment] if cell.alignment else [])
    values = [("cols", str(cell.columns))] if cell.columns != 1 else []
    values += [("rows", str(cell.rows))] if cell.rows != 1 else []
    values += [("brace", cell.brace)] if cell.brace else []
    attributes = write_attributes(classes=classes, values=values)
    if attributes == "{}" and not (lines and lines[0].startswith("{")):
        return lines
    return [f"{attributes} {lines[0]}", *lines[1:]] if lines else [attributes]


def write_field(inlines: tuple[Inline, ...]) -> str:
    """The text of a field that holds running text."""
    return write_inlines(inlines)
