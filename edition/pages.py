"""The edition on pages: what fell where. Made by typesetting, read by assembly, proof and resolving.

Lengths are PDF points from the top left corner of the page's trim box.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from edition.findings import Finding

Side = Literal["recto", "verso"]


@dataclass(frozen=True, slots=True)
class NotePart:
    """A note, or the part of it that stands on one page."""

    id: str
    continued: bool
    """Whether it began on an earlier page."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page that we print."""

    index: int
    """From 0."""
    folio: str
    """As it would be printed: `iv`, `12`; counted on blank pages too."""
    side: Side
    blank: bool
    name: str
    """The CSS page name: `front`, `main`, …; empty where the style gives none."""
    width: float
    height: float
    anchors: dict[str, tuple[float, float]] = field(hash=False)
    """Where each id of the HTML begins."""
    calls: tuple[str, ...]
    """The ids of the notes called on this page, in order, repeated calls included."""
    notes: tuple[NotePart, ...]
    """The notes in the note area, from the top."""
    notes_in_text: tuple[str, ...] = ()
    """The ids of the notes that begin in the text: those at the end of their document."""


@dataclass(frozen=True, slots=True)
class PagedEdition:
    """The pages, the PDF that the engine wrote (before assembly), and what typesetting found."""

    pages: tuple[Page, ...]
    pdf: bytes = field(repr=False)
    findings: tuple[Finding, ...] = ()

    def page_of(self, anchor: str) -> Page | None:
        """The page on which an anchor stands."""
        return next((page for page in self.pages if anchor in page.anchors), None)
