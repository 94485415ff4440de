"""The edition as a value: what an editor wrote, without any file format and without any page.

Everything is a frozen dataclass. Sequences are tuples. Places never count in comparisons, so that two
editions are equal when they say the same. Texts are as written: nothing is educated, folded or renumbered.

Normal form, which every maker of a model keeps (the manuscript loader, the importers, the tests'
generators): no empty Text, no two Texts side by side, no line end or tab inside a Text, no white space at the
ends of a block's inlines or beside a LineBreak; no empty Paragraph, and none of page breaks alone, as those
are blocks; `alignments` empty if every one of them is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias, get_args

from edition.source import Place


def _at() -> Place | None:
    return field(default=None, compare=False, repr=False)


# Original pages


@dataclass(frozen=True, slots=True)
class OriginalPage:
    """The number of a page of the printed source. `printed` is false for `[30]`: the source has no number."""

    number: str
    printed: bool = True

    def __str__(self) -> str:
        return self.number if self.printed else f"[{self.number}]"


@dataclass(frozen=True, slots=True)
class PageBreak:
    """Where an original page begins; inline or as a block of its own (TEI `pb`).

    `id` is the anchor if it is not `page-N` (numbers may repeat or be missing), `facs` names the scan.
    """

    page: OriginalPage
    id: str = ""
    facs: str = ""
    at: Place | None = _at()

    @property
    def anchor(self) -> str:
        return self.id or f"page-{self.page.number}"


# Inlines


@dataclass(frozen=True, slots=True)
class Text:
    text: str
    at: Place | None = _at()


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Italic."""

    inlines: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Strong:
    """Bold."""

    inlines: tuple[Inline, ...]


SpanKind = Literal[
    "sc", "sup", "sub", "u", "del", "add", "supplied", "unclear", "gap", "margin",
    "person", "place", "term", "index", "foreign",
]  # fmt: skip
SPAN_KINDS: tuple[SpanKind, ...] = get_args(SpanKind)
SPAN_ATTRIBUTES = ("ref", "entry", "passage", "see", "reason", "lang")
"""ref: the id of a person, place or term. entry: the heading in the index, `Licences > export` under another;
passage: `begin` or `end` of what an entry covers; see: the heading that an entry sends to. reason: of a gap or
an unclear passage. lang: BCP 47, of any span."""


@dataclass(frozen=True, slots=True)
class Span:
    """`[text]{.kind ref=… lang=…}`. Attributes are sorted by name, each at most once."""

    kind: SpanKind
    inlines: tuple[Inline, ...]
    attributes: tuple[tuple[str, str], ...] = ()
    at: Place | None = _at()

    def get(self, name: str) -> str:
        return dict(self.attributes).get(name, "")


@dataclass(frozen=True, slots=True)
class LineBreak:
    """A line break that the source has: in an address, a verse, a signature."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A link to `#anchor`, to `volume#anchor` of another volume, or to an address on the web."""

    target: str
    inlines: tuple[Inline, ...]
    at: Place | None = _at()


@dataclass(frozen=True, slots=True)
class NoteCall:
    """Where a note is called, by the label of its definition in the same document or enclosure."""

    label: str
    at: Place | None = _at()


@dataclass(frozen=True, slots=True)
class Image:
    """A picture of the edition's folder: its path relative to the folder, and the words instead of it."""

    path: str
    alternative: str
    at: Place | None = _at()


Inline: TypeAlias = Text | Emphasis | Strong | Span | LineBreak | Reference | NoteCall | PageBreak | Image

# Blocks

Alignment = Literal["", "center", "left", "right"]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `alignment` empty means: as the style has it."""

    inlines: tuple[Inline, ...]
    alignment: Alignment = ""
    at: Place | None = _at()


@dataclass(frozen=True, slots=True)
class Heading:
    """A head inside a document or enclosure, level 1 to 6. The document's own title is no Heading."""

    level: int
    inlines: tuple[Inline, ...]
    id: str = ""
    at: Place | None = _at()


@dataclass(frozen=True, slots=True)
class Item:
    """An item of a list, with its label as the source prints it, or without one."""

    blocks: tuple[Block, ...]
    label: tuple[Inline, ...] = ()
    at: Place | None = _at()


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list. Either all of its items have labels or none has: then the style prints a sign."""

    items: tuple[Item, ...]
    at: Place | None = _at()


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: tuple[Block, ...]
    language: str = ""
    at: Place | None = _at()


ContainerKind = Literal[
    "dateline", "salute", "closer", "signed", "address", "postscript", "headnote", "source-note", "verse",
]  # fmt: skip
CONTAINER_KINDS: tuple[ContainerKind, ...] = get_args(ContainerKind)


@dataclass(frozen=True, slots=True)
class Container:
    """A part of a document that TEI has a name for. In verse and addresses each source line is a line."""

    kind: ContainerKind
    blocks: tuple[Block, ...]
    language: str = ""
    at: Place | None = _at()


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A document sent with another: with its own head (a leading Heading), its own notes, and nesting."""

    blocks: tuple[Block, ...]
    notes: tuple[Note, ...] = ()
    id: str = ""
    language: str = ""
    at: Place | None = _at()


CellAlignment = Literal["", "left", "center", "right"]
Brace = Literal["", "left", "right"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell. `brace` draws a brace at one of its sides over the rows that it spans."""

    blocks: tuple[Block, ...]
    columns: int = 1
    rows: int = 1
    head: bool = False
    alignment: CellAlignment = ""
    brace: Brace = ""
    at: Place | None = _at()


@dataclass(frozen=True, slots=True)
class Row:
    cells: tuple[Cell, ...]
    at: Place | None = _at()


@dataclass(frozen=True, slots=True)
class Table:
    """A table; page breaks may fall between rows. The first `head_rows` rows repeat on each page.

    `alignments` holds one for each column, or nothing.
    """

    rows: tuple[Row | PageBreak, ...]
    head_rows: int = 0
    caption: tuple[Inline, ...] = ()
    alignments: tuple[CellAlignment, ...] = ()
    at: Place | None = _at()


Block: TypeAlias = Paragraph | Heading | ItemList | Quote | Container | Enclosure | Table | PageBreak


@dataclass(frozen=True, slots=True)
class Note:
    """A note. Its mark as printed is its label, unless `mark` says otherwise."""

    label: str
    blocks: tuple[Block, ...]
    mark: str = ""
    at: Place | None = _at()


# The volume


@dataclass(frozen=True, slots=True)
class Document:
    """One edited text. All scalars are text as written; `start_page` is the original page it begins on."""

    id: str
    title: tuple[Inline, ...] = ()
    blocks: tuple[Block, ...] = ()
    notes: tuple[Note, ...] = ()
    number: str = ""
    type: str = ""
    running_title: str = ""
    source_note: tuple[Inline, ...] = ()
    headnote: tuple[Inline, ...] = ()
    date: str = ""
    place: str = ""
    from_: str = ""
    to: str = ""
    start_page: OriginalPage | None = None
    language: str = ""
    persons: tuple[str, ...] = ()
    allow: tuple[tuple[str, str], ...] = ()
    """Rules that are silenced here: (code, reason)."""
    at: Place | None = _at()


GeneratedKind = Literal[
    "title-page", "imprint", "contents", "documents", "persons", "terms", "index", "concordance",
]  # fmt: skip
GENERATED_KINDS: tuple[GeneratedKind, ...] = get_args(GeneratedKind)


GENERATED_TITLES: dict[GeneratedKind, str] = {
    "title-page": "Title Page",
    "imprint": "Imprint",
    "contents": "Contents",
    "documents": "List of Documents",
    "persons": "Persons",
    "terms": "Abbreviations and Terms",
    "index": "Index",
    "concordance": "Concordance of Pages",
}
"""The builder's own words for the parts that it makes; title page and imprint have none in print."""


@dataclass(frozen=True, slots=True)
class Generated:
    """A part of the book that the builder makes.

    `title` stands over it instead of the builder's own word; `depth` is the number of levels that contents
    show, 0 for all.
    """

    kind: GeneratedKind
    title: str = ""
    depth: int = 0
    at: Place | None = _at()

    @property
    def heading(self) -> str:
        """What it is called."""
        return self.title or GENERATED_TITLES[self.kind]


DivisionKind = Literal["front", "part", "compilation", "chapter", "subchapter", "back"]
DIVISION_KINDS: tuple[DivisionKind, ...] = get_args(DivisionKind)


@dataclass(frozen=True, slots=True)
class Division:
    """A part, compilation, chapter or subchapter; `front` and `back` hold front and back matter.

    `notes` are those that its title calls, and those that they call.
    """

    kind: DivisionKind
    title: tuple[Inline, ...]
    contents: tuple[Entry, ...]
    id: str = ""
    notes: tuple[Note, ...] = ()
    running_title: str = ""
    at: Place | None = _at()

    def head(self, anchor: str) -> Document:
        """Its head as a document of its own under the anchor of the division, for whatever reads documents."""
        return Document(anchor, self.title, notes=self.notes, at=self.at)


Entry: TypeAlias = Division | Document | Generated

Numbering = Literal["source", "document", "chapter", "page", "volume"]
NotesAt = Literal["foot", "end"]
OriginalPages = Literal["inline", "margin", "facsimile", "hidden"]
NewPages = Literal["none", "index", "all"]
NEW_PAGES: tuple[NewPages, ...] = get_args(NewPages)


@dataclass(frozen=True, slots=True)
class NotePolicy:
    """How notes are numbered, and whether they stand at the foot or at the end of their document."""

    numbering: Numbering = "source"
    place: NotesAt = "foot"


@dataclass(frozen=True, slots=True)
class StyleChoice:
    """A style's name, and the settings of it that the edition changes, sorted by name."""

    name: str = "reading"
    settings: tuple[tuple[str, str], ...] = ()
    at: Place | None = _at()
    places: tuple[tuple[str, Place], ...] = field(default=(), compare=False, repr=False)
    """Where each setting is written."""

    def place_of(self, setting: str) -> Place | None:
        """Where a setting is written; where the style is named if that is not known."""
        return dict(self.places).get(setting, self.at)


@dataclass(frozen=True, slots=True)
class Named:
    """A person or a term of the lists."""

    id: str
    name: str
    description: str = ""
    at: Place | None = _at()


@dataclass(frozen=True, slots=True)
class Edition:
    """A volume: what stands in `edition.yaml`, its documents in order, its persons and terms."""

    title: str
    contents: tuple[Entry, ...]
    id: str = ""
    subtitle: str = ""
    volume: str = ""
    running_title: str = ""
    """For running heads, where the title with the volume is too long for them."""
    editors: tuple[str, ...] = ()
    place: str = ""
    publisher: str = ""
    year: str = ""
    imprint: str = ""
    """Further text of the imprint page; blank lines part its paragraphs."""
    language: str = "en"
    style: StyleChoice = StyleChoice()
    notes: NotePolicy = NotePolicy()
    original_pages: OriginalPages = "inline"
    new_pages: NewPages = "index"
    """Which references to original pages print the page that we print, too: those of the volume's own index,
    contents and list of papers, or all of them."""
    outline_pages: bool = False
    """Whether the outline has a branch with the original pages."""
    persons: tuple[Named, ...] = ()
    terms: tuple[Named, ...] = ()
    at: Place | None = _at()

    @property
    def documents(self) -> Iterator[Document]:
        """All documents in the order of the contents."""
        return documents_of(self.contents)


def documents_of(entries: tuple[Entry, ...]) -> Iterator[Document]:
    """All documents under these entries, in order."""
    for entry in entries:
        if isinstance(entry, Document):
            yield entry
        elif isinstance(entry, Division):
            yield from documents_of(entry.contents)


def heads_of(entries: tuple[Entry, ...]) -> Iterator[Document]:
    """The heads of all divisions under these entries as documents, in order; those without an id as `head`."""
    for entry in entries:
        if isinstance(entry, Division):
            yield entry.head(entry.id or "head")
            yield from heads_of(entry.contents)
