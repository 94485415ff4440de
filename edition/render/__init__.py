"""A resolved edition as HTML: what each thing is, never how it looks and never on which page.

The HTML is well-formed XML, so that notes with blocks may stand inside paragraphs, where a browser's parser
would tear them out. Styles may rely on its elements and classes; `docs/styles.md` lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, partial
from html import escape
from itertools import groupby
from typing import Any, cast

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from edition.model import (
    Block,
    Cell,
    Container,
    ContentsLine,
    Division,
    Document,
    Emphasis,
    Enclosure,
    Entry,
    Generated,
    Heading,
    Image,
    Inline,
    Item,
    ItemList,
    LineBreak,
    NoteCall,
    PageBreak,
    Paragraph,
    Quote,
    Reference,
    ResolvedEdition,
    ResolvedNote,
    Row,
    Scope,
    Span,
    Strong,
    Table,
    Text,
)
from edition.render.shape import (
    all_entries,
    first_document,
    is_long,
    nest,
    opens_with_head,
    shortened,
    split_at_breaks,
    split_front,
    table_width,
    titled,
    trimmed,
)
from edition.walk import tables_of, words

HEAD_LEVELS = 6

INLINE_TAGS = {"sup": "sup", "sub": "sub", "u": "u", "del": "del", "add": "ins"}
"""Spans that HTML has an element for; the others are `span`."""


def render(resolved: ResolvedEdition) -> str:
    """The whole book as one XHTML document."""
    return _Renderer(resolved).book()


def element(tag: str, content: str, **attributes: str) -> Markup:
    """An element around content that is HTML already; empty attributes are left out, `class_` is `class`."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"' for name, value in attributes.items() if value
    )
    return Markup(f"<{tag}{written}>{content}</{tag}>" if content else f"<{tag}{written}/>")


class _Renderer:
    """One pass over the edition in reading order; it counts enclosures, calls and anchors on its way."""

    def __init__(self, resolved: ResolvedEdition) -> None:
        self.resolved = resolved
        self.edition = resolved.edition
        self.facsimile = self.edition.original_pages == "facsimile"
        self.notes_at_end = self.edition.notes.place == "end"
        self.calls: dict[str, int] = {}
        """How often each note has been called so far."""
        self.placed: set[str] = set()
        """Notes that stand somewhere already, or wait for the end of their document."""
        self.anchors: set[str] = set()
        """Anchors of page breaks given so far: where a number repeats, the first break keeps it."""
        self.scope: Scope = ""
        self.document_id: str = ""
        self.enclosures = 0
        self.level = 1
        """The level of the innermost head above."""
        self.in_flow = True
        """Whether a facsimile break may break the page here: not in notes, cells and heads."""
        self.end_notes: list[ResolvedNote] = []
        self.original_page: str = ""
        """The original page that the text has reached."""
        self.opened: set[str] = set()
        """Documents whose page has been begun, by themselves or by a division that they open."""

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
            edition=self.edition, inlines=self.inlines, blocks=self.blocks, words=words, shortened=shortened
        )
        return environment

    def part(self, name: str, **values: Any) -> Markup:
        """One structural part by its template."""
        return Markup(self.templates.get_template(f"{name}.html").render(**values))

    # The book and its entries

    def book(self) -> str:
        front, main = split_front(self.edition.contents)
        return str(
            self.part(
                "book",
                front=[self.entry(entry) for entry in front],
                main=self.main(main),
                mode=self.edition.original_pages,
            )
        )

    def main(self, entries: tuple[Entry, ...]) -> list[Markup]:
        """The text: divisions, and documents that stand in none together in sections of their own."""
        return [
            element("section", Markup("\n").join(map(self.entry, group)), class_="documents")
            if loose
            else Markup("\n").join(map(self.entry, group))
            for loose, group in groupby(entries, lambda entry: isinstance(entry, Document))
        ]

    def entry(self, entry: Entry) -> Markup:
        match entry:
            case Document():
                return self.document(entry)
            case Division():
                return self.division(entry)
            case Generated():
                return self.generated(entry)

    def generated(self, entry: Generated) -> Markup:
        lines = self.resolved.contents
        front = set(map(id, all_entries(split_front(self.edition.contents)[0])))
        in_front = {line.anchor for line in lines if id(line.entry) in front}
        return self.part(
            entry.kind,
            lines=nest(titled(lines)),
            in_front=in_front,
            original_page=partial(self.page_of_line, in_front),
        )

    def page_of_line(self, in_front: set[str], line: ContentsLine) -> str:
        """The original page that the contents send to: in facsimile mode it is the folio of the text's pages.

        Not for what opens with a division below it, which may begin on a page of its own.
        """
        opening = line.entry.contents[:1] if isinstance(line.entry, Division) else (line.entry,)
        document = next((entry for entry in opening if isinstance(entry, Document)), None)
        if not self.facsimile or line.anchor in in_front or document is None or document.start_page is None:
            return ""
        return str(document.start_page)

    def division(self, division: Division) -> Markup:
        anchor = next(line.anchor for line in self.resolved.contents if line.entry is division)
        level = self.level
        opens_page = self.opens_page(first_document(division))
        title = self.head(division.title)
        self.level = level + 1
        entries = [self.entry(entry) for entry in division.contents]
        self.level = level
        return self.part(
            "division",
            division=division,
            anchor=anchor,
            opens_page=opens_page,
            level=level,
            title=title,
            entries=entries,
        )

    def document(self, document: Document) -> Markup:
        self.scope, self.document_id, self.enclosures = document.id, document.id, 0
        level = self.level
        opens_page = self.opens_page(document)
        start = self.start_page(document)
        source_note = self.head(document.source_note)
        title = self.head(document.title)
        self.level = level + 1
        headnote = self.inlines(document.headnote)
        body = self.blocks(document.blocks)
        notes = self.closing_notes()
        self.level = level
        return self.part(
            "document",
            document=document,
            opens_page=opens_page,
            level=level,
            start=start,
            source_note=source_note,
            title=title,
            headnote=headnote,
            body=body,
            notes=notes,
        )

    def start_page(self, document: Document) -> Markup:
        if document.start_page is None:
            return Markup()
        page = str(document.start_page)
        new, self.original_page = page != self.original_page, page
        name = "page-start starts-page" if self.facsimile and new else "page-start"
        return element("span", "", class_=name, id=self.resolved.starts.get(document.id, ""), data_page=page)

    def opens_page(self, document: Document | None) -> bool:
        """Whether a document, and what stands above its head, begins a facsimile page.

        It does unless it begins on the original page that the text has reached. Asked first for the outermost
        division that it opens, which then is what begins the page.
        """
        if not self.facsimile or document is None or document.start_page is None or document.id in self.opened:
            return False
        self.opened.add(document.id)
        return str(document.start_page) != self.original_page

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

    # Blocks

    def blocks(self, blocks: Iterable[Block]) -> Markup:
        return Markup("\n").join(self.block(block) for block in blocks)

    def block(self, block: Block) -> Markup:
        render_block = cast("Callable[[Any], Markup]", _BLOCKS[type(block)])
        return render_block(self, block)  # type: ignore[call-arg]

    def paragraph(self, block: Paragraph, before: str = "") -> Markup:
        return self.line_block("p", block.alignment, block.inlines, before)

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

    def head(self, inlines: tuple[Inline, ...]) -> Markup:
        """Inlines of a head, a label or a caption, which is never broken in two."""
        return self.without_breaks(lambda: self.inlines(inlines))

    def without_breaks(self, render_content: Callable[[], Markup]) -> Markup:
        before, self.in_flow = self.in_flow, False
        content = render_content()
        self.in_flow = before
        return content

    def item_list(self, block: ItemList) -> Markup:
        labelled = any(item.label for item in block.items)
        items = Markup("").join(self.item(item) for item in block.items)
        return element("ul", items, class_="labelled" if labelled else "bullets")

    def item(self, item: Item) -> Markup:
        if not item.label:
            return element("li", self.blocks(item.blocks))
        label = element("span", self.head(item.label), class_="label")
        return element("li", label + element("div", self.blocks(item.blocks), class_="body"))

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

    # Inlines

    def inlines(self, inlines: Iterable[Inline]) -> Markup:
        return Markup("").join([self.inline(inline) for inline in inlines])

    def inline(self, inline: Inline) -> Markup:
        match inline:
            case Text(text):
                return Markup(escape(text, quote=False))
            case Emphasis(children):
                return element("em", self.inlines(children))
            case Strong(children):
                return element("strong", self.inlines(children))
            case Span():
                return self.span(inline)
            case LineBreak():
                return Markup("<br/>")
            case Reference():
                return self.reference(inline)
            case NoteCall():
                return self.call(inline)
            case PageBreak():
                return self.page_break(inline)
            case Image():
                return element("img", "", src=inline.path, alt=inline.alternative or "picture")

    def span(self, span: Span) -> Markup:
        tag = INLINE_TAGS.get(span.kind, "span")
        name = "" if tag != "span" else span.kind
        return element(tag, self.inlines(span.inlines), class_=name, lang=span.get("lang"))

    def reference(self, reference: Reference) -> Markup:
        content = self.inlines(reference.inlines)
        target = self.resolved.targets.get(reference.target)
        if target is None:
            return content
        address = target if "://" in target else f"#{target}"
        return element("a", content, class_="reference", href=address)

    def page_break(self, mark: PageBreak, classes: str = "") -> Markup:
        anchor = mark.anchor if mark.anchor not in self.anchors else ""
        self.anchors.add(mark.anchor)
        names = f"page-break {classes}".strip()
        page = mark.page
        self.original_page = str(page)
        return element("span", "", class_=names, id=anchor, data_page=str(page), data_number=page.number)

    # Notes

    def call(self, call: NoteCall) -> Markup:
        note = self.resolved.notes.get((self.scope, call.label))
        if note is None:  # only an edition that no loader has checked: print what is there
            return Markup(escape(f"[^{call.label}]"))
        count = self.calls[note.id] = self.calls.get(note.id, 0) + 1
        link = element("a", escape(note.mark), class_="call", id=f"{note.id}-r{count}", href=f"#{note.id}")
        if note.id in self.placed:
            return link
        if self.notes_at_end:
            self.placed.add(note.id)
            self.end_notes.append(note)
            return link
        return link + self.note(note)

    def note(self, note: ResolvedNote) -> Markup:
        """A note. Its mark stands in its first paragraph, and leads back to the first call."""
        self.placed.add(note.id)
        return self.without_breaks(lambda: self.note_content(note))

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


_BLOCKS: dict[type, Any] = {
    Paragraph: _Renderer.paragraph,
    Heading: _Renderer.heading,
    ItemList: _Renderer.item_list,
    Quote: _Renderer.quote,
    Container: _Renderer.container,
    Enclosure: _Renderer.enclosure,
    Table: _Renderer.table,
    PageBreak: _Renderer.block_break,
}
