"""The edition on pages: what fell where. Made by typesetting, read by assembly, proof and resolving.

Lengths are PDF points from the top left corner of the page's trim box.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeAlias
from urllib.parse import quote

from edition.drawings import Colours, Drawing, FurnitureDrawing, Object, PageBoxes, PageDrawing, Shift
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
    opens_with: str = ""
    """The number of the original page whose text stands first on it; empty where none is known."""
    notes_in_text: tuple[str, ...] = ()
    """The ids of the notes that begin in the text: those at the end of their document."""
    turned: bool = False
    """Whether it is read after a quarter turn anticlockwise; its lengths are as it is before that."""


Rectangle: TypeAlias = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class HtmlElement:
    """An element of the HTML, as far as one must know it to say what stands in it."""

    tag: str
    id: str
    classes: frozenset[str]
    parent: int
    """Its place in `Labels.elements`; -1 for the root."""
    leads_to: str = ""
    """Of a link: the id that it leads to."""
    since: str = ""
    """Of a link to the end of a span: the id where that begins."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a marked piece of a page's drawing belongs to. It never says what the piece reads."""

    element: int
    """Its place in `Labels.elements`; -1 for furniture."""
    pseudo: str = ""
    """The pseudo-element, `before` say; of furniture its margin box, `@top-left` say."""
    recased: bool = False
    """Whether the style may print capitals for small letters."""
    strings: tuple[str, ...] = ()
    """Of furniture: the named strings that the style puts there."""
    repeated: bool = False
    """Whether it repeats what an earlier page has: a table's head."""


@dataclass(frozen=True, slots=True)
class PageLabels:
    """The labels of one page's drawing, and where its text and its notes may stand."""

    text_area: Rectangle
    note_area: Rectangle | None
    content: dict[int, Label] = field(hash=False)
    """By number of marked content, in the order of the text."""
    artifacts: tuple[Label, ...] = ()
    """Of the artifacts with properties that the page's own stream marks, in the order of drawing."""


@dataclass(frozen=True, slots=True)
class Labels:
    """What each marked piece of the drawing belongs to: elements in the order of the HTML, and the pages."""

    elements: tuple[HtmlElement, ...]
    pages: tuple[PageLabels, ...]


@dataclass(frozen=True)
class Part:
    """A run of pages that was laid out by itself, wherever in the book it stands."""

    key: str
    """Content hash of what it was made from: equal keys, equal drawing."""
    first: int
    """The book's index of its first page."""
    pages: int
    """How many it has."""
    load: Callable[[], Labels] = field(repr=False, compare=False)
    html: str = field(default="", repr=False, compare=False)
    """What was laid out."""

    @cached_property
    def labels(self) -> Labels:
        """Elements of its own HTML, ancestors that go on from the part before repeated, and its pages.

        Artifacts are those of the body alone.
        """
        return self.load()


@dataclass(frozen=True)
class Placed:
    """A drawing in its place among the pages, the blank pages before it included."""

    key: str
    """Content hash of the drawing."""
    first: int
    """The book's index of its first page, blank ones counted."""
    blanks: int
    """How many pages of the furniture come before those of the drawing."""
    shifts: tuple[Shift, ...]
    """By page of the drawing."""
    pages: tuple[PageDrawing, ...]
    objects: int
    """How many objects the drawing has."""
    furniture: FurnitureDrawing
    boxes: tuple[PageBoxes, ...]
    """By page of the furniture."""
    load: Callable[[], Drawing] = field(repr=False, compare=False)
    page_numbers: tuple[int, ...] = ()
    """Those that are open in the drawing."""

    @cached_property
    def drawing(self) -> Drawing:
        return self.load()


@dataclass(frozen=True, slots=True)
class EmbeddedFace:
    """A face ready to be embedded: its glyphs' numbers are their codes. Lengths are thousandths of the size."""

    name: str
    content: bytes = field(repr=False)
    is_cff: bool
    numbers: dict[str, int] = field(hash=False)
    """By character."""
    widths: dict[str, int] = field(hash=False)
    ascent: int
    descent: int
    box: tuple[int, ...]

    def width(self, text: str, size: float) -> float:
        """How wide a text is; what the face has no glyph for is left out."""
        return sum(self.widths.get(char, 0) for char in text) * size / 1000


@dataclass(frozen=True, slots=True)
class LineCount:
    """How the paragraphs of the text and of the notes were broken into lines."""

    planned: int = 0
    """Those broken over the paragraph as a whole."""
    unplanned: tuple[tuple[str, int], ...] = ()
    """Those that were left to the engine, wholly or in part: what stood in the way, and how often."""


@dataclass(frozen=True, slots=True)
class PagedEdition:
    """The pages, what they are drawn by, and what typesetting found."""

    pages: tuple[Page, ...]
    findings: tuple[Finding, ...] = ()
    labels: Labels | None = field(default=None, repr=False)
    lines: LineCount = LineCount()
    parts: tuple[Part, ...] = field(default=(), repr=False)
    """What was laid out by itself, in order; none where the book was laid out in one run. Blank pages between
    parts belong to none."""
    furniture: tuple[tuple[Label, ...], ...] = field(default=(), repr=False)
    """With parts: for each page of the book the labels of its furniture, in the order of drawing."""
    placed: tuple[Placed, ...] = field(default=(), repr=False)
    """The drawings, which have all pages between them."""
    fonts: tuple[Object, ...] = field(default=(), repr=False)
    """The dictionary of all their fonts, and what it refers to."""
    colours: Colours = field(default=Colours(b"", b""), repr=False)

    def first_pages(self) -> dict[str, Page]:
        """The page on which each anchor begins."""
        found: dict[str, Page] = {}
        for page in self.pages:
            for anchor in page.anchors:
                found.setdefault(anchor, page)
        return found

    def page_of(self, anchor: str) -> Page | None:
        """The page on which an anchor begins."""
        return self.first_pages().get(anchor)


def destination_name(anchor: str) -> str:
    """What an anchor is called in a PDF: ASCII, as readers differ in how they compare others."""
    return "".join(char if char.isascii() else quote(char) for char in anchor)
