"""What each drawn piece belongs to: its stream, and its part there: text, a call, an original page's mark.

Labels from typesetting say which element of the HTML a piece is from; the classes that say what an element is are
those that `docs/styles.md` promises. What the piece reads is the drawing's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal, NamedTuple, TypeAlias

from edition.model import GENERATED_KINDS
from edition.pages import HtmlElement, Label, Labels, Rectangle
from edition.proof.drawing import DrawnPage, Piece
from edition.proof.geometry import around
from edition.proof.streams import Key

Part = Literal["text", "call", "break", "mark", "builder", "picture"]
"""`mark` is that of a note in front of it, `builder` what builder or style say by themselves: heads of
generated parts, signs of lists, brackets of insertions."""

BUILDERS = ("unplaced-head", "locators", "locator", "see", "date")
"""Classes of what the builder says by itself: where lists point, and words between."""
NOWHERE = Key("generated", "")


class Standing(NamedTuple):
    """What an element is part of."""

    key: Key = NOWHERE
    part: Part = "text"
    unit: int = -1
    """The element of the call, mark or break that it is in or is."""
    at_end: bool = False
    """Whether it stands among the notes at the end of a document."""
    head: int = -1
    """The table head that it stands in."""


@dataclass(slots=True)
class Drawn:
    """A piece with what it belongs to."""

    piece: Piece
    label: Label
    standing: Standing


@dataclass
class DrawnStream:
    """What the pages draw of one stream, in the order of the text."""

    items: list[Drawn] = field(default_factory=list)
    """Text and marks, in order; what builder and style add, too, as it takes room."""
    pictures: dict[int, tuple[int, Rectangle]] = field(default_factory=dict)
    """By element, the pictures that are drawn: the page, the box there."""

    @property
    def text_items(self) -> Iterator[Drawn]:
        return (item for item in self.items if item.standing.part == "text")


@dataclass
class DrawnBook:
    """Everything drawn, by what it belongs to."""

    streams: dict[Key, DrawnStream] = field(default_factory=dict)
    repeated: dict[tuple[int, int], list[Piece]] = field(default_factory=dict)
    """By table head and page, what repeats the head there."""
    heads: dict[int, list[Piece]] = field(default_factory=dict)
    """By table head, what it draws where it stands first."""
    strays: list[Piece] = field(default_factory=list)
    """Text that no label names."""
    breaks: dict[Key, list[int]] = field(default_factory=dict)
    """By stream the elements of its page breaks, in the order of the HTML, drawn or not."""
    contents_lines: dict[Key, list[int]] = field(default_factory=dict)
    """By contents list the elements of its lines, in order."""


def standings(elements: tuple[HtmlElement, ...]) -> list[Standing]:
    """What each element is part of; parents come before their children."""
    counts: dict[str, int] = {}
    found: list[Standing] = []
    for number, element in enumerate(elements):
        around = found[element.parent] if element.parent >= 0 else Standing()
        found.append(_standing(number, element, around, counts))
    return found


def _standing(number: int, element: HtmlElement, around: Standing, counts: dict[str, int]) -> Standing:
    classes = element.classes
    if key := key_of(element, counts):
        return Standing(key, at_end=around.at_end and key.kind == "note")
    match element.tag:
        case "section" | "nav" if "notes" in classes:
            return around._replace(at_end=True)
        case "span" if "page-break" in classes:
            return around._replace(part="break", unit=number)
        case "a" if "call" in classes:
            return around._replace(part="call", unit=number)
        case "a" | "span" if "mark" in classes and around.key.kind == "note":
            return around._replace(part="mark", unit=number)
        case "img" | "svg":
            return around._replace(part="picture", unit=number)
        case "thead":
            return around._replace(head=number)
        case "p" | "span" | "a" if not classes.isdisjoint(BUILDERS):
            return around._replace(part="builder")
    return around


def key_of(element: HtmlElement, counts: dict[str, int]) -> Key | None:
    """The stream that begins with an element; `counts` are those of generated parts so far, and go on."""
    match element.tag:
        case "article" if "document" in element.classes:
            return Key("document", element.id)
        case "aside" if "note" in element.classes:
            return Key("note", element.id)
        case "section" | "nav" if "division" in element.classes:
            return Key("division", element.id)
        case "section" | "nav" if "notes" not in element.classes:
            kind = element.id[1:]
            if element.id[:1] == "_" and kind in GENERATED_KINDS:
                counts[kind] = counts.get(kind, 0) + 1
                return Key("generated", f"{kind} {counts[kind]}")
    return None


def keys_in(labels: Labels) -> tuple[Key, ...]:
    """The streams that begin with elements of a part, in order; generated ones are counted within it."""
    counts: dict[str, int] = {}
    return tuple(key for element in labels.elements if (key := key_of(element, counts)))


def sort_pieces(pages: list[DrawnPage], labels: Labels) -> DrawnBook:
    """All pieces by what they belong to, each stream in the order of its text."""
    standing = standings(labels.elements)
    book = DrawnBook()
    for number, at in enumerate(standing):
        if at.part == "break" and at.unit == number:
            book.breaks.setdefault(at.key, []).append(number)
        elif labels.elements[number].tag == "a" and at.key.id.partition(" ")[0] in ("contents", "documents"):
            book.contents_lines.setdefault(at.key, []).append(number)
    for index, (page, page_labels) in enumerate(zip(pages, labels.pages, strict=True)):
        ranks = {number: rank for rank, number in enumerate(page_labels.content)}
        content = []
        for piece in page.pieces:
            if piece.number in ranks:
                content.append(piece)
            elif piece.artifact is not None and piece.artifact < len(page_labels.artifacts):
                _add_artifact(book, piece, page_labels.artifacts[piece.artifact])
            elif not piece.tagged or piece.number is not None:
                book.strays.append(piece)
        content.sort(key=lambda piece: ranks[piece.number or 0])
        for piece in content:
            label = page_labels.content[piece.number or 0]
            _add_content(book, Drawn(piece, label, standing[label.element]))
        for number, box in page.pictures:
            if number in ranks and (at := standing[page_labels.content[number].element]).part == "picture":
                pictures = book.streams.setdefault(at.key, DrawnStream()).pictures
                before = pictures.get(at.unit, (index, box))[1]
                pictures[at.unit] = index, around((box, before))
    _sort_repeated(book, standing)
    cells = cells_around(labels.elements)
    for stream in book.streams.values():
        stream.items = in_order_of_cells(stream.items, cells)
    return book


def _add_artifact(book: DrawnBook, piece: Piece, label: Label) -> None:
    if label.element >= 0 and label.repeated:
        book.repeated.setdefault((label.element, piece.page), []).append(piece)


def _add_content(book: DrawnBook, drawn: Drawn) -> None:
    at = drawn.standing
    if at.head >= 0:
        book.heads.setdefault(at.head, []).append(drawn.piece)
    if at.part == "picture":
        return
    if at.part == "text" and drawn.label.pseudo:
        drawn.standing = at._replace(part="builder")
    book.streams.setdefault(at.key, DrawnStream()).items.append(drawn)


Cells: TypeAlias = tuple[tuple[int, int], ...]
"""The cells that an element stands in, the outermost first: the elements of row and cell."""


def cells_around(elements: Sequence[HtmlElement]) -> list[Cells]:
    """The cells that each element is or stands in."""
    found: list[Cells] = []
    for number, element in enumerate(elements):
        around = found[element.parent] if element.parent >= 0 else ()
        found.append((*around, (element.parent, number)) if element.tag in ("td", "th") else around)
    return found


def in_order_of_cells(items: list[Drawn], cells: Sequence[Cells], depth: int = 0) -> list[Drawn]:
    """Pieces as they are read: of a row that goes on on the next page, each cell to its end before the next."""

    def cell(item: Drawn) -> tuple[int, int]:
        around = cells[item.label.element]
        return around[depth] if len(around) > depth else (-1, -1)

    ordered: list[Drawn] = []
    for row, group in groupby(items, lambda item: cell(item)[0]):
        pieces = list(group)
        if row >= 0 and pieces[0].piece.page != pieces[-1].piece.page:
            pieces.sort(key=cell)
            for _, part in groupby(pieces, cell):
                ordered += in_order_of_cells(list(part), cells, depth + 1)
        else:
            ordered += pieces
    return ordered


def _sort_repeated(book: DrawnBook, standing: list[Standing]) -> None:
    """Gather what repeats a table head under the head and the page."""
    gathered: dict[tuple[int, int], list[Piece]] = {}
    for (element, page), pieces in book.repeated.items():
        gathered.setdefault((standing[element].head, page), []).extend(pieces)
    book.repeated = gathered
