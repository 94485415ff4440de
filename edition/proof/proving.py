"""The proof of one part of the book: what it has to show, against what its pages draw.

A pure function: it knows nothing of where in the book the part stands, and what it finds can be kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from edition.pages import Labels, Page, PageLabels, Part, Rectangle
from edition.proof.account import Tallied, tally
from edition.proof.collation import Matched, collate
from edition.proof.drawing import DrawnPage, Piece, Shift
from edition.proof.expectation import Share
from edition.proof.finished import Evidence, Finished
from edition.proof.furniture import check_repeats, contents_said
from edition.proof.gates import OFF_PAGE, TOLERANCE, check_pages, strange_faces
from edition.proof.geometry import around, moved_by
from edition.proof.marks import Marks
from edition.proof.origins import Origins
from edition.proof.part_proof import LineStart, PageProof, PartProof
from edition.proof.parts import DrawnBook, sort_pieces, standings
from edition.proof.places import moved, page_rows
from edition.proof.pointers import pointers_listed, pointers_said
from edition.proof.rules import check_run
from edition.proof.runs import PageLines, Run, pages_of
from edition.proof.stages import Stages
from edition.proof.streams import Key
from edition.source import Place

SMALLEST = 0.7, 0.3
"""Width and height in points of the least box that text can be said to stand on."""


def prove_part(
    part: Part,
    share: Share,
    drawn: Sequence[DrawnPage],
    anchors: Mapping[str, int],
    *,
    evidence: Evidence | None = None,
    html: str = "",
) -> PartProof:
    """Prove that the pages of a part say what it has to show.

    `drawn` are the bodies of its pages, `anchors` say on which of them, from 0, each id begins; `evidence` is what
    the bodies were read from. With the `html` of the part, findings of what was lost name the stage where it was.
    """
    expectation, origins = share.expectation, share.expectation.origins
    labels = before_shift(part.labels, [page.shift for page in drawn])
    folios = tuple(map(str, range(len(drawn))))
    book = sort_pieces(list(drawn), labels)
    collated = collate(share.streams, book, folios, origins, Stages(html, labels.elements))
    marks = Marks(labels.elements, book.breaks, anchors, folios, expectation.mode, origins)
    tallies: list[Tallied] = []
    for key, matched in collated.matches.items():
        if key in expectation.starts:
            marks.note_start(matched, expectation.starts[key])
        breaks = marks.page_breaks
        marks.check(matched)
        tallies.append(tally(key, matched, marks.page_breaks - breaks))
    where = _Whereabouts(collated.matches, origins)
    findings = [
        *collated.findings,
        *marks.findings,
        *check_pages(drawn, book, labels, folios, where),
        *check_repeats(book, folios),
    ]
    lines = pages_of(drawn, labels, collated.matches, origins)
    strange = strange_faces(drawn, folios, expectation.families, where)
    at = standings(labels.elements)
    files, pages = _pages(share, drawn, book, collated.matches, lines)
    return PartProof(
        covered=tuple(share.streams),
        words=collated.words,
        notes=collated.notes,
        page_breaks=marks.page_breaks,
        findings=tuple(map(share.outwards, findings)),
        of_rules=tuple(map(share.outwards, check_run(Run(lines)))),
        strange=tuple((family, share.outwards(finding)) for family, finding in strange),
        begun=tuple((page, tuple(numbers)) for page, numbers in sorted(marks.begun.items())),
        all_located=marks.all_located,
        contents=tuple(contents_said(labels, book)),
        said=tuple(pointers_said(labels, at, book)),
        listed=tuple(pointers_listed(labels, at)),
        files=files,
        pages=pages,
        evidence=evidence or Evidence(),
        tallies=tuple(tallies),
    )


def anchors_of(pages: Sequence[Page]) -> dict[str, int]:
    """On which of some pages, from 0, each anchor begins."""
    found: dict[str, int] = {}
    for number, page in enumerate(pages):
        for anchor in page.anchors:
            found.setdefault(anchor, number)
    return found


def verify(finished: Finished, part: Part, proof: PartProof) -> bool:
    """Whether a proof that was kept holds for a part where it stands now in a finished file.

    It does if the file has the same drawings, with the same meaning, and nothing comes to stand off the page.
    Raises UnreadableError.
    """
    if len(proof.pages) != part.pages or part.first + part.pages > len(finished.pages):
        return False
    if any(finding.code == OFF_PAGE.code for finding in proof.findings):
        return False  # how far off depends on the side of the page
    if not finished.holds(part.first, proof.evidence):
        return False
    for number, page in enumerate(proof.pages, part.first):
        if page.box is not None:
            left, bottom, right, top = (float(edge) for edge in finished.pages[number].trimbox)
            box = moved_by(page.box, finished.shift(number))
            if min(box[:2]) < -TOLERANCE or box[2] > right - left + TOLERANCE or box[3] > top - bottom + TOLERANCE:
                return False
    return True


def before_shift(labels: Labels, shifts: Sequence[Shift]) -> Labels:
    """Labels with their areas as they were before bodies were moved."""
    pages = [_before_shift(page, shift) for page, shift in zip(labels.pages, shifts, strict=True)]
    return Labels(labels.elements, tuple(pages))


def _before_shift(page: PageLabels, shift: Shift) -> PageLabels:
    """Rounded, so that a part gives one proof on whatever side of the page it stands."""

    def moved(box: Rectangle) -> Rectangle:
        left, top, right, bottom = moved_by(box, (-shift[0], -shift[1]))
        return round(left, 6), round(top, 6), round(right, 6), round(bottom, 6)

    notes = page.note_area and moved(page.note_area)
    return replace(page, text_area=moved(page.text_area), note_area=notes)


def _pages(
    share: Share,
    drawn: Sequence[DrawnPage],
    book: DrawnBook,
    matches: Mapping[Key, Matched],
    lines: Sequence[PageLines],
) -> tuple[tuple[str, ...], tuple[PageProof, ...]]:
    """The files that the part was written in, and what is to be kept of each page."""
    expectation = share.expectation
    moving = expectation.name(expectation.file)
    rows = page_rows(matches.values(), expectation.origins, expectation.names, len(drawn), moving)
    generated = {
        item.piece.page for key, stream in book.streams.items() if key.kind == "generated" for item in stream.items
    }
    files: dict[str, int] = {}
    pages = []
    for number, (page, own, printed) in enumerate(zip(drawn, rows, lines, strict=True)):
        bands = [piece.band for piece in page.pieces if piece.text.strip()]
        pages.append(
            PageProof(
                box=around(bands) if bands else None,
                paint=tuple((box, colour) for box, colour in page.paint if _may_hold_text(box)),
                generated=number in generated,
                files=tuple(files.setdefault(name, len(files)) for name in own.files),
                rows=own.rows,
                moving=tuple(moved(row, -share.base) for row in own.moving),
                lines=tuple(_starts(printed, own.files, share)),
            )
        )
    return tuple(files), tuple(pages)


def _starts(page: PageLines, files: Sequence[str], share: Share) -> Iterator[LineStart]:
    """Where the lines of a page begin in the files that its rows name."""
    for line in page.lines:
        if line.place is not None and line.block.owner.kind != "generated":
            at = share.relative(line.place)
            if at.path in files:
                yield LineStart(files.index(at.path), at.line, at.column, line.number)


def _may_hold_text(box: Rectangle) -> bool:
    return box[2] - box[0] >= SMALLEST[0] and box[3] - box[1] >= SMALLEST[1]


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
