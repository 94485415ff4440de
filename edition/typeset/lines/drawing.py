"""Planned lines on the page: their glyphs, written as they were set.

The engine shapes every line once more to draw it, and rounds each space to a thousandth of an em; here a line ends
where it was set to end.
"""

from __future__ import annotations

from typing import Any

from weasyprint.text.ffi import FROM_UNITS, pango
from weasyprint.text.line_break import Layout

from edition.typeset.lines.glyphs import EMPTY, SPACES, Face, Piece, Strip

LEAST_SHIFT = 0.5
"""In thousandths of an em: the pen is not moved by less, but for the sum of what is left out."""
DECIMALS = 2
SPACING_DECIMALS = 4
OLD_PANGO = 14802
"""Before it, the size of a font is not known; see the engine's `draw_first_line`."""


class UnshapedLayout(Layout):  # type: ignore[misc]
    """What the engine takes for the Pango layout of a planned text box; made only if the engine draws it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.justification_spacing = 0.0
        self.max_width = None
        self.first_line_direction = 0
        self.ascent = self.underline_position = self.strikethrough_position = None

    def reactivate(self, style: Any) -> None:
        """Remember the style, in case that the engine draws it after all."""
        self.drawn_style = style

    def __getattr__(self, name: str) -> Any:
        if name != "layout":
            raise AttributeError(name)
        super().reactivate(self.drawn_style)
        return self.layout

    def deactivate(self) -> None:
        """Forget what the engine drew it by."""
        if "layout" in self.__dict__:
            super().deactivate()


class _Drawn:
    """What is known of a face in the PDF that is drawn."""

    __slots__ = ("font", "fonts", "signs", "size")

    def __init__(self, stream: Any, face: Face) -> None:
        self.fonts = stream._fonts
        self.font, self.size = stream.add_font(face.font)
        self.signs: dict[int, tuple[str, int]] = {}
        """By glyph, how it is written, and its width in thousandths of an em as the PDF knows it."""

    @property
    def is_outlines(self) -> bool:
        """Whether its glyphs are outlines, not pictures."""
        return not (self.font.bitmap or self.font.svg or self.font.png or self.font.colr)

    def sign(self, stream: Any, glyph: int, text: str, face: Face) -> tuple[str, int]:
        """How a glyph is written, with its width, and what it stands for told to the PDF."""
        font = self.font
        if glyph not in font.to_unicode:
            font.to_unicode[glyph] = text
        if glyph not in font.widths:
            pango.pango_font_get_glyph_extents(face.font, glyph, stream.ink_rect, stream.logical_rect)
            font.widths[glyph] = round(stream.logical_rect.width * 1000 * FROM_UNITS / self.size)
        found = self.signs[glyph] = f"{glyph:04x}", font.widths[glyph]
        return found


def draw_piece(stream: Any, piece: Piece, each: float, scale: float, between: float, x: float, y: float) -> bool:
    """Write a piece's glyphs with their left end at a place; `each` is added to its spaces, `between` to all glyphs.

    In pixels, before the scale. False if the engine has to draw it.
    """
    if pango.pango_version() < OLD_PANGO:
        return False
    drawn = [_drawn(stream, strip.face) for strip in piece.strips]
    if not all(face.is_outlines for face in drawn):
        return False
    stream.set_text_matrix(scale, 0, 0, -1, x, y)
    between = round(between, SPACING_DECIMALS)
    if between:
        _set_character_spacing(stream, between)
    owed, before = 0.0, None
    for strip, face in zip(piece.strips, drawn, strict=True):
        if before is not face:
            stream.set_font_size(face.font.hash, face.size)
            owed *= before.size / face.size if before else 1.0
            before = face
        owed = _draw_strip(stream, strip, face, each, owed)
    if between:
        _set_character_spacing(stream, 0)
    return True


def _set_character_spacing(stream: Any, width: float) -> None:
    """ISO 32000-1, 9.3.2: what is added to each glyph. It stays until it is set again."""
    stream.stream.append(f"{width:g} Tc".encode())


def _drawn(stream: Any, face: Face) -> _Drawn:
    if face.drawn is None or face.drawn.fonts is not stream._fonts:
        face.drawn = _Drawn(stream, face)
    found: _Drawn = face.drawn
    return found


def _draw_strip(stream: Any, strip: Strip, face: _Drawn, each: float, owed: float) -> float:
    """Write glyphs; `owed` is by how much the pen is to be moved before, in thousandths of an em."""
    written: list[str] = []
    text, chars, signs = strip.text, strip.chars, face.signs
    in_thousandths = 1000 * FROM_UNITS / face.size
    gap = each * 1000 / face.size
    offsets = strip.offsets or [0] * len(chars)
    for turn, (glyph, width, offset, char) in enumerate(
        zip(strip.glyphs, strip.widths, offsets, chars, strict=True)
    ):
        if glyph == EMPTY:
            owed += width * in_thousandths
            continue
        shift = owed + offset * in_thousandths
        if not -LEAST_SHIFT < shift < LEAST_SHIFT:
            moved = round(shift, DECIMALS)
            written.append(f">{-moved:g}<")
            owed -= moved
        if glyph not in signs:
            face.sign(stream, glyph, _text_of(strip, turn), strip.face)
        sign, natural = signs[glyph]
        written.append(sign)
        owed += width * in_thousandths - natural
        if text[char] in SPACES:
            owed += gap
    stream.show_text("<" + "".join(written) + ">")
    return owed


def _text_of(strip: Strip, turn: int) -> str:
    """What a glyph stands for: all of its characters for the first glyph of them, nothing for others."""
    char = strip.chars[turn]
    if turn and strip.chars[turn - 1] == char:
        return ""
    end = next((later for later in strip.chars[turn:] if later > char), strip.end)
    return strip.text[char:end].replace("\u00ad", "")
