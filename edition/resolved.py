"""An edition with everything in it that needs a look at the whole: numbers given, references bound, lists made.

Made by `resolve`, read by rendering, assembly and proof. Everything is frozen, as in `model`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from edition.findings import Finding
from edition.model import Division, Document, Edition, Note, OriginalPage, SpanKind

Scope: TypeAlias = str
"""What labels of notes belong to: a document's id, or for the n-th enclosure in it `ID-en`, n from 1 in
reading order."""


@dataclass(frozen=True, slots=True)
class ResolvedNote:
    """A note with its id (`SCOPE-nLABEL`, made fit for an XML id, unique) and the mark to print."""

    id: str
    mark: str
    note: Note
    calls: int
    """How often it is called. 0: it stands unplaced at the end of its document or enclosure."""


@dataclass(frozen=True, slots=True)
class ContentsLine:
    """A line of the contents list: a division or a document, nested by level from 1."""

    level: int
    anchor: str
    entry: Division | Document


@dataclass(frozen=True, slots=True)
class Locator:
    """Where an entry of an index or list points: what it prints, `334n14`, and the anchor it leads to."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class IndexHeading:
    """A heading of the index with its locators, the headings that it sends to, and those under it."""

    words: str
    locators: tuple[Locator, ...] = ()
    see: tuple[str, ...] = ()
    headings: tuple[IndexHeading, ...] = ()


@dataclass(frozen=True, slots=True)
class ConcordanceLine:
    """An original page, the document in which it begins, and the pages of ours that it stands on."""

    page: OriginalPage
    anchor: str
    document: str
    """The document's id."""
    first: int
    """Index of the first page that it stands on, from 0."""
    last: int
    folios: str
    """The folios of these pages: `211–12`."""


@dataclass(frozen=True)
class ResolvedEdition:
    """An edition with everything in it that needs a look at the whole."""

    edition: Edition
    notes: dict[tuple[Scope, str], ResolvedNote]
    """By scope and label."""
    targets: dict[str, str]
    """A Reference's target as written → the anchor it leads to, without `#`, or an address on the web.
    A target that is missing here leads nowhere and prints as plain text."""
    starts: dict[str, str]
    """Documents whose beginning is the best place to find their `start_page`, as no page break has that
    number: document id → anchor."""
    contents: tuple[ContentsLine, ...]
    findings: tuple[Finding, ...]
    page_anchors: frozenset[str] = frozenset()
    """The anchors of original pages."""
    mentions: frozenset[SpanKind] = frozenset()
    """The kinds of spans that the index or a list points to."""
    index: tuple[IndexHeading, ...] = ()
    named_pages: dict[str, tuple[Locator, ...]] = field(default_factory=dict)
    """By the id of a person or term, where they are named; only where the list is generated."""
    concordance: tuple[ConcordanceLine, ...] = ()
    """Only where it is generated, and then from the second round on."""
