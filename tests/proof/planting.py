"""Faults planted into a small edition, between its stages: into its HTML, its style, its finished PDF.

The edition is sound; each fault is one that a builder or a style could make. What is proven is always the PDF.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf

from edition import manuscript
from edition.assemble import assemble
from edition.findings import Finding
from edition.model import NotePolicy, NotesAt, OriginalPages, StyleChoice
from edition.pages import PagedEdition
from edition.proof import Kept, Proof, Run, prove
from edition.proof.reader import read_pages
from edition.render import render
from edition.resolve import depends_on_pages, resolve
from edition.resolved import ResolvedEdition
from edition.source import Source
from edition.styles import Sheet, Style, load_style
from edition.typeset import typeset_whole

FOLDER = Path(__file__).parent.parent / "editions" / "quay"


@dataclass(frozen=True)
class Book:
    """An edition laid out, and everything that a proof of it is given."""

    resolved: ResolvedEdition
    paged: PagedEdition
    pdf: bytes
    style: Style
    folder: Path
    html: str = ""

    @property
    def sources(self) -> list[Source]:
        paths = [self.folder / "edition.yaml", *sorted(self.folder.glob("documents/*.md"))]
        return [Source(str(path), path.read_text("utf-8")) for path in paths]

    def proof(self, pdf: bytes | None = None, kept: Kept | None = None, run: Run = map) -> Proof:
        """The proof of the book, or of another PDF against it."""
        names = {source.path: Path(source.path).relative_to(self.folder).as_posix() for source in self.sources}
        return prove(
            self.resolved,
            self.paged,
            self.pdf if pdf is None else pdf,
            families=[family.name for family in self.style.families],
            sources=self.sources,
            names=names,
            html=self.html,
            kept=kept,
            run=run,
        )


@cache
def resolved_edition(
    mode: OriginalPages = "inline", notes: NotesAt = "foot", folder: Path = FOLDER
) -> ResolvedEdition:
    """The edition of a folder in another mode."""
    edition, _ = manuscript.load(folder)
    policy = NotePolicy(edition.notes.numbering, notes)
    return resolve(replace(edition, original_pages=mode, notes=policy))


def lay_out(
    resolved: ResolvedEdition,
    html: str | None = None,
    css: str = "",
    style: str = "reading",
    folder: Path = FOLDER,
) -> Book:
    """Set an edition, with other HTML than its own, or with CSS after the style's."""
    chosen = load_style(StyleChoice(style), folder)
    if css:
        chosen = replace(chosen, sheets=(*chosen.sheets, Sheet(folder / "planted.css", css)))
    set_html = render(resolved) if html is None else html
    paged = typeset_whole(set_html, chosen, folder)
    if html is None and depends_on_pages(resolved.edition):
        resolved = resolve(resolved.edition, paged=paged)
        set_html = render(resolved)
        paged = typeset_whole(set_html, chosen, folder)
    return Book(resolved, paged, assemble(resolved, paged), chosen, folder, set_html)


@cache
def sound() -> Book:
    """The edition as it is."""
    return lay_out(resolved_edition())


def with_html(old: str, new: str, *, mode: OriginalPages = "inline") -> tuple[Finding, ...]:
    """The findings of the edition with a piece of its HTML replaced."""
    resolved = resolved_edition(mode)
    html = render(resolved)
    assert html.count(old) == 1, f"{html.count(old)} times in the HTML: {old}"
    return lay_out(resolved, html.replace(old, new)).proof().findings


def with_css(css: str) -> tuple[Finding, ...]:
    """The findings of the edition with more CSS."""
    return lay_out(resolved_edition(), css=css).proof().findings


def with_drawing(page: int, change: Callable[[bytes], bytes]) -> tuple[Finding, ...]:
    """The findings of the sound edition with a page's content stream changed."""
    book = sound()
    with pikepdf.open(BytesIO(book.pdf)) as pdf:
        contents = pdf.pages[page].obj.Contents[1]
        before = contents.read_bytes()
        after = change(before)
        assert after != before, "nothing was changed"
        contents.write(after)
        target = BytesIO()
        pdf.save(target)
    return book.proof(target.getvalue()).findings


def shown_text(words: str, book: Book) -> tuple[int, bytes]:
    """The page of the first piece that has these words, and the properties that it is marked with."""
    for index, page in enumerate(read_pages(book.pdf)):
        for piece in page.pieces:
            if words in piece.text:
                return index, b"<</MCID %d>>" % (piece.number or 0)
    raise AssertionError(f"no piece has {words!r}")


def change_piece(words: str, change: Callable[[bytes], bytes]) -> tuple[Finding, ...]:
    """The findings of the sound edition with the marked sequence changed that draws these words."""
    page, mark = shown_text(words, sound())

    def change_content(content: bytes) -> bytes:
        found = re.search(rb"/\w+\n" + mark + rb"\nBDC\n.*?EMC\n", content, re.S)
        assert found
        return content[: found.start()] + change(found[0]) + content[found.end() :]

    return with_drawing(page, change_content)


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return sorted({finding.code for finding in findings})


def where(finding: Finding) -> str:
    """`q1.md:16:3`: the place of a finding, without its folder."""
    assert finding.place is not None
    return re.sub(r"^.*/", "", str(finding.place))
