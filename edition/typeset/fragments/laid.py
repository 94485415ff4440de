"""What comes of a fragment that was laid out: all that a book is put together from, and nothing of where it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from edition.drawings import Drawing, FontUse, PageDrawing
from edition.findings import Finding
from edition.pages import Labels, LineCount, Page


@dataclass(frozen=True, slots=True)
class Start:
    """How a fragment's first page begins, as far as its layout may know."""

    right: bool = True
    """Whether it is laid out as if its first page were a right one."""
    first: bool = False
    """Whether it begins the book: CSS has `:first` for that page."""
    happens: bool = False
    """Whether the page before it happened to end there: no style asks for a new one."""


class LayTask(NamedTuple):
    """A stretch to be laid out, or what follows a place in it."""

    html: str
    """Of the whole stretch."""
    start: Start
    """How the stretch begins."""
    numbers: Mapping[str, int]
    """The page numbers of anchors, as far as they are known."""
    keeps_side: bool = False
    """Whether its pages stand on the side that they have in the book; else every fragment begins with a right one."""
    place: int = 0
    """The offset where to begin: that of a part before which a page ends."""
    begins_there: Start = Start()
    """How the first page begins from there on."""
    stops: Mapping[int, tuple[Start, ...]] = {}
    """Places to stop at if a page ends before them and the next one begins like this."""
    until: int = 0
    """The offset of a part that is looked at no more, as one should be able to stop before it; 0 for none."""
    divides: bool = True
    """Whether to divide it into fragments."""

    @property
    def begins(self) -> Start:
        """How its first page begins."""
        return self.begins_there if self.place else self.start


@dataclass(frozen=True, slots=True)
class PageRecord:
    """What a page's furniture is made from. Lengths are CSS pixels."""

    right: bool
    """As it was laid out."""
    blank: bool
    name: str | None
    """Its CSS page name."""
    groups: tuple[tuple[str, int], ...]
    """CSS page groups: name, and the page's number in it, from 0."""
    strings: Mapping[str, tuple[str, ...]]
    """Named strings that are set on it, each with its values in order."""
    begins: tuple[str, ...]
    """Those of them that its very first element sets."""
    running: Mapping[str, tuple[int, ...]]
    """Running elements on it, by name: numbers among the fragment's."""
    area: tuple[float, float, float, float]
    """Left, top, width, height of its content box."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A fragment's pages, drawn without their furniture."""

    start: Start
    pages: tuple[Page, ...]
    """Folios and indices are still open: those of the fragment alone."""
    records: tuple[PageRecord, ...]
    drawn: tuple[PageDrawing, ...]
    objects: int
    """How many objects its drawing has."""
    fonts: tuple[FontUse, ...]
    running: tuple[str, ...] = ()
    """The HTML of its running elements, each in copies of the elements around it."""
    targets: tuple[str, ...] = ()
    """What its links lead to."""
    numbers: Mapping[str, int] = field(default_factory=dict)
    """Anchors whose page numbers it depends on, with the number that it was given; 0 for none."""
    open_numbers: tuple[str, ...] = ()
    """Anchors whose page numbers are open in its drawing: of them it depends on how many figures they have."""
    side_matters: bool = False
    """Whether the layout depends on the side of its first page."""
    follows: Start = Start()
    """How the first page of the next fragment begins."""
    reach: int = 0
    """How much of the HTML, from where it begins, its first page was made of: what a page before it may have seen."""
    findings: tuple[Finding, ...] = ()
    lines: LineCount = field(default_factory=LineCount)
    files: Mapping[str, str] = field(default_factory=dict)
    """Addresses that were read, pictures say, with a digest of each; an empty one where nothing was there."""


@dataclass(frozen=True, slots=True)
class Made:
    """A fragment that was laid out, with its drawing and what each piece of that belongs to."""

    end: int
    """The offset in its stretch where it ends."""
    laid: Laid
    drawing: Drawing
    labels: Labels = field(repr=False)
