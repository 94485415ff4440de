"""Checks that the pages of the source follow one another, and finds where each of them begins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edition.findings import Finding, Severity, declare
from edition.model import Document, PageBreak, Paragraph
from edition.numerals import Count, counted
from edition.resolve.anchors import Anchors
from edition.resolve.survey import Survey
from edition.source import Place

BACKWARDS = declare(
    "P002",
    Severity.WARNING,
    """Original pages run backwards.

    A page break has a lower number than the one before it. Either it is misread, or the text was taken from
    the source in another order: then allow it, with that reason.
    """,
)
SKIPPED = declare(
    "P003",
    Severity.INFO,
    """Original pages are skipped.

    Inside one document the numbers of the page breaks leave some out. Either these pages are left out or
    empty in the source, or a page break was lost.
    """,
)
OTHER_NUMERALS = declare(
    "P004",
    Severity.WARNING,
    """Original pages change between roman and arabic numbers inside a document.

    Front matter in roman numbers ends where a document ends, so one of the two is probably misread (`11` for
    `ii`, `l` for `1`).
    """,
)
OTHER_START = declare(
    "P005",
    Severity.WARNING,
    """The start page contradicts the page breaks.

    `start-page` is the original page on which the document begins, so its first page break must be the one
    after it; only a break before the first word may have the same number.
    """,
)


def starts(surveys: Iterable[Survey], anchors: Anchors) -> dict[str, str]:
    """Document id → anchor, for the first document that begins on a page which no page break has."""
    begun: dict[str, str] = {}
    for survey in surveys:
        document = survey.document
        number = document.start_page.number if document.start_page else ""
        anchor = f"page-{number}"
        if number and number not in anchors.pages and anchor not in anchors.claims:
            anchors.claim(anchor, "a document's start page", document.at)
            anchors.pages[number] = anchor
            begun[document.id] = anchor
    return begun


def check(surveys: Iterable[Survey]) -> Iterator[Finding]:
    """What is odd about the order of the original pages, document by document."""
    before: Count | None = None
    for survey in surveys:
        document = survey.document
        start = counted(document.start_page.number) if document.start_page else None
        if start and before and start.numerals == before.numerals and start.value < before.value:
            yield _backwards(document.at, start, before)
        before = start or before
        for turn, page_break in enumerate(survey.breaks):
            page = counted(page_break.page.number)
            if page is None:
                continue
            if turn == 0:
                yield from _check_first(document, page_break, page, start, before)
            else:
                yield from _check_next(page_break, page, before)
            before = page


def _check_first(
    document: Document, page_break: PageBreak, page: Count, start: Count | None, before: Count | None
) -> Iterator[Finding]:
    """The first page break against the start page or, where there is none, against the document before."""
    if start is None:
        if before and page.numerals == before.numerals and page.value < before.value:
            yield _backwards(page_break.at, page, before)
        return
    at_top = _opens(document, page_break)
    if start.numerals != page.numerals:
        yield from _check_next(page_break, page, start)
    elif page.value < start.value or (page.value == start.value and not at_top):
        message = f"start page {document.start_page} contradicts the first page break, {page_break.page}"
        yield OTHER_START.at(page_break.at, message, hint=f'try start-page: "{_one_before(page)}"')
    elif page.value > start.value:
        yield from _check_next(page_break, page, start)


def _check_next(page_break: PageBreak, page: Count, before: Count | None) -> Iterator[Finding]:
    """A page break against the page before it in the same document. The same number again is rule P001's."""
    if before is None or page == before:
        return
    if page.numerals != before.numerals:
        message = f"page {page_break.page} follows a page numbered in {before.numerals} numerals"
        yield OTHER_NUMERALS.at(page_break.at, message)
    elif page.value < before.value:
        yield _backwards(page_break.at, page, before)
    elif page.value > before.value + 1:
        skipped = page.value - before.value - 1
        pages = "one page is" if skipped == 1 else f"{skipped} pages are"
        yield SKIPPED.at(page_break.at, f"{pages} skipped before page {page_break.page}")


def _backwards(at: Place | None, page: Count, before: Count) -> Finding:
    return BACKWARDS.at(at, f"page {page.written} comes after page {before.written}")


def _opens(document: Document, page_break: PageBreak) -> bool:
    """Whether the break stands before the first word of the document."""
    for head in (document.source_note, document.title):
        if head:
            return head[0] is page_break
    first = document.blocks[0] if document.blocks else None
    if isinstance(first, Paragraph) and first.inlines:
        return first.inlines[0] is page_break
    return first is page_break


def _one_before(page: Count) -> str:
    return page.before.written if page.value > 1 else "?"
