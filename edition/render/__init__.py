"""A resolved edition as HTML: what each thing is, never how it looks and never on which page.

The HTML is well-formed XML, so that notes with blocks may stand inside paragraphs, where a browser's parser
would tear them out. Styles may rely on its elements and classes; `docs/styles.md` lists them.
"""

from __future__ import annotations

from functools import partial
from itertools import groupby

from markupsafe import Markup

from edition.model import Division, Document, Entry, Generated
from edition.render.blocks import BlockRenderer
from edition.render.inlines import element
from edition.render.shape import all_entries, first_document, nest, split_front, titled
from edition.resolved import ContentsLine, ResolvedEdition


def render(resolved: ResolvedEdition) -> str:
    """The whole book as one XHTML document."""
    return _BookRenderer(resolved).book()


class _BookRenderer(BlockRenderer):
    """Renders the book, entry by entry."""

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
