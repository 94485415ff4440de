"""What is drawn, before it is one file: PDF objects whose references are still open.

A drawing is made without knowing where in the file it will stand. Its objects are numbered from 0, and what depends
on its place is left open in their bodies, between bytes that stand nowhere else in them:

| open | written |
|---|---|
| a reference to an object of its own | FF, its number, FF |
| a reference to one of its pages | FF, `page` and its number from 0, FF |
| a reference to a structure element of an earlier drawing | FF, `open` and how many are around it, FF |
| a reference to what the whole file has once | FF, a name of `ONCE`, FF |
| a key of the parent tree, counted from 0 | FE, the key, FE |
| an abscissa, an ordinate on a page | FD or FC, the page from 0, a space, the number, FD or FC |
| in a stream, a figure of a page number | FB, which number, which of its figures, which table of glyphs, FB |
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

ONCE = ("catalogue", "pages", "structure", "document", "fonts", "profile", "colours")
"""What a file has once: its catalogue, the root of its pages, the root and the first element of its structure, its
fonts, its colour profile, its colour spaces."""

ROLE_MAP = {"Em": "Span", "Strong": "Span"}
"""Roles of the structure that only PDF 2.0 has, and what they count as in PDF 1.7."""

_REFERENCE = re.compile(rb"\xff([0-9]+|[a-z]+[0-9]*)\xff")
_KEY = re.compile(rb"\xfe([0-9]+)\xfe")
COMPRESSION = 6
"""Of streams (zlib's level): what is written again has the same bytes."""
Figures = tuple[bytes, ...]
"""How a drawing writes the glyphs of the ten figures in one face."""

_FIGURE = re.compile(rb"\xfb([0-9]+) ([0-9]+) ([0-9]+)\xfb")
_LENGTH = re.compile(rb"/Length [0-9]+")
_COORDINATE = re.compile(rb"([\xfd\xfc])([0-9]+) (-?[0-9.]+)[\xfd\xfc]")


class Object(NamedTuple):
    """One object: its body, a dictionary's for a stream, with open references; a stream's data as it is stored.

    A body of nothing is written by somebody else.
    """

    body: bytes
    data: bytes | None = None


class Shift(NamedTuple):
    """How far what is drawn on a page is moved, in points to the right and up."""

    right: float = 0.0
    up: float = 0.0


class PageBoxes(NamedTuple):
    """The whole sheet of a page, the page itself, and what is printed around it to be cut off.

    Each is left, bottom, right, top in points.
    """

    media: tuple[float, float, float, float]
    trim: tuple[float, float, float, float]
    bleed: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageDrawing:
    """One page of a drawing."""

    boxes: PageBoxes
    content: int
    """The object that draws it."""
    annotations: tuple[int, ...] = ()


Resources = Mapping[str, Mapping[str, bytes]]
"""By category (`XObject` say) and name, what a drawing's streams use: bodies with open references."""


class Going(NamedTuple):
    """A structure element that goes on in the next drawing. It is no object of its own yet: it has more to come."""

    depth: int
    """How many elements are around it, itself counted."""
    element: int
    """The number of the object that it will be."""
    body: bytes
    """Its dictionary without its kids."""
    kids: bytes
    """Its kids in this drawing, one after the other."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """The pages of a part of the book without their furniture, and the part's share of the structure tree."""

    objects: tuple[Object, ...] = field(repr=False)
    pages: tuple[PageDrawing, ...]
    resources: Resources
    kids: tuple[tuple[int, int], ...]
    """Structure elements that stand in one of an earlier drawing, or right in the document's: how many elements are
    around each, the document's not counted, and its number."""
    going: tuple[Going, ...]
    """Structure elements that go on in the next drawing."""
    parents: tuple[bytes, ...]
    """By key of the parent tree, its entry. The first keys are those of the pages."""
    ids: tuple[tuple[bytes, int], ...]
    """Names of structure elements, as strings stand in a file, and the elements."""
    figures: tuple[Figures, ...] = ()
    """The tables of glyphs that open figures name."""
    open_streams: frozenset[int] = frozenset()
    """The objects with open figures; their data are compressed."""

    def object(self, number: int, page_numbers: Sequence[int]) -> Object:
        """An object with its open figures written out."""
        found = self.objects[number]
        if number not in self.open_streams or found.data is None:
            return found

        def figure(open_: re.Match[bytes]) -> bytes:
            of, position, table = map(int, open_.groups())
            return self.figures[table][int(str(page_numbers[of])[position])]

        data = zlib.compress(_FIGURE.sub(figure, zlib.decompress(found.data)), COMPRESSION)
        return Object(_LENGTH.sub(b"/Length %d" % len(data), found.body), data)


def open_figure(number: int, position: int, table: int) -> bytes:
    """A place for a figure of a page number, counted from the left; which table its glyph is from."""
    return b"\xfb%d %d %d\xfb" % (number, position, table)


@dataclass(frozen=True, slots=True)
class FurnitureDrawing:
    """The furniture of some pages: for each the operators that draw it, and what they use beside fonts."""

    pages: tuple[bytes, ...] = field(repr=False)
    """Compressed (Flate). They begin by ending what came before (`Q`)."""
    resources: Resources
    objects: tuple[Object, ...] = field(repr=False)


class Colours(NamedTuple):
    """What the colours of all drawings are of."""

    spaces: bytes
    """The dictionary of colour spaces, with open references."""
    profile: bytes
    """The colour profile (ICC)."""


@dataclass(frozen=True, slots=True)
class FontUse:
    """What some drawings use of one font.

    Glyphs are numbered as in the face's file, so that the uses of one font in several drawings unite.
    """

    name: str
    """As the drawings call it."""
    description: str
    """Of the face, as Pango writes it: what the font is made of again."""
    size: float
    texts: Mapping[int, str]
    """By glyph, the text that it stands for."""
    widths: Mapping[int, float]
    """By glyph, in thousandths of the size."""


def closed(
    body: bytes, number: Callable[[int], int], shared: Mapping[str, int], keys: int, shifts: Sequence[Shift]
) -> bytes:
    """A body with all that was open written out.

    `number` gives an own object's number in the file, `shared` those of what goes by name, `keys` is added to
    each key of the parent tree, `shifts` are by page. Raises KeyError for a name that `shared` lacks.
    """

    def reference(found: re.Match[bytes]) -> bytes:
        target = found[1]
        if target.isdigit():
            return b"%d 0 R" % number(int(target))
        return b"%d 0 R" % shared[target.decode()]

    def coordinate(found: re.Match[bytes]) -> bytes:
        shift = shifts[int(found[2])]
        return decimal(float(found[3]) + (shift.right if found[1] == b"\xfd" else shift.up))

    body = _REFERENCE.sub(reference, body)
    body = _KEY.sub(lambda found: b"%d" % (int(found[1]) + keys), body)
    return _COORDINATE.sub(coordinate, body)


def decimal(value: float) -> bytes:
    """A number as PDF writes it: no exponent, no zeros at the end."""
    if value == int(value):
        return b"%d" % int(value)
    return (b"%.6f" % value).rstrip(b"0")
