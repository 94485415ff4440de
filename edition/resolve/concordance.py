"""The concordance: every original page, and the pages of ours that it stands on.

Knows where original pages begin in the manuscript and where anchors fell on pages; of how it is printed nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from edition.model import OriginalPage
from edition.numerals import inclusive
from edition.pages import PagedEdition
from edition.resolve.survey import Survey
from edition.resolved import ConcordanceLine
from edition.walk import mention_anchor


class Beginning(NamedTuple):
    """Where an original page begins: the document it is in, and the anchors that may stand there."""

    page: OriginalPage
    document: str
    anchors: tuple[str, ...]


def beginnings(surveys: Iterable[Survey], starts: dict[str, str]) -> Iterator[Beginning]:
    """Where the original pages of the text begin, in its order; those in notes run beside it and are left out."""
    for survey in surveys:
        document = survey.document
        if document.start_page and document.id in starts:
            yield Beginning(document.start_page, document.id, (starts[document.id],))
        for mark in survey.breaks:
            yield Beginning(mark.page, document.id, (mention_anchor(document.id, mark), mark.anchor))


def concordance(
    surveys: Sequence[Survey], starts: dict[str, str], paged: PagedEdition
) -> tuple[ConcordanceLine, ...]:
    """Every original page in the order of the text; one that is on no page of ours is left out.

    A page of ours that opens with the next original page does not count to the one before.
    """
    found = paged.first_pages()
    placed = [
        (beginning, anchor, found[anchor].index)
        for beginning in beginnings(surveys, starts)
        if (anchor := next((anchor for anchor in beginning.anchors if anchor in found), ""))
    ]
    lines = []
    for number, (beginning, anchor, first) in enumerate(placed):
        after = placed[number + 1] if number + 1 < len(placed) else None
        last = _last_page(first, after[2], after[0], paged) if after else _last_page_of_text(first, paged)
        folios = inclusive(paged.pages[first].folio, paged.pages[last].folio)
        lines.append(ConcordanceLine(beginning.page, anchor, beginning.document, first, last, folios))
    return tuple(lines)


def _last_page(first: int, following: int, after: Beginning, paged: PagedEdition) -> int:
    """The last page of an original page whose successor begins on the page `following`."""
    last = following
    if last > first and paged.pages[last].opens_with == str(after.page):
        last -= 1
    while last > first and (paged.pages[last].blank or not paged.pages[last].opens_with):
        last -= 1
    return max(first, last)


def _last_page_of_text(first: int, paged: PagedEdition) -> int:
    """The last page that still says to stand on the last original page."""
    last = first
    for page in paged.pages[first + 1 :]:
        if page.opens_with:
            last = page.index
    return last
