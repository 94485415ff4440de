"""The proof of a book from those of its parts and its furniture, with whatever must be compared across parts.

Here pages get their folios: contents, locators, references, running heads and folios are held against them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple, TypeAlias

from edition.findings import Finding
from edition.pages import PagedEdition, Part, Rectangle
from edition.proof.account import Entry, Tallied, account
from edition.proof.drawing import DrawnPage, Piece, Shift
from edition.proof.expectation import Expectation, Share
from edition.proof.furniture import FurnitureProof, check_contents, check_folios, check_original_pages
from edition.proof.gates import check_crossing
from edition.proof.geometry import moved_by
from edition.proof.lists import listed_lines
from edition.proof.part_proof import PageProof, PartProof
from edition.proof.places import Places, moved, page_line, places_file, read_places
from edition.proof.pointers import check_mentions, check_said
from edition.proof.streams import generated_parts
from edition.resolved import ResolvedEdition
from edition.source import Place

HYPHEN_AT_THE_END = "T105"
"""The rule that is about right pages only."""

Drawings: TypeAlias = Callable[[int], tuple[DrawnPage, DrawnPage, DrawnPage]]
"""Body, furniture and whole of a page of the book, for those few pages where the first two may cross."""


class PrintedLine(NamedTuple):
    """A line of the finished pages, and where it begins in a file."""

    place: Place
    folio: str
    number: int


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
    of_rules: tuple[Finding, ...] = ()
    """What the rules of pages find, which is no matter of proof."""
    lines: tuple[PrintedLine, ...] = field(default=(), repr=False)
    """Where each printed line begins in the source."""
    entries: tuple[Entry, ...] = field(default=(), repr=False)
    """What was found of each text, for the account."""


def join(
    resolved: ResolvedEdition,
    paged: PagedEdition,
    expectation: Expectation,
    parts: Sequence[tuple[Part, Share, PartProof]],
    furniture: Sequence[FurnitureProof],
    shifts: Sequence[Shift],
    drawings: Drawings,
) -> Proof:
    """Put proofs together: `furniture` and `shifts` (how far bodies are moved) are by page.

    Raises ValueError if the parts' proofs do not cover what must stand in the book, once.
    """
    covered = [key for _, share, _ in parts for key in share.keys.values()]
    if len(covered) != len(expectation.streams) or set(covered) != expectation.streams.keys():
        raise ValueError("the parts do not cover the edition")
    if any(proof.covered != tuple(share.streams) for _, share, proof in parts):
        raise ValueError("a part's proof is of something else")
    return _Joining(resolved, paged, expectation, parts, furniture, shifts).join(drawings)


class _Joining:
    """One book, its checks in order."""

    def __init__(
        self,
        resolved: ResolvedEdition,
        paged: PagedEdition,
        expectation: Expectation,
        parts: Sequence[tuple[Part, Share, PartProof]],
        furniture: Sequence[FurnitureProof],
        shifts: Sequence[Shift],
    ) -> None:
        self.resolved = resolved
        self.pages = paged.pages
        self.expectation = expectation
        self.parts = parts
        self.furniture = furniture
        self.shifts = shifts
        self.folios = {anchor: page.folio for anchor, page in paged.first_pages().items()}
        self.paths = {name: path for path, name in expectation.names.items()}

    def folio(self, part: Part, page: int) -> str:
        return self.pages[part.first + page].folio

    def join(self, drawings: Drawings) -> Proof:
        places = places_file(self.files, self.lines)
        proofs = [proof for _, _, proof in self.parts]
        findings = (
            *self.findings_of_parts(),
            *self.findings_of_furniture(),
            *self.strange_faces(),
            *self.crossings(drawings, places),
            *self.made_by_the_builder(),
        )
        return Proof(
            findings,
            sum(proof.words for proof in proofs),
            sum(proof.notes for proof in proofs),
            sum(proof.page_breaks for proof in proofs),
            places,
            tuple(self.findings_of_rules()),
            tuple(self.printed_lines()),
            account(self.resolved, self.tallies()),
        )

    def tallies(self) -> Iterator[tuple[Tallied, str, str]]:
        """What became of each stream of the book, with the folios where it begins and ends."""
        for part, share, proof in self.parts:
            for told in proof.tallies:
                folios = ("", "")
                if told.first >= 0:
                    folios = self.folio(part, told.first), self.folio(part, told.last)
                yield told._replace(key=share.keys.get(told.key, told.key)), *folios

    # Findings of parts

    def inwards(self, part: Part, share: Share, finding: Finding) -> Finding:
        """A finding of a part with its page's folio."""
        folio = None if finding.folio is None else self.folio(part, int(finding.folio))
        return share.inwards(finding, self.paths, folio)

    def findings_of_parts(self) -> Iterator[Finding]:
        for part, share, proof in self.parts:
            yield from (self.inwards(part, share, finding) for finding in proof.findings)

    def findings_of_rules(self) -> Iterator[Finding]:
        for part, share, proof in self.parts:
            for finding in proof.of_rules:
                if finding.code != HYPHEN_AT_THE_END or self.is_recto(part, finding):
                    yield self.inwards(part, share, finding)

    def is_recto(self, part: Part, finding: Finding) -> bool:
        """Whether a finding of a part stands on a right page: only the book knows that."""
        return finding.folio is not None and self.pages[part.first + int(finding.folio)].side == "recto"

    def findings_of_furniture(self) -> Iterator[Finding]:
        for page, furniture in zip(self.pages, self.furniture, strict=True):
            yield from (replace(finding, folio=page.folio) for finding in furniture.findings)

    def strange_faces(self) -> Iterator[Finding]:
        """Of each family that the style does not name, the first finding."""
        first: dict[str, Finding] = {}
        for part, share, proof in self.parts:
            for family, finding in proof.strange:
                first.setdefault(family, self.inwards(part, share, finding))
        for page, furniture in zip(self.pages, self.furniture, strict=True):
            for family, finding in furniture.strange:
                first.setdefault(family, replace(finding, folio=page.folio))
        yield from first.values()

    # Body and furniture

    @cached_property
    def page_proofs(self) -> dict[int, tuple[Share, PartProof, PageProof]]:
        """By page of the book; blank pages have none."""
        return {
            part.first + number: (share, proof, page)
            for part, share, proof in self.parts
            for number, page in enumerate(proof.pages)
        }

    def crossings(self, drawings: Drawings, places: bytes) -> Iterator[Finding]:
        """What is wrong between the text and the furniture of pages where the two come near each other."""
        read: Places | None = None
        for index, (_, _, page) in self.page_proofs.items():
            box = self.furniture[index].box
            if box is None or page.box is None or not _meet(box, moved_by(page.box, self.shifts[index])):
                continue
            read = read or read_places(places)
            where = _Whereabouts(read, index, self.paths)
            yield from check_crossing(*drawings(index), self.pages[index].folio, where)

    # What the builder makes

    def made_by_the_builder(self) -> Iterator[Finding]:
        facsimile = self.resolved.edition.original_pages == "facsimile"
        readings = [dict(furniture.readings) for furniture in self.furniture]
        yield from check_folios(self.pages, readings, facsimile)
        if all(proof.all_located for _, _, proof in self.parts):
            generated = {index for index, (_, _, page) in self.page_proofs.items() if page.generated}
            yield from check_original_pages(self.pages, readings, self.begun, generated, facsimile)
        yield from self.contents()
        said = ((one, self.folio(part, one.page)) for part, _, proof in self.parts for one in proof.said)
        yield from check_said(said, self.folios)
        listed = (one for _, _, proof in self.parts for one in proof.listed)
        yield from check_mentions(self.resolved, self.expectation.streams.values(), listed, self.folios)

    @cached_property
    def begun(self) -> dict[int, tuple[str, ...]]:
        """By page, the original pages that begin there."""
        return {part.first + page: numbers for part, _, proof in self.parts for page, numbers in proof.begun}

    def contents(self) -> Iterator[Finding]:
        generated = generated_parts(self.resolved)
        for part, share, proof in self.parts:
            for key, lines in proof.contents:
                if (book_key := share.keys.get(key)) is not None:
                    said = ((printed, self.folio(part, page)) for printed, page in lines)
                    listed = listed_lines(self.resolved, generated[book_key])
                    yield from check_contents(listed, said, self.folios)

    # Places

    @cached_property
    def files(self) -> dict[str, int]:
        """All files that something was written in, numbered in the order of the parts."""
        files: dict[str, int] = {}
        for _, _, proof in self.parts:
            for name in proof.files:
                files.setdefault(name, len(files))
        return files

    def printed_lines(self) -> Iterator[PrintedLine]:
        for index, (share, proof, page) in self.page_proofs.items():
            names = [proof.files[number] for number in page.files]
            for start in page.lines:
                place = share.absolute(Place(names[start.file], start.line, start.column), self.paths)
                yield PrintedLine(place, self.pages[index].folio, start.number)

    @property
    def lines(self) -> Iterator[str]:
        for index in range(len(self.pages)):
            if index not in self.page_proofs:
                yield page_line((0.0, 0.0), (), "")
                continue
            share, proof, page = self.page_proofs[index]
            files = [self.files[proof.files[number]] for number in page.files]
            moving = [moved(row, share.base) for row in page.moving]
            yield page_line(self.shifts[index], files, page.rows, moving)


def _meet(one: Rectangle, other: Rectangle) -> bool:
    """Whether two boxes share any room."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


class _Whereabouts:
    """The place in the source of a piece of one page, by the places file."""

    def __init__(self, places: Places, page: int, paths: Mapping[str, str]) -> None:
        self.places = places
        self.page = page
        self.paths = paths

    def __call__(self, piece: Piece) -> Place | None:
        if piece.number is None:
            return None
        begins = len(piece.text) - len(piece.text.lstrip())
        at = self.places.place_of(self.page, piece.number, begins)
        return replace(at, path=self.paths.get(at.path, at.path)) if at else None
