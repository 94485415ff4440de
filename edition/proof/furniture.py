"""Texts that the builder makes: folios, running heads' spans, page numbers of the contents, repeated table heads.

Each is checked against the pages themselves, not against how it was made.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeAlias

from edition.findings import Finding, Severity, declare
from edition.numerals import inclusive
from edition.pages import Label, Labels, Page, Rectangle
from edition.proof.collation import quoted
from edition.proof.drawing import DrawnPage, Piece
from edition.proof.finished import Evidence
from edition.proof.gates import UNTAGGED, check_page, strange_faces
from edition.proof.geometry import around
from edition.proof.part_proof import ContentsSaid, evidence_from, finding_from, finding_to
from edition.proof.parts import DrawnBook
from edition.proof.text import squeezed
from edition.resolved import ContentsLine

WRONG_FOLIO = declare(
    "C030",
    Severity.ERROR,
    """A page's printed number is not its number, or numbers are out of order.

    Roman folios count the front matter, arabic ones the text from 1; in facsimile mode the folio is the original
    page's.
    """,
)
WRONG_SPAN = declare(
    "C031",
    Severity.WARNING,
    """A running head gives other original pages than stand on its page.

    The span is that of the original page that the page begins with to the last one that begins on it.
    """,
)
WRONG_REFERENCE = declare(
    "C032",
    Severity.WARNING,
    """A line of the contents gives another page than that on which its entry stands.""",
)
WRONG_REPEAT = declare(
    "C033",
    Severity.ERROR,
    """A table's head reads otherwise where it is repeated.""",
)


Events: TypeAlias = Mapping[int, Sequence[str]]
"""By page, from 0, the original pages that begin there, in order."""
Readings: TypeAlias = Mapping[str, str]
"""By named string, what the margin boxes of a page read that hold it before all others."""


# Furniture


class FurnitureProof(NamedTuple):
    """The proof of a page's furniture, whatever page it is; its findings have no folio."""

    key: str
    """Of all that it was made from, but for what its codes mean."""
    readings: tuple[tuple[str, str], ...]
    findings: tuple[Finding, ...]
    strange: tuple[tuple[str, Finding], ...]
    box: Rectangle | None
    """Around all that it draws."""
    evidence: Evidence


def prove_furniture(
    drawn: DrawnPage,
    labels: Sequence[Label],
    families: frozenset[str],
    key: str = "",
    evidence: Evidence | None = None,
) -> FurnitureProof:
    """What a page's furniture reads, and what is wrong with how it is drawn.

    `labels` are those of its artifacts; with a `key` and `evidence` the proof can be kept.
    """
    readings: dict[str, str] = {}
    findings = list(check_page(drawn, "", _nowhere))
    for piece in drawn.pieces:
        if piece.artifact is not None and piece.artifact < len(labels):
            for string in labels[piece.artifact].strings[:1]:
                readings[string] = readings.get(string, "") + piece.text
        elif (not piece.tagged or piece.number is not None) and piece.text.strip():
            findings.append(
                UNTAGGED.at(None, f"the text {quoted([piece.text.strip()])} belongs to nothing", folio="")
            )
    boxes = [piece.band for piece in drawn.pieces if piece.text.strip()] + [box for box, _ in drawn.paint]
    return FurnitureProof(
        key,
        tuple(readings.items()),
        tuple(findings),
        tuple(strange_faces([drawn], [""], families, _nowhere)),
        around(boxes) if boxes else None,
        evidence or Evidence(),
    )


def furniture_to(proof: FurnitureProof) -> list[Any]:
    """As JSON can have it."""
    findings = [finding_to(finding) for finding in proof.findings]
    strange = [(family, finding_to(finding)) for family, finding in proof.strange]
    return [proof.key, proof.readings, findings, strange, proof.box, proof.evidence]


def furniture_from(value: Any) -> FurnitureProof:
    """The other way. Raises whatever comes of values that are nothing of the kind."""
    key, readings, findings, strange, box, evidence = value
    return FurnitureProof(
        key,
        tuple((string, text) for string, text in readings),
        tuple(map(finding_from, findings)),
        tuple((family, finding_from(finding)) for family, finding in strange),
        tuple(box) if box else None,
        evidence_from(evidence),
    )


def _nowhere(piece: Piece) -> None:
    """Furniture is written nowhere."""


# What the builder makes, against the pages


def check_folios(pages: Sequence[Page], readings: Sequence[Readings], facsimile: bool) -> Iterator[Finding]:
    """Printed folios are those of their pages; those of the text rise by one, but for the original's."""
    for page, reading in zip(pages, readings, strict=True):
        printed = reading.get("folio", "").strip()
        if printed and not _is_among(page.folio, printed):
            message = f"the folio reads {quoted([printed])} on page {page.folio}"
            yield WRONG_FOLIO.at(None, message, folio=page.folio)
    for page, after in pairwise(page for page in pages if page.folio.isdecimal() and not facsimile):
        if int(after.folio) != int(page.folio) + 1:
            yield WRONG_FOLIO.at(None, f"page {after.folio} comes after page {page.folio}", folio=after.folio)


def _is_among(folio: str, printed: str) -> bool:
    """Whether a folio is what is printed, or a whole word of it: styles may set `– 12 –` or `Page 12`."""
    wanted = re.escape(squeezed(folio).casefold())
    read = " ".join(printed.split()).casefold()
    return squeezed(read) == squeezed(folio).casefold() or bool(re.search(rf"(?<!\w){wanted}(?!\w)", read))


def check_original_pages(
    pages: Sequence[Page],
    readings: Sequence[Readings],
    begun: Events,
    generated: Container[int],
    facsimile: bool,
) -> Iterator[Finding]:
    """The span in the running head, or in facsimile mode the folio, against what stands on each page.

    `begun` says where original pages begin in the text as it was found, `generated` on which pages parts stand
    that the builder makes: they are on no original page, and in front of the text folios are roman.
    """
    in_front = facsimile
    current = ""
    for page, reading in zip(pages, readings, strict=True):
        in_front = in_front and page.name != "main"
        here = list(begun.get(page.index, ()))
        known = [opening for opening in (current, *here) if opening]
        current = here[-1] if here else current
        if in_front or (page.index in generated and not here):
            continue
        printed = reading.get("folio" if facsimile else "original-pages", "").strip()
        if not printed or not known:
            continue
        possible = known if facsimile else [inclusive(opening, current) for opening in known[:2]]
        if squeezed(printed) not in map(squeezed, possible):
            wanted = inclusive(known[0], current)
            message = f"the head gives the original page {quoted([printed])} instead of {quoted([wanted])}"
            yield WRONG_SPAN.at(None, message, folio=page.folio)


def contents_said(labels: Labels, book: DrawnBook) -> Iterator[ContentsSaid]:
    """What contents lists print after their lines."""
    for key, lines in book.contents_lines.items():
        numbers: dict[int, list[Piece]] = {}
        for item in book.streams[key].items if key in book.streams else ():
            if item.label.pseudo and labels.elements[item.label.element].tag == "a":
                numbers.setdefault(item.label.element, []).append(item.piece)
        said = []
        for element in lines:
            pieces = numbers.get(element, [])
            said.append(("".join(piece.text for piece in pieces).strip(), pieces[0].page if pieces else 0))
        yield ContentsSaid(key, tuple(said))


def check_contents(
    lines: Iterable[ContentsLine], said: Iterable[tuple[str, str]], folios: Mapping[str, str]
) -> Iterator[Finding]:
    """The page numbers of a contents list, line by line, against the folios of the pages they lead to.

    What is said comes with the folio where it stands; `folios` are by anchor.
    """
    for line, (printed, here) in zip(lines, said, strict=False):
        folio = folios.get(line.anchor, "")
        if printed and squeezed(printed).casefold() != squeezed(folio).casefold():
            message = f"the contents send to page {printed}, but {line.anchor} stands on page {folio}"
            yield WRONG_REFERENCE.at(line.entry.at, message, folio=here)


def check_repeats(book: DrawnBook, folios: Sequence[str]) -> Iterator[Finding]:
    """Table heads that are repeated, against what they read where they stand first."""
    for (head, page), pieces in book.repeated.items():
        first = sorted(squeezed("".join(piece.text for piece in book.heads.get(head, ()))))
        if head >= 0 and sorted(squeezed("".join(piece.text for piece in pieces))) != first:
            words = quoted(" ".join(piece.text for piece in pieces).split())
            yield WRONG_REPEAT.at(None, f"the repeated table head reads {words}", folio=folios[page])
