"""The proof of every build: the finished PDF read back and compared with the manuscript.

`prove` takes the resolved edition, its pages with their labels and the bytes of the PDF. It shares no code with
what made them: the walker of the manuscript and the reader of drawings are its own. Layout says what a piece of
the drawing belongs to, never what it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pikepdf

from edition.findings import Finding, Severity, declare
from edition.pages import Labels, PagedEdition
from edition.proof.account import Entry, account
from edition.proof.collation import Matched, collate
from edition.proof.drawing import DrawnPage, Piece, UnreadableError
from edition.proof.furniture import check_furniture
from edition.proof.gates import check_pages
from edition.proof.marks import Marks
from edition.proof.origins import Origins
from edition.proof.parts import sort_pieces
from edition.proof.places import places_file
from edition.proof.pointers import check_pointers
from edition.proof.reader import read_pages
from edition.proof.stages import Stages
from edition.proof.streams import Key, streams_of
from edition.resolved import ResolvedEdition
from edition.source import Place, Source

UNREADABLE = declare(
    "C040",
    Severity.ERROR,
    """The finished PDF has something that the proof cannot read.

    An operator, a font or an object that the builder is not known to write. What cannot be read cannot be proven,
    so nothing is written. This is a fault of the builder, or a feature of CSS that it has not met yet.
    """,
)


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found in a finished PDF."""

    findings: tuple[Finding, ...]
    words: int = 0
    """Words of the manuscript that stand on the pages, in order."""
    notes: int = 0
    page_breaks: int = 0
    places: bytes = field(default=b"", repr=False)
    """The places file: the way from every point of the pages back to the source."""
    entries: tuple[Entry, ...] = field(default=(), repr=False)
    """What was found of each text, for the account."""


def prove(
    resolved: ResolvedEdition,
    paged: PagedEdition,
    pdf: bytes,
    *,
    families: Iterable[str],
    sources: Iterable[Source] = (),
    names: Mapping[str, str] | None = None,
    html: str = "",
) -> Proof:
    """Prove that a PDF says what the manuscript says.

    `families` are those that the style allows; `sources` are the manuscript's files, with the paths that places
    name; `names` say what these paths are called in the places file. With the `html` that was typeset, findings of
    what was lost name the stage where it was.
    """
    assert paged.labels is not None, "pages without labels cannot be proven"
    try:
        pages = read_pages(pdf)
    except UnreadableError as error:
        return Proof((UNREADABLE.at(None, str(error), folio=paged.pages[error.page].folio),))
    except pikepdf.PdfError as error:
        return Proof((UNREADABLE.at(None, f"the PDF cannot be opened: {error}"),))
    if len(pages) != len(paged.pages):
        return Proof((UNREADABLE.at(None, f"the PDF has {len(pages)} pages, not {len(paged.pages)}"),))
    return _Proving(
        resolved,
        paged,
        paged.labels,
        pages,
        Origins({source.path: source for source in sources}),
        Stages(html, paged.labels.elements),
    ).prove(frozenset(families), names or {})


class _Proving:
    """One proof, its steps in order."""

    def __init__(
        self,
        resolved: ResolvedEdition,
        paged: PagedEdition,
        labels: Labels,
        pages: list[DrawnPage],
        origins: Origins,
        stages: Stages,
    ) -> None:
        self.resolved = resolved
        self.paged = paged
        self.labels = labels
        self.pages = pages
        self.origins = origins
        self.stages = stages
        self.folios = [page.folio for page in paged.pages]

    def prove(self, families: frozenset[str], names: Mapping[str, str]) -> Proof:
        expected = streams_of(self.resolved)
        book = sort_pieces(self.pages, self.labels)
        collated = collate(expected, book, self.folios, self.origins, self.stages)
        anchors = {anchor: page.index for anchor, page in self.paged.first_pages().items()}
        edition = self.resolved.edition
        marks = Marks(
            self.labels.elements, book.breaks, anchors, self.folios, edition.original_pages, self.origins
        )
        starts = {document.id: str(document.start_page) for document in edition.documents if document.start_page}
        breaks: dict[Key, int] = {}
        for key, matched in collated.matches.items():
            if key.kind == "document" and key.id in starts:
                marks.note_start(matched, starts[key.id])
            before = marks.page_breaks
            marks.check(matched)
            breaks[key] = marks.page_breaks - before
        where = _Whereabouts(collated.matches, self.origins)
        findings = [
            *collated.findings,
            *marks.findings,
            *check_pages(self.pages, book, self.labels, self.folios, families, where),
            *check_furniture(
                self.resolved, self.paged, self.labels, book, marks.begun if marks.all_located else None
            ),
            *check_pointers(self.resolved, self.paged, self.labels, book),
        ]
        places = places_file(collated.matches, self.origins, names, len(self.pages))
        entries = account(self.resolved, collated.matches, breaks, self.folios)
        return Proof(tuple(findings), collated.words, collated.notes, marks.page_breaks, places, entries)


class _Whereabouts:
    """The place in the source of a drawn piece; all are gathered when the first is asked for."""

    def __init__(self, matches: Mapping[Key, Matched], origins: Origins) -> None:
        self.matches = matches
        self.origins = origins

    @cached_property
    def starts(self) -> dict[int, tuple[Matched, int]]:
        return {
            id(item.piece): (matched, start)
            for matched in self.matches.values()
            for item, start in zip(matched.drawn.items, matched.found.starts, strict=False)
        }

    def __call__(self, piece: Piece) -> Place | None:
        if id(piece) not in self.starts:
            return None
        matched, start = self.starts[id(piece)]
        text = matched.stream.text
        start += text[start : start + 1] == " "
        return self.origins.place(matched.stream, start)
