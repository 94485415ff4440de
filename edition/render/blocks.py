"""Blocks as HTML: paragraphs, heads, lists, tables, enclosures, and the notes that stand in them or under them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from html import escape
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from edition.model import (
    Block,
    Cell,
    Container,
    Enclosure,
    Heading,
    Image,
    Inline,
    Item,
    ItemList,
    PageBreak,
    Paragraph,
    Quote,
    Row,
    Table,
)
from edition.render.inlines import InlineRenderer, element
from edition.render.shape import (
    is_beside,
    is_in_capitals,
    is_long,
    is_long_title,
    label_letters,
    opens_with_head,
    shortened,
    split_at_breaks,
    table_width,
    trimmed,
    turns_of_letters,
)
from edition.resolved import ResolvedNote
from edition.walk import tables_of, words

HEAD_LEVELS = 6


class BlockRenderer(InlineRenderer):
    """Renders blocks, and notes with their blocks."""

    @cached_property
    def templates(self) -> Environment:
        environment = Environment(
            loader=PackageLoader("edition"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals.update(
            edition=self.edition,
            inlines=self.inlines,
            blocks=self.blocks,
            words=words,
            shortened=shortened,
            is_long_title=is_long_title,
        )
        return environment

    def part(self, name: str, **values: Any) -> Markup:
        """One structural part by its template."""
        return Markup(self.templates.get_template(f"{name}.html").render(**values))

    def blocks(self, blocks: Sequence[Block]) -> Markup:
        kinds = turns_of_letters(blocks)
        return Markup("\n").join(
            self.paragraph(block, kind=kinds.get(turn, "")) if isinstance(block, Paragraph) else self.block(block)
            for turn, block in enumerate(blocks)
        )

    def block(self, block: Block) -> Markup:
        render_block = cast("Callable[[Any], Markup]", _BLOCKS[type(block)])
        return render_block(self, block)  # type: ignore[call-arg]

    def paragraph(self, block: Paragraph, before: str = "", kind: str = "") -> Markup:
        picture = "picture" if len(block.inlines) == 1 and isinstance(block.inlines[0], Image) else ""
        capitals = "capitals" if is_in_capitals(block) else ""
        classes = " ".join(filter(None, (block.alignment, kind, picture, capitals)))
        return self.line_block("p", classes, block.inlines, before)

    def line_block(self, tag: str, classes: str, inlines: tuple[Inline, ...], before: str = "") -> Markup:
        """A block of lines; in facsimile mode one for each original page that it stands on."""
        pieces = list(split_at_breaks(inlines)) if self.facsimile and self.in_flow else [(None, inlines)]
        if len(pieces) > 1:
            pieces = [(mark, trimmed(piece)) for mark, piece in pieces]
        rendered = []
        for index, (mark, piece) in enumerate(pieces):
            ends = "to-break" if index < len(pieces) - 1 else ""
            starts = "from-break" if mark is not None and index else ""
            opening = self.page_break(mark, "starts-page") if mark is not None else before
            content = opening + self.inlines(piece)
            if content:
                names = " ".join(filter(None, (classes, starts, ends, "starts-page" if mark else "")))
                rendered.append(element(tag, content, class_=names))
        return Markup("").join(rendered)

    def heading(self, block: Heading) -> Markup:
        level = min(self.level + block.level - 1, HEAD_LEVELS)
        return element(f"h{level}", self.head(block.inlines), class_=f"level-{block.level}", id=block.id)

    def item_list(self, block: ItemList) -> Markup:
        items = Markup("").join(self.item(item) for item in block.items)
        if not any(item.label for item in block.items):
            return element("ul", items, class_="bullets")
        return element("ul", items, class_="labelled", style=f"--label-letters: {label_letters(block.items)}")

    def item(self, item: Item) -> Markup:
        if not item.label:
            several = sum(isinstance(block, Paragraph) for block in item.blocks) > 1
            return element("li", self.blocks(item.blocks), class_="paragraphs" if several else "")
        label, self.held = item.label, []
        if isinstance(label[0], PageBreak) and self.edition.original_pages in ("margin", "hidden"):
            label = label[0], *trimmed(label[1:])  # no mark stands before the space
        beside, notes, self.held = self.head(label), Markup("").join(self.held), None
        first, *rest = item.blocks or (Paragraph(()),)
        if isinstance(first, Paragraph) and not isinstance(next(iter(first.inlines), None), PageBreak):
            body = self.paragraph(first, before=notes) + self.blocks(rest)
        else:
            beside, body = beside + notes, self.blocks(item.blocks)
        kind = "label" if is_beside(item) else "label above"
        return element("li", element("span", beside, class_=kind) + element("div", body, class_="body"))

    def quote(self, block: Quote) -> Markup:
        return element("blockquote", self.blocks(block.blocks), lang=block.language)

    def container(self, block: Container) -> Markup:
        return element("div", self.blocks(block.blocks), class_=block.kind, lang=block.language)

    def enclosure(self, block: Enclosure) -> Markup:
        outer, self.enclosures = self.scope, self.enclosures + 1
        outer_end_notes, self.end_notes = self.end_notes, []
        self.scope = f"{self.document_id}-e{self.enclosures}"
        level = self.level
        self.level = min(level + 1, HEAD_LEVELS) if opens_with_head(block.blocks) else level
        body = self.blocks(block.blocks)
        notes = self.closing_notes()
        self.level = level
        self.scope, self.end_notes = outer, outer_end_notes
        return element("article", body + notes, class_="enclosure", id=block.id, lang=block.language)

    def table(self, block: Table) -> Markup:
        pages = self.facsimile and self.in_flow
        return self.without_breaks(lambda: self.table_content(block, pages))

    def table_content(self, block: Table, pages: bool) -> Markup:
        """A table's rows; where `pages`, breaks between them start pages."""
        width = table_width(block)
        caption = self.inlines(block.caption)
        rows = [
            self.row(row, block, index < block.head_rows)
            if isinstance(row, Row)
            else self.row_break(row, width, pages)
            for index, row in enumerate(block.rows)
        ]
        return self.part(
            "table",
            caption=caption,
            head=rows[: block.head_rows],
            body=rows[block.head_rows :],
            columns=width,
            table_name=self.table_names.get(id(block), ""),
        )

    @cached_property
    def table_names(self) -> dict[int, str]:
        """The name of each table, by its identity: two may be alike."""
        documents = self.edition.documents
        return {id(table): name for document in documents for name, table in tables_of(document).items()}

    def row(self, row: Row, table: Table, head: bool) -> Markup:
        cells = "".join(self.cells(row, table, head))
        return element("tr", cells, class_="long" if is_long(row) else "")

    def cells(self, row: Row, table: Table, head: bool) -> Iterator[Markup]:
        column = 0
        for cell in row.cells:
            alignment = cell.alignment or (table.alignments[column] if column < len(table.alignments) else "")
            column += cell.columns
            yield self.cell(cell, alignment, "col" if head else "row" if cell.head else "")

    def cell(self, cell: Cell, alignment: str, scope: str) -> Markup:
        classes = " ".join(filter(None, (alignment, cell.brace and f"brace-{cell.brace}")))
        return element(
            "th" if scope else "td",
            self.blocks(cell.blocks),
            class_=classes,
            scope=scope,
            colspan=str(cell.columns) if cell.columns > 1 else "",
            rowspan=str(cell.rows) if cell.rows > 1 else "",
        )

    def row_break(self, mark: PageBreak, width: int, pages: bool) -> Markup:
        starts = " starts-page" if pages else ""
        cell = element("td", self.page_break(mark, starts), colspan=str(width) if width > 1 else "")
        return element("tr", cell, class_=f"page-break-row{starts}")

    def block_break(self, mark: PageBreak) -> Markup:
        if self.facsimile and self.in_flow:
            return element("div", self.page_break(mark, "starts-page"), class_="page-break-block starts-page")
        return element("p", self.page_break(mark), class_="page-break-block")

    # Notes

    def note(self, note: ResolvedNote) -> Markup:
        """A note. Its mark stands in its first paragraph, and leads back to the first call."""
        self.placed.add(note.id)
        reached = self.original_page  # the text does not reach a page that a note goes on to
        content = self.without_breaks(lambda: self.note_content(note))
        self.original_page = reached
        return content

    def note_content(self, note: ResolvedNote) -> Markup:
        back = {"href": f"#{note.id}-r1"} if note.calls else {}
        kind = "mark" if note.mark.isalnum() else "mark symbol"
        mark = element("a" if back else "span", escape(note.mark), class_=kind, **back)
        first, *rest = note.note.blocks or (Paragraph(()),)
        if isinstance(first, Paragraph):
            opening = self.paragraph(first, before=mark + " ")
        else:
            opening = element("p", mark, class_="mark-alone") + self.block(first)
        return element("aside", opening + self.blocks(rest), class_="note", id=note.id)

    def closing_notes(self) -> Markup:
        """What stands at the end of a document or enclosure: its end notes, and notes that nothing calls."""
        ended = self.waiting_notes()
        unplaced = [
            self.note(note)
            for (scope, _), note in self.resolved.notes.items()
            if scope == self.scope and note.id not in self.placed
        ]
        unplaced += self.waiting_notes()
        if not ended and not unplaced:
            return Markup()
        return self.part("notes", notes=ended, unplaced=unplaced)

    def waiting_notes(self) -> list[Markup]:
        """The notes that wait for the end of their document, and those that they call in turn."""
        rendered: list[Markup] = []
        while self.end_notes:
            waiting, self.end_notes = self.end_notes, []
            rendered += [self.note(note) for note in waiting]
        return rendered


_BLOCKS: dict[type, Any] = {
    Paragraph: BlockRenderer.paragraph,
    Heading: BlockRenderer.heading,
    ItemList: BlockRenderer.item_list,
    Quote: BlockRenderer.quote,
    Container: BlockRenderer.container,
    Enclosure: BlockRenderer.enclosure,
    Table: BlockRenderer.table,
    PageBreak: BlockRenderer.block_break,
}
