"""Everything in an edition that needs a look at the whole: notes numbered, references bound, contents built.

Pure: an Edition comes in, a ResolvedEdition goes out; what is odd is a finding and nothing is changed or
left out. Knows neither files nor HTML, and of our own pages only what the last typesetting says of them.
"""

from __future__ import annotations

from itertools import chain

from edition.model import Edition, GeneratedKind, SpanKind
from edition.pages import PagedEdition
from edition.resolve import index, notes, original_pages, references
from edition.resolve.anchors import Anchors
from edition.resolve.concordance import concordance
from edition.resolve.contents import contents_lines, generated_kinds, placed_documents
from edition.resolve.locators import Pages
from edition.resolve.survey import Survey
from edition.resolved import ConcordanceLine, ResolvedEdition

PRINTS_PAGES: frozenset[GeneratedKind] = frozenset(("persons", "terms", "index", "concordance"))
"""Generated parts whose words depend on our pages. In contents the engine itself writes the numbers."""

_POINTED_TO: dict[GeneratedKind, SpanKind] = {"persons": "person", "terms": "term", "index": "index"}


def depends_on_pages(edition: Edition) -> bool:
    """Whether an edition must be laid out before all of its words are known."""
    return edition.notes.numbering == "page" or bool(generated_kinds(edition) & PRINTS_PAGES)


def resolve(edition: Edition, *, paged: PagedEdition | None = None) -> ResolvedEdition:
    """Number the notes, bind the references, build contents, index and lists of an edition.

    `paged` is the result of the last typesetting, for what depends on pages (see `depends_on_pages`). Without it
    notes numbered by page are numbered by document, and locators are guesses; all has settled once two rounds give
    the same.
    """
    surveys = [Survey.of(placed) for placed in placed_documents(edition)]
    lines = contents_lines(edition)
    anchors = Anchors.of(edition, lines, surveys)
    starts = original_pages.starts(surveys, anchors)
    resolved_notes = notes.number_notes(surveys, edition.notes.numbering, anchors, paged)
    targets, dangling = references.bind_references(edition, surveys, anchors)
    kinds = generated_kinds(edition)
    pages = Pages.of(paged) if paged and kinds & PRINTS_PAGES else None
    headings, odd_entries = index.make_index(surveys, resolved_notes, pages)
    findings = chain(
        anchors.findings,
        *(notes.check(survey, edition.notes.numbering) for survey in surveys),
        original_pages.check(surveys),
        dangling,
        odd_entries,
    )
    return ResolvedEdition(
        edition=edition,
        notes=resolved_notes,
        targets=targets,
        starts=starts,
        contents=lines,
        findings=tuple(findings),
        page_anchors=anchors.of_pages | frozenset(starts.values()),
        mentions=frozenset(span for part, span in _POINTED_TO.items() if part in kinds),
        index=headings if "index" in kinds else (),
        named_pages=index.named_pages(edition, surveys, resolved_notes, kinds, pages),
        concordance=concordance(surveys, starts, paged) if paged and "concordance" in kinds else (),
    )


def concordance_of(edition: Edition, paged: PagedEdition) -> tuple[ConcordanceLine, ...]:
    """Every original page of an edition and the pages that it stands on, whether the book prints that or not."""
    surveys = [Survey.of(placed) for placed in placed_documents(edition)]
    anchors = Anchors.of(edition, contents_lines(edition), surveys)
    return concordance(surveys, original_pages.starts(surveys, anchors), paged)
