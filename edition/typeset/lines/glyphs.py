"""Text shaped once: the widths of its characters, and its glyphs, of which lines are cut.

A line of a paragraph needs no second shaping: it takes its glyphs from those of the whole text. Only the word that
a hyphen is put to is shaped again, and one that is divided within a ligature. Text that has more to it than glyphs
side by side (word spacing, decoration, marks above the letters, pictures for glyphs) is left to the engine.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from weasyprint.text.ffi import FROM_UNITS, ffi, gobject, pango
from weasyprint.text.line_break import Layout, _font_style_cache_key, line_size, strut

ffi.cdef(
    """
    void pango_glyph_item_get_logical_widths(PangoGlyphItem *glyph_item, const char *text, int *logical_widths);
    gpointer g_object_ref(gpointer object);
    """,
    override=True,
)

SPACES = " \u00a0"
"""The characters that give when a line is justified."""
INTS_OF_GLYPH = 5
"""How many integers Pango keeps of a glyph: itself, its width, its offsets, and a flag."""
EMPTY = 0x0FFFFFFF
"""Pango's glyph of what is not seen."""
RIGHT_TO_LEFT = 1


class Unplannable(Exception):
    """What a line holds that is not planned; the argument says what."""


class Face:
    """A Pango font that outlives the layout it was found by."""

    __slots__ = ("_advances", "_extent", "drawn", "font")

    def __init__(self, font: Any) -> None:
        self.font = ffi.gc(gobject.g_object_ref(font), gobject.g_object_unref)
        self._advances: dict[int, int] = {}
        self._extent: tuple[int, int] | None = None
        self.drawn: Any = None
        """What is known of it in the PDF that is being drawn; see `drawing`."""

    def advance(self, glyph: int) -> int:
        """How wide a glyph is by itself, in Pango units."""
        if glyph not in self._advances:
            extents = ffi.new("PangoRectangle *")
            pango.pango_font_get_glyph_extents(self.font, glyph, ffi.NULL, extents)
            self._advances[glyph] = extents.width
        return self._advances[glyph]

    @property
    def extent(self) -> tuple[int, int]:
        """How far a line of it reaches above and below the baseline, in Pango units."""
        if self._extent is None:
            extents = ffi.new("PangoRectangle *")
            pango.pango_font_get_glyph_extents(self.font, 0, ffi.NULL, extents)
            self._extent = -extents.y, extents.height + extents.y
        return self._extent


class Faces:
    """The Pango fonts of a document, each kept once."""

    def __init__(self) -> None:
        self._faces: dict[int, Face] = {}

    def of(self, font: Any) -> Face:
        address = int(ffi.cast("intptr_t", font))
        if address not in self._faces:
            self._faces[address] = Face(font)
        return self._faces[address]


@dataclass(frozen=True, slots=True)
class Strip:
    """Glyphs of one face side by side, in Pango units."""

    face: Face
    glyphs: array[int]
    widths: array[int]
    offsets: array[int] | None
    """How far each stands to the right of where it should; None where none does."""
    chars: array[int]
    """The character in `text` that each glyph begins with."""
    text: str
    end: int
    """Where the characters of the last glyph end."""

    def cut(self, start: int, end: int) -> Strip | None:
        """The part for some characters; None if they don't begin and end with glyphs."""
        start, end = max(start, self.chars[0]), min(end, self.end)
        first, last = bisect_left(self.chars, start), bisect_left(self.chars, end)
        begins = first < len(self.chars) and self.chars[first] == start
        if not begins or (last < len(self.chars) and self.chars[last] != end):
            return None
        offsets = self.offsets and self.offsets[first:last]
        part = slice(first, last)
        return Strip(self.face, self.glyphs[part], self.widths[part], offsets, self.chars[part], self.text, end)


@dataclass(frozen=True, slots=True)
class ShapedText:
    """A text in one style."""

    text: str
    style: Any
    widths: list[int]
    """By character, in Pango units; preserved line ends have none."""
    strips: tuple[Strip, ...] | None
    """None for a text whose glyphs are left to the engine."""
    height: float
    baseline: float
    """Of a line of it, in pixels from its top."""
    unkerned: dict[int, int]
    """By space, how much wider what is before it is where a line ends there, in Pango units."""


@dataclass(frozen=True, slots=True)
class Piece:
    """The glyphs of a part of a line."""

    strips: list[Strip]
    width: float
    """As they come, in pixels."""
    height: float
    baseline: float
    """In pixels from its top."""

    @property
    def glyph_count(self) -> int:
        """How many glyphs are written."""
        return sum(len(strip.glyphs) - strip.glyphs.count(EMPTY) for strip in self.strips)


def shaped_text(text: str, style: Any, faces: Faces) -> ShapedText:
    """Shape a text. Raises Unplannable."""
    widths: list[int] = []
    strips: list[Strip] | None = [] if _is_plain(style) else None
    unkerned: dict[int, int] = {}
    height = baseline = 0.0
    start = 0
    for number, line in enumerate(text.split("\n")):
        widths += [0] if number else []
        if line:
            found, its_widths, height, baseline = _shape_line(line, style, faces, text, start)
            widths += its_widths
            strips = None if strips is None or found is None else [*strips, *found]
        start += len(line) + 1
    if len(widths) != len(text):
        raise Unplannable("text that is drawn in another order")
    for strip in strips or ():
        unkerned.update(_kerning_with_spaces(strip))
    return ShapedText(text, style, widths, None if strips is None else tuple(strips), height, baseline, unkerned)


def _kerning_with_spaces(strip: Strip) -> Iterator[tuple[int, int]]:
    """The spaces that what is before them is kerned with, and by how much it is narrower for that."""
    first = strip.text.find(" ", strip.chars[0], strip.end)
    at = bisect_left(strip.chars, first) if first >= 0 else 0
    if first < 0 or at >= len(strip.chars) or strip.chars[at] != first:
        return
    space, glyphs, widths, advance = strip.glyphs[at], strip.glyphs, strip.widths, strip.face.advance
    for turn in [turn for turn, glyph in enumerate(glyphs) if glyph == space and turn]:
        wider = advance(glyphs[turn - 1]) - widths[turn - 1]
        if wider and widths[turn - 1]:
            yield strip.chars[turn], wider


def _is_plain(style: Any) -> bool:
    """Whether glyphs side by side are all there is to a text."""
    return not style["word_spacing"] and style["text_decoration_line"] == "none"


def _shape_line(
    line: str, style: Any, faces: Faces, text: str, start: int
) -> tuple[list[Strip] | None, list[int], float, float]:
    """Strips of a line that begins at a place of a text, widths of its characters, its height and baseline."""
    layout = Layout(style)
    layout.set_text(line)
    first, _ = layout.get_first_line()
    encoded = layout.text.encode()
    held = ffi.new("char[]", encoded)
    places = None if len(encoded) == len(layout.text) else _characters_of(layout.text)
    widths: list[int] = []
    strips: list[Strip] | None = []
    run = first.runs[0] if first.runs != ffi.NULL else ffi.NULL
    while run != ffi.NULL:
        item = run.data
        units = ffi.new("int[]", item.item.num_chars)
        pango.pango_glyph_item_get_logical_widths(item, held, units)
        widths += ffi.unpack(units, item.item.num_chars)
        strip = _strip_of(item, faces, text, start, places, start + len(widths))
        strips = None if strips is None or strip is None else [*strips, strip]
        run = run.next
    if len(layout.text) > len(line):
        strips = None  # a zero-width space that the engine gives to a space alone, for its word-spacing
        widths = widths[: len(line)]
    _, height = line_size(first, style)
    baseline = pango.pango_layout_get_baseline(layout.layout) * FROM_UNITS
    return strips, widths, height, baseline


def _characters_of(text: str) -> list[int]:
    """The character that each byte of a text belongs to."""
    return [number for number, char in enumerate(text) for _ in char.encode()]


def _strip_of(item: Any, faces: Faces, text: str, start: int, places: list[int] | None, end: int) -> Strip | None:
    """The glyphs of a run of Pango's; None if they are more than glyphs side by side."""
    count = item.glyphs.num_glyphs
    if not count or item.item.analysis.level % 2 == RIGHT_TO_LEFT:
        return None
    numbers = array("i", bytes(count * INTS_OF_GLYPH * array("i").itemsize))
    ffi.memmove(numbers, item.glyphs.glyphs, len(numbers) * numbers.itemsize)
    glyphs, widths, offsets, rises = (numbers[kind::INTS_OF_GLYPH] for kind in range(4))
    if any(rises) or max(glyphs) > EMPTY:
        return None
    offset = item.item.offset
    clusters = ffi.unpack(item.glyphs.log_clusters, count)
    if places is None:
        chars = array("i", [start + offset + cluster for cluster in clusters])
    else:
        chars = array("i", [start + places[offset + cluster] for cluster in clusters])
    return Strip(
        faces.of(item.item.analysis.font), glyphs, widths, offsets if any(offsets) else None, chars, text, end
    )


def piece_of(shaped: ShapedText, start: int, end: int, hyphen: str, faces: Faces) -> Piece | None:
    """The glyphs of some characters, with a hyphen after them if one is given.

    None for what is left to the engine.
    """
    if shaped.strips is None:
        return None
    text = shaped.text
    middle, stop = start, end
    if hyphen:
        stop = max(text.rfind(" ", start, end) + 1, start)
    opening: Sequence[Strip] | None = ()
    found = _cut(shaped, middle, stop)
    if found is None:
        # It begins within a ligature.
        space = text.find(" ", start, stop)
        middle = stop if space < 0 else space
        opening = _shaped_again(text[start:middle], shaped.style, faces)
        found = _cut(shaped, middle, stop)
    closing: Sequence[Strip] | None = ()
    if hyphen:
        closing = _shaped_again(text[stop:end].rstrip("\u00ad") + hyphen, shaped.style, faces)
    if opening is None or found is None or closing is None:
        return None
    strips = [*opening, *found, *closing]
    if strips and not hyphen and end < len(text):
        strips[-1] = _without_kerning_after(strips[-1])
    width = sum(width for strip in strips for width in strip.widths)
    return Piece(strips, width * FROM_UNITS, *_height_and_baseline(shaped, strips))


def _height_and_baseline(shaped: ShapedText, strips: Sequence[Strip]) -> tuple[float, float]:
    """Of a line with these strips: where a text has several faces, its lines are as high as those they have."""
    faces = {id(strip.face): strip.face for strip in shaped.strips or ()}
    if len(faces) < 2:
        return shaped.height, shaped.baseline
    above, below = (max(strip.face.extent[side] for strip in strips) for side in (0, 1))
    return (above + below) * FROM_UNITS, above * FROM_UNITS


def _cut(shaped: ShapedText, start: int, end: int) -> list[Strip] | None:
    found: list[Strip] = []
    for strip in shaped.strips or ():
        if start < end and strip.chars[0] < end and start < strip.end:
            part = strip.cut(start, end)
            if part is None:
                return None
            found.append(part)
    return found


def _without_kerning_after(strip: Strip) -> Strip:
    """A strip whose last glyph is as wide as by itself, and not as wide as before what is on the next line."""
    widths = strip.widths[:]
    if widths[-1]:
        widths[-1] = strip.face.advance(strip.glyphs[-1])
    return replace(strip, widths=widths)


def _shaped_again(text: str, style: Any, faces: Faces) -> tuple[Strip, ...] | None:
    return shaped_text(text, style, faces).strips


def sign_width(context: Any, sign: str, style: Any) -> float:
    """The width of a sign by itself, measured once for each font."""
    key = sign, _font_style_cache_key(style, include_size=True)
    if key not in context.sign_widths:
        layout = Layout(style)
        layout.set_text(sign)
        context.sign_widths[key] = float(line_size(layout.get_first_line()[0], style)[0])
    return float(context.sign_widths[key])


def line_height(style: Any) -> float:
    """The height of a line that has nothing but this style, in pixels."""
    return float(strut(style)[0])
