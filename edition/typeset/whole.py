"""The book in one run of the engine, slow and sure: the measure for the book in fragments."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from weasyprint import CSS
from weasyprint.document import Document

from edition.findings import EditionError, has_errors
from edition.pages import PagedEdition
from edition.styles import Style
from edition.typeset import engine, faces, furniture
from edition.typeset.fetcher import EDITION_URL, LimitedFetcher
from edition.typeset.notes import note_findings
from edition.typeset.paged import page_from
from edition.typeset.preparing import (
    complaints, engine_findings, faces_of, fit_tables, own_sheets, refusals, style_sheets,
)


def typeset_whole(
    html: str,
    style: Style,
    folder: Path,
    is_final: Callable[[PagedEdition], bool] = lambda _: True,
) -> PagedEdition:
    """Lay out an edition's HTML in one run of the engine: what the book in fragments must be like.

    `is_final` is asked once there are pages: where they are not the last ones, no PDF is written. Raises
    EditionError if the style is broken or a note is lost.
    """
    engine.install()
    chosen = faces_of(style)
    fetcher = LimitedFetcher(folder, style.folders)
    with faces.only(chosen) as font_configuration, complaints() as log:
        sheets = [*own_sheets(style, fetcher), *style_sheets(style, fetcher, font_configuration)]
        book = engine.html_from(html, EDITION_URL, fetcher)
        fitted = fit_tables(book, sheets, fetcher, font_configuration)
        document: Document = book.render(
            font_config=font_configuration,
            stylesheets=[CSS(string=fitted.sheet), *sheets],
            pdf_variant="pdf/a-3a",
        )
        for page in document.pages:
            furniture.place_margin_marks(page._page_box)
        pages = tuple(page_from(index, page) for index, page in enumerate(document.pages))
        if not is_final(PagedEdition(pages, b"")):
            return PagedEdition(pages, b"")
        pdf = document.write_pdf(pdf_variant="pdf/a-3a", pdf_identifier=b"edition")
    findings = [*fitted.findings, *note_findings(pages), *refusals(fetcher), *engine_findings(log, fetcher)]
    if has_errors(findings):
        raise EditionError(findings)
    return PagedEdition(pages, pdf, tuple(findings), document.labels, book.line_count)


