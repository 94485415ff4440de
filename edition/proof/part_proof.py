"""What the proof of a part of the book found: plain values that know nothing of where in the book the part stands.

Pages count from the part's first one; a finding's folio is such a number. Places name files as the places file
does, and in the edition's own file they count lines from where the part's first entry stands: what is added to
`edition.yaml` above it changes nothing. A proof can be kept as JSON.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from edition.findings import RULES, Finding
from edition.pages import Rectangle
from edition.proof.account import Tallied, tallied_from
from edition.proof.drawing import Colour
from edition.proof.finished import Evidence, FontSeal, PageSeal
from edition.proof.places import Row
from edition.proof.streams import Key
from edition.source import Place

FORMAT = 2


class LineStart(NamedTuple):
    """Where a printed line begins in a file."""

    file: int
    """By its place in the page's `files`."""
    line: int
    column: int
    number: int
    """Of the line on its page."""


class PageProof(NamedTuple):
    """What stands on a page, for whatever is compared across parts."""

    box: Rectangle | None
    """Around all text, in places from before the body was moved."""
    paint: tuple[tuple[Rectangle, Colour], ...]
    """What is filled, which furniture may stand on."""
    generated: bool
    """Whether parts that the builder makes have text there."""
    files: tuple[int, ...]
    """The files of its rows, each by its place in `PartProof.files`."""
    rows: str
    """Its pieces of print, as the places file has them, without the brackets."""
    moving: tuple[Row, ...]
    """Those written in the edition's own file."""
    lines: tuple[LineStart, ...]
    """Where its lines begin in the files."""


class Said(NamedTuple):
    """What a locator or the new page of a reference reads."""

    what: Literal["locator", "new-page"]
    part: str
    """The kind of the generated part that it stands in."""
    text: str
    leads_to: str
    since: str
    page: int


class Listed(NamedTuple):
    """An entry of the index or a list, or a locator, in the order of the HTML, drawn or not."""

    what: Literal["entry", "locator"]
    part: str
    id: str
    """An entry's own, or that to which a locator leads."""


class ContentsSaid(NamedTuple):
    """The page numbers that a contents list prints, line by line."""

    key: Key
    lines: tuple[tuple[str, int], ...]
    """What is said and on which page; nothing and page 0 where none is."""


@dataclass(frozen=True, slots=True)
class PartProof:
    """The proof of a part."""

    covered: tuple[Key, ...]
    """The streams that were looked for; generated ones are counted within the part."""
    words: int
    notes: int
    page_breaks: int
    findings: tuple[Finding, ...]
    of_rules: tuple[Finding, ...]
    """What the rules of pages find."""
    strange: tuple[tuple[str, Finding], ...]
    """Families that the style does not name: of each only its first finding in the book is told."""
    begun: tuple[tuple[int, tuple[str, ...]], ...]
    """By page, the original pages that begin there."""
    all_located: bool
    contents: tuple[ContentsSaid, ...]
    said: tuple[Said, ...]
    listed: tuple[Listed, ...]
    files: tuple[str, ...]
    pages: tuple[PageProof, ...]
    evidence: Evidence
    tallies: tuple[Tallied, ...]
    """What became of each stream."""

    def to_json(self) -> str:
        values = [getattr(self, name) for name in self.__slots__]
        return json.dumps([FORMAT, *values], default=_as_list, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str | bytes) -> PartProof:
        """Raises ValueError for anything but what `to_json` gave."""
        try:
            format_, *values = json.loads(text)
            if format_ != FORMAT:
                raise ValueError(f"a proof of the format {format_}")
            (covered, words, notes, page_breaks, findings, of_rules, strange, begun, all_located,
             contents, said, listed, files, pages, evidence, tallies) = values  # fmt: skip
            return cls(
                tuple(Key(*key) for key in covered),
                int(words),
                int(notes),
                int(page_breaks),
                tuple(map(finding_from, findings)),
                tuple(map(finding_from, of_rules)),
                tuple((family, finding_from(finding)) for family, finding in strange),
                tuple((int(page), tuple(numbers)) for page, numbers in begun),
                bool(all_located),
                tuple(ContentsSaid(Key(*key), tuple(map(tuple, lines))) for key, lines in contents),
                tuple(Said(*one) for one in said),
                tuple(Listed(*one) for one in listed),
                tuple(files),
                tuple(_page_from(*page) for page in pages),
                evidence_from(evidence),
                tuple(map(tallied_from, tallies)),
            )
        except (TypeError, KeyError, IndexError, AttributeError) as error:
            raise ValueError("no proof of a part") from error


def _as_list(value: Any) -> Any:
    if isinstance(value, Finding):
        return finding_to(value)
    raise TypeError(f"{type(value).__name__} is no plain value")


def finding_to(finding: Finding) -> list[Any]:
    """A finding as JSON can have it: its rule knows the rest."""
    place = [finding.place.path, finding.place.line, finding.place.column] if finding.place else None
    return [finding.code, finding.message, place, finding.hint, finding.folio, finding.line]


def finding_from(value: Any) -> Finding:
    code, message, place, hint, folio, line = value
    return RULES[code].at(Place(*place) if place else None, message, hint=hint, folio=folio, line=line)


def evidence_from(value: Any) -> Evidence:
    pages, fonts = value
    return Evidence(
        tuple(PageSeal(drawing, tuple(map(tuple, objects))) for drawing, objects in pages),
        tuple(FontSeal(*font) for font in fonts),
    )


def _page_from(box: Any, paint: Any, generated: bool, files: Any, rows: str, moving: Any, lines: Any) -> PageProof:
    painted = tuple((tuple(rectangle), tuple(colour)) for rectangle, colour in paint)
    starts = tuple(LineStart(*start) for start in lines)
    return PageProof(tuple(box) if box else None, painted, generated, tuple(files), rows, tuple(moving), starts)
