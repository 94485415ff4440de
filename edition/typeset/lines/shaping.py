"""The text of a line box as the breaker sees it: widths of its characters, and where it may be broken.

Widths are those of the whole text shaped once; what can't be planned (see `Unplannable`) is left to the engine.
Line break opportunities are Pango's (UAX 14), hyphens those of pyphen's dictionaries.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyphen
from weasyprint.formatting_structure import boxes
from weasyprint.text.ffi import FROM_UNITS, ffi, pango
from weasyprint.text.line_break import Layout, _font_style_cache_key, get_log_attrs, line_size

from edition.typeset.lines.breaking import Break

ffi.cdef(
    "void pango_glyph_item_get_logical_widths(PangoGlyphItem *glyph_item, const char *text, int *logical_widths);",
    override=True,
)

WORD = re.compile(r"[^\W\d_]+")
WRAPPING = ("normal", "pre-wrap", "pre-line")
"""Values of white-space with which lines are broken."""
HYPHEN_PENALTY = 80.0
WRITTEN_HYPHEN_PENALTY = 50.0
"""For a hyphen or dash that the text has anyway."""

HANG_RIGHT = {
    ".": 0.7, ",": 0.6, ":": 0.4, ";": 0.4, "-": 0.5, "‐": 0.5, "–": 0.3, "—": 0.2, "’": 0.4, "”": 0.35, "'": 0.4,
    '"': 0.35, "!": 0.1, "?": 0.1, ")": 0.1, "]": 0.1,
}  # fmt: skip
"""The part of a character's width that hangs into the right margin: little for what is dark, much for a point."""
HANG_LEFT = {"‘": 0.4, "“": 0.4, "'": 0.4, '"': 0.35, "(": 0.1, "[": 0.1}


class Unplannable(Exception):
    """What a line holds that is not planned; the argument says what."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """The text of a line box, all of its text boxes joined."""

    texts: tuple[Any, ...]
    """The text boxes in order."""
    offsets: tuple[int, ...]
    """Where the text of each begins, in characters."""
    text: str
    advances: list[float]
    """By character, the width of all before it; one more for the end."""
    spaces: list[float]
    breaks: list[Break]
    hang_left: list[float]
    hang_right: list[float]

    def offset_of(self, box: Any) -> int | None:
        """Where the text of a box begins; None if it is none of these boxes."""
        return next((at for text, at in zip(self.texts, self.offsets, strict=True) if text is box), None)


def texts_of(box: Any) -> Iterator[Any]:
    """The text boxes of a line box in order. Raises Unplannable for anything that is more than text."""
    for child in box.children:
        if not child.is_in_normal_flow():
            if child.is_floated():
                raise Unplannable("a float")
        elif isinstance(child, boxes.TextBox):
            yield child
        elif isinstance(child, boxes.InlineBox):
            _check_plain(child)
            yield from texts_of(child)
        else:
            raise Unplannable("a box in the line")


def _check_plain(box: Any) -> None:
    if box.is_leader:
        raise Unplannable("a leader")
    for side in ("left", "right"):
        for kind in ("margin", "padding"):
            if getattr(box.style[f"{kind}_{side}"], "value", 0):
                raise Unplannable("space around a box in the line")
        if box.style[f"border_{side}_width"]:
            raise Unplannable("a border in the line")


def shape(line_box: Any, context: Any, *, hanging: bool) -> Shaped:
    """Shape the text of a line box. Raises Unplannable."""
    texts = tuple(box for box in texts_of(line_box))
    text = "".join(box.text for box in texts)
    if not text.strip(" "):
        raise Unplannable("")
    if "\t" in text:
        raise Unplannable("a tab")
    advances, spaces, offsets = [0.0], [0.0], []
    for box in texts:
        if box.style["direction"] != "ltr":
            raise Unplannable("text from right to left")
        offsets.append(len(advances) - 1)
        for char, width in zip(box.text, character_widths(box), strict=True):
            advances.append(advances[-1] + width)
            spaces.append(spaces[-1] + (width if char in " \u00a0" else 0.0))
    shaped = Shaped(texts, tuple(offsets), text, advances, spaces, [], [], [])
    owners = [box for box in texts for _ in box.text]
    shaped.breaks.extend(_breaks(line_box, context, text, owners, texts, offsets))
    shaped.hang_left.extend(
        _hang(HANG_LEFT, char, at, advances) if hanging else 0.0 for at, char in enumerate(text)
    )
    shaped.hang_left.append(0.0)
    for found in shaped.breaks:
        shaped.hang_right.append(_hang_at(found, text, advances) if hanging else 0.0)
    return shaped


def character_widths(box: Any) -> list[float]:
    """The advance of every character of a text box, its text shaped in one; preserved line ends have none."""
    found: list[float] = []
    for number, piece in enumerate(box.text.split("\n")):
        found += [0.0] if number else []
        found += _widths(piece, box.style) if piece else []
    return found


def _widths(text: str, style: Any) -> list[float]:
    layout = Layout(style)
    layout.set_text(text)
    line, _ = layout.get_first_line()
    encoded = ffi.new("char[]", layout.text.encode())
    widths: list[float] = []
    run = line.runs[0] if line.runs != ffi.NULL else ffi.NULL
    while run != ffi.NULL:
        item = run.data
        units = ffi.new("int[]", item.item.num_chars)
        pango.pango_glyph_item_get_logical_widths(item, encoded, units)
        widths += [unit * FROM_UNITS for unit in units]
        run = run.next
    if len(widths) != len(text):
        raise Unplannable("text that is drawn in another order")
    return widths


def _breaks(
    line_box: Any, context: Any, text: str, owners: Sequence[Any], texts: Sequence[Any], offsets: Sequence[int]
) -> list[Break]:
    found = {at.start: at for at in _opportunities(line_box, context, text, owners)}
    for box, offset in zip(texts, offsets, strict=True):
        if box.style["hyphens"] == "auto" and box.style["white_space"] in WRAPPING:
            for at in _hyphenations(box, offset, text, context):
                found.setdefault(at.start, at)
    end = len(text.rstrip(" "))
    found[len(text)] = Break(len(text), end)
    return [found[start] for start in sorted(found)]


def _opportunities(line_box: Any, context: Any, text: str, owners: Sequence[Any]) -> Iterator[Break]:
    """Where the text may be broken without its words: at spaces, after hyphens and dashes, at soft hyphens."""
    attributes = get_log_attrs(text, line_box.style["lang"])
    for at in range(1, len(text)):
        if not attributes[at].is_line_break or text[at] == " ":
            continue
        if not {owners[at - 1].style["white_space"], owners[at].style["white_space"]} & set(WRAPPING):
            continue
        end = len(text[:at].rstrip(" "))
        if text[:end].endswith("\n"):
            yield Break(at, len(text[: end - 1].rstrip(" ")), forced=True)
        elif text[at - 1] == "\u00ad":
            style = owners[at - 1].style
            if style["hyphens"] != "none":
                yield Break(at, end, hyphen_width(context, style), HYPHEN_PENALTY, hyphened=True)
        elif end:
            yield Break(at, end, 0.0, WRITTEN_HYPHEN_PENALTY if end == at else 0.0, text[end - 1] in "-‐")


def _hyphenations(box: Any, offset: int, text: str, context: Any) -> Iterator[Break]:
    """Where words of a text box may be divided; a word that runs over into another box is left whole."""
    style = box.style
    language = style["lang"] and pyphen.language_fallback(style["lang"])
    if not language or "\u00ad" in box.text:
        return
    shortest, before, after = style["hyphenate_limit_chars"]
    key = language, before, after, shortest
    if key not in context.dictionaries:
        context.dictionaries[key] = pyphen.Pyphen(lang=language, left=before, right=after)
    dictionary, hyphen = context.dictionaries[key], hyphen_width(context, style)
    for word in WORD.finditer(box.text):
        start, end = word.start() + offset, word.end() + offset
        runs_on = (start and text[start - 1].isalpha()) or (end < len(text) and text[end].isalpha())
        if len(word[0]) < shortest or runs_on:
            continue
        for position in dictionary.positions(word[0]):
            yield Break(start + position, start + position, hyphen, HYPHEN_PENALTY, hyphened=True)


def hyphen_width(context: Any, style: Any) -> float:
    """The width of the sign that a divided word ends with."""
    return sign_width(context, style["hyphenate_character"], style)


def sign_width(context: Any, sign: str, style: Any) -> float:
    """The width of a sign by itself, measured once for each font."""
    key = sign, _font_style_cache_key(style, include_size=True)
    if key not in context.sign_widths:
        layout = Layout(style)
        layout.set_text(sign)
        context.sign_widths[key] = float(line_size(layout.get_first_line()[0], style)[0])
    return float(context.sign_widths[key])


def _hang_at(found: Break, text: str, advances: Sequence[float]) -> float:
    if found.hyphen:
        return HANG_RIGHT["-"] * found.hyphen
    return _hang(HANG_RIGHT, text[found.end - 1], found.end - 1, advances) if found.end else 0.0


def _hang(table: dict[str, float], char: str, at: int, advances: Sequence[float]) -> float:
    part = table.get(char, 0.0)
    return part * (advances[at + 1] - advances[at]) if part else 0.0
