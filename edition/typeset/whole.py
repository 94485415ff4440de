"""The book in one run of the engine, slow and sure: the measure for the book in fragments."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from weasyprint import CSS
from weasyprint.document import Document

from edition.drawings import FurnitureDrawing, Shift
from edition.findings import EditionError, has_errors
from edition.pages import Page, PagedEdition, Placed
from edition.styles import Style
from edition.typeset import engine, faces, furniture
from edition.typeset.collecting import compressed_operators
from edition.typeset.fetcher import EDITION_URL, LimitedFetcher
from edition.typeset.fragments.fonts import written_fonts
from edition.typeset.fragments.laying import VARIANT, drawing_of, font_uses, open_document
from edition.typeset.notes import note_findings
from edition.typeset.paged import page_from
from edition.typeset.preparing import (
    complaints,
    engine_findings,
    faces_of,
    fit_tables,
    own_sheets,
    style_sheets,
)
from edition.typeset.typesetter import colours


def typeset_whole(html: str, style: Style, folder: Path) -> PagedEdition:
    """Lay out an edition's HTML in one run of the engine: what the book in fragments must be like.

    Raises EditionError if the style is broken or a note is lost.
    """
    engine.install()
    chosen = faces_of(style)
    fetcher = LimitedFetcher(folder, style.folders)
    with faces.only(chosen) as font_configuration, complaints() as log:
        sheets = [*own_sheets(style, fetcher), *style_sheets(style, fetcher, font_configuration)]
        book = engine.html_from(html, EDITION_URL, fetcher)
        fitted = fit_tables(book, sheets, fetcher, font_configuration)
        document: Document = book.render(
            font_config=font_configuration, stylesheets=[CSS(string=fitted.sheet), *sheets], pdf_variant=VARIANT
        )
        for page in document.pages:
            furniture.place_margin_marks(page._page_box)
        pages = tuple(page_from(index, page) for index, page in enumerate(document.pages))
        paged = drawn_whole(document, pages, font_configuration)
    findings = [
        *fitted.findings,
        *note_findings(pages),
        *engine_findings(log, fetcher, style),
    ]
    if has_errors(findings):
        raise EditionError(findings)
    placed, labels = paged.placed, paged.labels
    return PagedEdition(
        pages, tuple(findings), labels, book.line_count, placed=placed, fonts=paged.fonts, colours=paged.colours
    )


def drawn_whole(document: Any, pages: tuple[Page, ...], fonts: Any) -> PagedEdition:
    """The pages that one run of the engine laid out, with what draws them."""
    open_document(document)
    drawing, _ = drawing_of(document)
    nothing = FurnitureDrawing((compressed_operators([b"Q"]),) * len(pages), {}, ())
    placed = Placed(
        "",
        0,
        0,
        (Shift(),) * len(pages),
        drawing.pages,
        len(drawing.objects),
        nothing,
        tuple(page.boxes for page in drawing.pages),
        lambda: drawing,
    )
    written = written_fonts(font_uses(document.fonts), fonts)
    return PagedEdition(
        pages, labels=getattr(document, "labels", None), placed=(placed,), fonts=written, colours=colours()
    )
