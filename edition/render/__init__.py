"""A resolved edition as HTML: what each thing is, never how it looks and never on which page.

The HTML is well-formed XML, so that notes with blocks may stand inside paragraphs, where a browser's parser
would tear them out. Styles may rely on its elements and classes; `docs/styles.md` lists them.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain, groupby

from markupsafe import Markup

from edition.model import Division, Document, Entry, Generated, OriginalPage, documents_of
from edition.render.blocks import BlockRenderer
from edition.render.inlines import element
from edition.render.shape import (
    LOCATING_TYPES,
    all_entries,
    anchors_in,
    breaks_in_flow,
    first_document,
    nest,
    split_front,
    titled,
    without_empty_divisions,
    written_out,
)
from edition.resolved import ContentsLine, Locator, ResolvedEdition


def render(resolved: ResolvedEdition) -> str:
    """The whole book as one XHTML document."""
    return _BookRenderer(resolved).book()


class _BookRenderer(BlockRenderer):
    """Renders the book, entry by entry."""

    def book(self) -> str:
        front, main = split_front(self.edition.contents)
        lines = {id(line.entry): line.anchor for line in self.resolved.contents}
        divisions = (lines[id(entry)] for entry in all_entries(front) if isinstance(entry, Division))
        self.in_front = frozenset(chain(divisions, anchors_in(documents_of(front))))
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

    def generated(self, part: Generated) -> Markup:
        lines = [line for line in titled(self.resolved.contents) if not 0 < part.depth < line.level]
        if part.kind == "documents":
            lines = without_empty_divisions(lines)
        return self.part(
            part.kind,
            part=part,
            lines=nest(lines),
            in_front=self.in_front,
            original_page=self.page_of_line,
            locators=self.resolved.named_pages,
            headings=self.resolved.index,
            concordance=self.concordance(),
            date=lambda document: written_out(document.date, self.edition.language),
        )

    def concordance(self) -> list[tuple[OriginalPage, Locator]]:
        """Every original page and what stands for the pages of ours that it is on."""
        return [(line.page, Locator(line.folios, line.anchor)) for line in self.resolved.concordance]

    def page_of_line(self, line: ContentsLine) -> str:
        """The original page that the contents send to: in facsimile mode it is the folio of the text's pages."""
        document = first_document(line.entry) if isinstance(line.entry, Division) else line.entry
        if not self.facsimile or line.anchor in self.in_front or document is None:
            return ""
        return self.begun_on[document.id]

    @cached_property
    def begun_on(self) -> dict[str, str]:
        """The original page that each document begins on: its own, or the one that the text has reached there."""
        begun, reached = {}, ""
        for document in self.edition.documents:
            begun[document.id] = reached = str(document.start_page or reached)
            for mark in breaks_in_flow(document.blocks):
                reached = str(mark.page)
        return begun

    def division(self, division: Division) -> Markup:
        anchor = next(line.anchor for line in self.resolved.contents if line.entry is division)
        level = self.level
        opens_page = self.opens_page(first_document(division))
        # Without a head nothing of the division stands anywhere: the document says where it starts.
        start = self.start_page(first_document(division)) if division.title else Markup()
        self.scope = self.document_id = anchor
        self.new_pages = self.prints_new_pages()
        title = self.head(division.title)
        notes = self.closing_notes()
        self.new_pages = False
        self.level = level + 1
        entries = [self.entry(entry) for entry in division.contents]
        self.level = level
        return self.part(
            "division",
            division=division,
            anchor=anchor,
            opens_page=opens_page,
            level=level,
            start=start,
            title=title,
            notes=notes,
            entries=entries,
        )

    def document(self, document: Document) -> Markup:
        self.scope, self.document_id, self.enclosures = document.id, document.id, 0
        self.new_pages = self.prints_new_pages(document.type)
        level = self.level
        opens_page = self.opens_page(document)
        start = self.start_page(document)
        source_note = self.head(document.source_note)
        title = self.head(document.title)
        self.level = level + 1
        headnote = self.inlines(document.headnote)
        body = self.blocks(document.blocks)
        notes = self.closing_notes()
        self.level, self.new_pages = level, False
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

    def prints_new_pages(self, type_: str = "") -> bool:
        """Whether references in a document of a type, or in a head, print new pages.

        Facsimile pages have the numbers of the original anyway.
        """
        wanted = self.edition.new_pages
        return not self.facsimile and (wanted == "all" or (wanted == "index" and type_ in LOCATING_TYPES))

    def start_page(self, document: Document | None) -> Markup:
        """Where a document's original page begins: asked first for the outermost division that it opens."""
        if document is None or document.start_page is None or document.id in self.started:
            return Markup()
        self.started.add(document.id)
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
