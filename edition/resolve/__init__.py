"""Everything in an edition that needs a look at the whole: notes numbered, references bound, contents built.

Pure: an Edition comes in, a ResolvedEdition goes out; what is odd is a finding and nothing is changed or
left out. Knows neither files nor HTML, and of our own pages only which notes are called on which.
"""

from __future__ import annotations

from itertools import chain

from edition.model import Edition, ResolvedEdition
from edition.pages import PagedEdition
from edition.resolve import notes, original_pages, references
from edition.resolve.anchors import Anchors
from edition.resolve.contents import contents_lines, placed_documents
from edition.resolve.survey import Survey


def resolve(edition: Edition, *, paged: PagedEdition | None = None) -> ResolvedEdition:
    """Number the notes, bind the references and build the contents list of an edition.

    `paged` is the result of the last typesetting. It is needed only where notes are numbered by page: without
    it they are numbered by document, and the marks have settled once two rounds give the same ones.
    """
    surveys = [Survey.of(placed) for placed in placed_documents(edition)]
    lines = contents_lines(edition)
    anchors = Anchors.of(edition, lines, surveys)
    starts = original_pages.starts(surveys, anchors)
    resolved_notes = notes.number_notes(surveys, edition.notes.numbering, anchors, paged)
    targets, dangling = references.bind_references(edition, surveys, anchors)
    findings = chain(
        anchors.findings,
        *(notes.check(survey, edition.notes.numbering) for survey in surveys),
        original_pages.check(surveys),
        dangling,
    )
    return ResolvedEdition(edition, resolved_notes, targets, starts, lines, tuple(findings))
